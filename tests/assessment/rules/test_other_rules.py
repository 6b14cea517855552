"""Rewards, targets, weighted scores and vetoes: as the clauses read, at and beside every bound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.assessment.rules.rewards import FallRewards, pay_falls, pay_units
from linli.assessment.rules.targets import FallTarget, meet_fall, meet_share
from linli.assessment.rules.veto import Veto, decide
from linli.assessment.rules.weighting import Weighting, marks, score

REWARDS = FallRewards(
    against="same_month_last_year", bounds="reached", falls=(30.0, 50.0, 100.0), yuan=(150.0, 270.0, 300.0)
)


def yuan(now: float, before: float, rewards: FallRewards = REWARDS) -> float:
    return float(pay_falls(rewards, [[before] * 12 + [now]]).yuan[0, 0])


@pytest.mark.parametrize(
    ("now", "before", "reached", "exceeded"),
    [
        (8, 10, 0, 0),
        (7, 10, 150, 0),
        (6, 10, 150, 150),
        (5, 10, 270, 150),
        (4, 10, 270, 270),
        (0, 10, 300, 300),
        (10, 10, 0, 0),
        (0, 0, 0, 0),
        (5, 0, 0, 0),
        (700, 1000, 150, 0),
    ],
)
def test_each_step_is_paid_from_its_bound(now: float, before: float, reached: float, exceeded: float) -> None:
    assert yuan(now, before) == reached
    strict = FallRewards(
        against="same_month_last_year", bounds="exceeded", falls=REWARDS.falls, yuan=REWARDS.yuan
    )
    assert yuan(now, before, strict) == exceeded


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_lower_count_never_pays_less(now: int, before: int) -> None:
    assert yuan(float(max(0, now - 1)), float(before)) >= yuan(float(now), float(before))


def test_what_is_not_known_is_not_paid() -> None:
    assert yuan(np.nan, 10) == 0
    assert pay_units(300.0, [2.0, np.nan, 0.0]).tolist() == [600.0, 0.0, 0.0]


def test_the_fall_asked_for_is_met_exactly_at_it_and_year_to_date() -> None:
    counts = [[100.0] * 12 + [100.0, 92.0]]
    result = meet_fall(FallTarget(fall=4.0, compared_with="same_months"), counts)
    assert result.met[0].tolist() == [False, True]
    assert result.percent[0].tolist() == [0.0, -4.0]
    assert result.missed[0].tolist() == [True, False]


def test_whole_years_are_known_only_in_december_and_nothing_before_is_not_known() -> None:
    target = FallTarget(fall=4.0, compared_with="whole_years")
    result = meet_fall(target, [[10.0] * 24])
    assert result.known[0].tolist() == [False] * 11 + [True]
    assert not meet_fall(target, [[0.0] * 12 + [1.0] * 12]).known.any()


def test_a_share_is_met_at_its_target_and_unknown_without_answers() -> None:
    result = meet_share(95.0, [95, 94, 0], [100, 100, 0])
    assert result.met.tolist() == [True, False, False]
    assert result.missed.tolist() == [False, True, False]


def test_marks_by_rank_share_the_mean_of_tied_places() -> None:
    given_marks = marks(np.array([[[3.0], [1.0], [1.0]]]), ("higher",), "by_rank")
    assert given_marks[0, :, 0].tolist() == [100.0, 25.0, 25.0]
    lower = marks(np.array([[[3.0], [1.0], [1.0]]]), ("lower",), "by_rank")
    assert lower[0, :, 0].tolist() == [0.0, 75.0, 75.0]


def test_marks_as_a_share_of_the_best_in_both_directions() -> None:
    items = np.array([[[4.0], [2.0]], [[4.0], [2.0]]])
    given_marks = marks(items, ("higher", "lower"), "share_of_best")
    assert given_marks[:, :, 0].tolist() == [[100.0, 50.0], [50.0, 100.0]]


def test_an_item_that_is_not_known_is_left_out_and_an_area_without_any_has_no_place() -> None:
    items = np.array([[[1.0], [2.0], [np.nan]], [[np.nan], [2.0], [np.nan]]])
    year = score(Weighting(directions=("higher", "higher"), weights=(1.0, 3.0), item_marks="by_rank"), items)
    assert year.annual_place.tolist() == [2, 1, 0]
    assert np.isnan(year.annual[2])
    assert year.best.tolist() == [False, True, False]
    assert year.last.tolist() == [True, False, False]


def test_the_last_tenth_of_thirty_areas_are_three_and_equals_are_nobody() -> None:
    weighting = Weighting(
        directions=("higher",), weights=(1.0,), item_marks="by_rank", last_ones="last_tenth"
    )
    year = score(weighting, np.arange(30.0).reshape(1, 30, 1))
    assert np.flatnonzero(year.last).tolist() == [0, 1, 2]
    assert not score(weighting, np.ones((1, 30, 1))).last.any()


def test_weights_decide_between_two_items() -> None:
    items = np.array([[[2.0], [1.0]], [[1.0], [2.0]]])
    for weights, best in (((3.0, 1.0), 0), ((1.0, 3.0), 1)):
        year = score(Weighting(directions=("higher", "higher"), weights=weights, item_marks="by_rank"), items)
        assert int(year.annual.argmax()) == best


def test_the_last_of_each_comparison_is_carded_and_one_serious_case_is_a_veto() -> None:
    veto = Veto(directions=("higher", "lower"), veto_from=1.0, last_ranks=1)
    result = decide(veto, np.array([[90.0, 95.0, 80.0], [5.0, 9.0, 1.0], [0.0, 0.0, 1.0]]))
    assert result.yellow_card.tolist() == [False, True, True]
    assert result.vetoed.tolist() == [False, False, True]
    assert result.barred.tolist() == [False, True, True]


def test_equals_at_the_end_are_not_carded() -> None:
    veto = Veto(directions=("lower",), veto_from=1.0, last_ranks=1)
    assert not decide(veto, np.array([[5.0, 5.0, 1.0], [0.0, np.nan, 0.0]])).yellow_card.any()
