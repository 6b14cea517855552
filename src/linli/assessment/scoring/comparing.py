"""Two counts compared: before and after, here and there, with and without.

References
----------
Krishnamoorthy & Thomson, *Journal of Statistical Planning and Inference* 119 (2004), 23–35 (E-test).
Wheeler, *Journal of Quantitative Criminology* 32 (2016), 393–403 (Poisson z). Wheeler & Ratcliffe, *Crime
Science* 7:11 (2018) (weighted displacement difference).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from linli.assessment.scoring.arrays import FloatArray, share
from linli.assessment.scoring.predictive import exactly

__all__ = ["Difference", "e_test", "poisson_z", "weighted_displacement_difference"]

TAIL = 1e-12


def e_test(first: int, second: int, first_exposure: float = 1.0, second_exposure: float = 1.0) -> float:
    """Two-sided p of two Poisson counts having one rate: Krishnamoorthy and Thomson's E-test.

    Parameters
    ----------
    first, second : int
        Events, ≥ 0.
    first_exposure, second_exposure : float
        Months, residents or hours over which they were counted, > 0.

    Examples
    --------
    >>> round(e_test(20, 10), 3), e_test(0, 0)
    (0.069, 1.0)
    """
    if min(first, second) < 0 or min(first_exposure, second_exposure) <= 0:
        raise ValueError("counts must be 0 or more and exposures above 0")
    if first + second == 0:
        return 1.0
    rate = (first + second) / (first_exposure + second_exposure)
    i, first_chance = _poisson(rate * first_exposure)
    j, second_chance = _poisson(rate * second_exposure)
    seen = abs(
        _standardised(np.array([float(first)]), np.array([float(second)]), first_exposure, second_exposure)
    )
    others = np.abs(_standardised(i, j, first_exposure, second_exposure))
    # Ties by rounding count as as extreme, as the exact sum would have it.
    extreme = others >= seen[0, 0] * (1.0 - 1e-12)
    return float(min(1.0, (first_chance[:, None] * second_chance[None, :] * extreme).sum()))


def _poisson(mean: float) -> tuple[FloatArray, FloatArray]:
    """Counts that hold all but a trillionth of the chance, and their chances."""
    spread = 8.0 * np.sqrt(mean) + 12.0
    counts = np.arange(max(0, int(mean - spread)), int(mean + 1.5 * spread) + 1, dtype=np.float64)
    return counts, exactly(counts, np.array(mean), np.array(np.inf))


def _standardised(first: FloatArray, second: FloatArray, m: float, n: float) -> FloatArray:
    difference = first[:, None] / m - second[None, :] / n
    variance = first[:, None] / m**2 + second[None, :] / n**2
    return np.divide(difference, np.sqrt(variance), out=np.zeros_like(difference), where=variance > 0)


def poisson_z(before: int, after: int) -> float:
    """Wheeler's z of a change: 2(√after − √before); near enough from five events on."""
    if min(before, after) < 0:
        raise ValueError("counts must be 0 or more")
    return 2.0 * (float(np.sqrt(after)) - float(np.sqrt(before)))


@dataclass(frozen=True)
class Difference:
    """Events saved (negative) or added beyond what the control area did."""

    estimate: float
    standard_error: float
    z: float
    p: float
    low: float
    high: float


def weighted_displacement_difference(
    treated: tuple[int, int],
    control: tuple[int, int],
    *,
    displaced: tuple[int, int] = (0, 0),
    displaced_control: tuple[int, int] = (0, 0),
    level: float = 0.95,
) -> Difference:
    """The change of a treated area (and of where crime may have moved) beyond the change of its control.

    Parameters
    ----------
    treated, control : (before, after)
        Events over equal exposure; ``displaced`` and its control are the areas around them.
    """
    counts = np.array([treated, control, displaced, displaced_control], dtype=np.float64)
    if (counts < 0).any():
        raise ValueError("counts must be 0 or more")
    changes = counts[:, 1] - counts[:, 0]
    estimate = float(changes[0] - changes[1] + changes[2] - changes[3])
    error = float(np.sqrt(counts.sum()))
    z = estimate / error if error > 0 else 0.0
    half = float(special.ndtri(1 - (1 - share(level, "level")) / 2)) * error
    return Difference(estimate, error, z, float(2 * special.ndtr(-abs(z))), estimate - half, estimate + half)
