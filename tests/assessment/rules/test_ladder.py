"""N19: the ranking by rise, its ladder of consequences, and every reading that its wording allows."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from linli.assessment.rules.comparing import compare, risen, rises
from linli.assessment.rules.ladder import Ladder, climb
from linli.assessment.rules.ranking import among_first, places

LADDER = Ladder(
    against="same_month_last_year",
    rise_in="percent",
    without_rise="as_ranked",
    still_rising="after_rectification",
    notice_rank=1,
    rectification_months=2,
    yellow_card_months=3,
    rectification_period=1,
)
COUNTS = arrays(np.float64, (2, 5, 24), elements=st.integers(0, 6).map(float))


def series(*judged: list[float]) -> np.ndarray:
    """Areas with four events in every month of the year before."""
    return np.array([[4.0] * 12 + months for months in judged])


def test_once_is_a_notice_twice_a_rectification_three_times_a_card() -> None:
    year = climb(LADDER, series([8, 8, 8, 4], [4, 4, 4, 5]))
    assert year.notice[0].tolist() == [True, True, True, False]
    assert year.rectification[0].tolist() == [False, True, False, False]
    assert year.yellow_card[0].tolist() == [False, False, True, False]
    assert year.running[0].tolist() == [1, 2, 3, 0]


def test_still_rising_after_rectification_is_a_card_once() -> None:
    year = climb(LADDER, series([8, 8, 4, 5, 5, 5], [4, 4, 9, 9, 4, 9]))
    assert year.yellow_card[0].tolist() == [False, False, False, True, False, False]


def test_still_rising_in_the_third_month_is_a_card_whatever_the_date() -> None:
    ladder = dataclasses.replace(LADDER, still_rising="third_month")
    year = climb(ladder, series([8, 8, 5, 5], [4, 4, 9, 9]))
    assert year.yellow_card[0].tolist() == [False, False, True, False]


def test_a_further_rise_after_a_card_bars_excellent_and_a_rise_before_does_not() -> None:
    year = climb(LADDER, series([8, 8, 8, 4, 5, 4], [4, 4, 4, 9, 9, 4]))
    assert year.barred[0].tolist() == [False, False, False, False, True, False]
    assert not year.barred[1].any()


def test_a_month_in_which_all_fall_still_lists_one_as_ranked_and_none_where_only_risen() -> None:
    counts = series([3, 3], [2, 2])
    assert climb(LADDER, counts).notice.tolist() == [[True, True], [False, False]]
    only = dataclasses.replace(LADDER, without_rise="only_risen")
    assert not climb(only, counts).notice.any()


def test_percent_and_number_list_different_areas() -> None:
    counts = np.array([[1.0] * 12 + [2.0], [10.0] * 12 + [14.0]])
    assert climb(LADDER, counts).notice[:, 0].tolist() == [True, False]
    by_number = dataclasses.replace(LADDER, rise_in="number")
    assert climb(by_number, counts).notice[:, 0].tolist() == [False, True]


def test_equals_are_decided_by_more_events_and_else_nobody_is_listed() -> None:
    assert climb(LADDER, np.array([[2.0] * 12 + [4.0], [4.0] * 12 + [8.0]])).notice[:, 0].tolist() == [
        False,
        True,
    ]
    assert not climb(LADDER, series([8.0], [8.0], [4.0])).notice.any()


def test_a_count_that_is_not_known_is_never_listed_and_never_rises() -> None:
    counts = series([8.0], [5.0], [4.0])
    counts[0, 12] = np.nan
    year = climb(LADDER, counts)
    assert year.notice[:, 0].tolist() == [False, True, False]
    assert not year.yellow_card.any()


def test_the_three_comparisons() -> None:
    counts = [[1.0] * 11 + [5.0, 2.0, 3.0]]
    now = {
        against: compare(counts, against)
        for against in ("last_month", "same_month_last_year", "year_to_date")
    }  # type: ignore[arg-type]
    assert now["last_month"].before.tolist() == [[5.0, 2.0]]
    assert now["same_month_last_year"].before.tolist() == [[1.0, 1.0]]
    assert now["year_to_date"].now.tolist() == [[2.0, 5.0]]
    assert now["year_to_date"].before.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("months", [0, 12, 25])
def test_other_lengths_than_a_year_and_one_to_twelve_months_are_refused(months: int) -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        compare(np.zeros((2, months)), "last_month")


def test_from_none_to_some_is_an_infinite_rise_and_from_none_to_none_no_rise() -> None:
    compared = compare([[0.0] * 12 + [3.0], [0.0] * 12 + [0.0]], "same_month_last_year")
    assert rises(compared, "percent")[:, 0].tolist() == [np.inf, 0.0]
    assert risen(compared)[:, 0].tolist() == [True, False]


@given(COUNTS, st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_at_most_the_named_places_are_listed_and_none_above_an_unlisted_one_is_missed(
    counts: np.ndarray, first: int
) -> None:
    compared = compare(counts, "year_to_date")
    keys = (rises(compared, "percent"), compared.now - compared.before, compared.now)
    listed = among_first(keys, first)
    assert (listed.sum(-2) <= min(first, counts.shape[-2])).all()
    assert ((places(keys) <= first) == listed).all()


@given(COUNTS)
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_areas_makes_no_difference(counts: np.ndarray) -> None:
    ladder = dataclasses.replace(LADDER, notice_rank=2, against="year_to_date")
    turned = climb(ladder, counts[:, ::-1]).yellow_card[:, ::-1]
    assert (climb(ladder, counts).yellow_card == turned).all()


@given(COUNTS)
@settings(max_examples=40, deadline=None)
def test_many_years_at_once_are_each_year_by_itself(counts: np.ndarray) -> None:
    ladder = dataclasses.replace(LADDER, notice_rank=2)
    together = climb(ladder, counts)
    for number, year in enumerate(counts):
        alone = climb(ladder, year)
        assert (together.yellow_card[number] == alone.yellow_card).all()
        assert (together.barred[number] == alone.barred).all()
