"""Moves for beats too large to enumerate: one unit across a border, or two units exchanged.

Each is priced from the kept sums in O(size), checked for contiguity by a walk inside the beats
touched, and accepted by Metropolis' rule.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from linli.planning.beats.costs import norm_of, penalty, weighted
from linli.planning.beats.model import Norms, State, Units
from linli.planning.beats.randomness import Stream, uniform
from linli.planning.beats.state import attach, detach

__all__ = ["exchange", "shift"]


@njit(cache=True)
def _holds(
    units: Units,
    state: State,
    seen: npt.NDArray[np.int32],
    queue: npt.NDArray[np.int32],
    b: int,
    gone: int,
    come: int,
) -> bool:
    """Whether beat ``b`` hangs together without ``gone`` and, where not -1, with ``come``."""
    wanted = state.size[b] - 1 + (1 if come >= 0 else 0)
    root = come
    if root < 0:
        root = state.head[b] if state.head[b] != gone else state.after[gone]
    count = 1
    queue[0] = root
    seen[root] = 1
    at = 0
    while at < count:
        i = queue[at]
        at += 1
        for e in range(units.first[i], units.first[i + 1]):
            j = units.neighbour[e]
            if seen[j] == 0 and j != gone and (state.beat[j] == b or j == come):
                seen[j] = 1
                queue[count] = j
                count += 1
    for q in range(count):
        seen[queue[q]] = 0
    return bool(count == wanted)


@njit(cache=True)
def _travel_after(units: Units, state: State, b: int, gone: int, come: int) -> float:
    """Travel of beat ``b`` without ``gone`` and with ``come`` (-1 for none)."""
    best = np.inf
    own = 0.0
    c = state.head[b]
    while c >= 0:
        if c != gone:
            reach = state.sums[c]
            if gone >= 0:
                reach -= weighted(units, gone, c)
            if come >= 0:
                reach += weighted(units, come, c)
                own += weighted(units, c, come)
            best = min(best, reach)
        c = state.after[c]
    return min(best, own) if come >= 0 else best


@njit(cache=True)
def _update_sums(units: Units, state: State, b: int, gone: int, come: int) -> None:
    """Bring the sums of beat ``b`` up to date; it holds ``come`` already and no longer ``gone``."""
    best = np.inf
    own = 0.0
    c = state.head[b]
    while c >= 0:
        if come >= 0:
            own += weighted(units, c, come)
        if c != come:
            if gone >= 0:
                state.sums[c] -= weighted(units, gone, c)
            if come >= 0:
                state.sums[c] += weighted(units, come, c)
            best = min(best, state.sums[c])
        c = state.after[c]
    if come >= 0:
        state.sums[come] = own
        best = min(best, own)
    state.travel[b] = best


@njit(cache=True)
def _price_of_move(units: Units, norms: Norms, i: int, origin: int, goal: int) -> float:
    kept = units.kept[i]
    if kept < 0 or origin == goal:
        return 0.0
    price = norms.moved[units.part[i]]
    return float(price if kept == origin else (-price if kept == goal else 0.0))


@njit(cache=True)
def _accept(change: float, heat: float, draws: Stream) -> bool:
    return bool(change < 0.0 or (heat > 0.0 and uniform(draws) < np.exp(-change / heat)))


@njit(cache=True)
def shift(
    units: Units,
    norms: Norms,
    state: State,
    seen: npt.NDArray[np.int32],
    queue: npt.NDArray[np.int32],
    draws: Stream,
    u: int,
    b: int,
    heat: float,
) -> bool:
    """Move unit ``u`` into the neighbouring beat ``b`` if that is accepted."""
    a = state.beat[u]
    if state.size[a] == 1:
        return False
    norm = norm_of(norms, units.part[u])
    load = units.load[u]
    before = penalty(norm, state.load[a], state.size[a]) + penalty(norm, state.load[b], state.size[b])
    after = penalty(norm, state.load[a] - load, state.size[a] - 1)
    after += penalty(norm, state.load[b] + load, state.size[b] + 1)
    change = after - before + _price_of_move(units, norms, u, a, b)
    change += _travel_after(units, state, a, u, -1) + _travel_after(units, state, b, -1, u)
    change -= state.travel[a] + state.travel[b]
    if not _accept(change, heat, draws) or not _holds(units, state, seen, queue, a, u, -1):
        return False
    detach(units, state, u)
    attach(units, state, u, b)
    _update_sums(units, state, a, u, -1)
    _update_sums(units, state, b, -1, u)
    return True


@njit(cache=True)
def exchange(
    units: Units,
    norms: Norms,
    state: State,
    seen: npt.NDArray[np.int32],
    queue: npt.NDArray[np.int32],
    draws: Stream,
    u: int,
    v: int,
    heat: float,
) -> bool:
    """Exchange unit ``u`` and unit ``v`` of two neighbouring beats if that is accepted."""
    a = state.beat[u]
    b = state.beat[v]
    norm = norm_of(norms, units.part[u])
    delta = units.load[v] - units.load[u]
    change = penalty(norm, state.load[a] + delta, state.size[a])
    change += penalty(norm, state.load[b] - delta, state.size[b])
    change -= penalty(norm, state.load[a], state.size[a]) + penalty(norm, state.load[b], state.size[b])
    change += _price_of_move(units, norms, u, a, b) + _price_of_move(units, norms, v, b, a)
    change += _travel_after(units, state, a, u, v) + _travel_after(units, state, b, v, u)
    change -= state.travel[a] + state.travel[b]
    if not _accept(change, heat, draws):
        return False
    if not (_holds(units, state, seen, queue, a, u, v) and _holds(units, state, seen, queue, b, v, u)):
        return False
    detach(units, state, u)
    detach(units, state, v)
    attach(units, state, u, b)
    attach(units, state, v, a)
    _update_sums(units, state, a, u, v)
    _update_sums(units, state, b, v, u)
    return True
