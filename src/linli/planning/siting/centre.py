"""The p-centre: search over the distinct costs, each step one covering question.

Minieka (1970): the least longest cost is the least radius whose covering needs at most p sites.
"""

import numpy as np
from numpy.typing import NDArray

from linli.planning.siting.covering import cover_everyone, greedy_cover, polish
from linli.planning.siting.instance import Instance
from linli.planning.siting.interchange import OPEN
from linli.planning.siting.state import SearchState, Stopped
from linli.planning.siting.validation import refuse

__all__ = ["search_centre"]


def search_centre(instance: Instance, count: int, state: SearchState, start: frozenset[int]) -> None:
    """Make the longest cost of any client as short as ``count`` sites can.

    Raises
    ------
    LinliError
        No choice of ``count`` sites serves everyone.
    Stopped
        The stopping rule struck; ``state`` holds what was found until then.
    """
    radii = _radii(instance)
    if start:
        warm = (instance.status == OPEN).astype(np.int8)
        warm[sorted(start)] = 1
        if int(warm.sum()) <= count:
            _offer(instance, state, warm, float(radii[-1]), count)
    low, high = 0, len(radii) - 1
    high = _greedy_radius(instance, count, radii, state)
    if high < 0:
        high = _exact_from_the_top(instance, count, radii, state)
    state.step()
    # invariant: radii[high] is reached; nothing below radii[low] is
    while low < high:
        state.prove(float(radii[low]))
        middle = (low + high) // 2
        opened = _cover(instance, float(radii[middle]), count, state)
        if opened is None:
            low = middle + 1
        else:
            _offer(instance, state, opened, float(radii[middle]), count)
            high = min(middle, int(np.searchsorted(radii, state.objective)))
    state.settle()


def _radii(instance: Instance) -> NDArray[np.float64]:
    """What the longest cost can be: a cost, and none below the nearest site of any client."""
    lists = instance.lists
    nearest = float(lists.cost[lists.first[:-1]].max())
    costs = np.unique(lists.cost)
    return costs[costs >= nearest]


def _greedy_radius(instance: Instance, count: int, radii: NDArray[np.float64], state: SearchState) -> int:
    """The least radius that greedy covering manages, by bisection; −1 when it manages none."""
    found, low, high = -1, 0, len(radii) - 1
    while low <= high:
        middle = (low + high) // 2
        lists = instance.lists.keep(instance.lists.cost <= radii[middle])
        opened = greedy_cover(lists, instance.status)
        if int(opened.sum()) <= count:
            _offer(instance, state, opened, float(radii[middle]), count)
            found, high = middle, middle - 1
        else:
            low = middle + 1
    return found if found < 0 else min(found, int(np.searchsorted(radii, state.objective)))


def _exact_from_the_top(
    instance: Instance, count: int, radii: NDArray[np.float64], state: SearchState
) -> int:
    """Greedy covering failed with every pair allowed: ask exactly whether ``count`` sites can do at all."""
    fewest = cover_everyone(instance.lists, instance.status, state, aim=count)
    if fewest.count > count:
        if fewest.at_least > count:
            raise refuse("cannot_serve", count=count, needed=fewest.at_least)
        raise Stopped
    _offer(instance, state, fewest.opened, float(radii[-1]), count)
    return int(np.searchsorted(radii, state.objective))


def _cover(instance: Instance, radius: float, count: int, state: SearchState) -> NDArray[np.int8] | None:
    """Sites that cover everyone within ``radius``, at most ``count``; ``None`` when proved impossible."""
    state.step()
    lists = instance.lists.keep(instance.lists.cost <= radius)
    fewest = cover_everyone(lists, instance.status, state, aim=count)
    if fewest.count <= count:
        return fewest.opened
    if fewest.at_least <= count:
        raise Stopped
    return None


def _offer(
    instance: Instance, state: SearchState, opened: NDArray[np.int8], radius: float, count: int
) -> None:
    """Use up the sites, swap for less travel inside the radius, and keep the result if it is better."""
    weighted = instance.weighted
    near = instance.lists.cost <= radius
    inside = weighted.keep(near)
    price = np.full(inside.clients, 2.0 * (float(inside.cost.max(initial=0.0)) * inside.clients + 1.0))
    better = polish(inside, instance.status, opened, count, price)
    state.offer(_longest(instance, better), tuple(int(j) for j in np.flatnonzero(better)))


def _longest(instance: Instance, opened: NDArray[np.int8]) -> float:
    lists = instance.lists
    hits = np.flatnonzero(opened[lists.site] == 1)
    clients, places = np.unique(lists.client[hits], return_index=True)
    return float(lists.cost[hits[places]].max()) if len(clients) == lists.clients else np.inf
