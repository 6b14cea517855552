"""What a beat costs, in compiled code: travel to its centre, and breaking its norms.

The centre of a beat is its resident-weighted 1-median: the unit c of the beat that minimises
Σ residents(i) × travel(i, c) over its units i; ties go to the lowest unit.
"""

from numba import njit

from linli.planning.beats.model import Norm, Norms, Units

__all__ = ["norm_of", "overload", "penalty", "weighted"]

ROUNDING = 1e-9


@njit(cache=True, inline="always")
def weighted(units: Units, i: int, c: int) -> float:
    """Residents of ``i`` times the travel from ``i`` to ``c``."""
    if units.matrix.size > 0:
        return float(units.residents[i] * units.matrix[units.offset[i] + units.local[c]])
    dx = units.x[i] - units.x[c]
    dy = units.y[i] - units.y[c]
    return float(units.residents[i] * units.factor * (dx * dx + dy * dy) ** 0.5)


@njit(cache=True, inline="always")
def norm_of(norms: Norms, part: int) -> Norm:
    """One part's norms taken out of the table."""
    return Norm(
        norms.target[part],
        norms.tolerance[part],
        norms.outside[part],
        norms.beyond[part],
        norms.least[part],
        norms.most[part],
        norms.astray[part],
        norms.moved[part],
    )


@njit(cache=True)
def penalty(norm: Norm, load: float, size: int) -> float:
    """The price of a beat of that load and number of units."""
    price = 0.0
    if size < norm.least:
        price += norm.astray * (norm.least - size)
    if size > norm.most:
        price += norm.astray * (size - norm.most)
    beyond = abs(load / norm.target - 1.0) - norm.tolerance
    if beyond > ROUNDING:
        price += norm.outside + norm.beyond * beyond
    return price


@njit(cache=True)
def overload(norm: Norm, load: float, size: int) -> float:
    """The least price of a beat that has that load and size already and can only grow."""
    price = 0.0
    if size > norm.most:
        price += norm.astray * (size - norm.most)
    beyond = load / norm.target - 1.0 - norm.tolerance
    if beyond > ROUNDING:
        price += norm.outside + norm.beyond * beyond
    return price
