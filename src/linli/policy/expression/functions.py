"""The closed set of functions that an expression may call, each with its rule for units."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

from linli.kernel.units import NAMED, PERCENT, Unit

__all__ = ["FUNCTIONS", "Argument", "Function"]

Numbers = NDArray[np.float64]
MANY: Final = 8


@dataclass(frozen=True)
class Argument:
    """What is known of an argument before any data: its unit, and whether it is a written zero."""

    unit: Unit
    zero: bool


Settled = tuple[Unit, list[Fraction]]
"""The result's unit, and the exact factor by which each argument is multiplied first."""


@dataclass(frozen=True)
class Function:
    """A function of the language; ``units`` raises ``ValueError`` where units do not fit."""

    shape: str
    fewest: int
    most: int
    units: Callable[[Sequence[Argument]], Settled]
    run: Callable[[Sequence[Numbers]], Numbers]


def _aligned(arguments: Sequence[Argument]) -> Settled:
    """All arguments in one unit; a written zero fits any."""
    units = [argument.unit for argument in arguments if not argument.zero]
    if not units:
        return arguments[0].unit, [Fraction(1)] * len(arguments)
    ratios = [Fraction(1) if a.zero else a.unit.per(units[0]) for a in arguments]
    common = lcm(*(ratio.denominator for ratio in ratios))
    return units[0].divided(common), [ratio * common for ratio in ratios]


def _share_units(arguments: Sequence[Argument]) -> Settled:
    return PERCENT, _aligned(arguments)[1]


def _whole_units(arguments: Sequence[Argument]) -> Settled:
    part, percent = arguments
    if percent.unit != PERCENT:
        raise ValueError(percent.unit)
    return part.unit, [Fraction(1), Fraction(1)]


def _same_unit(arguments: Sequence[Argument]) -> Settled:
    return arguments[0].unit, [Fraction(1)]


def _roundable(arguments: Sequence[Argument]) -> Settled:
    """Rounding needs a unit that has a name: thousandths of a person are turned into people first."""
    unit = arguments[0].unit
    named = any(unit.powers == ((d, 1),) and unit.scale == scale for d, scale in NAMED.values())
    if named or len(unit.powers) != 1:
        return unit, [Fraction(1)]
    return unit.divided(unit.scale.numerator, unit.scale.denominator), [unit.scale]


def _share(values: Sequence[Numbers]) -> Numbers:
    part, whole = values
    return np.where(whole == 0, np.nan, 100.0 * part / whole)


def _whole(values: Sequence[Numbers]) -> Numbers:
    part, percent = values
    return np.where(percent == 0, np.nan, 100.0 * part / percent)


def _change(values: Sequence[Numbers]) -> Numbers:
    now, before = values
    return np.where(before == 0, np.nan, 100.0 * (now - before) / before)


def _smallest(values: Sequence[Numbers]) -> Numbers:
    return functools.reduce(np.minimum, values)


def _largest(values: Sequence[Numbers]) -> Numbers:
    return functools.reduce(np.maximum, values)


FUNCTIONS: Final[dict[str, Function]] = {
    "share": Function("share(part, whole) → %", 2, 2, _share_units, _share),
    "whole": Function("whole(part, percent)", 2, 2, _whole_units, _whole),
    "change": Function("change(now, before) → %", 2, 2, _share_units, _change),
    "min": Function("min(a, b, ...)", 2, MANY, _aligned, _smallest),
    "max": Function("max(a, b, ...)", 2, MANY, _aligned, _largest),
    "abs": Function("abs(a)", 1, 1, _same_unit, lambda values: np.abs(values[0])),
    "ceil": Function("ceil(a)", 1, 1, _roundable, lambda values: np.ceil(values[0])),
    "floor": Function("floor(a)", 1, 1, _roundable, lambda values: np.floor(values[0])),
}
