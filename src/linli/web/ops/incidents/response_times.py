"""Response times: medians and 90th percentiles with their intervals, and how many incidents say nothing.

A percentile is an order statistic: the smallest time that at least that share of the incidents did not
exceed. Its interval needs no assumption on the distribution: the ranks between which the percentile lies
with at least the stated probability follow from the binomial distribution (Hahn and Meeker 1991,
"Statistical Intervals", section 5.2). With few incidents there are no such ranks; then none is given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from linli.kernel.measures import Minutes, Ratio

__all__ = ["CONFIDENCE", "Percentile", "Summary", "percentile", "summarise"]

CONFIDENCE: Final = Ratio(0.95)


@dataclass(frozen=True)
class Percentile:
    """One percentile, with the interval in which it lies with at least ``CONFIDENCE``."""

    value: Minutes
    low: Minutes | None = None
    high: Minutes | None = None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Times of a group of incidents."""

    count: int
    """Incidents with a time."""
    missing: int
    """Incidents without one."""
    median: Percentile | None
    ninetieth: Percentile | None


def percentile(ordered: Sequence[float], share: Ratio) -> Percentile | None:
    """A percentile of times in ascending order; ``None`` of no times.

    Examples
    --------
    >>> percentile([4.0, 6.0, 9.0], Ratio(0.5)).value
    6.0
    >>> percentile([], Ratio(0.5)) is None
    True
    """
    count = len(ordered)
    if count == 0:
        return None
    value = Minutes(ordered[max(1, ceil(count * share - 1e-9)) - 1])
    low, high = _ranks(count, share)
    if low < 1 or high > count:
        return Percentile(value)
    return Percentile(value, Minutes(ordered[low - 1]), Minutes(ordered[high - 1]))


def _ranks(count: int, share: Ratio) -> tuple[int, int]:
    """The ranks below and above which at most half of what is not covered lies."""
    tail = (1.0 - CONFIDENCE) / 2.0
    # Heavy to load, and asked of one page.
    from scipy.stats import binom

    low = int(binom.ppf(tail, count, share))
    high = int(binom.ppf(1.0 - tail, count, share)) + 1
    return low, high


def summarise(minutes: Iterable[float | None]) -> Summary:
    """The percentiles of some incidents' times; ``None`` stands for one without a time."""
    given = list(minutes)
    ordered = sorted(one for one in given if one is not None)
    return Summary(
        count=len(ordered),
        missing=len(given) - len(ordered),
        median=percentile(ordered, Ratio(0.5)),
        ninetieth=percentile(ordered, Ratio(0.9)),
    )
