"""Areas side by side and an area over time: places with intervals, funnel, run chart; nothing without them.

Counts and rates are compared by gamma draws given the counts, shares by beta draws, both drawn towards what
the areas have in common (``ranking.rank_intervals``); figures that have no interval (added hours, amounts)
are not ranked at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from linli.assessment.indicators import period
from linli.assessment.ranking.league import LeagueRow, Standing, league
from linli.assessment.ranking.rank_intervals import RankIntervals, rank_intervals, rank_intervals_of_shares
from linli.assessment.scoring.arrays import FloatArray
from linli.assessment.scoring.chart_choice import ChartKind, NoChart, chart_of, nature_of
from linli.assessment.scoring.charts import Chart
from linli.assessment.scoring.funnels import Flag, Limits, PredictiveFunnel
from linli.assessment.scoring.share_funnels import ShareFunnel
from linli.kernel.seeds import Seed, generator
from linli.web.workbench.assessment.evidence import Point

__all__ = ["Funnel", "FunnelRow", "League", "RunChart", "charted", "funnel_of", "league_of", "run_chart"]

SEED: Final = Seed(4)
FEWEST: Final = 3
"""Areas below which nothing is ranked."""
WORDS: Final[Mapping[Flag, str]] = {
    Flag.LOW: "low",
    Flag.ORDINARY: "ordinary",
    Flag.HIGH: "high",
    Flag.CANNOT_TELL: "cannot_tell",
}


@dataclass(frozen=True)
class League:
    """Areas in the order of expected places; ``left_out`` are those without a known figure.

    ``by_rate``: counts are ranked, and to be shown, per 1,000 residents.
    """

    rows: tuple[LeagueRow, ...]
    left_out: tuple[str, ...]
    areas: int
    by_rate: bool = False


@dataclass(frozen=True)
class FunnelRow:
    """One area against the rate of all the others."""

    area: str
    count: float
    expected: float
    low: int
    high: int
    ratio: float
    flag: str


@dataclass(frozen=True)
class Funnel:
    """All areas, the smallest expectation first."""

    rows: tuple[FunnelRow, ...]
    rate: float


@dataclass(frozen=True)
class RunChart:
    """One area over time with centre and limits; ``moved`` says whether Anhøj's rules see a shift."""

    kind: ChartKind
    tokens: tuple[str, ...]
    chart: Chart
    moved: bool
    outside: tuple[str, ...]


def is_count(told: Mapping[str, Any]) -> bool:
    """Whether an indicator counts records over an exposure or time."""
    return bool(told["counts"]) and told["kind"] in ("count", "cumulative", "rate")


def is_share(told: Mapping[str, Any]) -> bool:
    """Whether an indicator is a part of a whole of records or answers."""
    return told["kind"] in ("ratio", "survey") and told["unit"] == "%" and bool(told["counts"])


def _exposure(told: Mapping[str, Any], points: Sequence[Point], residents: Mapping[str, int | None]) -> Any:
    if told["kind"] == "rate":
        return np.array([p.denominator or np.nan for p in points])
    people = [residents.get(one.area) for one in points]
    if all(people):
        return np.array(people, dtype=np.float64)
    return np.ones(len(points))


def league_of(
    told: Mapping[str, Any], points: Sequence[Point], residents: Mapping[str, int | None]
) -> League | None:
    """The places of areas in one period; ``None`` where no place could be given honestly."""
    usable = [one for one in points if _usable(told, one)]
    left = tuple(sorted({one.area for one in points} - {one.area for one in usable}))
    if len(usable) < FEWEST:
        return None
    random = generator(SEED, "league", usable[0].indicator, usable[0].token)
    places: RankIntervals
    if is_count(told):
        exposure = _exposure(told, usable, residents)
        places = rank_intervals(np.array([one.numerator or 0.0 for one in usable]), exposure, random)
    elif is_share(told):
        above, below = _effective(usable)
        places = rank_intervals_of_shares(above, below, random)
    else:
        return None
    by_rate = is_count(told) and told["kind"] != "rate" and all(residents.get(one.area) for one in usable)
    return League(league([one.area for one in usable], places), left, len(usable), by_rate)


def _usable(told: Mapping[str, Any], one: Point) -> bool:
    if one.value is None or one.numerator is None:
        return False
    if is_share(told) or told["kind"] == "rate":
        return (one.denominator or 0.0) > 0
    return True


