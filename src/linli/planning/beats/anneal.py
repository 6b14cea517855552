"""One sweep of the search: as many attempts as there are units, each at a random border."""

import numpy as np
import numpy.typing as npt
from numba import njit

from linli.planning.beats.model import Norms, State, Units
from linli.planning.beats.randomness import Stream, below
from linli.planning.beats.recombine import Bench, recombine
from linli.planning.beats.shift import exchange, shift

__all__ = ["settle", "sweep"]

Integers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@njit(cache=True)
def _attempt(
    units: Units,
    norms: Norms,
    state: State,
    room: Bench,
    queue: Integers,
    seen: Integers,
    draws: Stream,
    u: int,
    v: int,
    heat: float,
    widest: int,
) -> bool:
    a = state.beat[u]
    b = state.beat[v]
    warmth = heat * norms.scale[units.part[u]]
    if state.size[a] + state.size[b] <= widest:
        return bool(recombine(units, norms, state, room, draws, a, b, warmth))
    if below(draws, 3) > 0:
        return bool(shift(units, norms, state, seen, queue, draws, u, b, warmth))
    # The partner of an exchange is any unit of the other beat that touches this beat.
    partner = state.head[b]
    for _ in range(below(draws, state.size[b])):
        partner = state.after[partner]
    for e in range(units.first[partner], units.first[partner + 1]):
        if state.beat[units.neighbour[e]] == a:
            return bool(exchange(units, norms, state, seen, queue, draws, u, partner, warmth))
    return False


@njit(cache=True)
def sweep(
    units: Units,
    norms: Norms,
    state: State,
    room: Bench,
    queue: Integers,
    seen: Integers,
    draws: Stream,
    heat: float,
    widest: int,
) -> int:
    """Attempts at n random borders at one temperature (in typical beats' travel); counts changes."""
    n = len(state.beat)
    changes = 0
    for _ in range(n):
        u = below(draws, n)
        degree = units.first[u + 1] - units.first[u]
        if degree == 0:
            continue
        v = units.neighbour[units.first[u] + below(draws, degree)]
        if state.beat[u] == state.beat[v]:
            continue
        if _attempt(units, norms, state, room, queue, seen, draws, u, v, heat, widest):
            changes += 1
    return changes


@njit(cache=True)
def settle(
    units: Units,
    norms: Norms,
    state: State,
    room: Bench,
    queue: Integers,
    seen: Integers,
    draws: Stream,
    widest: int,
    dirty: Flags,
) -> int:
    """One round over all borders of beats marked ``dirty``, accepting only what is better; counts changes.

    Afterwards those beats are marked that changed in this round: a pair of which neither has changed
    since it was last tried has nothing better to offer.
    """
    beats = len(state.head)
    fresh = np.zeros(beats, np.bool_)
    tried = np.full(beats, -1, np.int32)
    own = np.empty(len(state.beat), np.int32)
    changes = 0
    for a in range(beats):
        count = 0
        i = state.head[a]
        while i >= 0:
            own[count] = i
            count += 1
            i = state.after[i]
        for q in range(count):
            u = own[q]
            for e in range(units.first[u], units.first[u + 1]):
                v = units.neighbour[e]
                b = state.beat[v]
                if b == state.beat[u] or state.beat[u] != a or not (dirty[a] or dirty[b]):
                    continue
                if state.size[a] + state.size[b] <= widest:
                    if tried[b] == a or (b < a and dirty[b]):
                        continue
                    tried[b] = a
                if _attempt(units, norms, state, room, queue, seen, draws, u, v, 0.0, widest):
                    changes += 1
                    fresh[a] = True
                    fresh[b] = True
    dirty[:] = fresh
    return changes
