"""A checker of beat plans that shares nothing with the planner but the question.

It reads the problem and an assignment, works every norm out again from the raw arrays with its own
walk over the borders, and lists what is wrong. ``linli deployment check`` and the tests rely on it.
"""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from linli.planning.beats.problem import BeatCount, BeatProblem, LoadPerBeat, OneUnitEach, UnitsPerBeat

__all__ = ["Violation", "ViolationKind", "check"]

ViolationKind = Literal[
    "unassigned",
    "crosses_groups",
    "not_contiguous",
    "too_few_units",
    "too_many_units",
    "load_outside",
    "beat_count",
]


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One thing wrong with a plan: which beat (or ``None`` for a group or unit), measured against a range."""

    kind: ViolationKind
    group: int
    beat: int | None
    units: tuple[int, ...]
    measured: float
    least: float
    most: float


def check(problem: BeatProblem, assignment: npt.NDArray[np.int32]) -> tuple[Violation, ...]:
    """Every way in which an assignment breaks contiguity, borders or its groups' rules.

    Parameters
    ----------
    problem
        The question, as the planner had it.
    assignment
        The beat of each unit; below zero means none.

    Returns
    -------
    tuple of Violation
        Empty for a sound plan. ``measured`` is parts for contiguity, units, load or beats otherwise.

    Raises
    ------
    ValueError
        ``assignment`` is not one number for each unit.
    """
    if len(assignment) != problem.units:
        raise ValueError(f"{len(assignment)} units are assigned; the problem has {problem.units}")
    beats: dict[int, list[int]] = defaultdict(list)
    violations: list[Violation] = []
    for unit, beat in enumerate(assignment.tolist()):
        if beat < 0:
            violations.append(_violation("unassigned", int(problem.group[unit]), None, [unit], 0, 1, 1))
        else:
            beats[beat].append(unit)
    touching = _touching(problem)
    targets = [_target(problem, group, beats) for group in range(len(problem.rules))]
    for beat in sorted(beats):
        violations += _check_beat(problem, touching, beat, beats[beat], targets)
    for group in range(len(problem.rules)):
        violations += _check_group(problem, group, beats)
    return tuple(violations)


def _touching(problem: BeatProblem) -> list[list[int]]:
    touching: list[list[int]] = [[] for _ in range(problem.units)]
    for a, b in problem.edges.tolist():
        touching[a].append(b)
        touching[b].append(a)
    return touching


def _check_beat(
    problem: BeatProblem, touching: list[list[int]], beat: int, units: list[int], targets: list[float]
) -> list[Violation]:
    groups = {int(problem.group[i]) for i in units}
    group = min(groups)
    if len(groups) > 1:
        return [_violation("crosses_groups", group, beat, units, len(groups), 1, 1)]
    found = []
    pieces = _pieces(touching, units)
    if pieces > 1:
        found.append(_violation("not_contiguous", group, beat, units, pieces, 1, 1))
    rule = problem.rules[group]
    if isinstance(rule, OneUnitEach) and len(units) > 1:
        found.append(_violation("too_many_units", group, beat, units, len(units), 1, 1))
    if isinstance(rule, UnitsPerBeat):
        least, most = rule.minimum, rule.maximum
        if len(units) < least:
            found.append(_violation("too_few_units", group, beat, units, len(units), least, most))
        if len(units) > most:
            found.append(_violation("too_many_units", group, beat, units, len(units), least, most))
    if isinstance(rule, LoadPerBeat | BeatCount):
        found += _check_load(problem, rule, group, beat, units, targets[group])
    return found


def _pieces(touching: list[list[int]], units: list[int]) -> int:
    left = set(units)
    pieces = 0
    while left:
        pieces += 1
        waiting = deque([left.pop()])
        while waiting:
            for other in touching[waiting.popleft()]:
                if other in left:
                    left.remove(other)
                    waiting.append(other)
    return pieces


def _target(problem: BeatProblem, group: int, beats: dict[int, list[int]]) -> float:
    """What a beat of the group should have: the rule's, or the mean of the beats that are not one unit
    heavier than the others' mean."""
    rule = problem.rules[group]
    if isinstance(rule, LoadPerBeat):
        return rule.target
    if not isinstance(rule, BeatCount):
        return 0.0
    column = problem.residents if rule.measure == "residents" else problem.workload
    rest, left = float(column[problem.group == group].sum()), rule.beats
    own = [units for units in beats.values() if len(units) == 1 and problem.group[units[0]] == group]
    for load in sorted((float(column[units[0]]) for units in own), reverse=True):
        if left < 2 or load <= rest / left * (1 + rule.tolerance + 1e-9):
            break
        rest, left = rest - load, left - 1
    return rest / left


def _check_load(
    problem: BeatProblem,
    rule: LoadPerBeat | BeatCount,
    group: int,
    beat: int,
    units: list[int],
    target: float,
) -> list[Violation]:
    column = problem.residents if rule.measure == "residents" else problem.workload
    load = float(column[units].sum())
    least, most = target * (1 - rule.tolerance), target * (1 + rule.tolerance)
    slack = target * 1e-6
    if least - slack <= load <= most + slack:
        return []
    return [_violation("load_outside", group, beat, units, load, least, most)]


def _check_group(problem: BeatProblem, group: int, beats: dict[int, list[int]]) -> list[Violation]:
    rule = problem.rules[group]
    wanted = rule.beats if isinstance(rule, BeatCount | UnitsPerBeat) else None
    units = np.flatnonzero(problem.group == group).tolist()
    there = sum(1 for members in beats.values() if problem.group[members[0]] == group)
    if wanted is None or there == wanted or not units:
        return []
    return [_violation("beat_count", group, None, units, there, wanted, wanted)]


def _violation(
    kind: ViolationKind,
    group: int,
    beat: int | None,
    units: list[int],
    measured: float,
    least: float,
    most: float,
) -> Violation:
    return Violation(
        kind=kind, group=group, beat=beat, units=tuple(units), measured=measured, least=least, most=most
    )
