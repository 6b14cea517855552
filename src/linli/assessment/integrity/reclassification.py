"""Reclassification: is the share of cases moved to a lighter kind, or merged, what it was?"""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import BoolArray, FloatArray
from linli.assessment.scoring.charts import p_prime

__all__ = ["ShareChart", "reclassified_shares"]


@dataclass(frozen=True)
class ShareChart:
    """Shares by period with centre and limits, all between 0 and 1; ``high`` and ``low`` are the signals."""

    periods: tuple[str, ...]
    share: FloatArray
    centre: FloatArray
    lower: FloatArray
    upper: FloatArray
    high: BoolArray
    low: BoolArray


def reclassified_shares(
    periods: tuple[str, ...], changed: ArrayLike, cases: ArrayLike, *, base: ArrayLike | None = None
) -> ShareChart:
    """A p′ chart (Laney 2002) of cases reclassified after they were opened.

    Parameters
    ----------
    changed, cases : arrays (periods,)
        Cases whose kind was changed or that were merged, and all cases; 0 ≤ changed ≤ cases.
    base : array of bool, optional
        The periods that centre and limits are worked out from; all by default.

    Notes
    -----
    A signal is a question, not an answer: a new rule on what is a burglary shows as one too.
    """
    chart = p_prime(changed, cases, base)
    return ShareChart(
        periods=periods,
        share=chart.values,
        centre=chart.centre,
        lower=chart.low,
        upper=chart.high,
        high=chart.values > chart.high,
        low=chart.values < chart.low,
    )
