"""Building a plan's state from a plain assignment, and keeping it right as units change beats."""

import numpy as np
import numpy.typing as npt
from numba import njit

from linli.planning.beats.costs import norm_of, penalty, weighted
from linli.planning.beats.model import Norms, State, Units

__all__ = ["attach", "begin", "centres", "detach", "refresh", "total"]


def begin(units: Units, assignment: npt.NDArray[np.int32], beats: int) -> State:
    """The state of a plan; every beat from 0 to ``beats`` − 1 has a unit."""
    n = len(assignment)
    state = State(
        beat=assignment.astype(np.int32).copy(),
        after=np.full(n, -1, np.int32),
        before=np.full(n, -1, np.int32),
        head=np.full(beats, -1, np.int32),
        size=np.zeros(beats, np.int32),
        load=np.zeros(beats),
        travel=np.zeros(beats),
        sums=np.zeros(n),
    )
    _fill(units, state)
    return state


@njit(cache=True)
def _fill(units: Units, state: State) -> None:
    for i in range(len(state.beat) - 1, -1, -1):
        attach(units, state, i, state.beat[i])
    for b in range(len(state.head)):
        refresh(units, state, b)


@njit(cache=True)
def attach(units: Units, state: State, i: int, b: int) -> None:
    """Put unit ``i`` first in beat ``b``; ``refresh`` brings the beat's travel up to date."""
    state.beat[i] = b
    state.before[i] = -1
    state.after[i] = state.head[b]
    if state.head[b] >= 0:
        state.before[state.head[b]] = i
    state.head[b] = i
    state.size[b] += 1
    state.load[b] += units.load[i]


@njit(cache=True)
def detach(units: Units, state: State, i: int) -> None:
    """Take unit ``i`` out of its beat."""
    b = state.beat[i]
    if state.before[i] >= 0:
        state.after[state.before[i]] = state.after[i]
    else:
        state.head[b] = state.after[i]
    if state.after[i] >= 0:
        state.before[state.after[i]] = state.before[i]
    state.size[b] -= 1
    state.load[b] -= units.load[i]


@njit(cache=True)
def refresh(units: Units, state: State, b: int) -> None:
    """Work out a beat's travel, and each unit's sum as its centre, afresh: O(size²)."""
    best = np.inf
    load = 0.0
    c = state.head[b]
    while c >= 0:
        load += units.load[c]
        reach = 0.0
        i = state.head[b]
        while i >= 0:
            reach += weighted(units, i, c)
            i = state.after[i]
        state.sums[c] = reach
        best = min(best, reach)
        c = state.after[c]
    state.travel[b] = best
    state.load[b] = load


@njit(cache=True)
def total(units: Units, norms: Norms, state: State) -> float:
    """The plan's objective: travel, prices of norms broken, and prices of units moved."""
    objective = 0.0
    for b in range(len(state.head)):
        norm = norm_of(norms, units.part[state.head[b]])
        objective += state.travel[b] + penalty(norm, state.load[b], state.size[b])
    for i in range(len(state.beat)):
        if units.kept[i] >= 0 and units.kept[i] != state.beat[i]:
            objective += norms.moved[units.part[i]]
    return objective


@njit(cache=True)
def centres(state: State) -> npt.NDArray[np.int32]:
    """Each beat's centre unit: the lowest of those with the least travel."""
    chosen = np.full(len(state.head), -1, np.int32)
    for i in range(len(state.beat)):
        b = state.beat[i]
        if chosen[b] < 0 or state.sums[i] < state.sums[chosen[b]]:
            chosen[b] = i
    return chosen
