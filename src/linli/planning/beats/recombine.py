"""Two neighbouring beats taken apart and put together again, over every contiguous way to do it.

All connected sets that hold the first unit are enumerated by branching on one frontier unit at a
time (in or out); sets whose rest is not connected, or whose load alone already prices them out, are
dropped. One is chosen with the probability exp(−objective ÷ temperature) of a heat bath, which at
temperature zero is the best. Beats of about five units make about a hundred sets, so that the
search moves between whole divisions and never by single flips.

Inner functions take plain arrays and numbers: each access to a field that holds an array inside a
loop would cost two atomic operations on its reference count.

References
----------
D. DeFord, M. Duchin, J. Solomon (2021), Recombination, Harvard Data Science Review 3(1): the move, there by
random spanning trees. S. Geman, D. Geman (1984), IEEE PAMI 6: the heat bath.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from linli.planning.beats.costs import norm_of, overload, penalty, weighted
from linli.planning.beats.model import Norm, Norms, State, Units
from linli.planning.beats.randomness import Stream, uniform
from linli.planning.beats.state import attach

__all__ = ["WIDEST", "Bench", "bench", "recombine"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Integers = npt.NDArray[np.int32]

WIDEST = 20
"""Most units that a pair of beats may have for all its divisions to be tried."""

IMPROBABLE = 14.0
"""Divisions that are dearer by so many temperatures are not looked at: e⁻¹⁴ is below 10⁻⁶."""

# Columns of the stack of whole numbers: units in the set, kept out of it and touching it, as bits;
# how many are in and out; the unit branched on; how far the branching is; the row of the set's sums.
INSIDE, OUTSIDE, BORDER, MANY_IN, MANY_OUT, PICK, PHASE, ROW = range(8)
# Columns of the stack of real numbers: load in and out; then the set's travel with each unit as centre.
LOAD_IN, LOAD_OUT, SUMS = range(3)


class Bench(NamedTuple):
    """Room to work on one pair, allotted once; m is ``WIDEST``."""

    unit: Integers  # [m] units of the pair
    slot: Integers  # [n] place of a unit in ``unit``, -1 for others
    touch: Longs  # [m] neighbours as bits
    load: Floats  # [m]
    kept: Integers  # [m]
    reach: Floats  # [m, m] residents(i) × travel(i, c) as [i, c]
    both: Floats  # [m] sums over the whole pair
    longs: Longs  # [2m, 8] stack
    reals: Floats  # [2m, 2 + m] stack


def bench(units: int) -> Bench:
    """Working room for a problem of so many units."""
    deep = 2 * WIDEST + 2
    return Bench(
        unit=np.zeros(WIDEST, np.int32),
        slot=np.full(units, -1, np.int32),
        touch=np.zeros(WIDEST, np.int64),
        load=np.zeros(WIDEST),
        kept=np.zeros(WIDEST, np.int32),
        reach=np.zeros((WIDEST, WIDEST)),
        both=np.zeros(WIDEST),
        longs=np.zeros((deep, 8), np.int64),
        reals=np.zeros((deep, SUMS + WIDEST)),
    )


@njit(cache=True)
def connected(touch: Longs, m: int, bits: int) -> bool:
    """Whether the units in ``bits``, at least one, hang together."""
    seen = bits & -bits
    grown = True
    while grown and seen != bits:
        grown = False
        for i in range(m):
            if (seen >> i) & 1:
                more = touch[i] & bits & ~seen
                if more:
                    seen |= more
                    grown = True
    return bool(seen == bits)


@njit(cache=True)
def _lay_out(units: Units, state: State, room: Bench, a: int, b: int) -> int:
    """Put the pair on the bench; returns its number of units, those of ``a`` first."""
    unit, slot, touch, reach, both = room.unit, room.slot, room.touch, room.reach, room.both
    after, first, neighbour = state.after, units.first, units.neighbour
    m = 0
    for beat in (a, b):
        i = state.head[beat]
        while i >= 0:
            unit[m] = i
            slot[i] = m
            room.load[m] = units.load[i]
            room.kept[m] = units.kept[i]
            m += 1
            i = after[i]
    for s in range(m):
        i = unit[s]
        bits = 0
        for e in range(first[i], first[i + 1]):
            t = slot[neighbour[e]]
            if t >= 0:
                bits |= 1 << t
        touch[s] = bits
        both[s] = 0.0
    for s in range(m):
        for t in range(m):
            reach[s, t] = weighted(units, unit[s], unit[t])
            both[t] += reach[s, t]
    for s in range(m):
        slot[unit[s]] = -1
    return m


@njit(cache=True)
def _stays(kept: Integers, m: int, bits: int, a: int, b: int) -> int:
    """Units that keep the beat of ``start`` when the units in ``bits`` become beat a, the rest b."""
    stays = 0
    for s in range(m):
        if kept[s] == (a if (bits >> s) & 1 else b):
            stays += 1
    return stays


@njit(cache=True)
def _root(touch: Longs, load: Floats, reach: Floats, longs: Longs, reals: Floats, m: int) -> None:
    """The stack's bottom: the set of the first unit alone."""
    longs[0, :] = 0
    longs[0, INSIDE] = 1
    longs[0, BORDER] = touch[0]
    longs[0, MANY_IN] = 1
    reals[0, LOAD_IN] = load[0]
    reals[0, LOAD_OUT] = 0.0
    for t in range(m):
        reals[0, SUMS + t] = reach[0, t]


