"""The shapes that the compiled search works on: units, norms and the state of a plan, as arrays.

Named tuples because numba passes them by field; each array's length is given in brackets, with
n units, k beats, p parts (connected parts of groups).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Norm", "Norms", "State", "Units"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


class Units(NamedTuple):
    """What stays the same throughout a search."""

    x: Floats  # [n], empty where travel comes from matrices
    y: Floats
    factor: float
    matrix: Floats  # all groups' matrices end to end, empty for straight lines
    offset: Longs  # [n] where the unit's row begins in ``matrix``
    local: Integers  # [n] the unit's column in its group's matrix
    residents: Floats  # [n]
    load: Floats  # [n] the column that the unit's rule balances
    part: Integers  # [n]
    first: Longs  # [n + 1] where the unit's neighbours begin
    neighbour: Integers  # neighbours within the group, ascending
    kept: Integers  # [n] the beat that the unit has in ``start``, -1 for none


class Norms(NamedTuple):
    """What a beat of each part should be, with the prices turned into travel. All [p]."""

    target: Floats
    tolerance: Floats
    outside: Floats
    beyond: Floats
    least: Longs
    most: Longs
    astray: Floats  # for each unit too many or too few
    moved: Floats
    scale: Floats


class Norm(NamedTuple):
    """One part's norms, as numbers: what the innermost loops hold."""

    target: float
    tolerance: float
    outside: float
    beyond: float
    least: int
    most: int
    astray: float
    moved: float


class State(NamedTuple):
    """A plan in full: every field follows from ``beat``."""

    beat: Integers  # [n]
    after: Integers  # [n] next unit of the same beat, -1 at the end
    before: Integers  # [n]
    head: Integers  # [k] a beat's first unit
    size: Integers  # [k]
    load: Floats  # [k]
    travel: Floats  # [k] resident-weighted travel to the beat's best centre
    sums: Floats  # [n] travel of the unit's beat if the unit were its centre
