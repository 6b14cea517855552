"""Siting against trying everything, on small problems of every kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.errors import LinliError
from linli.kernel.measures import Minutes
from linli.kernel.seeds import Seed
from linli.planning.search import MaxIterations
from linli.planning.siting import (
    Centre,
    MaximalCovering,
    Median,
    Model,
    NearestCosts,
    SetCovering,
    SitingProblem,
    SitingResult,
    check,
    solve,
)
from planning.siting.brute import best_objective

STOP = MaxIterations(20_000)


@st.composite
def problems(draw: st.DrawFn, *, capacities: bool) -> SitingProblem:
    clients = draw(st.integers(1, 5 if capacities else 8))
    sites = draw(st.integers(1, 4 if capacities else 9))
    whole = draw(st.booleans())
    cost = st.integers(0, 12).map(float) if whole else st.floats(0.0, 12.0, width=32)
    if draw(st.booleans()):
        cost = st.one_of(cost, cost, cost, st.just(np.inf))
    costs = np.array(draw(st.lists(cost, min_size=clients * sites, max_size=clients * sites)))
    existing = draw(st.frozensets(st.integers(0, sites - 1), max_size=2))
    forbidden = draw(st.frozensets(st.integers(0, sites - 1), max_size=2)) - existing
    weights = draw(st.none() | st.lists(st.integers(0, 6), min_size=clients, max_size=clients))
    room = draw(st.lists(st.integers(0, 14), min_size=sites, max_size=sites))
    return SitingProblem(
        costs.reshape(clients, sites),
        draw(models(max(1, len(existing)), max(1, sites - len(forbidden)))),
        weights=None if weights is None else np.array(weights, dtype=float),
        existing=existing,
        forbidden=forbidden,
        capacities=np.array(room, dtype=float) if capacities else None,
    )


def models(least: int, most: int) -> st.SearchStrategy[Model]:
    count = st.integers(least, max(least, most))
    within = st.integers(0, 12).map(Minutes)
    return st.one_of(
        st.builds(Median, count),
        st.builds(Centre, count),
        st.builds(MaximalCovering, count, within),
        st.builds(SetCovering, within),
    )


def solved(problem: SitingProblem) -> SitingResult | None:
    try:
        return solve(problem, stop=STOP, seed=Seed(3))
    except LinliError:
        return None


def matches(problem: SitingProblem) -> None:
    result, best = solved(problem), best_objective(problem)
    if result is None:
        assert best == np.inf
        return
    assert check(problem, result) == ()
    assert result.search.ended == "optimal"
    assert result.objective == pytest.approx(best, rel=2e-6, abs=1e-9)
    assert result.bound is not None
    assert result.bound <= best * (1.0 + 1e-9) + 1e-9


@settings(max_examples=150, deadline=None)
@given(problems(capacities=False))
def test_no_open_set_is_better(problem: SitingProblem) -> None:
    matches(problem)


@settings(max_examples=80, deadline=None)
@given(problems(capacities=True))
def test_no_packing_is_better(problem: SitingProblem) -> None:
    matches(problem)


@settings(max_examples=60, deadline=None)
@given(problems(capacities=False), st.randoms(use_true_random=False))
def test_the_objective_does_not_depend_on_the_numbering(problem: SitingProblem, random: object) -> None:
    rows, columns = np.arange(problem.clients), np.arange(problem.sites)
    random.shuffle(rows)
    random.shuffle(columns)
    place = {int(old): new for new, old in enumerate(columns)}
    other = SitingProblem(
        problem.costs[rows][:, columns],
        problem.model,
        weights=None if problem.weights is None else problem.weights[rows],
        existing=frozenset(place[j] for j in problem.existing),
        forbidden=frozenset(place[j] for j in problem.forbidden),
    )
    one, two = solved(problem), solved(other)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert one.objective == pytest.approx(two.objective, rel=2e-6, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(problems(capacities=False), st.integers(1, 4))
def test_stopping_early_gives_an_answer_and_an_honest_bound(problem: SitingProblem, steps: int) -> None:
    best = best_objective(problem)
    try:
        result = solve(problem, stop=MaxIterations(steps), seed=Seed(1))
    except LinliError:
        return
    assert check(problem, result) == ()
    assert result.objective >= best - 1e-9
    assert result.bound is None or result.bound <= best * (1.0 + 1e-9) + 1e-9


@settings(max_examples=40, deadline=None)
@given(problems(capacities=False))
def test_lists_of_nearest_sites_mean_the_same_as_a_table(problem: SitingProblem) -> None:
    usable = np.isfinite(problem.costs)
    client, site = np.nonzero(usable)
    first = np.concatenate(([0], np.cumsum(usable.sum(axis=1))))
    lists = NearestCosts(problem.sites, first, site.astype(np.int32), problem.costs[usable])
    assert len(client) == first[-1]
    sparse = SitingProblem(
        lists,
        problem.model,
        weights=problem.weights,
        existing=problem.existing,
        forbidden=problem.forbidden,
    )
    one, two = solved(problem), solved(sparse)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert one.objective == pytest.approx(two.objective)
        assert check(sparse, two) == ()
