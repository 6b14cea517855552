"""Mutants of a pack: one number, operator, unit or day changed alone; noticed when a case comes out wrong.

A number or unit of a value that a rule reads must be noticed by a worked case of a rule: a case that
only repeats the value does not count for it. Days, and values that no rule reads, may be noticed by a
case of the value.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from linli.kernel.identifiers import ValueId
from linli.kernel.units import Unit, parse_unit
from linli.policy.expression import Expression, ExpressionRefused, parse, write
from linli.policy.figures import work_out
from linli.policy.model import Check, DatedValue, Figure, FigureInput, Pack
from linli.policy.proof.cases import case_holds, value_case_holds
from linli.policy.proof.changes import changes
from linli.policy.rules import CompiledCheck, compile_check, compile_trees

__all__ = ["Mutant", "mutants_of"]

DAY: Final = dt.timedelta(days=1)
FOREIGN: Final = parse_unit("record")


@dataclass(frozen=True)
class Mutant:
    """One changed pack. ``id`` says what was changed and is what an equivalence argument cites."""

    id: str
    noticed: Callable[[], bool]


def mutants_of(pack: Pack) -> tuple[Mutant, ...]:
    """All mutants of a pack, in its order; ids are unique."""
    found = [*_of_rules(pack), *_of_periods(pack), *_of_values(pack), *_of_figures(pack)]
    seen: Counter[str] = Counter()
    unique = []
    for mutant in found:
        seen[mutant.id] += 1
        count = seen[mutant.id]
        unique.append(mutant if count == 1 else replace(mutant, id=f"{mutant.id} #{count}"))
    return tuple(unique)


def _of_rules(pack: Pack) -> Iterator[Mutant]:
    for check in pack.checks():
        rule = parse(check.rule)
        applies = None if check.applies is None else parse(check.applies)
        for what, changed in changes(rule):
            yield _rule_mutant(pack, check, f"{check.id} rule: {what}", changed, applies)
        if applies is not None:
            for what, changed in changes(applies):
                yield _rule_mutant(pack, check, f"{check.id} applies: {what}", rule, changed)


def _rule_mutant(pack: Pack, check: Check, name: str, rule: Expression, applies: Expression | None) -> Mutant:
    def noticed() -> bool:
        try:
            compiled = compile_trees(check, rule, applies, pack.values)
        except ExpressionRefused:
            return True
        return _check_fails(pack, compiled, pack.values)

    return Mutant(name, noticed)


def _of_periods(pack: Pack) -> Iterator[Mutant]:
    for check in pack.checks():
        for field in ("start", "end", "due"):
            day: dt.date | None = getattr(check, field)
            if day is None:
                continue
            for moved in (day - DAY, day + DAY):
                yield _period_mutant(pack, check, field, moved)


def _period_mutant(pack: Pack, check: Check, field: str, moved: dt.date) -> Mutant:
    changed = replace(check, **{field: moved})  # type: ignore[arg-type]

    def noticed() -> bool:
        return _check_fails(pack, compile_check(changed, pack.values), pack.values)

    return Mutant(f"{check.id} {field}: {getattr(check, field)} → {moved}", noticed)


def _of_values(pack: Pack) -> Iterator[Mutant]:
    for value in pack.values.values():
        readers = [c for c in (compile_check(c, pack.values) for c in pack.checks()) if value.id in c.values]
        for name, changed in _changed_numbers(value):
            yield _value_mutant(pack, name, changed, readers, by_value_case=not readers)
        for name, changed in _changed_days(value):
            yield _value_mutant(pack, name, changed, readers, by_value_case=True)


def _changed_numbers(value: DatedValue) -> Iterator[tuple[str, DatedValue]]:
    for position, entry in enumerate(value.entries):
        if entry.value is None:
            continue
        for other in (entry.value + 1, entry.value - 1):
            entries = list(value.entries)
            entries[position] = replace(entry, value=other)
            name = f"{value.id} from {entry.start}: {entry.value:g} → {other:g}"
            yield name, replace(value, entries=tuple(entries))
    for unit in _other_units(value.unit):
        yield f"{value.id} unit: {value.unit} → {unit}", replace(value, unit=unit)


def _other_units(unit: Unit) -> tuple[Unit, Unit]:
    """A unit of the same kind ten times as large, and one of another kind."""
    larger = Unit(unit.powers, unit.scale * Fraction(10), f"10 {unit.text}")
    foreign = unit * FOREIGN
    return larger, Unit(foreign.powers, foreign.scale, f"{unit.text}·record")


def _changed_days(value: DatedValue) -> Iterator[tuple[str, DatedValue]]:
    for position, entry in enumerate(value.entries):
        for moved in (entry.start - DAY, entry.start + DAY):
            entries = list(value.entries)
            entries[position] = replace(entry, start=moved)
            if position > 0 and entries[position - 1].end == entry.start - DAY:
                entries[position - 1] = replace(entries[position - 1], end=moved - DAY)
            name = f"{value.id} from: {entry.start} → {moved}"
            yield name, replace(value, entries=tuple(entries))
    last = value.entries[-1]
    if last.end is not None:
        for moved in (last.end - DAY, last.end + DAY):
            entries = [*value.entries[:-1], replace(last, end=moved)]
            yield f"{value.id} until: {last.end} → {moved}", replace(value, entries=tuple(entries))


def _value_mutant(
    pack: Pack, name: str, changed: DatedValue, readers: list[CompiledCheck], *, by_value_case: bool
) -> Mutant:
    values: Mapping[ValueId, DatedValue] = {**pack.values, changed.id: changed}

    def noticed() -> bool:
        if by_value_case and not all(
            value_case_holds(changed, case) for case in pack.value_cases if case.value == changed.id
        ):
            return True
        return any(_recompiled_fails(pack, reader.check, values) for reader in readers)

    return Mutant(name, noticed)


def _recompiled_fails(pack: Pack, check: Check, values: Mapping[ValueId, DatedValue]) -> bool:
    try:
        compiled = compile_check(check, values)
    except ExpressionRefused:
        return True
    return _check_fails(pack, compiled, values)


def _check_fails(pack: Pack, compiled: CompiledCheck, values: Mapping[ValueId, DatedValue]) -> bool:
    own = (case for case in pack.cases if case.check == compiled.check.id)
    return any(not case_holds(compiled, values, case) for case in own)


def _of_figures(pack: Pack) -> Iterator[Mutant]:
    for figure in pack.figures:
        for what, changed in changes(parse(figure.expression)):
            name = f"{figure.id} expression: {what}"
            yield _figure_mutant(name, replace(figure, expression=write(changed)))
        for position, part in enumerate(figure.inputs):
            for what, other in _changed_inputs(part):
                inputs = (*figure.inputs[:position], other, *figure.inputs[position + 1 :])
                yield _figure_mutant(f"{figure.id} {part.name}: {what}", replace(figure, inputs=inputs))


def _changed_inputs(part: FigureInput) -> Iterator[tuple[str, FigureInput]]:
    for number in (part.value + 1, part.value - 1):
        yield f"{part.value:g} → {number:g}", replace(part, value=number)
    for unit in _other_units(part.unit):
        yield f"unit {part.unit} → {unit}", replace(part, unit=unit)


def _figure_mutant(name: str, changed: Figure) -> Mutant:
    def noticed() -> bool:
        try:
            return work_out(changed) != changed.computed
        except ExpressionRefused:
            return True

    return Mutant(name, noticed)