def _effective(points: Sequence[Point]) -> tuple[FloatArray, FloatArray]:
    """Answers as many as the interval is worth: for weighted ones fewer than were asked."""
    below = np.array([one.denominator or 1.0 for one in points])
    share = np.clip(np.array([(one.value or 0.0) / 100.0 for one in points]), 0.0, 1.0)
    width = np.array([((one.high or 0.0) - (one.low or 0.0)) / 100.0 for one in points])
    with np.errstate(divide="ignore", invalid="ignore"):
        by_width = 4 * 1.96**2 * np.maximum(share * (1 - share), 0.01) / width**2
    count = np.where((width > 0) & np.isfinite(by_width), np.minimum(below, by_width), below)
    return share * count, count


def funnel_of(
    told: Mapping[str, Any], points: Sequence[Point], residents: Mapping[str, int | None]
) -> Funnel | None:
    """Counts, or parts of shares, against the level of all the others; ``None`` where nothing can be said."""
    usable = [one for one in points if _usable(told, one)]
    if len(usable) < FEWEST:
        return None
    if is_share(told):
        return _funnel_of_shares(usable)
    return _funnel_of_counts(told, usable, residents) if is_count(told) else None


def _funnel_of_counts(
    told: Mapping[str, Any], usable: Sequence[Point], residents: Mapping[str, int | None]
) -> Funnel | None:
    counts = np.array([one.numerator or 0.0 for one in usable])
    exposure = _exposure(told, usable, residents)
    if not counts.sum() > 0 or not (exposure > 0).all():
        return None
    found = PredictiveFunnel.among_areas(counts, exposure)
    if not found.answerable.any():
        return None
    rows = _rows(usable, counts, found.expected, found.limits(), found.flags(counts))
    return Funnel(rows, float(counts.sum() / exposure.sum()))


def _funnel_of_shares(usable: Sequence[Point]) -> Funnel | None:
    above, below = (np.round(part) for part in _effective(usable))
    if not below.all():
        return None
    found = ShareFunnel.among_areas(above, below)
    if not found.known.any():
        return None
    rows = _rows(usable, above, found.n * found.expected, found.limits(), found.flags(above))
    return Funnel(rows, float(above.sum() / below.sum()))


def _rows(
    usable: Sequence[Point], counts: FloatArray, expected: FloatArray, limits: Limits, flags: NDArray[np.int8]
) -> tuple[FunnelRow, ...]:
    rows = [
        FunnelRow(
            area=one.area,
            count=float(counts[i]),
            expected=float(expected[i]),
            low=int(limits.low[i]),
            high=int(limits.high[i]),
            ratio=float(counts[i] / expected[i]) if expected[i] > 0 else float("nan"),
            flag=WORDS[Flag(int(flags[i]))],
        )
        for i, one in enumerate(usable)
    ]
    return tuple(sorted(rows, key=lambda row: (row.expected, row.area)))


def run_chart(told: Mapping[str, Any], points: Sequence[Point]) -> RunChart | None:
    """One area's own series; ``None`` where it bears no limits."""
    found = charted(told, points)
    return None if isinstance(found, NoChart) else found


def charted(
    told: Mapping[str, Any], points: Sequence[Point], origins: Sequence[str | None] | None = None
) -> RunChart | NoChart:
    """One area's own series, or why it has no limits; ``origins``: where each period's records are from."""
    found = chart_of(
        [one.value for one in points],
        [one.numerator for one in points],
        [one.denominator for one in points],
        shape=_shape(told),
        nature=nature_of(told["kind"], told.get("source", ""), told.get("since", "period")),
        origins=origins,
        windows=[(one.first, one.last) for one in (period(point.token) for point in points)],
    )
    if isinstance(found, NoChart):
        return found
    tokens = tuple(points[place].token for place in found.points)
    outside = tuple(t for t, out in zip(tokens, found.chart.outside.tolist(), strict=True) if out)
    return RunChart(found.kind, tokens, found.chart, found.moved, outside)


def _shape(told: Mapping[str, Any]) -> Literal["count", "rate", "share", "amount"]:
    if told["kind"] == "ratio" and is_share(told):
        return "share"
    if not told["counts"] or told["kind"] not in ("rate", "count"):
        return "amount"
    return "rate" if told["kind"] == "rate" else "count"


def standing_word(standing: Standing) -> str:
    """The key of a standing's text."""
    return standing.value
