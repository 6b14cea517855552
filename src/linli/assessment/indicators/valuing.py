"""From sums to values and their 95 % intervals, for many areas and periods at once.

Shares have Wilson's interval (on Kish's effective number of answers where they are weighted), counts and
rates Garwood's exact one, percentiles that of order statistics. Amounts that are added up have none: how
hours or yuan scatter is not known from their sum.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from linli.assessment.indicators.counting import MICRO, MILLIONTHS, WeightScale
from linli.assessment.indicators.model import Definition
from linli.assessment.scoring.intervals import poisson_exact, wilson
from linli.kernel.units import PERCENT

__all__ = ["LEVEL", "Sums", "Values", "hundred", "valued"]

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

LEVEL: Final = 0.95
"""The probability with which an interval holds what it is for."""


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What was added up for one indicator, areas × periods. ``rows`` is all records of its table there;
    ``months`` is how many months each period's records are from."""

    numerator: Whole
    denominator: Whole | None
    square: Whole | None
    records: Whole
    rows: Whole
    exposure: Numbers | None
    months: NDArray[np.int64]
    weights: WeightScale = MILLIONTHS


@dataclass(frozen=True, kw_only=True)
class Values:
    """What comes of it; ``nan`` is "not known", in an interval also "none is defined"."""

    numerator: Numbers
    denominator: Numbers
    value: Numbers
    low: Numbers
    high: Numbers


def hundred(definition: Definition) -> float:
    """100 for an indicator in percent, else 1."""
    return 100.0 if definition.indicator.unit == PERCENT else 1.0


def valued(definition: Definition, sums: Sums) -> Values:
    """The values of one indicator of any kind but a percentile."""
    above = sums.numerator / _parts(definition, sums)
    if _is_stock(definition):
        # People in post in March and in April are the same people: their mean, not their sum.
        above = above / sums.months
    below = _below(definition, sums)
    factor = hundred(definition)
    if definition.indicator.kind in ("count", "cumulative"):
        value = above * 1.0
    else:
        value = factor * _divided(above, below)
    low, high = _interval(definition, sums, above, below)
    return _with_missing(definition, sums, Values(
        numerator=above, denominator=below, value=value, low=factor * low, high=factor * high
    ))  # fmt: skip


def _parts(definition: Definition, sums: Sums) -> float:
    if definition.numerator.kind == "number":
        return MICRO
    return sums.weights.weight if definition.indicator.kind == "survey" else 1


def _is_stock(definition: Definition) -> bool:
    told = definition.indicator
    return told.source == "staff" and told.kind in ("rate", "count", "cumulative")


def _below(definition: Definition, sums: Sums) -> Numbers:
    if sums.denominator is not None:
        part = definition.denominator
        if part is not None and part.kind == "number":
            return sums.denominator / MICRO
        return sums.denominator / (sums.weights.weight if definition.indicator.kind == "survey" else 1)
    if sums.exposure is not None:
        return sums.exposure / definition.indicator.per
    return np.full(sums.numerator.shape, np.nan)


def _divided(above: Numbers, below: Numbers) -> Numbers:
    with np.errstate(all="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _interval(definition: Definition, sums: Sums, above: Numbers, below: Numbers) -> tuple[Numbers, Numbers]:
    kind = definition.indicator.kind
    nothing = np.full(above.shape, np.nan)
    if kind == "survey" and sums.square is not None:
        with np.errstate(all="ignore"):
            effective = np.where(sums.square > 0, below * below / (sums.square / sums.weights.square), np.nan)
        return _wilson(_divided(above, below) * effective, effective)
    if definition.numerator.kind != "truth":
        return nothing, nothing
    part = definition.denominator
    if kind == "ratio" and part is not None and part.kind == "truth":
        return _wilson(above, below)
    exact = poisson_exact(above, level=LEVEL)
    low, high = exact.low, exact.high
    if kind in ("rate", "ratio"):
        return _divided(low, below), _divided(high, below)
    return np.asarray(low), np.asarray(high)


def _wilson(above: Numbers, below: Numbers) -> tuple[Numbers, Numbers]:
    known = np.isfinite(below) & (below > 0)
    whole = np.where(known, below, 1.0)
    score = wilson(np.clip(np.where(known, above, 0.0), 0.0, whole), whole, level=LEVEL)
    return np.where(known, score.low, np.nan), np.where(known, score.high, np.nan)


def _with_missing(definition: Definition, sums: Sums, values: Values) -> Values:
    """What an area without any record of the table gets: nothing, or 0 where the definition says so."""
    empty = sums.rows == 0
    if definition.indicator.missing == "zero":
        value = np.where(empty & np.isnan(values.value) & ~_no_exposure(sums), 0.0, values.value)
        low, high = values.low, values.high
    else:
        value, low, high = (np.where(empty, np.nan, v) for v in (values.value, values.low, values.high))
    return Values(numerator=values.numerator, denominator=values.denominator, value=value, low=low, high=high)


def _no_exposure(sums: Sums) -> NDArray[np.bool_]:
    """A rate over nothing known stays unknown."""
    if sums.exposure is None:
        return np.zeros(sums.rows.shape, dtype=np.bool_)
    return ~(np.isfinite(sums.exposure) & (sums.exposure > 0))
