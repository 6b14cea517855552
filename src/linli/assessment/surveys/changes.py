"""From one wave to the next: the change of a share with its interval, and the change that could be seen.

References
----------
Newcombe, *Statistics in Medicine* 17 (1998), 873–890, method 10 (intervals of a difference from two Wilson
intervals), here with effective answers. Fleiss, Levin & Paik, *Statistical Methods for Rates and
Proportions*, 3rd ed. 2003, 4.2 (power).
"""

import math
from dataclasses import dataclass
from typing import Literal

from scipy import special

from linli.assessment.scoring.arrays import share
from linli.assessment.surveys.estimation import Estimate

__all__ = ["Change", "Verdict", "answers_for_share", "change", "detectable_change"]

Verdict = Literal["rise", "fall", "cannot_tell"]


@dataclass(frozen=True)
class Change:
    """A share now less the share before, −1 to 1, and its interval; the waves are independent samples."""

    value: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """Whether the interval leaves 0 on one side."""
        return "rise" if self.low > 0 else "fall" if self.high < 0 else "cannot_tell"


def change(before: Estimate, after: Estimate) -> Change:
    """The change between two estimates of a share, each with its own Wilson interval of one level."""
    p, q = before.value, after.value
    low = q - p - math.hypot(q - after.low, before.high - p)
    high = q - p + math.hypot(after.high - q, p - before.low)
    return Change(q - p, low, high)


def detectable_change(
    p: float, before: float, after: float, *, direction: Literal["rise", "fall"], alpha: float = 0.05,
    power: float = 0.8,
) -> float | None:  # fmt: skip
    """The smallest true change of a share that would probably be seen.

    Parameters
    ----------
    p : float
        The share before, 0 to 1.
    before, after : float
        Effective answers of the two waves, > 0.
    direction : {"rise", "fall"}
    alpha : float
        Two-sided false alarms.
    power : float
        The probability of seeing it that is asked for.

    Returns
    -------
    float or None
        A difference of shares, > 0; ``None`` where even a change to 0 or 1 would not be seen.

    Examples
    --------
    >>> round(detectable_change(0.9, 400, 400, direction="fall"), 3)
    0.067
    """
    if not 0 <= p <= 1 or before <= 0 or after <= 0:
        raise ValueError("p must lie between 0 and 1, and both waves must have answers")
    z = float(special.ndtri(1 - share(alpha, "alpha") / 2) + special.ndtri(share(power, "power")))
    most = 1.0 - p if direction == "rise" else p

    def seen(difference: float) -> bool:
        q = p + difference if direction == "rise" else p - difference
        return difference >= z * math.sqrt(p * (1 - p) / before + q * (1 - q) / after)

    if most <= 0 or not seen(most):
        return None
    low, high = 0.0, most
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high


def answers_for_share(p: float, half_width: float, *, level: float = 0.95, design_effect: float = 1.0) -> int:
    """How many answers give a share so exactly: Cochran's n = z²·p·(1 − p) ÷ d² × design effect.

    Parameters
    ----------
    p : float
        The share that is expected; 0.5 asks for the most.
    half_width : float
        Half the width of the interval that is wanted, 0 to 1.

    Examples
    --------
    >>> answers_for_share(0.5, 0.05)
    385
    """
    z = float(special.ndtri(1 - (1 - share(level, "level")) / 2))
    share(half_width, "half_width")
    if not 0 <= p <= 1 or design_effect <= 0:
        raise ValueError("p must lie between 0 and 1, design_effect above 0")
    return max(1, math.ceil(z**2 * p * (1 - p) / half_width**2 * design_effect))
