"""Control charts of one series: centre, limits, and the points outside.

A series is judged against its own past: points within the limits are what this process does by itself, and
praising or blaming anyone for one of them is paying for chance. Missing values (``nan``) are skipped.

References
----------
Montgomery, *Introduction to Statistical Quality Control*, 6th ed. 2009, chapters 6–7 (equation numbers
below). Nelson, *Journal of Quality Technology* 14 (1982), 172–173 (screened moving ranges) and 26 (1994),
239–241 (t). Laney, *Quality Engineering* 14 (2002), 531–537 (p′, u′).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import BoolArray, FloatArray, not_negative

__all__ = [
    "D4",
    "THREE_SIGMAS",
    "Chart",
    "c",
    "g",
    "individuals",
    "moving_ranges",
    "p",
    "p_prime",
    "t",
    "u",
    "u_prime",
]

D2 = 1.128
"""Mean range of two values ÷ their standard deviation (Montgomery, appendix VI)."""

D4 = 3.267
"""Upper limit of a moving range of two ÷ their mean."""

THREE_SIGMAS = 0.00135
"""The tail beyond three standard deviations of a normal distribution."""

NELSON = 3.6
"""Times between rare events to the power 1/3.6 are near enough normal (Nelson 1994)."""


@dataclass(frozen=True)
class Chart:
    """A drawn series: what is plotted, its centre, and three sigmas either side; arrays (points,)."""

    values: FloatArray
    centre: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def outside(self) -> BoolArray:
        """Points beyond a limit."""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.values < self.low) | (self.values > self.high))


def individuals(values: ArrayLike, base: ArrayLike | None = None, *, screened: bool = False) -> Chart:
    """XmR: single values, with sigma from how neighbours in time differ (6.33).

    Parameters
    ----------
    values : array (points,)
        In order of time; ``nan`` where missing.
    base : array of bool, optional
        The points that centre and limits are worked out from; all without it.
    screened : bool
        Leaves out moving ranges above their own upper limit, as NHS "making data count" does.
    """
    series, within = _series(values, base)
    centre = np.nanmean(series[within])
    sigma = _mean_range(series[within], screened=screened) / D2
    return _drawn(series, np.full(series.shape, centre), np.full(series.shape, sigma))


def moving_ranges(values: ArrayLike, base: ArrayLike | None = None) -> Chart:
    """The companion of ``individuals``: how far each value is from the one before."""
    series, within = _series(values, base)
    ranges = np.concatenate([[np.nan], np.abs(np.diff(series))])
    centre = np.full(series.shape, np.nanmean(ranges[within]))
    return Chart(ranges, centre, np.zeros(series.shape), D4 * centre)


def p(count: ArrayLike, n: ArrayLike, base: ArrayLike | None = None) -> Chart:
    """Proportions by period: settled of found, in time of due (7.6–7.8). The limits stay within 0 and 1."""
    seen, of, within = _counted(count, n, base)
    centre = np.full(of.shape, seen[within].sum() / of[within].sum())
    return _drawn(seen / of, centre, np.sqrt(centre * (1 - centre) / of), floor=0.0, ceiling=1.0)


def p_prime(count: ArrayLike, n: ArrayLike, base: ArrayLike | None = None) -> Chart:
    """Laney's p′: proportions that scatter more than chance, as very large numbers do."""
    seen, of, within = _counted(count, n, base)
    centre = np.full(of.shape, seen[within].sum() / of[within].sum())
    sigma = np.sqrt(centre * (1 - centre) / of)
    return _laney(seen / of, centre, sigma, within, ceiling=1.0)


def c(count: ArrayLike, base: ArrayLike | None = None) -> Chart:
    """Counts by period over equal exposure (7.17)."""
    seen, within = _series(not_negative(count, "count"), base)
    centre = np.full(seen.shape, seen[within].mean())
    return _drawn(seen, centre, np.sqrt(centre), floor=0.0)


