"""Means and shares of a population from a sample, with Taylor-linearised errors.

A mean is a ratio of two totals; its error is that of the linearised value w·(y − ȳ) ÷ Σw. Totals of primary
units vary within strata, (1 − f₁)·n ÷ (n − 1)·Σ(z − z̄)²; where the size of the units is known, the second
stage adds f₁ times the same expression within each unit.

References
----------
Särndal, Swensson & Wretman, *Model Assisted Survey Sampling*, 1992, 4.3 (two stages), 5.7 (ratio). Binder,
*International Statistical Review* 51 (1983), 279–292. Lumley, R package ``survey``: ``svymean`` of
``apistrat`` gives 662.29 (SE 9.4089), of ``apiclus2`` 670.81 (SE 30.099); a test and
``benchmarks/assessment_reference.py`` hold ours against both. Korn & Graubard, *Survey Methodology* 24
(1998), 193–201, and Dean & Pagano, *Journal of Survey Statistics and Methodology* 3 (2015), 484–503
(Wilson's interval on effective answers).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray, finite, share
from linli.assessment.scoring.intervals import wilson
from linli.assessment.surveys.designs import Design

__all__ = ["Estimate", "mean", "proportion", "total"]


@dataclass(frozen=True)
class Estimate:
    """What a sample says of its population.

    ``design_effect`` is the variance ÷ that of as many answers drawn simply, with replacement; nan where the
    answers do not differ. ``effective_answers`` is how many simple answers would say as much.
    """

    value: float
    standard_error: float
    low: float
    high: float
    answers: int
    degrees: int
    design_effect: float
    weighting_effect: float
    effective_answers: float


def mean(values: ArrayLike, of: Design, *, level: float = 0.95, among: ArrayLike | None = None) -> Estimate:
    """The mean in the population, with Student's interval.

    Parameters
    ----------
    values : array
        One number an answer.
    among : array of bool, optional
        Only of those; the whole sample still gives the error, as it must (a domain estimate).

    Raises
    ------
    ValueError
        Nobody is among them, or a stratum has one primary unit and the design refuses that.
    """
    y, inside = _values(values, of, among)
    return _mean(y, inside, of, level)


def total(values: ArrayLike, of: Design, *, level: float = 0.95) -> Estimate:
    """The total in the population, with Student's interval; the design effect is that of the total."""
    y, inside = _values(values, of, None)
    weighted = of.weights * y
    size, n = of.weights.sum(), of.answers
    simple = size**2 * _spread(y, of.weights) / n if n > 1 else np.nan
    return _estimate(float(weighted.sum()), weighted, simple, inside, of, level)


def proportion(
    holds: ArrayLike, of: Design, *, level: float = 0.95, among: ArrayLike | None = None
) -> Estimate:
    """The share in the population for whom something holds, 0 to 1, with Wilson's interval.

    The interval is taken on the effective answers, n ÷ design effect × (t with n − 1 ÷ t with the design's
    degrees of freedom)², never on more than were given; where all answers agree, Kish's weighting effect
    stands in for the design effect that cannot be seen.

    Examples
    --------
    >>> from linli.assessment.surveys.designs import design
    >>> found = proportion([1] * 65 + [0] * 35, design(weights=[1.0] * 100))
    >>> round(found.value, 2), round(found.low, 3), round(found.high, 3)
    (0.65, 0.553, 0.736)
    """
    y, inside = _values(holds, of, among)
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("holds must be true or false for every answer")
    found = _mean(y, inside, of, level)
    effect = found.design_effect
    if not np.isfinite(effect) or effect <= 0:
        effect = _kish(of.weights[inside])
    tail = 1.0 - (1.0 - share(level, "level")) / 2.0
    n = found.answers
    narrowing = special.stdtrit(max(1, n - 1), tail) / special.stdtrit(found.degrees, tail)
    effective = min(float(n), n / effect * float(narrowing) ** 2)
    limits = wilson(found.value * n, n, level, design_effect=n / effective)
    return Estimate(
        found.value,
        found.standard_error,
        float(limits.low),
        float(limits.high),
        n,
        found.degrees,
        found.design_effect,
        found.weighting_effect,
        effective,
    )


