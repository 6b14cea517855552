"""Dispersion beyond chance, pooled over all the areas but the one that is judged.

Counts of what people do come in bunches: an area's months scatter more than a Poisson count's. The excess is
held here as ``omega``, the relative variance that is not chance: variance = expected + omega · expected².

Notes
-----
Moments: each (count − expected)² − c·expected has mean omega·c·expected², where c < 1 allows for the
expected values having been fitted to the same counts. The squares are weighted by 1/(V + 2V²), V the
variance at a pilot omega: the variance of a squared residual, near enough. The area's own squares are left
out, so that an area far from ordinary does not hide behind the scatter that it causes itself.

Among areas each area gives one square only, so that a few areas leave omega all but unknown. Limits take one
standard error more there (``AmongAreas.upper``): without it a county of six areas that truly differ flags up
to fifteen times what is promised.

References
----------
Spiegelhalter, "Funnel plots for comparing institutional performance", *Statistics in Medicine* 24 (2005),
1185–1202, section 5 (over-dispersion). Breslow, "Extra-Poisson variation in log-linear models", *Applied
Statistics* 33 (1984), 38–44.
"""

from dataclasses import dataclass

import numpy as np

from linli.assessment.scoring.arrays import FloatArray

__all__ = ["AmongAreas", "dispersion_among_areas", "dispersion_over_time", "in_effect"]

PILOTS = 2
TINY = 1e-12


def dispersion_over_time(past: FloatArray) -> FloatArray:
    """Omega of areas' months around area × month expectation; for each area from the others.

    Parameters
    ----------
    past : array (..., areas, months)
        Counts, ≥ 0; two areas and two months at least.

    Returns
    -------
    array (..., areas)
        ≥ 0.
    """
    areas, months = past.shape[-2:]
    if areas < 2 or months < 2:
        raise ValueError(f"{areas} areas and {months} months; dispersion needs at least two of each")
    total = np.maximum(past.sum((-2, -1), keepdims=True), TINY)
    by_area, by_month = past.sum(-1, keepdims=True), past.sum(-2, keepdims=True)
    expected = by_area * by_month / total
    fitted = (1.0 - by_area / total) * (1.0 - by_month / total)
    unsure = 1.0 / np.maximum(by_area, 1.0) + 1.0 / np.maximum(by_month, 1.0)
    return _pooled((past - expected) ** 2, expected, fitted, unsure)[0]


@dataclass(frozen=True)
class AmongAreas:
    """What the other areas say of each one's scatter; arrays (..., areas).

    ``omega`` is the estimate, ``upper`` one standard error more, ``others`` how many areas in effect it is
    learned from.
    """

    omega: FloatArray
    upper: FloatArray
    others: FloatArray


def dispersion_among_areas(counts: FloatArray, expected: FloatArray) -> AmongAreas:
    """Omega of areas around what each was expected to count; for each area from the others.

    Parameters
    ----------
    counts, expected : arrays (..., areas)
        ``expected`` of the same sum as ``counts``; areas with nothing expected say nothing.
    """
    if counts.shape[-1] < 2:
        raise ValueError("dispersion among areas needs at least two areas")
    share = expected / np.maximum(expected.sum(-1, keepdims=True), TINY)
    squares = ((counts - expected) ** 2)[..., np.newaxis]
    fitted = (1.0 - share)[..., np.newaxis]
    omega, weight, scale = _pooled(squares, expected[..., np.newaxis], fitted, np.zeros(()))
    upper = omega + _error(weight[..., 0], expected, omega) / np.maximum(_others(scale), TINY)
    return AmongAreas(omega, np.asarray(upper), in_effect(scale))


def in_effect(told: FloatArray) -> FloatArray:
    """How many other areas there are in effect, (Σ s)² ÷ Σ s² of what each of them tells, s ≥ 0."""
    found: FloatArray = _others(told) ** 2 / np.maximum(_others(told**2), TINY)
    return found


def _pooled(
    squares: FloatArray, expected: FloatArray, fitted: FloatArray, unsure: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Omega of each area from the others; the weights of the squares, and what they tell by area."""
    pilot = np.zeros((*squares.shape[:-2], 1))
    for _ in range(PILOTS):
        excess, scale, _ = _moments(squares, expected, fitted, unsure, pilot)
        pilot = _ratio(excess.sum(-1, keepdims=True), scale.sum(-1, keepdims=True))
    excess, scale, weight = _moments(squares, expected, fitted, unsure, pilot)
    return _ratio(_others(excess), _others(scale)), weight, scale


def _error(weight: FloatArray, expected: FloatArray, omega: FloatArray) -> FloatArray:
    """The standard error of the others' weighted squares, each area's own omega taken for theirs.

    The variance of a squared residual is near enough V + 2V², V = e + omega·e²: a polynomial in omega.
    """
    parts = (expected + 2.0 * expected**2, expected**2 + 4.0 * expected**3, 2.0 * expected**4)
    squares = sum(_others(weight**2 * part) * omega**power for power, part in enumerate(parts))
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)))


def _others(sums: FloatArray) -> FloatArray:
    others: FloatArray = sums.sum(-1, keepdims=True) - sums
    return others


def _moments(
    squares: FloatArray, expected: FloatArray, fitted: FloatArray, unsure: FloatArray, omega: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Each area's weighted sum of excess squares, what one unit of omega would have made of it, the weights.

    ``unsure`` is the relative variance of the expected values by chance alone; scatter adds to it. The
    square of an unsure estimate is too large by that much.
    """
    omega = omega[..., np.newaxis]
    variance = expected * (1.0 + omega * expected)
    weight = 1.0 / np.maximum(variance + 2.0 * variance * variance, TINY)
    excess = weight * (squares - fitted * expected)
    squared = expected * expected / (1.0 + unsure + np.where(unsure > 0, omega / squares.shape[-1], 0.0))
    return excess.sum(-1), (weight * fitted * squared).sum(-1), weight


def _ratio(excess: FloatArray, scale: FloatArray) -> FloatArray:
    found: FloatArray = np.maximum(excess, 0.0) / np.maximum(scale, TINY)
    return found