@njit(cache=True)
def _include(
    touch: Longs, reach: Floats, longs: Longs, reals: Floats, m: int, d: int, unit: int, load: float
) -> None:
    """Push the set at depth ``d`` with ``unit``."""
    longs[d + 1, INSIDE] = longs[d, INSIDE] | (1 << unit)
    longs[d + 1, OUTSIDE] = longs[d, OUTSIDE]
    longs[d + 1, BORDER] = longs[d, BORDER] | touch[unit]
    longs[d + 1, MANY_IN] = longs[d, MANY_IN] + 1
    longs[d + 1, MANY_OUT] = longs[d, MANY_OUT]
    longs[d + 1, PHASE] = 0
    longs[d + 1, ROW] = d + 1
    reals[d + 1, LOAD_IN] = reals[d, LOAD_IN] + load
    reals[d + 1, LOAD_OUT] = reals[d, LOAD_OUT]
    source = longs[d, ROW]
    for t in range(m):
        reals[d + 1, SUMS + t] = reals[source, SUMS + t] + reach[unit, t]


@njit(cache=True)
def _exclude(longs: Longs, reals: Floats, d: int, unit: int, load: float) -> None:
    """Push the set at depth ``d`` with ``unit`` kept out for good."""
    longs[d + 1, INSIDE] = longs[d, INSIDE]
    longs[d + 1, OUTSIDE] = longs[d, OUTSIDE] | (1 << unit)
    longs[d + 1, BORDER] = longs[d, BORDER]
    longs[d + 1, MANY_IN] = longs[d, MANY_IN]
    longs[d + 1, MANY_OUT] = longs[d, MANY_OUT] + 1
    longs[d + 1, PHASE] = 0
    longs[d + 1, ROW] = longs[d, ROW]
    reals[d + 1, LOAD_IN] = reals[d, LOAD_IN]
    reals[d + 1, LOAD_OUT] = reals[d, LOAD_OUT] + load


@njit(cache=True)
def _branch(
    touch: Longs,
    load: Floats,
    reach: Floats,
    longs: Longs,
    reals: Floats,
    norm: Norm,
    m: int,
    d: int,
    free: int,
    limit: float,
) -> int:
    """Go on from the set at depth ``d`` with its lowest ``free`` unit; returns the new depth."""
    if longs[d, PHASE] == 0:
        unit = 0
        while (free >> unit) & 1 == 0:
            unit += 1
        longs[d, PICK] = unit
        longs[d, PHASE] = 1
        if overload(norm, reals[d, LOAD_IN] + load[unit], longs[d, MANY_IN] + 1) < limit:
            _include(touch, reach, longs, reals, m, d, unit, load[unit])
            return d + 1
    if longs[d, PHASE] == 1:
        unit = longs[d, PICK]
        longs[d, PHASE] = 2
        if overload(norm, reals[d, LOAD_OUT] + load[unit], longs[d, MANY_OUT] + 1) < limit:
            _exclude(longs, reals, d, unit, load[unit])
            return d + 1
    return d - 1