def u(count: ArrayLike, exposure: ArrayLike, base: ArrayLike | None = None) -> Chart:
    """Rates by period over unequal exposure (7.19)."""
    seen, of, within = _counted(count, exposure, base)
    centre = np.full(of.shape, seen[within].sum() / of[within].sum())
    return _drawn(seen / of, centre, np.sqrt(centre / of), floor=0.0)


def u_prime(count: ArrayLike, exposure: ArrayLike, base: ArrayLike | None = None) -> Chart:
    """Laney's u′: rates that scatter more than chance."""
    seen, of, within = _counted(count, exposure, base)
    centre = np.full(of.shape, seen[within].sum() / of[within].sum())
    return _laney(seen / of, centre, np.sqrt(centre / of), within)


def t(times: ArrayLike, base: ArrayLike | None = None) -> Chart:
    """Times between rare events, > 0: where months mostly count nothing, the wait says more."""
    waits, within = _series(times, base)
    if (waits <= 0).any():
        raise ValueError("every time between events must be above 0")
    chart = individuals(waits ** (1.0 / NELSON), within)
    low, centre, high = (np.maximum(part, 0.0) ** NELSON for part in (chart.low, chart.centre, chart.high))
    return Chart(waits, centre, low, high)


def g(opportunities: ArrayLike, base: ArrayLike | None = None, *, exact: bool = False) -> Chart:
    """Cases between rare events (Montgomery, p. 319): limits around the mean, the median as centre.

    With ``exact`` the upper limit is the geometric distribution's own at 0.00135, which three sigmas pass
    thirteen times as often; below it nothing can be told, since no wait at all is the likeliest.
    """
    between, within = _series(not_negative(opportunities, "opportunities"), base)
    mean = np.full(between.shape, between[within].mean())
    limits = _drawn(between, mean, np.sqrt(mean * (mean + 1.0)), floor=0.0)
    high = limits.high
    if exact:
        # P(more than k) = (m ÷ (m + 1))^(k + 1).
        again = np.maximum(mean, 1e-9) / (mean + 1.0)
        high = np.ceil(np.log(THREE_SIGMAS) / np.log(again) - 1.0)
    return Chart(between, np.full(between.shape, np.median(between[within])), limits.low, high)


def _laney(
    values: FloatArray, centre: FloatArray, sigma: FloatArray, within: BoolArray, *, ceiling: float = np.inf
) -> Chart:
    scatter = _mean_range(((values - centre) / sigma)[within], screened=False) / D2
    return _drawn(values, centre, sigma * scatter, floor=0.0, ceiling=ceiling)


def _drawn(
    values: FloatArray,
    centre: FloatArray,
    sigma: FloatArray,
    *,
    floor: float = -np.inf,
    ceiling: float = np.inf,
) -> Chart:
    return Chart(
        values, centre, np.maximum(centre - 3 * sigma, floor), np.minimum(centre + 3 * sigma, ceiling)
    )


def _mean_range(series: FloatArray, *, screened: bool) -> float:
    ranges = np.abs(np.diff(series))
    ranges = ranges[np.isfinite(ranges)]
    if not ranges.size:
        raise ValueError("limits need two neighbouring points at least")
    if screened:
        ranges = ranges[ranges < D4 * ranges.mean()] if ranges.any() else ranges
    return float(ranges.mean())


def _series(values: ArrayLike, base: ArrayLike | None) -> tuple[FloatArray, BoolArray]:
    series = np.asarray(values, dtype=np.float64)
    within = np.ones(series.shape, dtype=bool) if base is None else np.asarray(base, dtype=bool)
    if series.ndim != 1 or within.shape != series.shape or not np.isfinite(series[within]).any():
        raise ValueError("values must be one series with a number in it, and base as long as it is")
    return series, within


def _counted(
    count: ArrayLike, n: ArrayLike, base: ArrayLike | None
) -> tuple[FloatArray, FloatArray, BoolArray]:
    seen, within = _series(not_negative(count, "count"), base)
    of = not_negative(n, "n")
    if of.shape != seen.shape or (of <= 0).any():
        raise ValueError("n must be as long as count, and above 0 everywhere")
    return seen, of, within
