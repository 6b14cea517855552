"""Which chart a series bears: none of running totals and stocks, g of rare events, none across sources."""

import numpy as np
import pytest

from linli.assessment.scoring.chart_choice import Drawn, NoChart, chart_of, last_source, nature_of
from linli.assessment.scoring.charts import g, t

pytestmark = pytest.mark.any_database

VALVES = [286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214, 2831, 96]
"""Hours between failures (Montgomery 2009, table 7.13)."""


def _counts(seen, **given):
    return chart_of(seen, seen, [None] * len(seen), shape="count", nature="flow", **given)


# Mend 19
@pytest.mark.parametrize("nature", ["running_total", "stock"])
def test_running_totals_and_stocks_bear_no_chart(nature) -> None:
    total = np.arange(1.0, 25.0).cumsum().tolist()
    found = chart_of(total, total, [None] * 24, shape="count", nature=nature)
    assert found == NoChart(nature)


# Mend 19
@pytest.mark.parametrize(
    ("kind", "source", "since", "nature"),
    [
        ("cumulative", "cases", "period", "running_total"),
        ("ratio", "cases", "year", "running_total"),
        ("count", "addresses", "start", "running_total"),
        ("rate", "staff", "period", "stock"),
        ("ratio", "staff", "period", "stock"),
        ("count", "cases", "period", "flow"),
    ],
)
def test_a_definition_says_whether_periods_hold_what_happened_in_them(kind, source, since, nature) -> None:
    assert nature_of(kind, source, since) == nature


# Mend 19
def test_periods_that_share_a_month_bear_no_chart() -> None:
    seen = [5.0] * 12
    rolling = [(n, n + 2) for n in range(12)]
    assert _counts(seen, windows=rolling) == NoChart("overlapping")
    assert isinstance(_counts([5.0, 6.0] * 6, windows=[(n, n) for n in range(12)]), Drawn)


# Mend 19
@pytest.mark.parametrize(("rate", "kind"), [(0.4, "g"), (1.4, "c"), (6.0, "xmr")])
def test_rare_counts_in_which_nothing_happens_hardly_ever_signal(rate: float, kind: str) -> None:
    rng = np.random.default_rng(19)
    outside, moved, drawn = 0, 0, 0
    for _ in range(150):
        found = _counts(rng.poisson(rate, 24).astype(float).tolist())
        if isinstance(found, Drawn) and found.kind == kind:
            drawn += 1
            outside += bool(found.chart.outside.any())
            moved += found.moved
    assert drawn > 60
    assert outside <= 0.15 * drawn
    assert moved <= 0.15 * drawn


# Mend 19
def test_a_long_wait_between_rare_events_is_seen() -> None:
    seen = [1.0, 0.0] * 30 + [0.0] * 30 + [1.0]
    found = _counts(seen)
    assert isinstance(found, Drawn)
    assert found.kind == "g"
    assert found.points[-1] == len(seen) - 1
    assert bool(found.chart.outside[-1])


# Mend 19
def test_too_few_events_bear_no_chart() -> None:
    assert _counts([0.0] * 20 + [1.0, 0.0, 1.0, 0.0]) == NoChart("rare")
    assert chart_of([98.0] * 12, [29.4] * 12, [30.0] * 12, shape="share", nature="flow") == NoChart("rare")
    assert _counts([4.0] * 7) == NoChart("few")


# Mend 19
def test_an_imported_history_is_not_joined_to_our_own_months() -> None:
    seen = [368.0, 371.0, 365.0, 370.0, 366.0, 369.0, 372.0, 364.0, 5.0, 6.0, 4.0]
    origins = ["import"] * 8 + ["platform"] * 3
    assert _counts(seen, origins=origins) == NoChart("sources")
    longer = [*seen, 5.0, 6.0, 4.0, 5.0, 5.0, 4.0]
    found = _counts(longer, origins=[*origins, *["platform"] * 6])
    assert isinstance(found, Drawn)
    assert found.points[0] == 8
    assert not found.moved
    assert last_source(["import", "both", "platform"]) == 2


# Mend 19
def test_t_and_g_give_the_published_limits() -> None:
    chart = t(VALVES)
    assert chart.centre[0] == pytest.approx(430.040952, abs=1e-6)
    assert chart.high[0] == pytest.approx(6937.933488, abs=1e-6)
    exact = g([9.0] * 20, exact=True)
    beyond = (9.0 / 10.0) ** (exact.high[0] + 1.0)
    assert beyond <= 0.00135 < (9.0 / 10.0) ** exact.high[0]
