"""What cannot be answered is refused with a sentence, before anything is searched."""

import string

import numpy as np
import pytest

from linli.kernel.errors import LinliError
from linli.kernel.measures import Minutes
from linli.kernel.seeds import Seed
from linli.kernel.texts import catalogue
from linli.planning.search import MaxIterations
from linli.planning.siting import (
    Centre,
    MaximalCovering,
    Median,
    NearestCosts,
    SetCovering,
    SitingParameters,
    SitingProblem,
    solve,
)

COSTS = np.array([[1.0, 5.0, 9.0], [5.0, 1.0, 5.0], [9.0, 5.0, 1.0]])
APART = np.array([[1.0, np.inf, np.inf], [np.inf, 1.0, np.inf], [np.inf, np.inf, 1.0]])


def refusal(problem: SitingProblem, **options: object) -> str:
    with pytest.raises(LinliError) as caught:
        solve(problem, stop=MaxIterations(1000), seed=Seed(1), **options)
    assert caught.value.text.zh != caught.value.text.en
    return caught.value.text.en


def lists(first: list[int], site: list[int], cost: list[float]) -> SitingProblem:
    return SitingProblem(
        NearestCosts(3, np.array(first), np.array(site, dtype=np.int32), np.array(cost)), Median(1)
    )


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (SitingProblem(COSTS[0], Median(1)), "have 1 dimensions"),
        (SitingProblem(np.zeros((0, 3)), Median(1)), "no clients"),
        (SitingProblem(np.zeros((3, 0)), Median(1)), "no site that may open"),
        (SitingProblem(COSTS, Median(1), forbidden=frozenset({0, 1, 2})), "no site that may open"),
        (SitingProblem(np.where(COSTS == 9.0, np.nan, COSTS), Median(1)), "costs of client 0 contain nan"),
        (SitingProblem(np.where(COSTS == 9.0, -1.0, COSTS), Median(1)), "costs of client 0 contain -1.0"),
        (SitingProblem(COSTS, Median(1), weights=np.ones(2)), "weights must have 3 entries and has 2"),
        (SitingProblem(COSTS, Median(1), weights=np.array([1.0, np.nan, 1.0])), "weights has nan at entry 1"),
        (SitingProblem(COSTS, Median(1), weights=np.array([1.0, 1.0, np.inf])), "weights has inf at entry 2"),
        (SitingProblem(COSTS, Median(1), demands=np.array([1.0, -2.0, 1.0])), "demands has -2.0"),
        (SitingProblem(COSTS, Median(1), capacities=np.ones(4)), "capacities must have 3 entries"),
        (SitingProblem(COSTS, Median(1), existing=frozenset({7})), "existing sites contain number 7"),
        (SitingProblem(COSTS, Median(1), forbidden=frozenset({-1})), "forbidden sites contain number -1"),
        (
            SitingProblem(COSTS, Median(2), existing=frozenset({1, 2}), forbidden=frozenset({0, 2})),
            "Sites 2 are both existing (kept open) and forbidden",
        ),
        (SitingProblem(COSTS, Median(0)), "0 sites are to open"),
        (SitingProblem(COSTS, Centre(4)), "4 sites are to open but only 3 may"),
        (
            SitingProblem(COSTS, Median(3), forbidden=frozenset({0})),
            "3 sites are to open but only 2 may",
        ),
        (SitingProblem(COSTS, Median(1), existing=frozenset({0, 1})), "2 existing ones are kept"),
        (SitingProblem(COSTS, SetCovering(Minutes(-1.0))), "covering time is -1.0"),
        (SitingProblem(COSTS, MaximalCovering(1, Minutes(np.nan))), "covering time is nan"),
        (SitingProblem(APART, Median(2), forbidden=frozenset({1})), "Clients 1 cannot be reached"),
        (SitingProblem(COSTS, SetCovering(Minutes(0.5))), "Clients 0, 1, 2 have no site"),
        (SitingProblem(APART, Median(2)), "2 sites cannot serve every client: at least 3 are needed"),
        (SitingProblem(APART, Centre(2)), "2 sites cannot serve every client: at least 3 are needed"),
        (SitingProblem(COSTS, Median(2), capacities=np.ones(3)), "Demand is 3.0 in all"),
        (
            SitingProblem(COSTS, Median(1), weights=np.array([5.0, 1.0, 1.0]), capacities=np.full(3, 4.0)),
            "Client 0 demands 5.0",
        ),
        (
            SitingProblem(COSTS, Median(2), weights=np.full(3, 2.0), capacities=np.full(3, 3.0)),
            "No choice of sites serves every client whole",
        ),
        (
            SitingProblem(COSTS, Centre(2), weights=np.full(3, 2.0), capacities=np.full(3, 3.0)),
            "No choice of sites serves every client whole",
        ),
        (
            SitingProblem(
                COSTS,
                SetCovering(Minutes(1.0)),
                demands=np.full(3, 2.0),
                capacities=np.array([4.0, 1.0, 4.0]),
            ),
            "Client 1 demands 2.0",
        ),
        (lists([0, 1, 2], [0, 1, 2], [1.0, 1.0, 1.0]), "3 site numbers, 3 costs, starts that end at 2"),
        (lists([0, 1, 2], [0, 5], [1.0, 1.0]), "site number 5, where numbers run from 0 to 2"),
        (lists([0, 1, 3], [0, 1, 1], [1.0, 1.0, 2.0]), "client 1 lists site 1 twice"),
        (lists([0, 1, 2], [0, 1], [1.0, np.nan]), "costs of client 1 contain nan"),
    ],
)
def test_a_problem_without_an_answer_is_refused_with_its_sentence(
    problem: SitingProblem, sentence: str
) -> None:
    assert sentence in refusal(problem)


def test_a_start_that_may_not_open_is_refused() -> None:
    problem = SitingProblem(COSTS, Median(1), forbidden=frozenset({2}))
    assert "contains number 2" in refusal(problem, start=frozenset({2}))
    assert "contains number 9" in refusal(problem, start=frozenset({9}))


def test_many_numbers_are_cut_short() -> None:
    problem = SitingProblem(np.full((30, 2), 9.0), SetCovering(Minutes(1.0)))
    assert "8, 9, … (30)" in refusal(problem)


@pytest.mark.parametrize(
    "values", [{"restarts": -1}, {"exact_pairs": -1}, {"root_rounds": 0}, {"packings": 0}, {"tolerance": 0.0}]
)
def test_parameters_that_mean_nothing_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"restarts|rounds|tolerance"):
        SitingParameters(**values)


def test_both_languages_say_the_same_things() -> None:
    for key, text in catalogue("linli.planning.siting").templates.items():
        fields = [{f for _, f, _, _ in string.Formatter().parse(t) if f} for t in (text.zh, text.en)]
        assert fields[0] == fields[1], key
