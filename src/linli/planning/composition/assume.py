"""What the plan takes for granted beyond its units: the pack's assumed values and readings, and what
the planners could not keep. Nothing is assumed silently."""

import datetime as dt
from collections.abc import Iterator

import numpy as np

from linli.kernel.texts import Text, catalogue, plain
from linli.planning.composition.draw import Drawing
from linli.planning.composition.grouping import dated
from linli.planning.composition.units import names_of
from linli.planning.deployment import Assumption
from linli.policy.model import Pack
from linli.policy.planning_rules import BeatRule, PostRule, StaffingNorm

__all__ = ["closing_assumptions"]

say = catalogue("linli.planning.composition")


def closing_assumptions(drawing: Drawing, pack: Pack, on: dt.date) -> Iterator[Assumption]:
    """The pack's own assumptions, then the norms that could not be kept, each with its clause."""
    yield from _assumed_values(pack, on)
    yield from _readings(pack)
    yield from _notes(pack)
    yield from _tolerances(drawing, pack)
    yield from _totals(drawing, pack, on)
    yield from _broken(drawing)
    yield from _without_site(drawing)


def _assumed_values(pack: Pack, on: dt.date) -> Iterator[Assumption]:
    for value in pack.values.values():
        if value.assumed:
            number = value.on(on)
            text = say(
                "assume.value",
                title=value.title,
                number=say("unknown") if number is None else plain(f"{number:g}"),
                unit=plain("" if value.unit.text == "1" else f" {value.unit.text}"),
                note=value.note or plain(""),
            )
            yield Assumption(topic="assumed_value", text=text, clause=value.clause)


def _readings(pack: Pack) -> Iterator[Assumption]:
    for clause in pack.clauses.values():
        for reading in clause.readings:
            text = say(
                "assume.reading",
                question=reading.question,
                chosen=reading.option().title,
                reason=reading.reason,
            )
            yield Assumption(topic="reading", text=text, clause=clause.id)


def _notes(pack: Pack) -> Iterator[Assumption]:
    """Notes of the planning rules say how a clause was turned into a rule."""
    rules: list[BeatRule | PostRule | StaffingNorm] = [*pack.planning.beats, *pack.planning.posts]
    for rule in [*rules, *pack.planning.staffing]:
        if rule.note is not None:
            yield Assumption(topic="rule", text=rule.note, clause=rule.clause)


def _tolerances(drawing: Drawing, pack: Pack) -> Iterator[Assumption]:
    for rule in pack.planning.beats:
        used = drawing.applied[id(rule)].tolerance
        if rule.tolerance is None and used is not None:
            text = say("assume.tolerance", percent=f"{used * 100:g}")
            yield Assumption(topic="tolerance", text=text, clause=rule.clause)


def _totals(drawing: Drawing, pack: Pack, on: dt.date) -> Iterator[Assumption]:
    """A number of beats for the whole territory that its stations cannot share out."""
    for rule in pack.planning.beats:
        alike = [number for number, group in enumerate(drawing.groups) if group.rule is rule]
        if rule.rule != "beats_in_total" or not alike:
            continue
        wanted = round(dated(pack, rule.total, on))
        made = int(np.isin(drawing.answer.group, alike).sum())
        if made != wanted:
            text = say("assume.total_not_kept", wanted=wanted, made=made, groups=len(alike))
            yield Assumption(topic="norm_not_kept", text=text, clause=rule.clause)


def _broken(drawing: Drawing) -> Iterator[Assumption]:
    """Norms that the beat planner could not keep, in its own words."""
    stations = {station.id: station.name for station in drawing.stations}
    named: set[tuple[int, ...]] = set()
    for exception in drawing.answer.exceptions:
        if exception.units in named:
            continue
        named.add(exception.units)
        group = drawing.groups[exception.group]
        text: Text = exception.describe(stations[group.station], drawing.units.names)
        yield Assumption(topic="norm_not_kept", text=text, clause=group.rule.clause)


def _without_site(drawing: Drawing) -> Iterator[Assumption]:
    for beat in drawing.rooms.without_site:
        rows = (drawing.answer.assignment == beat).nonzero()[0].tolist()
        text = say("assume.no_site", names=names_of(drawing.units, rows))
        clause = drawing.groups[drawing.answer.group[beat]].rule.clause
        yield Assumption(topic="posts", text=text, clause=clause)
