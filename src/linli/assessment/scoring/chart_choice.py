"""Which chart a series bears, and when it bears none: limits where nothing varies by chance always signal.

A chart's limits come from how neighbouring points differ by chance. Running totals, stocks and periods that
overlap hold the same events or people again, so that neighbours differ by next to nothing and any drift looks
like a shift: they get none. Rare events, below one a month, get a g chart of the months between one and the
next, few ones (below two) the Poisson's own limits: an XmR chart of such counts signals in 16 to 80 % of
series of 24 months in which nothing happens, these in 6 % at most. Months from
another source (an imported history beside the platform's own months) are no earlier part of the same series.

References
----------
Wheeler, *Understanding Variation*, 2nd ed. 2000 (what XmR takes for granted). Kaminsky et al., *Journal of
Quality Technology* 24 (1992), 63–69, and Benneyan, *Health Care Management Science* 4 (2001), 305–318 (g).
Montgomery, *Introduction to Statistical Quality Control*, 6th ed. 2009, section 7.3.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from linli.assessment.scoring.arrays import FloatArray
from linli.assessment.scoring.charts import THREE_SIGMAS, Chart, g, individuals, p, u
from linli.assessment.scoring.inverted_funnels import exact_counts
from linli.assessment.scoring.runs import runs

__all__ = [
    "FEWEST_POINTS",
    "SMALL",
    "ChartKind",
    "Drawn",
    "Nature",
    "NoChart",
    "Why",
    "chart_of",
    "last_source",
    "nature_of",
]

ChartKind = Literal["p", "u", "c", "xmr", "g"]
Nature = Literal["flow", "running_total", "stock"]
Why = Literal["few", "running_total", "stock", "overlapping", "rare", "sources"]

FEWEST_POINTS: Final = 8
"""Points below which there are no limits: no run of so few is longer than chance allows."""
RARE, SMALL = 1.0, 2.0
"""Events a period below which counts are charted by the time between them, and by exact limits."""
STOCKS: Final = frozenset({"staff", "areas"})
"""Tables whose rows say again every month what there is."""


@dataclass(frozen=True)
class Drawn:
    """A chart. ``points`` are the places in the series that it draws: of a g chart those of the events."""

    kind: ChartKind
    chart: Chart
    points: tuple[int, ...]
    moved: bool


@dataclass(frozen=True)
class NoChart:
    """Why there are no limits."""

    why: Why


def nature_of(kind: str, source: str, since: str) -> Nature:
    """Whether periods of an indicator hold what happened in them, or again what was there before.

    Parameters
    ----------
    kind, source, since : str
        As the indicator is defined: ``cumulative``, ``staff``, ``year`` and so on.

    Examples
    --------
    >>> nature_of("count", "cases", "period"), nature_of("count", "cases", "year")
    ('flow', 'running_total')
    >>> nature_of("rate", "staff", "period")
    'stock'
    """
    if source in STOCKS:
        return "stock"
    return "running_total" if kind == "cumulative" or since != "period" else "flow"


def last_source(origins: Sequence[str | None]) -> int:
    """Where the last stretch from one source begins; periods without a record (``None``) go with those after.

    Examples
    --------
    >>> last_source(["import", "import", None, "platform", "platform"]), last_source([None, None])
    (2, 0)
    """
    own = next((one for one in reversed(origins) if one is not None), None)
    for place in range(len(origins) - 1, -1, -1):
        if origins[place] not in (None, own):
            return place + 1
    return 0


def chart_of(
    values: Sequence[float | None],
    above: Sequence[float | None],
    below: Sequence[float | None],
    *,
    shape: Literal["count", "rate", "share", "amount"],
    nature: Nature,
    origins: Sequence[str | None] | None = None,
    windows: Sequence[tuple[int, int]] = (),
) -> Drawn | NoChart:
    """The chart of one area's series, in order of time.

    Parameters
    ----------
    values, above, below : sequences
        The figure, what is counted, and what it is counted over; ``None`` where not known.
    origins : sequence of str, optional
        Where each period's records are from; only the last stretch from one source is charted.
    windows : sequence of (int, int), optional
        First and last month of each period, by number; periods that share a month bear no chart.
    """
    if nature != "flow":
        return NoChart(nature)
    if any(later[0] <= former[1] for former, later in pairwise(windows)):
        return NoChart("overlapping")
    start = 0 if origins is None else last_source(origins)
    places = [i for i in range(start, len(values)) if values[i] is not None]
    if len(places) < FEWEST_POINTS:
        earlier = sum(value is not None for value in values[:start])
        return NoChart("sources" if len(places) + earlier >= FEWEST_POINTS else "few")
    value, seen, of = (np.array([part[i] or 0.0 for i in places]) for part in (values, above, below))
    if shape == "share" and (of > 0).all():
        return _of_share(seen, of, places)
    if shape in ("count", "rate") and seen.mean() < SMALL:
        return _of_rare(seen, places) if seen.mean() < RARE else _of_small(seen, of, places, shape=shape)
    if shape == "rate" and (of > 0).all():
        return _drawn("u", u(seen, of), places)
    xmr = individuals(value)
    floor = 0.0 if (value >= 0).all() else -np.inf
    return _drawn("xmr", Chart(xmr.values, xmr.centre, np.maximum(xmr.low, floor), xmr.high), places)


def _of_share(seen: FloatArray, of: FloatArray, places: Sequence[int]) -> Drawn | NoChart:
    if min(seen.mean(), (of - seen).mean()) < SMALL:
        return NoChart("rare")
    share = p(seen, of)
    parts = (share.values, share.centre, share.low, share.high)
    return _drawn("p", Chart(*(part * 100.0 for part in parts)), places)


def _of_rare(seen: FloatArray, places: Sequence[int]) -> Drawn | NoChart:
    """Months without an event between each event and the one before it, with geometric limits."""
    months = np.repeat(np.array(places), seen.astype(np.int64))
    between = np.diff(months).astype(np.float64)
    if between.size < FEWEST_POINTS:
        return NoChart("rare")
    chart = g(between, exact=True)
    # Where most waits are 0 nearly all of them lie on the median, and runs about it say nothing.
    moved = bool(chart.centre[0] >= 1) and runs(between, chart.centre).signal
    return Drawn("g", chart, tuple(months[1:].tolist()), moved)


def _of_small(
    seen: FloatArray, of: FloatArray, places: Sequence[int], *, shape: Literal["count", "rate"]
) -> Drawn:
    """Counts, or rates, with the Poisson's own upper limit at 0.00135; none is too low."""
    over = of if shape == "rate" and (of > 0).all() else np.ones(of.shape)
    centre = np.full(over.shape, seen.sum() / over.sum())
    high = exact_counts(centre * over, 1.0 - 2.0 * THREE_SIGMAS).high / over
    chart = Chart(seen / over, centre, np.zeros(over.shape), high)
    # Half of the points lie above their median, not above their mean: runs are counted about that.
    moved = runs(chart.values, np.full(over.shape, np.median(chart.values))).signal
    return Drawn("c" if shape == "count" else "u", chart, tuple(places), moved)


def _drawn(kind: ChartKind, chart: Chart, places: Sequence[int]) -> Drawn:
    return Drawn(kind, chart, tuple(places), runs(chart.values, chart.centre).signal)