@njit(cache=True)
def _travels(both: Floats, reals: Floats, row: int, m: int, bits: int) -> float:
    """Travel of the set plus travel of its rest, each to its best centre."""
    within = np.inf
    rest = np.inf
    for t in range(m):
        reach = reals[row, SUMS + t]
        if (bits >> t) & 1:
            within = min(within, reach)
        else:
            rest = min(rest, both[t] - reach)
    return float(within + rest)


@njit(cache=True)
def _apply(units: Units, state: State, room: Bench, m: int, bits: int, a: int, b: int) -> None:
    for beat in (a, b):
        state.head[beat] = -1
        state.size[beat] = 0
        state.load[beat] = 0.0
        state.travel[beat] = np.inf
    for s in range(m):
        attach(units, state, room.unit[s], a if (bits >> s) & 1 else b)
    for t in range(m):
        own = (bits >> t) & 1
        reach = 0.0
        for s in range(m):
            if (bits >> s) & 1 == own:
                reach += room.reach[s, t]
        state.sums[room.unit[t]] = reach
        beat = a if own else b
        state.travel[beat] = min(state.travel[beat], reach)


@njit(cache=True)
def _choose(
    touch: Longs,
    load: Floats,
    kept: Integers,
    reach: Floats,
    both: Floats,
    longs: Longs,
    reals: Floats,
    norm: Norm,
    draws: Stream,
    m: int,
    old: int,
    now: float,
    heat: float,
    a: int,
    b: int,
) -> int:
    """The units, as bits, that beat ``a`` gets; ``old`` for no change."""
    full = (1 << m) - 1
    whole = load[:m].sum()
    limit = now + IMPROBABLE * heat + 1e-9 * now
    best = now - 1e-9 * now
    weights = 1.0
    chosen = old
    _root(touch, load, reach, longs, reals, m)
    d = 0
    while d >= 0:
        bits = longs[d, INSIDE]
        free = longs[d, BORDER] & ~bits & ~longs[d, OUTSIDE]
        if free != 0:
            d = _branch(touch, load, reach, longs, reals, norm, m, d, free, limit)
            continue
        rest = full & ~bits
        inside, many, row = reals[d, LOAD_IN], longs[d, MANY_IN], longs[d, ROW]
        d -= 1
        if rest == 0:
            continue
        value = penalty(norm, inside, many) + penalty(norm, whole - inside, m - many)
        if value >= limit or not connected(touch, m, rest):
            continue
        value += _travels(both, reals, row, m, bits)
        if norm.moved > 0.0:
            straight = _stays(kept, m, bits, a, b)
            crossed = _stays(kept, m, bits, b, a)
            value += norm.moved * (m - max(straight, crossed))
            bits = rest if crossed > straight else bits
        if value >= limit or bits == old:
            continue
        if heat > 0.0:
            weight = np.exp(min((now - value) / heat, 600.0))
            weights += weight
            if uniform(draws) * weights < weight:
                chosen = bits
        elif value < best:
            best = value
            chosen = bits
    return chosen


@njit(cache=True)
def recombine(
    units: Units, norms: Norms, state: State, room: Bench, draws: Stream, a: int, b: int, heat: float
) -> bool:
    """Re-divide beats ``a`` and ``b``; ``heat`` is the temperature in units of travel. True if changed."""
    m = _lay_out(units, state, room, a, b)
    norm = norm_of(norms, units.part[room.unit[0]])
    old = (1 << state.size[a]) - 1
    now = state.travel[a] + state.travel[b]
    now += penalty(norm, state.load[a], state.size[a]) + penalty(norm, state.load[b], state.size[b])
    if norm.moved > 0.0:
        now += norm.moved * (m - _stays(room.kept, m, old, a, b))
    chosen = _choose(
        room.touch,
        room.load,
        room.kept,
        room.reach,
        room.both,
        room.longs,
        room.reals,
        norm,
        draws,
        m,
        old,
        now,
        heat,
        a,
        b,
    )
    if chosen == old:
        return False
    _apply(units, state, room, m, chosen, a, b)
    return True
