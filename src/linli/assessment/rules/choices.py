"""The wording that a clause leaves open: every question that a rule asks must be answered by the pack."""

from collections.abc import Mapping, Sequence

from linli.assessment.rules.kinds import Kind
from linli.kernel.identifiers import ClauseId
from linli.policy.model import Clause, Reading, ReadingOption
from linli.policy.reading.table import Table

__all__ = ["read_choices", "twice"]


def twice(names: Sequence[str]) -> list[str]:
    """The names that stand more than once."""
    return [name for name in dict.fromkeys(names) if list(names).count(name) > 1]


def read_choices(table: Table, kind: Kind, clause: Clause | None) -> Mapping[str, Reading]:
    """The chosen reading of every question that the kind asks: the clause's own, else the rule's."""
    own = tuple(_reading(each, clause) for each in table.tables("readings"))
    given = {_name(each): each for each in (*(clause.readings if clause else ()), *own)}
    wanted = _wanted(table, kind)
    found = {}
    for name, answers in wanted.items():
        if clause is None:
            continue
        if name not in given:
            table.wrong("reading.open", "readings", None, wording=name, answers=", ".join(answers))
        elif given[name].chosen not in answers:
            table.wrong("reading.answer", name, given[name].chosen, answers=", ".join(answers))
        else:
            found[name] = given[name]
    for each in own:
        if _name(each) not in wanted:
            table.wrong("reading.not_asked", "readings", _name(each), names=", ".join(wanted) or "–")
    return found


def _name(reading: Reading) -> str:
    return reading.id.rpartition(".")[2]


def _wanted(table: Table, kind: Kind) -> dict[str, tuple[str, ...]]:
    """Who the last ones are is asked only where they lose something."""
    wanted = dict(kind.readings)
    if kind.choose and {"ineligible", "talk"} & set(table.strings("consequences")):
        wanted["last_ones"] = ("last", "last_tenth")
    return wanted


def _reading(table: Table, clause: Clause | None) -> Reading:
    options = []
    for option in table.tables("options"):
        options.append(ReadingOption(name=option.string("name"), title=option.text("title")))
        option.finish()
    owner = clause.id if clause is not None else ClauseId("")
    found = Reading(
        id=f"{owner}.{table.string('name')}",
        clause=owner,
        question=table.text("question"),
        chosen=table.string("chosen"),
        reason=table.text("reason"),
        options=tuple(options),
    )
    names = [option.name for option in options]
    if len(names) < 2 or twice(names):
        table.wrong("reading.options", "options", ", ".join(names) or None)
    elif found.chosen not in names:
        table.wrong("key.choice", "chosen", found.chosen, words=", ".join(names))
    table.finish()
    return found
