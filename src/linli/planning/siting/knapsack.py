"""Lower bounds of the p-median with capacities: assignment priced out, a knapsack left at each site.

As in ``lagrangian``, but ρⱼ is the best that site j can gain within its capacity, clients taken in parts
(Dantzig's bound of the knapsack), which is never above the gain of whole clients.
"""

import numba
import numpy as np

from linli.planning.siting.interchange import CLOSED, OPEN, Flags, Floats, Ints, Sites
from linli.planning.siting.lagrangian import pick

__all__ = ["pairs_that_matter", "tighten_with_capacity"]

_IMPROVEMENT = 1e-5
_SLOWEST = 0.02
_PATIENCE = 20
_DEFLECTION = 0.5


@numba.njit(cache=True)
def _fill(
    j: int,
    first: Ints,
    client: Sites,
    cost: Floats,
    u: Floats,
    demand: Floats,
    capacity: float,
    taken: Floats,
) -> float:
    """Fill site ``j`` with the clients that gain most per demand; ``taken`` says how much of each pair."""
    start, end = first[j], first[j + 1]
    taken[start:end] = 0.0
    rate = np.empty(end - start)
    size = 0
    members = np.empty(end - start, np.int64)
    for k in range(start, end):
        gain = u[client[k]] - cost[k]
        if gain > 0.0:
            d = demand[client[k]]
            rate[size] = -np.inf if d == 0.0 else -gain / d
            members[size] = k
            size += 1
    room = capacity
    value = 0.0
    for q in np.argsort(rate[:size]):
        k = members[q]
        d = demand[client[k]]
        part = 1.0 if d <= room else room / d
        taken[k] = part
        value -= part * (u[client[k]] - cost[k])
        room -= part * d
        if part < 1.0:
            break
    return value


@numba.njit(cache=True)
def _turn(first: Ints, client: Sites, picked: Flags, taken: Floats, way: Floats) -> float:
    """Turn ``way`` towards 1 − (how much each client is served); returns its length squared."""
    way *= _DEFLECTION
    way += 1.0
    for j in np.flatnonzero(picked):
        for k in range(first[j], first[j + 1]):
            way[client[k]] -= taken[k]
    return float(way @ way)


@numba.njit(cache=True)
def tighten_with_capacity(
    first: Ints,
    client: Sites,
    cost: Floats,
    prices: Floats,
    demand: Floats,
    capacity: Floats,
    status: Flags,
    count: int,
    upper: float,
    target: float,
    rounds: int,
) -> tuple[float, Floats, Floats]:
    """Raise the bound until it passes ``target`` or no longer moves: the bound, its prices and its ρ.

    ``first``, ``client`` and ``cost`` are the pairs by site.
    """
    sites = len(status)
    free = np.flatnonzero(status == 0)
    fixed = np.flatnonzero(status == OPEN)
    u = prices.copy()
    best_u = prices.copy()
    rho = np.zeros(sites)
    best_rho = np.zeros(sites)
    taken = np.zeros(len(cost))
    picked = np.zeros(sites, np.int8)
    way = np.zeros(len(u))
    scratch = np.empty(len(free))
    best = -np.inf
    stalled = 0
    pace = 1.0
    for _ in range(rounds):
        bound = u.sum()
        for site in range(sites):
            if status[site] != CLOSED:
                rho[site] = _fill(site, first, client, cost, u, demand, capacity[site], taken)
        picked[:] = 0
        for j in fixed:
            picked[j] = 1
            bound += rho[j]
        bound += pick(rho, free, count - len(fixed), picked, scratch)
        if bound > best:
            stalled = 0 if bound > best + _IMPROVEMENT * abs(best) else stalled + 1
            best = bound
            best_u[:] = u
            best_rho[:] = rho
        else:
            stalled += 1
        length = _turn(first, client, picked, taken, way)
        if best > target or length < 1e-18:
            break
        if stalled >= _PATIENCE:
            pace *= 0.5
            stalled = 0
            u[:] = best_u
            way[:] = 0.0
            if pace < _SLOWEST:
                break
            continue
        u += pace * (upper - bound) / length * way
    return best, best_u, best_rho


@numba.njit(cache=True)
def pairs_that_matter(
    first: Ints,
    site: Sites,
    cost: Floats,
    u: Floats,
    rho: Floats,
    status: Flags,
    count: int,
    bound: float,
    target: float,
) -> Flags:
    """Mark pairs (by client) that an answer below ``target`` may use."""
    free = np.flatnonzero(status == 0)
    wanted = count - int(np.sum(status == OPEN))
    picked = np.zeros(len(status), np.int8)
    pick(rho, free, wanted, picked, np.empty(len(free)))
    last = -np.inf
    for j in free:
        if picked[j] == 1:
            last = max(last, rho[j])
    matters = np.zeros(len(site), np.int8)
    for i in range(len(u)):
        for k in range(first[i], first[i + 1]):
            j = site[k]
            if status[j] == CLOSED:
                continue
            opening = 0.0 if status[j] == OPEN or picked[j] == 1 or wanted == 0 else rho[j] - last
            if bound + opening + max(0.0, cost[k] - u[i]) <= target:
                matters[k] = 1
    return matters
