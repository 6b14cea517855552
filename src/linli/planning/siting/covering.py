"""Set covering and maximal covering: reductions, a greedy answer, then the exact model by HiGHS.

Maximal covering as Church & ReVelle (1974), set covering as Toregas and others (1971); the reductions are
the classical row and column dominance. Among equally good answers the swap search takes one with little
weighted travel.
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from linli.planning.siting.instance import Instance
from linli.planning.siting.interchange import CLOSED, FREE, OPEN, greedy
from linli.planning.siting.lists import Lists
from linli.planning.siting.median import MedianSearch
from linli.planning.siting.milp import Milp, MilpAnswer, run_milp
from linli.planning.siting.reduction import (
    Cover,
    cover_of,
    merge_clients,
    without_superfluous_clients,
    without_superfluous_sites,
)
from linli.planning.siting.state import SearchState, Stopped

__all__ = [
    "FewestSites",
    "cover_everyone",
    "greedy_cover",
    "polish",
    "search_maximal_covering",
    "search_set_covering",
]

_ROUNDS = 4
"""Row and column dominance feed each other; after a few rounds nothing is left to find."""


class FewestSites:
    """What is known about covering everyone: an answer, and how many sites any answer needs."""

    def __init__(self, opened: NDArray[np.int8], at_least: int) -> None:
        self.opened = opened
        self.at_least = at_least

    @property
    def count(self) -> int:
        """How many sites the answer opens, existing ones included."""
        return int(self.opened.sum())


def greedy_cover(lists: Lists, status: NDArray[np.int8]) -> NDArray[np.int8]:
    """Open the site that reaches most uncovered clients until all are; then close what is not needed."""
    columns = lists.columns()
    opened: NDArray[np.int8] = (status == OPEN).astype(np.int8)
    nothing = np.zeros(len(columns.cost))
    allowed = int((status != CLOSED).sum())
    greedy(columns.first, columns.client, nothing, opened, status, allowed, np.ones(lists.clients), 0.5)
    chosen = opened[lists.site] == 1
    times = np.bincount(lists.client[chosen], minlength=lists.clients)
    for j in np.flatnonzero((opened == 1) & (status == FREE)):
        reached = columns.client[columns.first[j] : columns.first[j + 1]]
        if (times[reached] > 1).all():
            opened[j] = 0
            times[reached] -= 1
    return opened


def cover_everyone(
    lists: Lists, status: NDArray[np.int8], state: SearchState, *, aim: int | None = None
) -> FewestSites:
    """Cover every client with few sites, fewest if the stopping rule allows.

    With ``aim`` the work ends as soon as an answer opens at most that many, or none can.
    """
    best = FewestSites(greedy_cover(lists, status), int((status == OPEN).sum()))
    if aim is not None and best.count <= aim:
        return best
    cover = cover_of(lists, status, np.ones(lists.clients))
    for _ in range(_ROUNDS):
        size = cover.reach.shape
        cover = without_superfluous_sites(without_superfluous_clients(cover))
        if cover.reach.shape == size:
            break
    return _exact_cover(cover, best, status, state, aim)


def _exact_cover(
    cover: Cover, best: FewestSites, status: NDArray[np.int8], state: SearchState, aim: int | None
) -> FewestSites:
    fixed = int((status == OPEN).sum())
    clients, sites = cover.reach.shape
    if clients == 0:
        return FewestSites((status == OPEN).astype(np.int8), fixed)
    least = fixed + _apart(cover)
    if least >= best.count or (aim is not None and least > aim):
        return FewestSites(best.opened, least)
    model = Milp(
        objective=np.ones(sites),
        rows=cover.reach,
        row_lower=np.ones(clients),
        row_upper=np.full(clients, np.inf),
        whole=np.ones(sites, dtype=bool),
        lower=np.zeros(sites),
    )
    answer = run_milp(model, state, aim=None if aim is None else float(aim - fixed))
    at_least = max(least, fixed + int(np.ceil(answer.bound - 1e-6))) if np.isfinite(answer.bound) else least
    if answer.values is None:
        return FewestSites(best.opened, at_least)
    opened = (status == OPEN).astype(np.int8)
    opened[cover.sites[answer.values > 0.5]] = 1
    return FewestSites(opened if int(opened.sum()) < best.count else best.opened, at_least)


def _apart(cover: Cover) -> int:
    """Clients of whom no two share a site, found greedily: each needs a site of its own."""
    reach = cover.reach
    taken = np.zeros(reach.shape[1], dtype=bool)
    found = 0
    for row in np.argsort(np.diff(reach.indptr), kind="stable"):
        sites = reach.indices[reach.indptr[row] : reach.indptr[row + 1]]
        if not taken[sites].any():
            taken[sites] = True
            found += 1
    return found


def polish(
    lists: Lists, status: NDArray[np.int8], opened: NDArray[np.int8], count: int, price: NDArray[np.float64]
) -> NDArray[np.int8]:
    """Open up to ``count`` sites, then swap for less travel; whom no open site serves costs ``price``."""
    search = MedianSearch(lists, status, count, price, lists.columns())
    better = search.fill(opened.copy())
    search.swap(better, np.arange(lists.sites))
    return better


def _heavy(weighted: Lists) -> float:
    """More than all travel together."""
    return 2.0 * (float(weighted.cost.max(initial=0.0)) * weighted.clients + 1.0)


def search_set_covering(instance: Instance, state: SearchState) -> None:
    """Cover everyone within the time with the fewest sites.

    Raises
    ------
    Stopped
        The stopping rule struck; ``state`` holds what was found until then.
    """
    lists = instance.lists
    first = greedy_cover(lists, instance.status)
    _offer_cover(instance, state, first)
    state.step()
    answer = cover_everyone(lists, instance.status, state)
    _offer_cover(instance, state, answer.opened)
    state.prove(float(answer.at_least))
    if state.struck is not None:
        raise Stopped
    if answer.at_least >= state.objective:
        state.settle()


def _offer_cover(instance: Instance, state: SearchState, opened: NDArray[np.int8]) -> None:
    weighted, count = instance.weighted, int(opened.sum())
    price = np.full(weighted.clients, _heavy(weighted))
    better = polish(weighted, instance.status, opened, count, price)
    state.offer(float(count), _sites(better))


def _sites(opened: NDArray[np.int8]) -> tuple[int, ...]:
    return tuple(int(j) for j in np.flatnonzero(opened))


def search_maximal_covering(
    instance: Instance, count: int, state: SearchState, start: frozenset[int]
) -> None:
    """Leave as little weight as possible beyond the time.

    Raises
    ------
    Stopped
        The stopping rule struck; ``state`` holds what was found until then.
    """
    existing = (instance.status == OPEN).astype(np.int8)
    warm = existing.copy()
    warm[sorted(start)] = 1
    for opened in (existing, warm) if int(warm.sum()) <= count else (existing,):
        _offer_uncovered(instance, state, opened, count)
    state.step()
    cover = without_superfluous_sites(
        merge_clients(cover_of(instance.lists, instance.status, instance.weights))
    )
    if cover.reach.shape[0] == 0:
        state.settle()
        return
    beyond = _weight_out_of_reach(instance)
    answer = run_milp(
        _maximal_model(cover, count - int(existing.sum()), beyond), state, start=_as_start(cover, state)
    )
    _take(instance, cover, answer, count, state)


def _weight_out_of_reach(instance: Instance) -> float:
    return float(instance.weights[instance.lists.lengths == 0].sum())


def _maximal_model(cover: Cover, count: int, beyond: float) -> Milp:
    """Sites first, then for each client whether it stays uncovered."""
    clients, sites = cover.reach.shape
    covering = sp.hstack([cover.reach, sp.identity(clients)])
    counting = sp.csr_matrix(np.concatenate([np.ones(sites), np.zeros(clients)])[None, :])
    return Milp(
        objective=np.concatenate([np.zeros(sites), cover.weights]),
        rows=sp.vstack([covering, counting]).tocsr(),
        row_lower=np.concatenate([np.ones(clients), [0.0]]),
        row_upper=np.concatenate([np.full(clients, np.inf), [float(count)]]),
        whole=np.concatenate([np.ones(sites, dtype=bool), np.zeros(clients, dtype=bool)]),
        lower=np.zeros(sites + clients),
        offset=beyond,
    )


def _as_start(cover: Cover, state: SearchState) -> NDArray[np.float64]:
    """The best answer so far in the reduced model's terms; dominated sites are simply left out."""
    opened = np.isin(cover.sites, state.open_sites).astype(np.float64)
    return np.concatenate([opened, (cover.reach @ opened < 0.5).astype(np.float64)])


def _offer_uncovered(instance: Instance, state: SearchState, opened: NDArray[np.int8], count: int) -> None:
    """Fill up and swap: uncovered weight first, then weighted travel."""
    weighted = instance.weighted
    least = float(instance.weights[instance.weights > 0.0].min(initial=np.inf))
    scale = _heavy(weighted) / least if np.isfinite(least) else 1.0
    better = polish(weighted, instance.status, opened, count, instance.weights * scale)
    state.offer(_uncovered(instance, better), _sites(better))


def _uncovered(instance: Instance, opened: NDArray[np.int8]) -> float:
    served = np.zeros(instance.lists.clients, dtype=bool)
    served[instance.lists.client[opened[instance.lists.site] == 1]] = True
    return float(instance.weights[~served].sum())


def _take(instance: Instance, cover: Cover, answer: MilpAnswer, count: int, state: SearchState) -> None:
    if answer.values is not None:
        opened = (instance.status == OPEN).astype(np.int8)
        opened[cover.sites[answer.values[: len(cover.sites)] > 0.5]] = 1
        _offer_uncovered(instance, state, opened, count)
    state.prove(answer.bound)
    if state.struck is not None:
        raise Stopped
    if answer.finished:
        state.settle()
