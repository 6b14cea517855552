"""Estimates against published ones, and against what must hold of any sample."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.assessment.scoring.intervals import wilson
from linli.assessment.surveys.designs import design, equal_chances
from linli.assessment.surveys.estimation import mean, proportion, total

DATA = Path(__file__).parents[4] / "shared" / "data" / "assessment"
published = pytest.mark.skipif(not DATA.is_dir(), reason="published samples are not part of the repository")


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _numbers(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows])


@published
def test_the_stratified_schools_have_the_published_mean_total_share_and_errors() -> None:
    rows = _rows("api_strat.csv")
    made = design(
        weights=_numbers(rows, "pw"),
        strata=[row["stype"] for row in rows],
        units_in_stratum=_numbers(rows, "fpc"),
    )
    found = mean(_numbers(rows, "api00"), made)
    assert (round(found.value, 2), round(found.standard_error, 4)) == (662.29, 9.4089)
    all_pupils = total(_numbers(rows, "enroll"), made)
    assert (round(all_pupils.value), round(all_pupils.standard_error)) == (3687178, 114642)
    wide = proportion([row["sch.wide"] == "Yes" for row in rows], made)
    assert (round(wide.value, 5), round(wide.standard_error, 4)) == (0.82795, 0.0243)


@published
def test_the_schools_drawn_by_district_have_the_published_mean_and_error() -> None:
    rows = _rows("api_clus2.csv")
    sizes = {
        "units": [row["dnum"] for row in rows],
        "units_in_stratum": _numbers(rows, "fpc1"),
        "members_in_unit": _numbers(rows, "fpc2"),
    }
    found = mean(_numbers(rows, "api00"), design(weights=equal_chances(**sizes), **sizes))
    assert (round(found.value, 2), round(found.standard_error, 3), found.degrees) == (670.81, 30.099, 39)


def test_a_plain_sample_has_the_error_of_the_textbook() -> None:
    values = np.array([3.0, 5.0, 4.0, 8.0, 10.0])
    found = mean(values, design(weights=np.full(5, 20.0)))
    assert found.value == pytest.approx(6.0)
    assert found.standard_error == pytest.approx(values.std(ddof=1) / np.sqrt(5))
    assert found.design_effect == pytest.approx(1.0)
    assert found.effective_answers == pytest.approx(5.0)


def test_a_plain_share_has_wilsons_interval() -> None:
    found = proportion([1] * 65 + [0] * 35, design(weights=np.ones(100)))
    # The estimated variance divides by n − 1, Wilson's by n.
    expected = wilson(65, 100)
    assert (found.low, found.high) == pytest.approx((float(expected.low), float(expected.high)), abs=1e-3)


def test_a_share_nobody_differs_on_still_has_an_interval_which_unequal_weights_widen() -> None:
    even = proportion([1] * 50, design(weights=np.ones(50)))
    uneven = proportion([1] * 50, design(weights=[1.0] * 25 + [9.0] * 25))
    assert even.value == uneven.value == 1.0
    assert uneven.low < even.low < 1.0
    assert uneven.effective_answers == pytest.approx(50 / uneven.weighting_effect)


def test_everybody_asked_leaves_no_error() -> None:
    found = mean([1.0, 2.0, 6.0], design(weights=np.ones(3), units_in_stratum=3))
    assert found.standard_error == 0.0


def test_neighbours_who_answer_alike_widen_the_interval() -> None:
    answers, places = [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1], np.repeat([1, 2, 3], 4)
    alone = proportion(answers, design(weights=np.ones(12)))
    together = proportion(answers, design(weights=np.ones(12), units=places))
    assert together.design_effect > 3 * alone.design_effect
    assert together.high - together.low > alone.high - alone.low


def test_one_answer_of_a_stratum_is_refused_or_measured_from_the_mean() -> None:
    columns = {"weights": np.ones(5), "strata": ["a", "a", "a", "a", "b"]}
    with pytest.raises(ValueError, match="stratum b has a single primary unit"):
        mean([1, 2, 3, 4, 9], design(**columns))
    assert mean([1, 2, 3, 4, 9], design(**columns, lonely="centre")).standard_error > 0


def test_a_stratum_that_was_asked_whole_may_have_one_unit() -> None:
    made = design(weights=np.ones(4), strata=["a", "a", "a", "b"], units_in_stratum=[9, 9, 9, 1])
    assert mean([1, 2, 3, 9], made).standard_error > 0


def test_a_part_of_the_sample_keeps_the_design_of_the_whole() -> None:
    made = design(weights=np.ones(6), strata=list("aaabbb"))
    found = mean([1, 2, 3, 4, 5, 6], made, among=[True, True, False, False, True, True])
    assert found.value == pytest.approx(3.5)
    assert (found.answers, found.degrees) == (4, 4)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"weights": []}, "at least one answer"),
        ({"weights": [[1.0]]}, "one column"),
        ({"weights": [1.0, 0.0]}, "above 0"),
        ({"weights": [1.0, 1.0], "strata": ["a"]}, "strata has 1 entries"),
        ({"weights": [1.0, 1.0], "units_in_stratum": 1}, "fewer than were drawn"),
        ({"weights": [1.0, 1.0], "units_in_stratum": [5, 6]}, "differs within"),
        ({"weights": [1.0, 1.0], "units": [1, 1], "members_in_unit": [float("nan"), 2]}, "missing"),
    ],
)
def test_a_design_that_cannot_be_is_refused(columns, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        design(**columns)


def test_values_that_do_not_fit_the_design_are_refused() -> None:
    made = design(weights=np.ones(2))
    with pytest.raises(ValueError, match="3 values and 2 answers"):
        mean([1, 2, 3], made)
    with pytest.raises(ValueError, match="true or false"):
        proportion([0, 2], made)
    with pytest.raises(ValueError, match="nobody"):
        mean([1, 2], made, among=[False, False])


def test_a_single_answer_says_nothing_of_its_error() -> None:
    found = mean([4.0], design(weights=[3.0], lonely="centre"))
    assert (found.value, found.standard_error, found.effective_answers) == (4.0, 0.0, 1.0)
    assert np.isnan(found.design_effect)


samples = st.lists(
    st.tuples(st.booleans(), st.sampled_from("abc"), st.integers(1, 4), st.floats(0.5, 50)),
    min_size=2,
    max_size=40,
)


@given(samples)
def test_any_share_lies_in_its_interval_and_never_counts_more_answers_than_were_given(rows) -> None:
    holds, strata, units, weights = zip(*rows, strict=True)
    found = proportion(holds, design(weights=weights, strata=strata, units=units, lonely="centre"))
    assert 0 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1
    assert 0 < found.effective_answers <= len(rows)
    assert found.weighting_effect >= 1 - 1e-9


@given(samples, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(rows, random) -> None:
    def estimated(of):
        holds, strata, units, weights = zip(*of, strict=True)
        found = mean(holds, design(weights=weights, strata=strata, units=units, lonely="centre"))
        return found.value, found.standard_error

    mixed = list(rows)
    random.shuffle(mixed)
    assert estimated(rows) == pytest.approx(estimated(mixed), abs=1e-9)


# Mend 20
def test_a_single_unit_in_a_stratum_is_measured_as_r_does_it() -> None:
    """R 4.2, survey: options(survey.lonely.psu = "adjust"), uncentred, so that totals differ from means."""
    y = np.array([3.0, 5.0, 4.0, 9.0])
    of = design(weights=[2.0, 2.0, 2.0, 5.0], strata=["a", "a", "a", "b"], lonely="centre")
    within = 3.0 / 2.0 * ((2.0 * y[:3] - (2.0 * y[:3]).mean()) ** 2).sum()
    assert total(y, of).standard_error == pytest.approx(np.sqrt(within + (5.0 * 9.0) ** 2))
    value = mean(y, of)
    linear = of.weights * (y - value.value) / of.weights.sum()
    expected = 3.0 / 2.0 * ((linear[:3] - linear[:3].mean()) ** 2).sum() + linear[3] ** 2
    assert value.standard_error == pytest.approx(np.sqrt(expected))


# Mend 20
def test_a_single_answer_of_a_larger_unit_is_not_taken_for_certain() -> None:
    columns = {
        "weights": [10.0] * 5,
        "units": ["p", "p", "q", "q", "r"],
        "units_in_stratum": [6.0] * 5,
        "members_in_unit": [8.0, 8.0, 8.0, 8.0, 8.0],
    }
    y = [1.0, 2.0, 4.0, 3.0, 9.0]
    with pytest.raises(ValueError, match="single answer"):
        mean(y, design(**columns))
    with_it = mean(y, design(**columns, lonely="centre"))
    certain = mean(y, design(**{**columns, "members_in_unit": [8.0, 8.0, 8.0, 8.0, 1.0]}, lonely="centre"))
    assert with_it.standard_error > certain.standard_error
