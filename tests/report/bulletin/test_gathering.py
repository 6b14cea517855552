"""Items are gathered from figures: nothing is ranked that cannot be, and equal areas are not told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.ranking.league import Standing
from linli.report.bulletin.comparing import moved, placed
from linli.report.bulletin.gathering import token_for
from report.bulletin.conftest import spot


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
