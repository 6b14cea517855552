"""Places heavier than a beat should be: each stands alone, and the rest is counted and balanced by itself.

A place of 250,000 residents where a beat should have 10,000 used to be counted as 25 beats, which its
eight neighbours of 2,000 then had to be. No division makes such a place lighter: it needs more people or
rooms where it is. Taken out of the graph it is a part of its own, and what is left is planned as if it
were not there; a remainder that hangs together only through it falls apart.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linli.planning.beats.problem import BeatCount, BeatProblem, LoadPerBeat

__all__ = ["heavier_than_mean", "heavy_units", "without"]

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

ROUNDING = 1e-9


def heavier_than_mean(loads: Floats, beats: int, tolerance: float = 0.0) -> Longs:
    """The units heavier than the mean of the beats that are left once they stand alone, heaviest first.

    Each that stands alone takes one of the ``beats``; the mean of the others never rises by it. One within
    ``tolerance`` of the mean is a beat like any other, so that the others' target does not fall for it.

    Examples
    --------
    >>> heavier_than_mean(np.array([2.0, 250.0, 2.0, 2.0]), 2).tolist()
    [1]
    """
    order = np.argsort(-loads, kind="stable")
    rest, left = float(loads.sum()), beats
    for count, unit in enumerate(order.tolist()):
        if left < 2 or loads[unit] <= rest / left * (1 + tolerance + ROUNDING):
            return order[:count].astype(np.int64)
        rest -= float(loads[unit])
        left -= 1
    return order.astype(np.int64)


def heavy_units(problem: BeatProblem, load: Floats, pairs: npt.NDArray[np.integer]) -> Flags:
    """Which units stand alone.

    Parameters
    ----------
    load : float[n]
        In the measure of each unit's rule.
    pairs : int[m, 2]
        Units of the same group that touch.

    Notes
    -----
    Under ``LoadPerBeat`` all that are heavier than the target. Under ``BeatCount`` all that are heavier
    than the mean of the rest and the tolerance, the heaviest first, as far as the number of beats that is
    asked for still gives each part of the rest one. A rule about units knows no load, and nothing stands
    alone.
    """
    heavy = np.zeros(problem.units, dtype=bool)
    for g, rule in enumerate(problem.rules):
        members = problem.members(g)
        if isinstance(rule, LoadPerBeat):
            heavy[members] = load[members] > rule.target * (1 + ROUNDING)
        elif isinstance(rule, BeatCount):
            chosen = members[heavier_than_mean(load[members], rule.beats, rule.tolerance)]
            heavy[_possible(chosen, members, pairs, rule.beats)] = True
    return heavy


def without(pairs: npt.NDArray[np.integer], heavy: Flags) -> npt.NDArray[np.integer]:
    """The pairs that touch once heavy units stand alone."""
    left: npt.NDArray[np.integer] = pairs[~(heavy[pairs[:, 0]] | heavy[pairs[:, 1]])]
    return left


def _possible(chosen: Longs, members: Longs, pairs: npt.NDArray[np.integer], beats: int) -> Longs:
    """As many of ``chosen`` as leave no more parts than beats; all of them as a rule."""
    if not len(chosen):
        return chosen
    place = np.full(int(max(members.max(), pairs.max(initial=0))) + 1, -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    own = place[pairs[(place[pairs] >= 0).all(axis=1)]].reshape(-1, 2)
    alone = np.zeros(len(members), dtype=bool)
    limit = max(beats, _parts(own, alone))
    alone[place[chosen]] = True
    if _parts(own, alone) <= limit:
        return chosen
    alone[:] = False
    for unit in place[chosen].tolist():
        alone[unit] = True
        alone[unit] = _parts(own, alone) <= limit
    return members[alone]


def _parts(pairs: npt.NDArray[np.integer], alone: Flags) -> int:
    left = without(pairs, alone)
    graph = coo_array((np.ones(len(left), np.int8), (left[:, 0], left[:, 1])), shape=(len(alone),) * 2)
    return int(connected_components(graph, directed=False)[0])
