"""Today's beats: how much keeping them weighs, what carries them on, and why a place leaves its beat.

Keeping is a price, so that it can be weighed against the rule and against travel. At the usual weight a
move that brings a beat inside its rule is worth its price, and one that only shortens travel hardly ever is.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.planning import beats as planner
from linli.planning.composition.table import Floats, Integers, UnitTable
from linli.planning.deployment import Keeping, LeftReason

__all__ = ["KEEPING", "Today", "keeping_of", "reasons_of", "standing_of"]

KEEPING = 0.5
"""Price of a place that leaves its beat, in a typical beat's travel; one outside its rule costs 1 or more."""

Travel = Callable[[Integers, Integers], Floats]


@dataclass(frozen=True, kw_only=True, eq=False)
class Today:
    """The beats that the territory's list of places names, numbered in order of name."""

    names: tuple[str, ...]
    start: NDArray[np.int32]
    """Each unit's beat of today, −1 for none."""
    weight: float


def standing_of(table: UnitTable, weight: float) -> Today | None:
    """The beats that stand today; ``None`` where no place has one."""
    names = tuple(sorted({beat for beat in table.beats if beat is not None}))
    if not names:
        return None
    number = {name: row for row, name in enumerate(names)}
    start = np.array([-1 if beat is None else number[beat] for beat in table.beats], dtype=np.int32)
    return Today(names=names, start=start, weight=weight)


def keeping_of(today: Today | None, answer: planner.BeatResult) -> Keeping | None:
    """How many beats and places stay as they are."""
    if today is None:
        return None
    had = today.start >= 0
    stays = had & (answer.kept[answer.assignment] == today.start)
    old, new = Counter(today.start[had].tolist()), Counter(answer.assignment.tolist())
    same = Counter(today.start[stays].tolist())
    whole = [b for b, number in enumerate(answer.kept.tolist()) if number >= 0 and old[number] == new[b]]
    return Keeping(
        weight=today.weight,
        beats=len(today.names),
        unchanged=sum(same[int(answer.kept[b])] == new[b] for b in whole),
        places=int(had.sum()),
        kept=int(stays.sum()),
    )


def reasons_of(
    today: Today | None, problem: planner.BeatProblem, answer: planner.BeatResult, travel: Travel
) -> tuple[LeftReason | None, ...]:
    """Why each unit is not in its beat of today; ``None`` for one that is, or had none."""
    if today is None:
        return (None,) * problem.units
    carried = {int(number): beat for beat, number in enumerate(answer.kept) if number >= 0}
    case = _Case(problem, answer, travel)
    reasons: list[LeftReason | None] = []
    for unit, number in enumerate(today.start.tolist()):
        if number < 0 or int(answer.kept[answer.assignment[unit]]) == number:
            reasons.append(None)
        else:
            reasons.append(case.reason(unit, carried.get(number)))
    return tuple(reasons)


class _Case:
    """What would happen if one unit went back to its beat of today."""

    def __init__(self, problem: planner.BeatProblem, answer: planner.BeatResult, travel: Travel) -> None:
        self.problem, self.answer, self.travel = problem, answer, travel
        self.load = np.where(
            [getattr(problem.rules[g], "measure", "workload") == "residents" for g in problem.group],
            problem.residents,
            problem.workload,
        )
        self.touching: list[list[int]] = [[] for _ in range(problem.units)]
        for one, other in problem.edges.tolist():
            self.touching[one].append(other)
            self.touching[other].append(one)
        order = np.argsort(answer.assignment, kind="stable")
        self.members = np.split(order, np.cumsum(np.bincount(answer.assignment))[:-1])

    def reason(self, unit: int, back: int | None) -> LeftReason:
        here = int(self.answer.assignment[unit])
        if back is None:
            return "beat_given_up"
        if self.answer.group[back] != self.answer.group[here]:
            return "other_area"
        if self._heavy(here) or self._heavy(back):
            return "heavy_place"
        if not set(self.touching[unit]) & set(self.members[back].tolist()):
            return "does_not_touch"
        rest = [int(other) for other in self.members[here] if other != unit]
        if not rest or not self._whole(rest):
            return "holds_its_beat_together"
        return self._weighed(unit, rest, here, back)

    def _weighed(self, unit: int, rest: list[int], here: int, back: int) -> LeftReason:
        now = (self._off(self.members[here], here), self._off(self.members[back], back))
        joined = [*self.members[back].tolist(), unit]
        then = (self._off(rest, here), self._off(joined, back))
        if sum(off > 0 for off in then) > sum(off > 0 for off in now) or sum(then) > sum(now) + 1e-9:
            return "rule"
        old = self._travel(self.members[here]) + self._travel(self.members[back])
        if self._travel(rest) + self._travel(joined) > old:
            return "travel"
        return "with_others"

    def _heavy(self, beat: int) -> bool:
        units = self.members[beat]
        by_load = isinstance(
            self.problem.rules[self.answer.group[beat]], planner.LoadPerBeat | planner.BeatCount
        )
        return by_load and len(units) == 1 and bool(np.isin(units[0], self.answer.heavier))

    def _whole(self, units: list[int]) -> bool:
        left, waiting = set(units[1:]), [units[0]]
        while waiting:
            near = left.intersection(self.touching[waiting.pop()])
            left -= near
            waiting += near
        return not left

    def _off(self, units: Integers | list[int], beat: int) -> float:
        """How far a beat of these units is outside its rule, as a share; 0 inside."""
        rule = self.problem.rules[self.answer.group[beat]]
        if isinstance(rule, planner.UnitsPerBeat):
            return float(max(rule.minimum - len(units), len(units) - rule.maximum, 0)) / rule.maximum
        if isinstance(rule, planner.OneUnitEach):
            return float(len(units) - 1)
        target = float(self.answer.target[beat])
        off = abs(float(self.load[list(units)].sum()) / target - 1.0) - rule.tolerance if target > 0 else 0.0
        return off if off > 1e-9 else 0.0

    def _travel(self, units: Integers | list[int]) -> float:
        rows = np.asarray(units, dtype=np.int64)
        start, goal = np.repeat(rows, len(rows)), np.tile(rows, len(rows))
        minutes = self.travel(start, goal).reshape(len(rows), len(rows))
        return float((self.problem.residents[rows] @ minutes).min())
