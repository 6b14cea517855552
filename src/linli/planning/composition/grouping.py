"""Which units share a rule: each station's area, split where town and countryside have different norms."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from linli.kernel.errors import LinliError
from linli.kernel.identifiers import StationId, ValueId
from linli.kernel.measures import Ratio
from linli.kernel.texts import catalogue
from linli.planning import beats as planner
from linli.planning.composition.table import Floats, Integers, UnitTable
from linli.planning.deployment import BeatRule, Measure
from linli.policy.model import Pack
from linli.policy.planning_rules import BeatRule as PackBeatRule
from linli.policy.planning_rules import BeatRuleKind
from linli.territory.model import Area

__all__ = ["Group", "applied_rules", "dated", "groups_of", "planner_rules", "share"]

say = catalogue("linli.planning.composition")

USUAL_TOLERANCE = 0.1
"""Where the pack states none; the deployment then says so."""


MEASURES: Final[dict[BeatRuleKind, Measure]] = {
    "one_per_unit": "places",
    "units_per_beat": "places",
    "residents_per_beat": "residents",
    "beats_in_total": "workload",
    "workload": "workload",
}
"""What each kind of rule measures a beat in."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """The units that one rule speaks of inside one station's area; no beat leaves its group."""

    station: StationId
    rule: PackBeatRule
    members: Integers


def groups_of(units: UnitTable, pack: Pack) -> tuple[Group, ...]:
    """The groups in order of station code, then of the pack's rules."""
    rules = [pack.planning.beat_rule(area) for area in units.areas]
    order = {id(rule): number for number, rule in enumerate(pack.planning.beats)}
    keys: dict[tuple[StationId, int], list[int]] = {}
    for row, (station, rule) in enumerate(zip(units.stations, rules, strict=True)):
        keys.setdefault((station, order[id(rule)]), []).append(row)
    return tuple(
        Group(station=station, rule=pack.planning.beats[number], members=np.array(keys[station, number]))
        for station, number in sorted(keys)
    )


def planner_rules(
    groups: tuple[Group, ...], units: UnitTable, pack: Pack, on: dt.date
) -> tuple[planner.Rule, ...]:
    """The beat planner's rule for each group, with the pack's values of the day."""
    totals = _beats_in_total(groups, units, pack, on)
    return tuple(_planner_rule(group, totals[n], pack, on) for n, group in enumerate(groups))


def _planner_rule(group: Group, beats: int, pack: Pack, on: dt.date) -> planner.Rule:
    rule = group.rule
    tolerance = _tolerance(rule, pack, on)
    if rule.rule == "one_per_unit":
        return planner.OneUnitEach()
    if rule.rule == "units_per_beat":
        return planner.UnitsPerBeat(
            minimum=round(dated(pack, rule.minimum, on)), maximum=round(dated(pack, rule.maximum, on))
        )
    if rule.rule == "residents_per_beat":
        return planner.LoadPerBeat(
            target=dated(pack, rule.target, on), tolerance=tolerance, measure="residents"
        )
    return planner.BeatCount(beats=beats, tolerance=tolerance)


def _beats_in_total(groups: tuple[Group, ...], units: UnitTable, pack: Pack, on: dt.date) -> dict[int, int]:
    """How many beats each group gets: those of a whole area are shared out by workload, one at least."""
    counts = dict.fromkeys(range(len(groups)), 1)
    for rule in pack.planning.beats:
        alike = [n for n, group in enumerate(groups) if group.rule is rule]
        if rule.rule == "workload":
            counts |= dict.fromkeys(alike, round(dated(pack, rule.total, on)))
        elif rule.rule == "beats_in_total" and alike:
            parts = [units.loads[groups[n].members] for n in alike]
            shared = _shared_out(round(dated(pack, rule.total, on)), parts)
            counts |= dict(zip(alike, shared.tolist(), strict=True))
    return counts


def _shared_out(total: int, parts: list[Floats]) -> Integers:
    """One beat each, then each further beat to the group with the most load per beat (Webster).

    A place heavier than a beat takes one beat and no more; the rest is shared out without it.
    """
    heavy = _heavy(total, parts)
    rest = np.array([part[~alone].sum() for part, alone in zip(parts, heavy, strict=True)])
    most = np.array([len(part) for part in parts])
    alone = np.array([int(flags.sum()) for flags in heavy])
    beats = alone + (alone < most)
    if beats.sum() > total:
        rest, alone = np.array([part.sum() for part in parts]), np.zeros(len(parts), dtype=np.int64)
        beats = np.ones(len(parts), dtype=np.int64)
    for _ in range(total - int(beats.sum())):
        claim = np.where(beats < most, rest / (beats - alone + 0.5), -1.0)
        if claim.max() < 0:
            break
        beats[int(claim.argmax())] += 1
    return beats


def _heavy(total: int, parts: list[Floats]) -> list[NDArray[np.bool_]]:
    """Which places of each group are heavier than the mean of all the beats that are left without them."""
    loads = np.concatenate(parts)
    flags = np.zeros(len(loads), dtype=bool)
    flags[planner.heavier_than_mean(loads, total)] = True
    return np.split(flags, np.cumsum([len(part) for part in parts])[:-1])


def applied_rules(pack: Pack, on: dt.date) -> tuple[BeatRule, ...]:
    """The pack's beat rules with the values of the day, as the deployment carries them."""
    return tuple(_applied(rule, pack, on) for rule in pack.planning.beats)


def _applied(rule: PackBeatRule, pack: Pack, on: dt.date) -> BeatRule:
    fewest = most = target = tolerance = None
    if rule.rule == "one_per_unit":
        fewest = most = 1
    elif rule.rule == "units_per_beat":
        fewest, most = (round(dated(pack, value, on)) for value in (rule.minimum, rule.maximum))
    elif rule.rule == "residents_per_beat":
        target = dated(pack, rule.target, on)
    measure = MEASURES[rule.rule]
    if measure != "places":
        # Rounded as the file rounds, so that a beat at the edge is judged alike on both.
        tolerance = Ratio(round(_tolerance(rule, pack, on), 6))
    return BeatRule(
        clause=rule.clause,
        area=None if rule.area == "any" else Area(rule.area),
        fewest_places=fewest,
        most_places=most,
        target_residents=target,
        tolerance=tolerance,
        measure=measure,
    )


def _tolerance(rule: PackBeatRule, pack: Pack, on: dt.date) -> float:
    return USUAL_TOLERANCE if rule.tolerance is None else share(pack, rule.tolerance, on)


def share(pack: Pack, value: ValueId, on: dt.date) -> float:
    """A value in percent, or a plain ratio, as a ratio."""
    number = dated(pack, value, on)
    return number / 100.0 if pack.values[value].unit.text == "%" else number


def dated(pack: Pack, value: ValueId | None, on: dt.date) -> float:
    """A value that the planner cannot do without.

    Raises
    ------
    LinliError
        The pack has no such value on the day, or announced it without a number.
    """
    number = None if value is None else pack.value_on(value, on)
    if value is None or number is None:
        first = None if value is None else pack.values[value].entries[0].start
        raise LinliError(say("value_missing", pack=pack.id, value=str(value), on=on, first=str(first)))
    return number
