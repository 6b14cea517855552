"""A clause as a person would read it on one day: what it asks, its numbers, its rules, an example."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from linli.kernel.identifiers import ClauseId
from linli.kernel.texts import Text, catalogue, plain
from linli.kernel.units import RATIO
from linli.policy.catalogue import measures
from linli.policy.figures import work_out
from linli.policy.model import Ban, Check, Clause, DatedValue, Expectation, Figure, Pack, Reading, WorkedCase
from linli.policy.rules import CompiledCheck, compile_check, run_check
from linli.policy.wording import quantity_text, rule_text, unit_text

__all__ = ["Block", "example_on", "explain", "result_text"]

say = catalogue("linli.policy")


@dataclass(frozen=True)
class Block:
    """A heading and its lines; ``depth`` is how far it is set in."""

    heading: Text
    lines: tuple[Text, ...]
    depth: int = 0


def explain(
    pack: Pack, clause_id: ClauseId, *, on: dt.date, given: Mapping[str, float] | None = None
) -> tuple[Block, ...]:
    """The clause on a day, as blocks of lines in both languages.

    Parameters
    ----------
    given : mapping, optional
        Measures to work the rules out with; without them a worked case of the pack serves as example.

    Raises
    ------
    KeyError
        The pack has no such clause.
    """
    clause = pack.clauses[clause_id]
    blocks = [_head(pack, clause, on)]
    blocks += [_check(pack, check, on, given) for check in clause.checks]
    blocks += [_figure(figure) for figure in pack.figures if figure.clause == clause.id]
    blocks += [_reading(reading) for reading in clause.readings]
    return tuple(blocks)


def result_text(word: Expectation) -> Text:
    """A result word as people say it."""
    return say(f"result.{word}")


def _head(pack: Pack, clause: Clause, on: dt.date) -> Block:
    kind, status = say(f"kind.{clause.kind}"), say(f"status.{clause.status}")
    lines = [
        say("explain.pack", title=pack.title, section=clause.section, kind=kind, status=status),
        say("explain.asks", asks=clause.asks),
    ]
    if clause.reason is not None and clause.instead is not None:
        lines += [
            say("explain.reason", reason=clause.reason),
            say("explain.instead", instead=clause.instead),
            say("explain.limits", limits=", ".join(clause.limits)),
        ]
    elif on < clause.start:
        lines.append(say("explain.not_yet", day=clause.start))
    for name in clause.waits_for:
        measure = measures()[name]
        part = say(f"part.{measure.given_by}")
        lines.append(say("explain.waits", measure=measure.title, record=measure.source, part=part))
    lines += [_ban(ban) for ban in clause.bans]
    lines += [say("explain.evidence", evidence=evidence) for evidence in clause.evidence]
    heading = say("explain.heading", clause=clause.id, title=clause.title, on=on)
    return Block(heading, tuple(lines))


def _check(pack: Pack, check: Check, on: dt.date, given: Mapping[str, float] | None) -> Block:
    compiled = compile_check(check, pack.values)
    shown_on = _nearest_day(check, on)
    words = rule_text(compiled.rule.expression, pack.values, shown_on)
    lines = [say("explain.rule", words=words, scope=say(f"scope.{check.scope}"))]
    lines.append(say("explain.formula", formula=check.rule))
    if compiled.applies is not None:
        words = rule_text(compiled.applies.expression, pack.values, shown_on)
        lines.append(say("explain.applies", words=words))
    lines.append(_period(check))
    if shown_on != on:
        lines.append(say("explain.shown_on", on=on, day=shown_on))
    if check.met_by_not_recording:
        lines.append(say("explain.met_by_not_recording"))
    lines += [_value(pack.values[name], shown_on) for name in compiled.values]
    for name in compiled.measures:
        measure = measures()[name]
        unit = say("explain.plain_number") if measure.unit == RATIO else unit_text(measure.unit)
        lines.append(say("explain.measure", name=name, title=measure.title, unit=unit, source=measure.source))
    lines += _example(pack, compiled, on, given)
    heading = Text(f"{check.id} {check.title.zh}", f"{check.id} {check.title.en}")
    return Block(heading, tuple(lines), 1)


def _nearest_day(check: Check, on: dt.date) -> dt.date:
    """The day itself while the check is in force, else its first or last: its numbers are shown for it."""
    if on < check.start:
        return check.start
    return on if check.end is None else min(on, check.end)


def _ban(ban: Ban) -> Text:
    titles = [measures()[name].title for name in sorted(ban.measures)]
    listed = Text("、".join(title.zh for title in titles), ", ".join(title.en for title in titles))
    return say("explain.ban", role=say(f"role.{ban.role}"), measures=listed)


def _reading(reading: Reading) -> Block:
    lines = [say("explain.chosen", title=reading.option().title), reading.reason]
    lines += [say("explain.alternative", title=option.title) for option in reading.alternatives()]
    return Block(reading.question, tuple(lines), 1)


def _period(check: Check) -> Text:
    end = say("explain.open") if check.end is None else plain(check.end)
    period = say("explain.period", start=check.start, end=end)
    if check.due is None:
        return period
    due = say("explain.due", due=check.due)
    return Text(period.zh + due.zh, period.en + due.en)


def _value(value: DatedValue, on: dt.date) -> Text:
    entry = value.entry_on(on)
    if entry is None:
        return say("explain.value_none", name=value.id, title=value.title, clause=value.clause)
    number = say("explain.expected") if entry.value is None else quantity_text(entry.value, value.unit)
    key = "explain.value_assumed" if value.assumed else "explain.value"
    note = plain("") if value.note is None else value.note
    return say(
        key,
        name=value.id,
        title=value.title,
        number=number,
        start=entry.start,
        clause=value.clause,
        note=note,
    )


def _example(
    pack: Pack, compiled: CompiledCheck, on: dt.date, given: Mapping[str, float] | None
) -> Iterator[Text]:
    case = example_on(pack, compiled.check, on)
    used = given if given is not None else (None if case is None else case.given)
    if used is None:
        return
    columns = {name: np.asarray(number, dtype=np.float64) for name, number in used.items()}
    word = run_check(compiled, pack.values, on=on, columns=columns, rows=1).words()[0]
    inputs = [_input(name, used.get(name)) for name in compiled.measures]
    shown = Text("，".join(part.zh for part in inputs), ", ".join(part.en for part in inputs))
    key = "explain.example" if given is None else "explain.given"
    yield say(key, inputs=shown, result=result_text(word))


def _input(name: str, number: float | None) -> Text:
    measure = measures()[name]
    if number is None:
        shown = say("explain.not_known")
    elif measure.unit is None:
        shown = say("explain.yes" if number else "explain.no")
    else:
        shown = quantity_text(number, measure.unit)
    return Text(f"{measure.title.zh} {shown.zh}", f"{measure.title.en} {shown.en}")


def example_on(pack: Pack, check: Check, on: dt.date) -> WorkedCase | None:
    """The worked case to show on a day: a failing one of the same result period, else any there is."""
    own = [case for case in pack.cases if case.check == check.id]
    for wanted in (("not_met", "not_yet_due"), ("met",), ("not_in_force",)):
        for case in own:
            in_force = check.start <= on and (check.end is None or on <= check.end)
            if case.expect in wanted and (case.expect == "not_in_force") is not in_force:
                return case
    return None


def _figure(figure: Figure) -> Block:
    parts = [(part.name, quantity_text(part.value, part.unit)) for part in figure.inputs]
    inputs = Text(
        "，".join(f"{name} = {text.zh}" for name, text in parts),
        ", ".join(f"{name} = {text.en}" for name, text in parts),
    )
    lines = [say("explain.arithmetic", expression=figure.expression, inputs=inputs)]
    result = work_out(figure)
    computed = plain("–") if result is None else quantity_text(result, figure.unit, decimals=figure.decimals)
    if figure.stated is None:
        lines.append(say("explain.computed", computed=computed))
    else:
        stated = quantity_text(figure.stated, figure.unit)
        key = "explain.agrees" if figure.agrees else "explain.differs"
        lines.append(say(key, computed=computed, stated=stated))
    if figure.note is not None:
        lines.append(figure.note)
    return Block(Text(f"{figure.id} {figure.title.zh}", f"{figure.id} {figure.title.en}"), tuple(lines), 1)
