"""One sweep of the search: as many attempts as there are units, each at a random border."""

import numpy as np
import numpy.typing as npt
from numba import njit

from linli.planning.beats.model import Norms, State, Units
from linli.planning.beats.randomness import Stream, below
from linli.planning.beats.recombine import Bench, recombine
from linli.planning.beats.shift import exchange, shift

__all__ = ["settle", "sweep"]


@njit(cache=True)
def _attempt(
    units: Units,
    norms: Norms,
    state: State,
    room: Bench,
    queue: npt.NDArray[np.int32],
    seen: npt.NDArray[np.int32],
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
    queue: npt.NDArray[np.int32],
    seen: npt.NDArray[np.int32],
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
    queue: npt.NDArray[np.int32],
    seen: npt.NDArray[np.int32],
    draws: Stream,
    widest: int,
) -> int:
    """Try every border once, accepting only what is better; counts changes."""
    changes = 0
    for u in range(len(state.beat)):
        for e in range(units.first[u], units.first[u + 1]):
            v = units.neighbour[e]
            if state.beat[u] == state.beat[v]:
                continue
            if _attempt(units, norms, state, room, queue, seen, draws, u, v, 0.0, widest):
                changes += 1
    return changes
