"""Refusals: what makes a siting problem unanswerable, said before any search begins."""

import math
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue
from linli.planning.siting.problem import MaximalCovering, NearestCosts, SetCovering, SitingProblem

__all__ = ["numbers", "refuse", "validate"]

say = catalogue(__package__)

_SHOWN = 10


def refuse(key: str, **values: object) -> LinliError:
    """The error of one sentence of the catalogue."""
    return LinliError(say(f"refused.{key}", **values))


def numbers(values: Collection[int]) -> str:
    """The first of many numbers, as a list to read."""
    ordered = sorted(values)
    shown = ", ".join(str(v) for v in ordered[:_SHOWN])
    return shown if len(ordered) <= _SHOWN else f"{shown}, … ({len(ordered)})"


def validate(problem: SitingProblem) -> None:
    """Check shapes, values and site numbers of a problem.

    Raises
    ------
    LinliError
        Anything that makes the problem unanswerable whatever the costs are.
    """
    _check_costs(problem)
    _check_vector(say("name.weights"), problem.weights, problem.clients)
    _check_vector(say("name.demands"), problem.demands, problem.clients)
    _check_vector(say("name.capacities"), problem.capacities, problem.sites)
    _check_sites(problem)
    _check_model(problem)


def _check_costs(problem: SitingProblem) -> None:
    costs = problem.costs
    if isinstance(costs, NearestCosts):
        _check_pairs(costs)
        values, clients = costs.cost, np.repeat(np.arange(costs.clients), np.diff(costs.first))
    else:
        if costs.ndim != 2:
            raise refuse("costs_shape", given=costs.ndim)
        values, clients = costs.ravel(), None
    if problem.clients == 0:
        raise refuse("no_clients")
    wrong = np.flatnonzero(~(values >= 0.0))
    if len(wrong):
        at = int(wrong[0])
        client = at // problem.sites if clients is None else int(clients[at])
        raise refuse("cost_value", client=client, given=float(values[at]))


def _check_pairs(costs: NearestCosts) -> None:
    last = int(costs.first[-1]) if len(costs.first) else -1
    steps = np.diff(costs.first)
    lengths_agree = len(costs.site) == len(costs.cost) == last
    if not lengths_agree or int(costs.first[0]) != 0 or (steps < 0).any():
        detail = say("refused.pairs.lengths", sites=len(costs.site), costs=len(costs.cost), last=last)
        raise refuse("pairs", detail=detail)
    outside = costs.site[(costs.site < 0) | (costs.site >= costs.sites)]
    if len(outside):
        raise refuse("pairs", detail=_number_detail(int(outside[0]), costs.sites))
    client = np.repeat(np.arange(costs.clients), steps)
    key = np.sort(client * max(costs.sites, 1) + costs.site)
    twice = key[1:][np.diff(key) == 0]
    if len(twice):
        where, site = divmod(int(twice[0]), costs.sites)
        raise refuse("pairs", detail=say("refused.pairs.twice", client=where, site=site))


def _number_detail(given: int, sites: int) -> Text:
    return say("refused.pairs.site", given=given, highest=sites - 1)


def _check_vector(name: Text, values: NDArray[np.float64] | None, length: int) -> None:
    if values is None:
        return
    if values.shape != (length,):
        raise refuse("shape", name=name, expected=length, given=values.size)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0.0)))
    if len(wrong):
        raise refuse("value", name=name, index=int(wrong[0]), given=float(values[wrong[0]]))


def _check_sites(problem: SitingProblem) -> None:
    for key, sites in (("existing", problem.existing), ("forbidden", problem.forbidden)):
        outside = [j for j in sites if not 0 <= j < problem.sites]
        if outside:
            raise refuse(
                "site_number", name=say(f"name.{key}"), given=min(outside), highest=problem.sites - 1
            )
    both = problem.existing & problem.forbidden
    if both:
        raise refuse("existing_and_forbidden", sites=numbers(both))
    if problem.sites == len(problem.forbidden):
        raise refuse("no_sites")


def _check_model(problem: SitingProblem) -> None:
    model = problem.model
    if isinstance(model, MaximalCovering | SetCovering) and not (
        math.isfinite(model.within) and model.within >= 0.0
    ):
        raise refuse("within", given=model.within)
    if isinstance(model, SetCovering):
        return
    if model.sites < 1:
        raise refuse("count", given=model.sites)
    allowed = problem.sites - len(problem.forbidden)
    if model.sites > allowed:
        raise refuse("too_many", count=model.sites, allowed=allowed)
    if model.sites < len(problem.existing):
        raise refuse("too_many_existing", count=model.sites, existing=len(problem.existing))
