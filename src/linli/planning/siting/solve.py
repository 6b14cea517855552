"""The one door to siting: any model, with or without capacities."""

import numpy as np
from numpy.typing import NDArray

from linli.kernel.seeds import Seed
from linli.planning.search import Stop
from linli.planning.siting.capacitated import (
    search_capacitated_centre,
    search_capacitated_covering,
    search_capacitated_median,
    search_capacitated_set_covering,
)
from linli.planning.siting.centre import search_centre
from linli.planning.siting.covering import cover_everyone, search_maximal_covering, search_set_covering
from linli.planning.siting.instance import Capacity, Instance, prepare
from linli.planning.siting.interchange import CLOSED
from linli.planning.siting.median import MedianSearch, search_median
from linli.planning.siting.parameters import SitingParameters
from linli.planning.siting.problem import Centre, MaximalCovering, Median, SetCovering, SitingProblem
from linli.planning.siting.result import NOT_SERVED, Method, SitingResult
from linli.planning.siting.state import SearchState, Stopped
from linli.planning.siting.validation import refuse

__all__ = ["solve"]

_DEFAULTS = SitingParameters()


def solve(
    problem: SitingProblem,
    *,
    stop: Stop,
    seed: Seed,
    params: SitingParameters = _DEFAULTS,
    start: frozenset[int] = frozenset(),
) -> SitingResult:
    """Site police rooms or work stations: the best open sites found, and how far from best they can be.

    Parameters
    ----------
    problem : SitingProblem
    stop : Stop
        Asked once a step (a restart, a branch, a node of the exact model); Ctrl-C stops as well.
    seed : Seed
        The same problem, seed, parameters and count limit give the same result.
    params : SitingParameters
    start : frozenset of int
        Sites to try first, such as those of an earlier plan; a hint, never a constraint.

    Returns
    -------
    SitingResult
        ``search.ended`` is "optimal" only when proved (see ``SitingParameters.tolerance``).

    Raises
    ------
    LinliError
        The problem is malformed or has no answer, or the search was stopped before it found one.
    """
    instance = prepare(problem)
    for j in sorted(start):
        if not 0 <= j < problem.sites or instance.status[j] == CLOSED:
            raise refuse("start", given=j)
    state = _state(instance, stop, seed, params)
    method: Method = "local_search"
    try:
        method = _search(instance, state, params, start)
    except Stopped:
        pass
    except KeyboardInterrupt:
        state.struck = "interrupted"
    if not np.isfinite(state.objective):
        raise refuse("nothing_yet")
    assignment = _nearest(instance, state.open_sites) if state.assignment is None else state.assignment
    return SitingResult(state.open_sites, tuple(int(j) for j in assignment), state.search(), method)


def _state(instance: Instance, stop: Stop, seed: Seed, params: SitingParameters) -> SearchState:
    """A fresh search; where objectives are whole numbers or costs themselves a proof can be exact."""
    match instance.model:
        case Median():
            cost = instance.weighted.cost
            return SearchState(stop, seed, params.tolerance, whole=bool((cost == np.floor(cost)).all()))
        case Centre():
            return SearchState(stop, seed, 0.0, whole=False)
        case MaximalCovering():
            whole = bool((instance.weights == np.floor(instance.weights)).all())
            return SearchState(stop, seed, params.tolerance, whole=whole)
        case SetCovering():
            return SearchState(stop, seed, 0.0, whole=True)


def _nearest(instance: Instance, open_sites: tuple[int, ...]) -> NDArray[np.int64]:
    """Each client's nearest open site among those that may serve it."""
    lists = instance.lists
    assignment = np.full(lists.clients, NOT_SERVED, dtype=np.int64)
    hits = np.flatnonzero(np.isin(lists.site, open_sites))
    clients, places = np.unique(lists.client[hits], return_index=True)
    assignment[clients] = lists.site[hits[places]]
    return assignment


def _search(
    instance: Instance, state: SearchState, params: SitingParameters, start: frozenset[int]
) -> Method:
    if instance.capacity is not None:
        return _search_packed(instance, instance.capacity, state, params, start)
    match instance.model:
        case Median(sites=count):
            _search_plain_median(instance, count, state, params, start)
            return "branch_and_bound"
        case Centre(sites=count):
            search_centre(instance, count, state, start)
            return "threshold_search"
        case MaximalCovering(sites=count):
            search_maximal_covering(instance, count, state, start)
            return "milp"
        case SetCovering():
            search_set_covering(instance, state)
            return "milp"


def _search_packed(
    instance: Instance,
    capacity: Capacity,
    state: SearchState,
    params: SitingParameters,
    start: frozenset[int],
) -> Method:
    match instance.model:
        case Median(sites=count):
            return search_capacitated_median(instance, capacity, count, state, params, start)
        case Centre(sites=count):
            return search_capacitated_centre(instance, capacity, count, state, params, start)
        case MaximalCovering(sites=count):
            return search_capacitated_covering(instance, capacity, count, state, params, start)
        case SetCovering():
            return search_capacitated_set_covering(instance, capacity, state, params, start)


def _search_plain_median(
    instance: Instance, count: int, state: SearchState, params: SitingParameters, start: frozenset[int]
) -> None:
    """Where not every site can serve every client, first make sure that so few sites can serve all."""
    lists = instance.weighted
    missing = np.full(lists.clients, 2.0 * (float(lists.cost.max(initial=0.0)) * lists.clients + 1.0))
    if int(lists.lengths.min()) < instance.allowed:
        fewest = cover_everyone(lists, instance.status, state, aim=count)
        if fewest.at_least > count:
            raise refuse("cannot_serve", count=count, needed=fewest.at_least)
        if fewest.count > count:
            raise Stopped
        start = start or frozenset(int(j) for j in np.flatnonzero(fewest.opened))
    search = MedianSearch(lists, instance.status, count, missing, lists.columns())
    search_median(search, state, params, start)
