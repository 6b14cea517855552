"""Reading ``scoring.toml``: strict, to the end of the file, every mistake with its place and its remedy."""

from collections.abc import Mapping
from typing import Any

from linli.assessment.rules.choices import read_choices, twice
from linli.assessment.rules.findings import ScoringFindings
from linli.assessment.rules.kinds import KINDS, Kind
from linli.assessment.rules.model import (
    Area,
    Consequence,
    Direction,
    Form,
    Input,
    RuleKind,
    ScoringRule,
    Step,
)
from linli.kernel.identifiers import ClauseId, ValueId
from linli.kernel.units import Unit, parse_unit
from linli.policy.catalogue import ROLES, measures
from linli.policy.model import Pack, Reading
from linli.policy.reading.table import Table, close_name

__all__ = ["FILE", "FORMAT", "read_scoring"]

FILE = "scoring.toml"
FORMAT = "linli-scoring/1"


def read_scoring(
    content: Mapping[str, Any], pack: Pack, findings: ScoringFindings
) -> tuple[ScoringRule, ...]:
    """The rules of a file's content, held against the pack that it belongs to.

    Findings are added for every key that is not known, clause or value that the pack does not have, unit
    that does not fit, and wording of a clause that the pack leaves open.
    """
    root = Table(FILE, "", content, findings)
    root.word("format", (FORMAT,))
    rules = tuple(_rule(table, pack) for table in root.tables("rules"))
    if not rules:
        root.wrong("rules.none", "rules")
    for repeated in twice([rule.id for rule in rules]):
        root.wrong("rules.twice", "rules", repeated)
    root.finish()
    return rules


def _rule(table: Table, pack: Pack) -> ScoringRule:
    kind_name: RuleKind = table.choice("kind", RuleKind)
    kind = KINDS[kind_name]
    clause_id = _clause_id(table, pack)
    clause = pack.clauses.get(clause_id)
    readings = read_choices(table, kind, clause)
    rule = ScoringRule(
        id=f"{clause_id}.{table.string('name')}",
        clause=clause_id,
        kind=kind_name,
        title=table.text("title"),
        area=_area(table, kind, readings),
        inputs=_inputs(table, kind, pack),
        numbers=_numbers(table, kind, pack),
        readings=readings,
        steps=_steps(table, kind, pack),
        consequences=_consequences(table, kind),
        assesses=table.word("assesses", ROLES) if table.has("assesses") else None,
        note=table.optional_text("note"),
    )
    table.finish()
    return rule


def _clause_id(table: Table, pack: Pack) -> ClauseId:
    given = table.string("clause")
    known = [str(each.id) for each in pack.clauses.values() if each.status != "declined"]
    if given and given not in known:
        close = close_name(given, known)
        table.wrong(
            "clause.unknown" if close is None else "clause.unknown_close", "clause", given, close=close
        )
    return ClauseId(given)


def _area(table: Table, kind: Kind, readings: Mapping[str, Reading]) -> Area:
    if not kind.area_is_read:
        area: Area = table.choice("area", Area)
        return area
    chosen = readings.get("ranked_area")
    return "station" if chosen is not None and chosen.chosen == "station" else "beat"


def _inputs(table: Table, kind: Kind, pack: Pack) -> tuple[Input, ...]:
    found = tuple(_input(each, pack) for each in table.tables("inputs"))
    fewest, most = kind.inputs
    if not fewest <= len(found) <= most:
        table.wrong("inputs.count", "inputs", len(found), fewest=fewest, most=most)
    for repeated in twice([each.indicator for each in found]):
        table.wrong("inputs.twice", "inputs", repeated)
    return found


def _input(table: Table, pack: Pack) -> Input:
    measure = table.optional_string("measure")
    if measure is not None and measure not in measures():
        close = close_name(measure, list(measures()))
        table.wrong(
            "measure.unknown" if close is None else "measure.unknown_close", "measure", measure, close=close
        )
        measure = None
    direction: Direction = table.choice("direction", Direction)
    form: Form = table.choice("form", Form) if table.has("form") else "count"
    found = Input(
        indicator=table.string("indicator"),
        title=table.text("title") if measure is None or table.has("title") else measures()[measure].title,
        direction=direction,
        measure=measure,
        form=form,
        group=table.optional_string("group"),
        weight=_value(table, "weight", "1", pack) if table.has("weight") else None,
        recorded=table.flag("recorded", default=True),
    )
    table.finish()
    return found


def _numbers(table: Table, kind: Kind, pack: Pack) -> Mapping[str, ValueId]:
    if not kind.numbers:
        return {}
    inner = table.table("numbers")
    found = {name: _value(inner, name, unit, pack) for name, unit in kind.numbers.items()}
    inner.finish()
    return found


def _value(table: Table, name: str, unit: str, pack: Pack) -> ValueId:
    """The id of a value of the pack, of the unit wanted; ``yuan/*`` is yuan for one of anything."""
    given = ValueId(table.string(name))
    if not given:
        return given
    if given not in pack.values:
        close = close_name(given, list(pack.values))
        table.wrong("number.unknown" if close is None else "number.unknown_close", name, given, close=close)
    elif not _fits(pack.values[given].unit, unit):
        table.wrong("number.unit", name, pack.values[given].unit.text, value=given, unit=unit)
    return given


def _fits(unit: Unit, wanted: str) -> bool:
    return unit.text.startswith("yuan/") if wanted == "yuan/*" else unit == parse_unit(wanted)


def _steps(table: Table, kind: Kind, pack: Pack) -> tuple[Step, ...]:
    if not kind.steps:
        return ()
    found = []
    for step in table.tables("steps"):
        found.append(Step(fall=_value(step, "fall", "%", pack), reward=_value(step, "reward", "yuan", pack)))
        step.finish()
    if not found:
        table.wrong("steps.none", "steps")
    return tuple(found)


def _consequences(table: Table, kind: Kind) -> tuple[Consequence, ...]:
    if not kind.choose:
        return kind.consequences
    given = table.strings("consequences")
    for name in given:
        if name not in kind.consequences:
            table.wrong("key.choice", "consequences", name, words=", ".join(kind.consequences))
    if not given:
        table.wrong("consequences.none", "consequences")
    return tuple(name for name in kind.consequences if name in given)
