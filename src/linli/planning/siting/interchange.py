"""Swap search over open sites: greedy opening, then eager swaps until none helps.

Greedy with lazily refreshed savings (they only shrink as sites open); swaps as in Whitaker's fast
interchange with the savings, losses and corrections of Resende & Werneck (2007, "A fast swap-based local
search procedure for location problems"), taking each improving swap at once (Schubert & Rousseeuw 2021).
Costs here are weighted. A client that no open site can serve pays ``missing``.
"""

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["CLOSED", "FREE", "OPEN", "greedy", "interchange", "total"]

FREE, OPEN, CLOSED = 0, 1, 2
"""What is decided about a site."""

Ints = NDArray[np.int64]
Sites = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.int8]


@numba.njit(cache=True)
def total(first: Ints, site: Sites, cost: Floats, opened: Flags, missing: Floats) -> float:
    """The weighted sum of costs with every client at its nearest open site."""
    value = 0.0
    for i in range(len(first) - 1):
        served = missing[i]
        for k in range(first[i], first[i + 1]):
            if opened[site[k]] == 1:
                served = cost[k]
                break
        value += served
    return value


@numba.njit(cache=True)
def _serve(j: int, first: Ints, client: Sites, cost: Floats, served: Floats) -> None:
    """Let site ``j`` serve the clients it is cheaper for."""
    for k in range(first[j], first[j + 1]):
        if cost[k] < served[client[k]]:
            served[client[k]] = cost[k]


@numba.njit(cache=True)
def _saving(j: int, first: Ints, client: Sites, cost: Floats, served: Floats) -> float:
    """What opening site ``j`` would save."""
    gain = 0.0
    for k in range(first[j], first[j + 1]):
        if cost[k] < served[client[k]]:
            gain += served[client[k]] - cost[k]
    return gain


@numba.njit(cache=True)
def greedy(
    first: Ints,
    client: Sites,
    cost: Floats,
    opened: Flags,
    status: Flags,
    count: int,
    missing: Floats,
    least: float,
) -> None:
    """Open sites in ``opened`` until there are ``count``, each time the one that saves most.

    ``first``, ``client`` and ``cost`` are the pairs by site. Ends early when no site saves ``least``.
    """
    sites = len(first) - 1
    served = missing.copy()
    saving = np.where((status == CLOSED) | (opened == 1), -1.0, np.inf)
    fresh = np.full(sites, -1)
    for j in np.flatnonzero(opened):
        _serve(int(j), first, client, cost, served)
    done = int(np.sum(opened))
    while done < count:
        best = int(np.argmax(saving))
        if saving[best] < least:
            return
        if fresh[best] != done:
            saving[best] = _saving(best, first, client, cost, served)
            fresh[best] = done
            continue
        opened[best] = 1
        saving[best] = -1.0
        done += 1
        _serve(best, first, client, cost, served)


@numba.njit(cache=True)
def _two_nearest(
    i: int,
    first: Ints,
    site: Sites,
    cost: Floats,
    opened: Flags,
    near: Ints,
    second: Ints,
    d1: Floats,
    d2: Floats,
) -> None:
    """Find client ``i``'s two nearest open sites; what is not found keeps −1 and the price it had."""
    found = 0
    for k in range(first[i], first[i + 1]):
        if opened[site[k]] == 1:
            if found == 0:
                near[i] = site[k]
                d1[i] = cost[k]
                found = 1
            else:
                second[i] = site[k]
                d2[i] = cost[k]
                return


@numba.njit(cache=True)
def _savings_of(
    j: int, first: Ints, client: Sites, cost: Floats, near: Ints, d1: Floats, d2: Floats, correction: Floats
) -> float:
    """What opening ``j`` saves; ``correction`` takes what it spares when a client's nearest site closes."""
    gain = 0.0
    for k in range(first[j], first[j + 1]):
        i = client[k]
        c = cost[k]
        if c < d2[i]:
            if c < d1[i]:
                gain += d1[i] - c
            if near[i] >= 0:
                correction[near[i]] += d2[i] - max(c, d1[i])
    return gain


@numba.njit(cache=True)
def _best_removal(removable: Ints, loss: Floats, correction: Floats) -> int:
    """The place in ``removable`` whose closing costs least."""
    out = 0
    least = np.inf
    for q in range(len(removable)):
        r = removable[q]
        if loss[r] - correction[r] < least:
            least = loss[r] - correction[r]
            out = q
    return out


@numba.njit(cache=True)
def _join(
    j: int,
    removed: int,
    first: Ints,
    client: Sites,
    cost: Floats,
    near: Ints,
    second: Ints,
    d1: Floats,
    d2: Floats,
) -> None:
    """Enter the newly open ``j`` among the two nearest of clients that do not lose ``removed``."""
    for k in range(first[j], first[j + 1]):
        i = client[k]
        if near[i] == removed or second[i] == removed:
            continue
        if cost[k] < d1[i]:
            second[i] = near[i]
            d2[i] = d1[i]
            near[i] = j
            d1[i] = cost[k]
        elif cost[k] < d2[i]:
            second[i] = j
            d2[i] = cost[k]


@numba.njit(cache=True)
def _refresh(
    removed: int,
    first: Ints,
    site: Sites,
    cost: Floats,
    opened: Flags,
    missing: Floats,
    near: Ints,
    second: Ints,
    d1: Floats,
    d2: Floats,
    loss: Floats,
) -> None:
    """Look up the two nearest of clients that lose ``removed``, and what closing each site would cost."""
    loss[:] = 0.0
    for i in range(len(near)):
        if near[i] == removed or second[i] == removed:
            near[i] = second[i] = -1
            d1[i] = d2[i] = missing[i]
            _two_nearest(i, first, site, cost, opened, near, second, d1, d2)
        if near[i] >= 0:
            loss[near[i]] += d2[i] - d1[i]


@numba.njit(cache=True)
def interchange(
    first: Ints,
    site: Sites,
    cost: Floats,
    col_first: Ints,
    col_client: Sites,
    col_cost: Floats,
    opened: Flags,
    status: Flags,
    missing: Floats,
    order: Ints,
) -> None:
    """Swap in ``opened`` until no swap of one open for one closed site helps.

    Only sites whose ``status`` is free move. ``order`` is the order in which sites are tried.
    """
    clients = len(first) - 1
    near = np.full(clients, -1)
    second = np.full(clients, -1)
    d1 = missing.copy()
    d2 = missing.copy()
    correction = np.zeros(len(status))
    loss = np.zeros(len(status))
    removable = np.flatnonzero((opened == 1) & (status == FREE))
    if len(removable) == 0:
        return
    # nobody has a nearest site yet: the mark of a lost one
    _refresh(-1, first, site, cost, opened, missing, near, second, d1, d2, loss)
    idle = 0
    position = 0
    while idle < len(order):
        j = order[position]
        position = (position + 1) % len(order)
        idle += 1
        if opened[j] == 1 or status[j] != FREE:
            continue
        gain = _savings_of(j, col_first, col_client, col_cost, near, d1, d2, correction)
        out = _best_removal(removable, loss, correction)
        removed = removable[out]
        change = loss[removed] - correction[removed] - gain
        for k in range(col_first[j], col_first[j + 1]):
            if near[col_client[k]] >= 0:
                correction[near[col_client[k]]] = 0.0
        if change >= -1e-9 * (1.0 + gain):
            continue
        idle = 0
        removable[out] = j
        opened[removed] = 0
        opened[j] = 1
        _join(j, removed, col_first, col_client, col_cost, near, second, d1, d2)
        _refresh(removed, first, site, cost, opened, missing, near, second, d1, d2, loss)
