"""Lower bounds of the p-median by Lagrangian relaxation, with the fixing of sites that follows.

"Each client is served once" is priced out (Cornuéjols, Fisher & Nemhauser 1977; Beasley 1985): for prices
``u`` the bound is Σ uᵢ plus the p least of ρⱼ = Σᵢ min(0, cᵢⱼ − uᵢ). Prices move along a deflected
subgradient (Camerini, Fratta & Maffioli 1975) with Polyak's step towards the value of the best answer.
"""

import numba
import numpy as np

from linli.planning.siting.interchange import CLOSED, FREE, OPEN, Flags, Floats, Ints, Sites

__all__ = ["fix_sites", "pick", "tighten"]

_SMOOTHING = 0.1
_IMPROVEMENT = 1e-5
_SLOWEST = 0.02


@numba.njit(cache=True)
def _threshold(values: Floats, count: int, rank: int) -> float:
    """The value of ``rank`` (from 0) among the first ``count``, by quickselect; reorders ``values``."""
    low, high = 0, count - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if rank <= j:
            high = j
        elif rank >= i:
            low = i
        else:
            break
    return float(values[rank])


@numba.njit(cache=True)
def pick(rho: Floats, free: Ints, count: int, picked: Flags, scratch: Floats) -> float:
    """Mark the ``count`` free sites of least ``rho``; returns their sum."""
    if count <= 0:
        return 0.0
    for q in range(len(free)):
        scratch[q] = rho[free[q]]
    limit = _threshold(scratch, len(free), count - 1)
    left = count
    value = 0.0
    for j in free:
        if rho[j] < limit:
            picked[j] = 1
            value += rho[j]
            left -= 1
    for j in free:
        if left == 0:
            break
        if rho[j] == limit:
            picked[j] = 1
            value += rho[j]
            left -= 1
    return value


@numba.njit(cache=True)
def _compact(first: Ints, site: Sites, cost: Floats, status: Flags) -> tuple[Ints, Sites, Floats]:
    """The pairs that can still matter: no closed site, and nothing beyond the nearest site fixed open."""
    clients = len(first) - 1
    new_first = np.empty(clients + 1, np.int64)
    new_site = np.empty(len(site), np.int32)
    new_cost = np.empty(len(site))
    size = 0
    for i in range(clients):
        new_first[i] = size
        for k in range(first[i], first[i + 1]):
            state = status[site[k]]
            if state != CLOSED:
                new_site[size] = site[k]
                new_cost[size] = cost[k]
                size += 1
                if state == OPEN:
                    break
    new_first[clients] = size
    return new_first, new_site, new_cost


@numba.njit(cache=True)
def _reduced_costs(first: Ints, site: Sites, cost: Floats, u: Floats, rho: Floats) -> float:
    """Fill ρ for prices ``u``; returns Σ uᵢ."""
    rho[:] = 0.0
    value = 0.0
    for i in range(len(u)):
        price = u[i]
        value += price
        for k in range(first[i], first[i + 1]):
            d = cost[k] - price
            if d >= 0.0:
                break
            rho[site[k]] += d
    return value


@numba.njit(cache=True)
def _direction(
    first: Ints,
    site: Sites,
    cost: Floats,
    u: Floats,
    picked: Flags,
    missing: Floats,
    way: Floats,
    deflection: float,
) -> tuple[float, float]:
    """Turn ``way`` towards 1 − (times served); returns its length squared and the picked sites' value."""
    length = 0.0
    value = 0.0
    for i in range(len(u)):
        price = u[i]
        short = 1.0
        served = False
        for k in range(first[i], first[i + 1]):
            if cost[k] >= price and served:
                break
            if picked[site[k]] == 1:
                if not served:
                    served = True
                    value += cost[k]
                if cost[k] >= price:
                    break
                short -= 1.0
        if not served:
            value += missing[i]
        way[i] = short + deflection * way[i]
        length += way[i] * way[i]
    return length, value


@numba.njit(cache=True)
def tighten(
    first: Ints,
    site: Sites,
    cost: Floats,
    prices: Floats,
    status: Flags,
    count: int,
    upper: float,
    target: float,
    missing: Floats,
    rounds: int,
    pace: float,
    patience: int,
    deflection: float,
) -> tuple[float, Floats, Floats, Floats, float, Flags]:
    """Raise the bound of opening ``count`` sites until it passes ``target`` or no longer moves.

    ``upper`` is the value aimed at, ``pace`` the first step's share, halved after ``patience`` rounds without
    gain. Returns the bound, its prices, its ρ, the smoothed share of rounds in which each site was picked,
    and the best set that was picked with its value.
    """
    first, site, cost = _compact(first, site, cost, status)
    sites = len(status)
    free = np.flatnonzero(status == FREE)
    fixed = np.flatnonzero(status == OPEN)
    wanted = count - len(fixed)
    u = prices.copy()
    best_u = prices.copy()
    rho = np.zeros(sites)
    best_rho = np.zeros(sites)
    picked = np.zeros(sites, np.int8)
    best_picked = np.zeros(sites, np.int8)
    share = np.zeros(sites)
    way = np.zeros(len(u))
    scratch = np.empty(len(free))
    best = -np.inf
    best_value = np.inf
    stalled = 0
    for step in range(rounds):
        bound = _reduced_costs(first, site, cost, u, rho)
        picked[:] = 0
        for j in fixed:
            picked[j] = 1
            bound += rho[j]
        bound += pick(rho, free, wanted, picked, scratch)
        length, value = _direction(first, site, cost, u, picked, missing, way, deflection)
        weight = max(_SMOOTHING, 1.0 / (step + 1.0))
        share += weight * (picked - share)
        if value < best_value:
            best_value = value
            best_picked[:] = picked
        if bound > best:
            stalled = 0 if bound > best + _IMPROVEMENT * abs(best) else stalled + 1
            best = bound
            best_u[:] = u
            best_rho[:] = rho
        else:
            stalled += 1
        if best > target or length == 0.0:
            break
        if stalled >= patience:
            pace *= 0.5
            stalled = 0
            u[:] = best_u
            way[:] = 0.0
            if pace < _SLOWEST:
                break
            continue
        stride = pace * (upper - bound) / length
        u += stride * way
    return best, best_u, best_rho, share, best_value, best_picked


@numba.njit(cache=True)
def fix_sites(bound: float, rho: Floats, status: Flags, count: int, target: float) -> Flags:
    """Decide sites whose other state would lift the bound above ``target``; returns the new status."""
    decided = status.copy()
    free = np.flatnonzero(status == FREE)
    wanted = count - int(np.sum(status == OPEN))
    if len(free) == 0 or wanted < 0 or wanted > len(free):
        return decided
    scratch = np.empty(len(free))
    picked = np.zeros(len(status), np.int8)
    pick(rho, free, wanted, picked, scratch)
    last = -np.inf
    following = np.inf
    for j in free:
        if picked[j] == 1:
            last = max(last, rho[j])
        else:
            following = min(following, rho[j])
    for j in free:
        if picked[j] == 1:
            if bound + following - rho[j] > target:
                decided[j] = OPEN
        elif bound + rho[j] - last > target:
            decided[j] = CLOSED
    return decided
