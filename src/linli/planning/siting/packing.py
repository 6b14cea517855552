"""Whole clients into open sites of limited capacity: by regret, then by moves and exchanges.

The construction is Martello & Toth's regret rule for the generalised assignment problem (1990, chapter 7).
"""

import numba
import numpy as np

from linli.planning.siting.interchange import Flags, Floats, Ints, Sites

__all__ = ["pack"]

_UNSERVED = -1
_PASSES = 20


@numba.njit(cache=True)
def _best_two(
    i: int,
    first: Ints,
    site: Sites,
    cost: Floats,
    room: Floats,
    demand: Floats,
    missing: Floats,
) -> tuple[int, float, float]:
    """The pair that serves client ``i`` best with the room left, its cost, and the second best cost."""
    found = -1
    best = missing[i]
    for k in range(first[i], first[i + 1]):
        if room[site[k]] >= demand[i]:
            if found >= 0:
                return found, best, cost[k]
            found = k
            best = cost[k]
    return found, best, missing[i]


@numba.njit(cache=True)
def _construct(
    first: Ints,
    site: Sites,
    cost: Floats,
    demand: Floats,
    room: Floats,
    missing: Floats,
    placed: Ints,
) -> None:
    """Place first who loses most by not getting the best pair; bigger clients first among equals."""
    clients = len(demand)
    regret = np.full(clients, np.inf)
    waiting = np.ones(clients, np.int8)
    for _ in range(clients):
        chosen = -1
        while True:
            chosen = -1
            for i in range(clients):
                if waiting[i] == 1 and (
                    chosen < 0
                    or regret[i] > regret[chosen]
                    or (regret[i] == regret[chosen] and demand[i] > demand[chosen])
                ):
                    chosen = i
            # room only shrinks, so that a stale regret is looked up again before it is believed
            k, best, second = _best_two(chosen, first, site, cost, room, demand, missing)
            if regret[chosen] == second - best:
                break
            regret[chosen] = second - best
        waiting[chosen] = 0
        if k >= 0:
            placed[chosen] = k
            room[site[k]] -= demand[chosen]


@numba.njit(cache=True)
def _move(
    first: Ints,
    site: Sites,
    cost: Floats,
    demand: Floats,
    room: Floats,
    missing: Floats,
    placed: Ints,
) -> bool:
    """Give each client a cheaper site with room; says whether any moved."""
    moved = False
    for i in range(len(demand)):
        now = missing[i] if placed[i] < 0 else cost[placed[i]]
        for k in range(first[i], first[i + 1]):
            if cost[k] >= now - 1e-12:
                break
            if room[site[k]] >= demand[i]:
                if placed[i] >= 0:
                    room[site[placed[i]]] += demand[i]
                placed[i] = k
                room[site[k]] -= demand[i]
                moved = True
                break
    return moved


@numba.njit(cache=True)
def _exchange(
    first: Ints,
    site: Sites,
    cost: Floats,
    demand: Floats,
    room: Floats,
    missing: Floats,
    placed: Ints,
) -> bool:
    """Let client ``i`` into a cheaper site by sending one of its clients elsewhere, where that pays."""
    changed = False
    clients = len(demand)
    for i in range(clients):
        now = missing[i] if placed[i] < 0 else cost[placed[i]]
        done = False
        for k in range(first[i], first[i + 1]):
            if done or cost[k] >= now - 1e-12:
                break
            target = site[k]
            for other in range(clients):
                if other == i or placed[other] < 0 or site[placed[other]] != target:
                    continue
                if room[target] + demand[other] < demand[i]:
                    continue
                gain = now - cost[k] + cost[placed[other]]
                new = _elsewhere(other, i, placed, first, site, cost, demand, room, target)
                if new < 0 or cost[new] >= gain - 1e-12:
                    continue
                room[target] += demand[other] - demand[i]
                if placed[i] >= 0:
                    room[site[placed[i]]] += demand[i]
                placed[i] = k
                placed[other] = new
                room[site[new]] -= demand[other]
                changed = True
                done = True
                break
    return changed


@numba.njit(cache=True)
def _elsewhere(
    other: int,
    leaving: int,
    placed: Ints,
    first: Ints,
    site: Sites,
    cost: Floats,
    demand: Floats,
    room: Floats,
    target: int,
) -> int:
    """The cheapest pair for ``other`` outside ``target`` once ``leaving`` has left its own site."""
    for k in range(first[other], first[other + 1]):
        j = site[k]
        if j == target:
            continue
        spare = room[j]
        if placed[leaving] >= 0 and site[placed[leaving]] == j:
            spare += demand[leaving]
        if spare >= demand[other]:
            return k
    return -1


@numba.njit(cache=True)
def _among_open(first: Ints, site: Sites, cost: Floats, opened: Flags) -> tuple[Ints, Sites, Floats]:
    """The pairs with open sites alone."""
    kept = np.flatnonzero(opened[site] == 1)
    counts = np.zeros(len(first), np.int64)
    position = 0
    for i in range(len(first) - 1):
        while position < len(kept) and kept[position] < first[i + 1]:
            position += 1
        counts[i + 1] = position
    return counts, site[kept], cost[kept]


@numba.njit(cache=True)
def pack(
    first: Ints,
    site: Sites,
    cost: Floats,
    demand: Floats,
    capacity: Floats,
    opened: Flags,
    missing: Floats,
) -> tuple[float, Ints]:
    """Assign whole clients to ``opened``; returns the value and each client's site, −1 for none."""
    first, site, cost = _among_open(first, site, cost, opened)
    placed = np.full(len(demand), _UNSERVED)
    room = capacity * (1.0 + 1e-9)
    _construct(first, site, cost, demand, room, missing, placed)
    for _ in range(_PASSES):
        moved = _move(first, site, cost, demand, room, missing, placed)
        if not _exchange(first, site, cost, demand, room, missing, placed) and not moved:
            break
    value = 0.0
    serving = np.full(len(demand), _UNSERVED)
    for i in range(len(demand)):
        if placed[i] < 0:
            value += missing[i]
        else:
            value += cost[placed[i]]
            serving[i] = site[placed[i]]
    return value, serving
