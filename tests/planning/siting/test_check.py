"""The independent check notices each way in which an answer can be wrong."""

from dataclasses import replace

import numpy as np
import pytest

from linli.kernel.measures import Minutes
from linli.kernel.seeds import Seed
from linli.planning.search import MaxIterations
from linli.planning.siting import (
    NOT_SERVED,
    MaximalCovering,
    Median,
    SetCovering,
    SitingProblem,
    SitingResult,
    check,
    solve,
)

COSTS = np.array([[0.0, 4.0, 9.0, 7.0], [4.0, 0.0, 5.0, 6.0], [9.0, 5.0, 0.0, 3.0], [7.0, 6.0, 3.0, np.inf]])
PROBLEM = SitingProblem(COSTS, Median(2), existing=frozenset({1}), forbidden=frozenset({3}))
CARRYING = SitingProblem(COSTS, Median(2), capacities=np.full(4, 2.0))


def answer(problem: SitingProblem) -> SitingResult:
    result = solve(problem, stop=MaxIterations(100), seed=Seed(1))
    assert check(problem, result) == ()
    return result


def codes(problem: SitingProblem, result: SitingResult) -> set[str]:
    return {violation.code for violation in check(problem, result)}


@pytest.mark.parametrize(
    ("open_sites", "code"),
    [
        ((1, 9), "site_number"),
        ((2, 1), "repeated"),
        ((0, 2), "existing"),
        ((1, 3), "forbidden"),
        ((0, 1, 2), "count"),
    ],
)
def test_wrong_sites_are_noticed(open_sites: tuple[int, ...], code: str) -> None:
    assert code in codes(PROBLEM, replace(answer(PROBLEM), open_sites=open_sites))


@pytest.mark.parametrize(
    ("assignment", "code"),
    [
        ((1, 1, 2), "assignment_length"),
        ((0, 1, 2, 2), "served_by_closed"),
        ((1, 1, 1, 2), "nearest"),
        ((1, 1, 2, NOT_SERVED), "not_served"),
        ((1, 1, 2, 99), "served_by_closed"),
    ],
)
def test_a_wrong_assignment_is_noticed(assignment: tuple[int, ...], code: str) -> None:
    result = answer(PROBLEM)
    assert result.open_sites == (1, 2)
    assert code in codes(PROBLEM, replace(result, assignment=assignment))


def test_a_pair_that_cannot_be_used_is_noticed() -> None:
    result = replace(answer(CARRYING), open_sites=(1, 3), assignment=(1, 1, 3, 3))
    assert "pair" in codes(CARRYING, result)


def test_an_overloaded_site_is_noticed() -> None:
    result = answer(CARRYING)
    everyone = replace(result, assignment=(result.open_sites[0],) * 4)
    assert "capacity" in codes(CARRYING, everyone)


def test_a_client_beyond_the_time_is_noticed() -> None:
    problem = SitingProblem(COSTS, SetCovering(Minutes(5.0)))
    result = answer(problem)
    far = replace(result, open_sites=(1, 2), assignment=(2, 1, 2, 2))
    assert "within" in codes(problem, far)


def test_a_covered_client_left_out_is_noticed() -> None:
    problem = SitingProblem(COSTS, MaximalCovering(1, Minutes(5.0)))
    result = answer(problem)
    assert "nearest" in codes(problem, replace(result, assignment=(NOT_SERVED,) * 4))


def test_wrong_figures_are_noticed() -> None:
    result = answer(PROBLEM)
    search = result.search
    assert codes(PROBLEM, replace(result, search=replace(search, objective=6.0, bound=6.0))) == {"objective"}
    assert codes(PROBLEM, replace(result, search=replace(search, bound=99.0))) == {"bound"}
    assert codes(PROBLEM, replace(result, search=replace(search, bound=1.0))) == {"not_proved"}
    assert codes(PROBLEM, replace(result, search=replace(search, bound=None))) == {"not_proved"}
    assert codes(PROBLEM, replace(result, search=replace(search, bound=1.0, ended="limit"))) == set()


def test_long_lists_of_clients_are_cut_short() -> None:
    problem = SitingProblem(np.zeros((30, 2)), Median(1))
    result = replace(answer(problem), assignment=(NOT_SERVED,) * 30)
    assert "… (30)" in check(problem, result)[0].text.en
