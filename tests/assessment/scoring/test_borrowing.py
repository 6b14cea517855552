"""The funnel that borrows: own past and the others', each as far as the areas are alike."""

import numpy as np
import pytest

from linli.assessment.scoring.borrowing import borrow
from linli.assessment.scoring.funnels import PredictiveFunnel


def _county(differences: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Past counts of forty areas of one size whose rates differ so much, and their exposure (synthetic)."""
    rng = np.random.default_rng(seed)
    rates = 4.0 * np.exp(rng.normal(0.0, differences, 40))
    return rng.poisson(rates[:, None], (40, 12)).astype(float), np.ones(40)


def test_alike_areas_are_expected_to_count_alike() -> None:
    past, exposure = _county(0.0)
    now = np.full((40, 3), 4.0)
    borrowed, alone = borrow(past, now, exposure), PredictiveFunnel.own_past(past, now)
    assert borrowed.expected.std() < 0.5 * alone.expected.std()


def test_areas_that_differ_keep_their_own_past() -> None:
    past, exposure = _county(1.0)
    now = np.full((40, 3), 4.0)
    borrowed, alone = borrow(past, now, exposure), PredictiveFunnel.own_past(past, now)
    np.testing.assert_allclose(borrowed.expected, alone.expected, rtol=0.25, atol=1.5)


def test_borrowing_sees_a_doubling_at_least_as_often_as_the_own_past_alone() -> None:
    past, exposure = _county(0.1)
    now = np.full((40, 3), 4.0)
    borrowed = borrow(past, now, exposure).power(2.0).mean()
    assert borrowed > PredictiveFunnel.own_past(past, now).power(2.0).mean()


def test_a_rise_everywhere_is_nobodys_and_a_single_one_is_seen() -> None:
    past, exposure = np.full((20, 12), 6.0), np.ones(20)
    now = np.full((20, 1), 18.0)
    assert not borrow(past, now, exposure).departures(now[:, 0]).any()
    now[3] = 60.0
    assert borrow(past, now, exposure).departures(now[:, 0]).tolist() == [0, 0, 0, 1] + [0] * 16


def test_counties_are_judged_together_as_one_by_one() -> None:
    first, exposure = _county(0.3, seed=1)
    second, _ = _county(0.3, seed=2)
    both, now = np.stack([first, second]), np.full((2, 40, 2), 5.0)
    together = borrow(both, now, exposure)
    np.testing.assert_allclose(together.expected[1], borrow(second, now[1], exposure).expected)
    np.testing.assert_allclose(together.size[0], borrow(first, now[0], exposure).size)


def test_an_area_without_residents_is_refused() -> None:
    with pytest.raises(ValueError, match="exposure above 0"):
        borrow(np.ones((2, 12)), np.ones((2, 1)), [1.0, 0.0])
