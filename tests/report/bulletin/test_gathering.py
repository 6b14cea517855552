"""Items are gathered from figures: nothing is ranked that cannot be, and equal areas are not told apart."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.ranking.league import Standing
from linli.kernel.texts import Text
from linli.report.bulletin.comparing import judged, moved, placed, ranked_by_rate
from linli.report.bulletin.content import Moment
from linli.report.bulletin.gathering import token_for
from linli.report.bulletin.wording import area_figure, formula
from report.bulletin.conftest import item, spot

PEOPLE = [1000.0, 10_000.0, 1000.0]


def areas(counts: list[float]) -> list:
    return [spot(f"B{n}", count, numerator=count) for n, count in enumerate(counts)]


def test_areas_that_differ_by_no_more_than_chance_cannot_be_told_apart() -> None:
    found = placed(areas([4, 6, 5, 3, 7]), "count", [None] * 5, label="x")
    assert {row.standing for row in found} == {Standing.CANNOT_TELL}


def test_an_area_far_above_the_others_is_told_from_them() -> None:
    found = placed(areas([5, 6, 4, 5, 90]), "count", [1000.0] * 5, label="x")
    assert found[0].area == "B4"
    assert found[0].standing is Standing.HIGHER
    assert (found[0].low, found[0].high) == (1, 1)


def test_shares_are_compared_on_their_answers() -> None:
    spots = [
        spot(f"B{n}", v, numerator=v, denominator=100.0, low=v - 8, high=v + 8)
        for n, v in enumerate((90, 50, 50))
    ]
    found = placed(spots, "share", [None] * 3, label="x")
    assert found[0].area == "B0"
    assert found[0].standing is Standing.HIGHER


@pytest.mark.parametrize("shape", ["amount", "share", "rate"])
def test_what_cannot_be_ranked_is_not(shape) -> None:
    assert placed(areas([1, 2, 3]), shape, [None] * 3, label="x") == ()
    assert placed(areas([1, 2]), "count", [None] * 2, label="x") == ()


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(0, 40), min_size=3, max_size=12))
def test_places_hold_together_and_are_the_same_each_time(counts: list[int]) -> None:
    spots = areas([float(n) for n in counts])
    found = placed(spots, "count", [None] * len(spots), label="x")
    assert found == placed(spots, "count", [None] * len(spots), label="x")
    assert sorted(row.area for row in found) == sorted(one.area for one in spots)
    assert all(1 <= row.low <= row.high <= len(spots) for row in found)


def test_a_series_is_judged_from_eight_periods_on() -> None:
    assert moved([1.0] * 7) == (1.0, None)
    assert moved([]) == (None, None)
    assert moved([None, *[1.0] * 10, *[9.0] * 10])[1] is True
    rng = np.random.default_rng(4)
    signals = sum(bool(moved(list(rng.normal(size=12)))[1]) for _ in range(400))
    assert signals < 0.08 * 400


@pytest.mark.parametrize(
    ("length", "token", "expected"),
    [
        ("month", "2026-03", "2026-03"),
        ("quarter", "2026-03", "2026-Q1"),
        ("quarter", "2026-04", None),
        ("year", "2026-12", "2026"),
        ("year", "2026-11", None),
        ("month", "2026-Q1", None),
        ("quarter", "2026-Q1", "2026-Q1"),
        ("year", "2026", "2026"),
    ],
)
def test_figures_of_quarters_and_years_come_in_where_they_end(length, token, expected) -> None:
    assert token_for(length, token) == expected


# Mend 19
def test_no_trend_is_told_of_running_totals_stocks_rare_counts_or_across_sources() -> None:
    def series(values: list[float], origin: str | None = None) -> list[Moment]:
        return [
            Moment(token=f"2025-{n + 1:02}", value=value, numerator=value, origin=origin)  # type: ignore[arg-type]
            for n, value in enumerate(values)
        ]

    rising = [float(n) for n in range(1, 13)]
    assert judged(series(rising), "count", "running_total") == (None, None, "running_total")
    assert judged(series(rising), "amount", "stock") == (None, None, "stock")
    assert judged(series([0.0, 1.0] * 6), "count", "flow")[1:] == (None, "rare")
    joined = [*series([368.0] * 9, "import"), *series([5.0] * 3, "platform")]
    assert judged(joined, "count", "flow") == (5.0, None, "sources")
    assert judged(series([40.0, 44.0] * 6), "count", "flow")[2] is None


# Mend 20
def test_what_is_ranked_by_rate_is_shown_as_a_rate() -> None:
    spots = [replace(one, residents=people) for one, people in zip(areas([30, 30, 12]), PEOPLE, strict=True)]
    assert ranked_by_rate(spots, "count", PEOPLE)
    assert not ranked_by_rate(spots, "count", [1000.0, None, 1000.0])
    assert not ranked_by_rate(spots, "rate", PEOPLE)
    places = placed(spots, "count", PEOPLE, label="x")
    shown = item("N19.key_cases", areas=tuple(spots), unit="case", by_rate=True)
    rates = [area_figure(shown, next(s for s in spots if s.area == row.area))[0] for row in places]
    assert rates == ["30.00 (30)", "12.00 (12)", "3.00 (30)"]
    assert area_figure(replace(shown, by_rate=False), spots[0])[0] == "30"


# Mend 20
def test_a_bulletin_shows_its_formula_in_words() -> None:
    told = item("H7.x", formula_words=Text("“办件”的比例", "ratio of cases"))
    assert formula(told).zh == "“办件”的比例"
    assert "==" in formula(item("H7.x")).zh
