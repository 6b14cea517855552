"""Needs are rounded up, once, at the scope that the clause names."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.planning.staffing import apportion, round_up


@pytest.mark.parametrize(
    ("exact", "people"),
    [
        (3 * 1_104_391 / 1000, 3314),  # Lanling, usual residents of 2020
        (0.4 * 10, 4),
        (0.1 * 3 * 10, 3),  # 3.0000000000000004 in binary
        (1.1 * 1.1 * 100, 121),  # 121.00000000000001
        (0.0, 0),
        (0.001, 1),
        (4.0001, 5),
    ],
)
def test_a_need_is_covered_and_binary_noise_is_not_a_person(exact: float, people: int) -> None:
    assert round_up(exact) == people


@given(st.integers(0, 10_000), st.integers(1, 1000))
def test_rounding_up_agrees_with_whole_number_arithmetic(top: int, bottom: int) -> None:
    assert round_up(top / bottom) == -(-top // bottom)


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=30))
def test_parts_add_up_to_the_total_and_stay_within_one_of_the_exact_need(thousandths: list[int]) -> None:
    exact = np.array(thousandths) / 1000
    total = -(-sum(thousandths) // 1000)
    parts = apportion(total, exact)
    assert parts.sum() == total
    for part, need in zip(parts.tolist(), thousandths, strict=True):
        assert need // 1000 <= part <= math.ceil(need / 1000)


def test_equal_remainders_go_in_the_order_given() -> None:
    assert apportion(2, np.array([0.5, 0.5, 0.5])).tolist() == [1, 1, 0]


def test_nobody_is_shared_out_when_nothing_is_asked() -> None:
    assert apportion(0, np.array([0.0, 0.0])).tolist() == [0, 0]
