"""What is asked for on a day: clauses in force, rounded once, joined where they ask for the same people."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from linli.planning.staffing.model import Demand, StaffingParams, StaffingProblem, TotalNorm
from linli.planning.staffing.rounding import apportion, round_up

__all__ = ["Slot", "days_of_change", "in_force", "slots_on", "totals_on"]

Dated = TypeVar("Dated")


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One role in one scope: where people can be posted, and what each clause asks there."""

    scope: str
    role: str
    station: str | None
    required: int
    firm: int
    """The part of ``required`` that firm clauses ask for."""
    asked: tuple[tuple[Demand, int], ...]
    """Each clause's demand with its own rounded number; ``required`` is the largest."""


def in_force(
    items: Iterable[Dated],
    day: dt.date,
    effective: Callable[[Dated], dt.date | None],
    key: Callable[[Dated], Hashable],
) -> list[Dated]:
    """Of each key the item with the latest effective day not after ``day``."""
    latest: dict[Hashable, Dated] = {}
    for item in sorted(items, key=lambda each: effective(each) or dt.date.min):
        starts = effective(item)
        if starts is None or starts <= day:
            latest[key(item)] = item
    return list(latest.values())


def days_of_change(problem: StaffingProblem) -> tuple[dt.date, ...]:
    """The day of the plan, and every later day on which a demand or norm starts or changes."""
    dated = [d.effective for d in problem.demands]
    dated += [n.effective for n in problem.totals] + [n.effective for n in problem.shares]
    return (problem.on, *sorted({day for day in dated if day is not None and day > problem.on}))


def slots_on(problem: StaffingProblem, day: dt.date, params: StaffingParams) -> tuple[Slot, ...]:
    """All slots on a day, by role and scope."""
    demands = in_force(problem.demands, day, lambda d: d.effective, lambda d: (d.clause, d.role, d.scope))
    demands.sort(key=lambda d: (d.role, d.scope, d.clause))
    asked: dict[tuple[str, str], list[tuple[Demand, int]]] = defaultdict(list)
    for demand, number in zip(demands, _rounded(demands, params), strict=True):
        asked[demand.role, demand.scope].append((demand, number))
    return tuple(
        Slot(
            scope=scope,
            role=role,
            station=requests[0][0].station,
            required=max(number for _, number in requests),
            firm=max((number for demand, number in requests if demand.firm), default=0),
            asked=tuple(requests),
        )
        for (role, scope), requests in sorted(asked.items())
    )


def totals_on(
    problem: StaffingProblem, day: dt.date, params: StaffingParams
) -> tuple[tuple[TotalNorm, int], ...]:
    """Norms on head counts that are in force on a day, with their rounded numbers."""
    norms = in_force(problem.totals, day, lambda n: n.effective, lambda n: (n.clause, n.role, n.station))
    norms.sort(key=lambda n: (n.role, n.station or "", n.clause))
    return tuple((norm, round_up(norm.required_exact, params.tolerance)) for norm in norms)


def _rounded(demands: list[Demand], params: StaffingParams) -> list[int]:
    """Each demand in whole people: up at its own scope, or shared out of the wider scope's rounded sum."""
    numbers = [round_up(d.required_exact, params.tolerance) for d in demands]
    wider: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, demand in enumerate(demands):
        if demand.rounded_at is not None:
            wider[demand.clause, demand.role, demand.rounded_at].append(index)
    for members in wider.values():
        exact = np.array([demands[i].required_exact for i in members])
        shared = apportion(round_up(float(exact.sum()), params.tolerance), exact)
        for index, number in zip(members, shared.tolist(), strict=True):
            numbers[index] = number
    return [_bounded(n, d) for n, d in zip(numbers, demands, strict=True)]


def _bounded(number: int, demand: Demand) -> int:
    most = number if demand.maximum is None else min(number, demand.maximum)
    return max(most, demand.minimum)
