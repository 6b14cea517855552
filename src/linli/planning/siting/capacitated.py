"""Siting with capacities: packing by swaps, then the exact model by HiGHS where it is small enough.

For the median a Lagrangian bound first removes the sites and pairs that no better answer uses, and stands
as the bound where the model would be too large.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linli.planning.siting.assignment_model import as_start, assignment_model, read_packing
from linli.planning.siting.instance import Capacity, Instance
from linli.planning.siting.interchange import CLOSED, FREE, OPEN
from linli.planning.siting.knapsack import pairs_that_matter, tighten_with_capacity
from linli.planning.siting.lagrangian import fix_sites
from linli.planning.siting.lists import Lists
from linli.planning.siting.milp import MilpAnswer, run_milp
from linli.planning.siting.packing_search import Packed, PackingSearch
from linli.planning.siting.parameters import SitingParameters
from linli.planning.siting.result import NOT_SERVED, Method
from linli.planning.siting.state import SearchState, Stopped
from linli.planning.siting.validation import refuse

__all__ = [
    "search_capacitated_centre",
    "search_capacitated_covering",
    "search_capacitated_median",
    "search_capacitated_set_covering",
]


_LIKED = 3
"""How many sites for each one to open the bound's favourites are."""


def search_capacitated_median(
    instance: Instance,
    capacity: Capacity,
    count: int,
    state: SearchState,
    params: SitingParameters,
    start: frozenset[int],
) -> Method:
    """The least weighted sum of costs within capacities.

    Raises
    ------
    LinliError
        No choice of sites serves everyone within the capacities.
    Stopped
        The stopping rule struck; ``state`` holds what was found until then.
    """
    lists = instance.weighted
    search = PackingSearch(lists, instance.status, _price(lists), capacity)
    _offer(state, search.best(count, start, state, params.packings // 4))
    state.step()
    priced = _price_out(lists, instance.status, capacity, count, state, params)
    _improve_near(search, priced, count, state, params)
    state.step()
    target = state.target
    smaller, status = _reduced(lists, instance.status, count, priced, target)
    if np.isfinite(state.objective) and len(smaller.site) > params.exact_pairs:
        return "local_search"
    model = assignment_model(smaller, status, capacity, pair_cost=smaller.cost, count=count)
    kept = None if state.assignment is None else Packed(0.0, _marks(state, lists), state.assignment)
    answer = run_milp(model, state, start=as_start(smaller, status, kept))
    if answer.values is not None:
        _offer(state, read_packing(smaller, search.missing, answer.values))
    return _conclude(state, answer, min(answer.bound, target))


def search_capacitated_covering(
    instance: Instance,
    capacity: Capacity,
    count: int,
    state: SearchState,
    params: SitingParameters,
    start: frozenset[int],
) -> Method:
    """The least weight left unserved within the time and the capacities.

    Raises
    ------
    Stopped
        The stopping rule struck; ``state`` holds what was found until then.
    """
    lists, weights = instance.weighted, instance.weights
    least = float(weights[weights > 0.0].min(initial=np.inf))
    scale = float(_price(lists)[0]) / least if np.isfinite(least) else 1.0
    search = PackingSearch(lists, instance.status, weights * scale + 1e-9, capacity)
    best = search.best(count, start, state, params.packings)
    _offer_unserved(state, best, weights)
    state.prove(0.0)
    state.step()
    if len(lists.site) > params.exact_pairs:
        return "local_search"
    gains = -weights[lists.client]
    model = assignment_model(
        lists,
        instance.status,
        capacity,
        pair_cost=gains,
        count=count,
        everyone=False,
        offset=float(weights.sum()),
    )
    answer = run_milp(model, state, start=as_start(lists, instance.status, best))
    if answer.values is not None:
        _offer_unserved(state, read_packing(lists, search.missing, answer.values), weights)
    return _conclude(state, answer, answer.bound)


def search_capacitated_set_covering(
    instance: Instance,
    capacity: Capacity,
    state: SearchState,
    params: SitingParameters,
    start: frozenset[int],
) -> Method:
    """The fewest sites that serve everyone within the time and the capacities.

    Raises
    ------
    LinliError
        Not even all sites together serve everyone.
    Stopped
        The stopping rule struck; ``state`` holds what was found until then.
    """
    lists = instance.weighted
    search = PackingSearch(lists, instance.status, _price(lists), capacity)
    fewest = _fewest_by_room(instance, capacity)
    state.prove(float(fewest))
    count = _first_that_serves(search, fewest, instance.allowed, state)
    while count is not None and count > fewest:
        fewer = search.best(count - 1, start if len(start) < count else frozenset(), state, params.packings)
        count = count - 1 if _offer_count(state, fewer) else None
        state.step()
    if state.objective <= fewest:
        state.settle()
        return "local_search"
    if np.isfinite(state.objective) and len(lists.site) > params.exact_pairs:
        return "local_search"
    model = assignment_model(
        lists, instance.status, capacity, pair_cost=np.zeros(len(lists.site)), site_cost=1.0
    )
    answer = run_milp(model, state)
    if answer.values is not None:
        _offer_count(state, read_packing(lists, search.missing, answer.values))
    return _conclude(state, answer, answer.bound)


def search_capacitated_centre(
    instance: Instance,
    capacity: Capacity,
    count: int,
    state: SearchState,
    params: SitingParameters,
    start: frozenset[int],
) -> Method:
    """The shortest longest cost within capacities, by bisection over the distinct costs.

    Raises
    ------
    LinliError
        No choice of sites serves everyone within the capacities.
    Stopped
        The stopping rule struck; ``state`` holds what was found until then.
    """
    lists = instance.lists
    radii = np.unique(lists.cost)
    radii = radii[radii >= lists.cost[lists.first[:-1]].max()]
    proved = True
    low, high = 0, len(radii)
    while low < high:
        if proved:
            state.prove(float(radii[low]))
        # the widest radius first: without an answer there nothing else needs asking
        middle = (low + high) // 2 if high < len(radii) else high - 1
        verdict = _within(instance, capacity, float(radii[middle]), count, state, params, start)
        if verdict == "served":
            high = min(middle, int(np.searchsorted(radii, state.objective)))
            continue
        if middle == len(radii) - 1:
            raise refuse("no_packing") if verdict == "impossible" else Stopped
        proved = proved and verdict == "impossible"
        low = middle + 1
    if not proved:
        return "local_search"
    state.settle()
    return "threshold_search"


def _within(
    instance: Instance,
    capacity: Capacity,
    radius: float,
    count: int,
    state: SearchState,
    params: SitingParameters,
    start: frozenset[int],
) -> Literal["served", "impossible", "unknown"]:
    """Whether everyone can be served within ``radius``; an answer is offered."""
    near = instance.lists.cost <= radius
    lists = instance.weighted.keep(near)
    search = PackingSearch(lists, instance.status, _price(lists), capacity)
    packed = search.best(count, start, state, params.packings)
    state.step()
    if not packed.complete:
        if len(lists.site) > params.exact_pairs and np.isfinite(state.objective):
            return "unknown"
        nothing = np.zeros(len(lists.site))
        model = assignment_model(lists, instance.status, capacity, pair_cost=nothing, count=count)
        answer = run_milp(model, state)
        if answer.values is None:
            if not answer.infeasible:
                raise Stopped
            return "impossible"
        packed = read_packing(lists, search.missing, answer.values)
    used = packed.assignment[lists.client] == lists.site
    longest = float(instance.lists.cost[near][used].max())
    state.offer(longest, packed.sites, packed.assignment)
    return "served"


def _price(lists: Lists) -> NDArray[np.float64]:
    """More than everyone's costs together, for a client that no site serves."""
    return np.full(lists.clients, 2.0 * (float(lists.cost.max(initial=0.0)) * lists.clients + 1.0))


def _marks(state: SearchState, lists: Lists) -> NDArray[np.int8]:
    opened = np.zeros(lists.sites, np.int8)
    opened[list(state.open_sites)] = 1
    return opened


def _offer(state: SearchState, packed: Packed) -> None:
    if packed.complete:
        state.offer(packed.value, packed.sites, packed.assignment)


def _offer_unserved(state: SearchState, packed: Packed, weights: NDArray[np.float64]) -> None:
    unserved = float(weights[packed.assignment == NOT_SERVED].sum())
    state.offer(unserved, packed.sites, packed.assignment)


def _offer_count(state: SearchState, packed: Packed) -> bool:
    if packed.complete:
        state.offer(float(packed.opened.sum()), packed.sites, packed.assignment)
    return packed.complete


@dataclass(frozen=True, eq=False)
class _Priced:
    """A Lagrangian bound with its prices and what each site gains at them."""

    bound: float
    prices: NDArray[np.float64]
    gains: NDArray[np.float64]


def _price_out(
    lists: Lists,
    status: NDArray[np.int8],
    capacity: Capacity,
    count: int,
    state: SearchState,
    params: SitingParameters,
) -> _Priced:
    columns = lists.columns()
    ranks = np.minimum(np.maximum(1, lists.lengths // count), lists.lengths - 1)
    upper = state.objective if np.isfinite(state.objective) else _worst(lists)
    bound, prices, rho = tighten_with_capacity(
        columns.first, columns.client, columns.cost, lists.cost[lists.first[:-1] + ranks],
        capacity.demands, capacity.capacities, status, count, upper, state.target, params.root_rounds,
    )  # fmt: skip
    state.prove(min(bound, state.target))
    return _Priced(bound, prices, rho)


def _improve_near(
    search: PackingSearch, priced: _Priced, count: int, state: SearchState, params: SitingParameters
) -> None:
    """Swap again among the sites that the bound likes, from its own choice and from the best answer."""
    liking = np.where(search.status == OPEN, -np.inf, np.where(search.status == CLOSED, np.inf, priced.gains))
    ranked = np.argsort(liking, kind="stable")
    liked = ranked[: _LIKED * count]
    liked = liked[search.status[liked] == FREE]
    own = np.zeros(search.lists.sites, np.int8)
    own[ranked[:count]] = 1
    starts = [search.pack(own)]
    if state.assignment is not None:
        starts.append(Packed(state.objective, _marks(state, search.lists), state.assignment))
    for begun in starts:
        _offer(state, search.improve(begun, liked, state, params.packings // 2))


def _reduced(
    lists: Lists, status: NDArray[np.int8], count: int, priced: _Priced, target: float
) -> tuple[Lists, NDArray[np.int8]]:
    """Keep what an answer below the target may use, with the sites that the bound decides."""
    decided = fix_sites(priced.bound, priced.gains, status, count, target)
    matters = pairs_that_matter(
        lists.first, lists.site, lists.cost, priced.prices, priced.gains, status, count, priced.bound, target
    )
    return lists.keep((matters == 1) & (decided[lists.site] != CLOSED)), decided


def _worst(lists: Lists) -> float:
    return float(lists.cost[lists.first[1:] - 1].sum())


def _fewest_by_room(instance: Instance, capacity: Capacity) -> int:
    """How many sites the demand alone needs, the existing ones and then the roomiest first."""
    room = np.where(instance.status == CLOSED, 0.0, capacity.capacities)
    order = np.lexsort((-room, instance.status != OPEN))
    held = np.cumsum(room[order])
    enough = int(np.searchsorted(held, float(capacity.demands.sum()) * (1.0 - 1e-9))) + 1
    return max(enough, int((instance.status == OPEN).sum()), 1)


def _first_that_serves(search: PackingSearch, fewest: int, allowed: int, state: SearchState) -> int | None:
    """The least count whose plain starts serve everyone; offered."""
    for count in range(fewest, allowed + 1):
        for opened in search.starts(count, frozenset()):
            if _offer_count(state, search.pack(opened)):
                return count
        state.step()
    return None


def _conclude(state: SearchState, answer: MilpAnswer, bound: float) -> Method:
    """Take over what HiGHS proved."""
    if not np.isfinite(state.objective):
        raise refuse("no_packing") if answer.infeasible else Stopped
    state.prove(bound)
    if answer.finished or answer.infeasible:
        state.settle()
    elif state.struck is not None:
        raise Stopped
    return "milp"