def _values(given: ArrayLike, of: Design, among: ArrayLike | None) -> tuple[FloatArray, BoolArray]:
    y = finite(given, "values")
    inside = np.ones(of.answers, dtype=bool) if among is None else np.asarray(among, dtype=bool)
    if y.shape != (of.answers,) or inside.shape != y.shape:
        raise ValueError(f"there are {y.size} values and {of.answers} answers in the design")
    if not inside.any():
        raise ValueError("nobody is among those asked for; there is nothing to estimate")
    return y, inside


def _mean(y: FloatArray, inside: BoolArray, of: Design, level: float) -> Estimate:
    weights = np.where(inside, of.weights, 0.0)
    size = weights.sum()
    value = float((weights * y).sum() / size)
    linear = weights * (y - value) / size
    simple = _spread(y[inside], of.weights[inside]) / inside.sum()
    return _estimate(value, linear, float(simple), inside, of, level)


def _estimate(
    value: float, linear: FloatArray, simple: float, inside: BoolArray, of: Design, level: float
) -> Estimate:
    variance = _variance(linear, of)
    error = float(np.sqrt(variance))
    half = float(special.stdtrit(of.degrees, 1.0 - (1.0 - share(level, "level")) / 2.0)) * error
    n = int(inside.sum())
    effect = variance / simple if simple > 0 else np.nan
    effective = n / effect if np.isfinite(effect) and effect > 0 else float(n)
    weighting = _kish(of.weights[inside])
    return Estimate(
        value, error, value - half, value + half, n, of.degrees, float(effect), weighting, effective
    )


def _kish(weights: FloatArray) -> float:
    return float(weights.size * (weights**2).sum() / weights.sum() ** 2)


def _spread(y: FloatArray, weights: FloatArray) -> float:
    """The weighted variance of one answer, n ÷ (n − 1) · Σw(y − ȳ)² ÷ Σw (R ``svyvar``)."""
    n, size = y.size, weights.sum()
    if n < 2:
        return float("nan")
    centre = (weights * y).sum() / size
    return float(n / (n - 1) * (weights * (y - centre) ** 2).sum() / size)


def _variance(linear: FloatArray, of: Design) -> float:
    first = np.unique(of.unit, return_index=True)[1]
    sums: FloatArray = np.bincount(of.unit, weights=linear).astype(np.float64)
    stratum, size = of.stratum[first], of.units_in_stratum[first]
    drawn = np.bincount(stratum)
    fraction = drawn[stratum] / size
    between = _within(sums, stratum, size, of, first=True)
    inner = _within(linear, of.unit, of.members_in_unit, of, first=False)
    # A second stage counts only where the size of the units is known, and by the first stage's fraction.
    per_unit = np.bincount(of.stratum[first][of.unit], weights=inner * fraction[of.unit])
    return float(between.sum() + per_unit.sum())


def _within(z: FloatArray, group: IntArray, size: FloatArray, of: Design, *, first: bool) -> FloatArray:
    """(1 − f)·n ÷ (n − 1)·(z − z̄)² of each member of each group."""
    n = np.bincount(group)
    centre = np.bincount(group, weights=z) / n
    alone = n[group] == 1
    known = np.isfinite(size)
    open_ = np.maximum(0.0, 1.0 - n[group] / size) if first else np.where(known, 1.0 - n[group] / size, 0.0)
    # R's onestrat: what says nothing of its own scatter is taken uncentred, at either stage ("adjust").
    silent = alone & (open_ > 0)
    if silent.any() and of.lonely == "refuse":
        raise ValueError(_lonely(of, int(group[silent][0]), first=first))
    apart = np.where(alone, z**2, (z - centre[group]) ** 2)
    scale = np.where(alone, 1.0, n[group] / np.maximum(1, n[group] - 1))
    return open_ * scale * apart


def _lonely(of: Design, place: int, *, first: bool) -> str:
    stratum = of.strata[place if first else int(of.stratum[of.unit == place][0])]
    what = f"stratum {stratum} has a single primary unit"
    if not first:
        what = f"a primary unit of stratum {stratum} has a single answer of the more that it holds"
    return f"{what}; join it to another or measure it from the mean"
