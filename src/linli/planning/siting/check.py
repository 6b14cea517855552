"""Check an answer against its problem with none of the search's own code."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.kernel.texts import Text, catalogue
from linli.planning.siting.problem import (
    Centre,
    MaximalCovering,
    Median,
    NearestCosts,
    SetCovering,
    SitingProblem,
)
from linli.planning.siting.result import NOT_SERVED, SitingResult

__all__ = ["Violation", "check"]

say = catalogue(__package__)

_SHOWN = 10
_ROUNDING = 1e-6
_PROOF = 1e-2
"""The widest tolerance that ``SitingParameters`` allows."""


@dataclass(frozen=True)
class Violation:
    """One way in which an answer does not answer its problem."""

    code: str
    text: Text


def check(problem: SitingProblem, result: SitingResult) -> tuple[Violation, ...]:
    """Everything that is wrong with ``result`` as an answer to ``problem``; empty when it is right.

    Recomputes the costs from the problem, pair by pair. It confirms the answer and that the bound does not
    contradict it; that nothing better exists is the search's own proof.
    """
    found = _check_sites(problem, result)
    if found:
        return tuple(found)
    if len(result.assignment) != problem.clients:
        return (_violation("assignment_length", given=len(result.assignment), expected=problem.clients),)
    costs = _costs_paid(problem, result)
    found += _check_service(problem, result, costs)
    found += _check_capacity(problem, result)
    if not found:
        found += _check_objective(problem, result, costs)
    return tuple(found + _check_bound(result))


def _violation(key: str, **values: object) -> Violation:
    return Violation(key, say(f"check.{key}", **values))


def _few(values: NDArray[np.int64] | list[int]) -> str:
    shown = ", ".join(str(int(v)) for v in values[:_SHOWN])
    return shown if len(values) <= _SHOWN else f"{shown}, … ({len(values)})"


def _check_sites(problem: SitingProblem, result: SitingResult) -> list[Violation]:
    opened = result.open_sites
    found: list[Violation] = []
    outside = [j for j in opened if not 0 <= j < problem.sites]
    if outside:
        found.append(_violation("site_number", sites=_few(outside)))
    if any(a >= b for a, b in itertools.pairwise(opened)):
        found.append(_violation("repeated"))
    dropped = sorted(problem.existing - set(opened))
    if dropped:
        found.append(_violation("existing", sites=_few(dropped)))
    barred = sorted(problem.forbidden & set(opened))
    if barred:
        found.append(_violation("forbidden", sites=_few(barred)))
    if not isinstance(problem.model, SetCovering) and len(opened) != problem.model.sites:
        found.append(_violation("count", given=len(opened), expected=problem.model.sites))
    return found


def _cost(problem: SitingProblem, client: int, site: int) -> float:
    costs = problem.costs
    if not isinstance(costs, NearestCosts):
        return float(costs[client, site])
    own = slice(costs.first[client], costs.first[client + 1])
    hits = np.flatnonzero(costs.site[own] == site)
    return float(costs.cost[own][hits[0]]) if len(hits) else np.inf


def _costs_paid(problem: SitingProblem, result: SitingResult) -> NDArray[np.float64]:
    """What each client pays; infinite where it is not served, or by a number that is no site."""
    return np.array(
        [_cost(problem, i, j) if 0 <= j < problem.sites else np.inf for i, j in enumerate(result.assignment)]
    )


def _check_service(
    problem: SitingProblem, result: SitingResult, costs: NDArray[np.float64]
) -> list[Violation]:
    assignment = np.array(result.assignment, dtype=np.int64)
    served = assignment != NOT_SERVED
    model = problem.model
    closed = np.flatnonzero(served & ~np.isin(assignment, result.open_sites))
    if len(closed):
        return [_violation("served_by_closed", clients=_few(closed))]
    found: list[Violation] = []
    if not isinstance(model, MaximalCovering) and not served.all():
        found.append(_violation("not_served", clients=_few(np.flatnonzero(~served))))
    unreachable = np.flatnonzero(served & ~np.isfinite(costs))
    if len(unreachable):
        found.append(_violation("pair", clients=_few(unreachable)))
    if isinstance(model, MaximalCovering | SetCovering):
        beyond = np.flatnonzero(served & (costs > model.within))
        if len(beyond):
            found.append(_violation("within", clients=_few(beyond), within=model.within))
    if problem.capacities is None:
        found += _check_nearest(problem, result, costs)
    return found


def _check_nearest(
    problem: SitingProblem, result: SitingResult, costs: NDArray[np.float64]
) -> list[Violation]:
    """Without capacities every client has its nearest open site, if that is near enough to count."""
    nearest = np.array(
        [
            min((_cost(problem, i, j) for j in result.open_sites), default=np.inf)
            for i in range(problem.clients)
        ]
    )
    if isinstance(problem.model, MaximalCovering):
        nearest[nearest > problem.model.within] = np.inf
    farther = np.flatnonzero(costs > nearest)
    return [_violation("nearest", clients=_few(farther))] if len(farther) else []


def _check_capacity(problem: SitingProblem, result: SitingResult) -> list[Violation]:
    if problem.capacities is None:
        return []
    demands = problem.demands if problem.demands is not None else problem.weights
    carried = np.zeros(problem.sites)
    for i, j in enumerate(result.assignment):
        if 0 <= j < problem.sites:
            carried[j] += 1.0 if demands is None else demands[i]
    over = np.flatnonzero(carried > problem.capacities * (1.0 + _ROUNDING) + 1e-9)
    return [_violation("capacity", sites=_few(over))] if len(over) else []


def _check_objective(
    problem: SitingProblem, result: SitingResult, costs: NDArray[np.float64]
) -> list[Violation]:
    weights = np.ones(problem.clients) if problem.weights is None else problem.weights
    served = np.array(result.assignment) != NOT_SERVED
    match problem.model:
        case Median():
            expected = float(weights @ costs)
        case Centre():
            expected = float(costs.max())
        case MaximalCovering():
            expected = float(weights[~served].sum())
        case SetCovering():
            expected = float(len(result.open_sites))
    if abs(expected - result.objective) > _ROUNDING * max(1.0, abs(expected)):
        return [_violation("objective", given=result.objective, expected=expected)]
    return []


def _check_bound(result: SitingResult) -> list[Violation]:
    bound, objective = result.bound, result.objective
    optimal = result.search.ended == "optimal"
    if bound is not None and bound > objective + _ROUNDING * max(1.0, abs(objective)):
        return [_violation("bound", bound=bound, objective=objective)]
    if optimal and (bound is None or objective - bound > _PROOF * abs(objective)):
        return [_violation("not_proved", bound=bound, objective=objective)]
    return []
