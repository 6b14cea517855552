"""The exact model agrees with brute force, never exceeds a plan, and bounds the search."""

import dataclasses
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.seeds import Seed
from linli.planning.beats import (
    BeatCount,
    BeatParams,
    BeatProblem,
    ExactParams,
    LoadPerBeat,
    Prices,
    StraightLine,
    UnitsPerBeat,
    check,
    exact,
    solve,
)
from linli.planning.search import MaxIterations
from planning.beats.instances import lattice

SEARCH_ALONE = BeatParams(prove_units=0)


def price(problem: BeatProblem, assignment: np.ndarray) -> float:
    """The objective of docs/methods/beats.md worked out anew, for one group of one part."""
    travel = problem.travel
    assert isinstance(travel, StraightLine)
    apart = np.hypot(travel.x[:, None] - travel.x, travel.y[:, None] - travel.y)
    rule = problem.rules[0]
    assert isinstance(rule, BeatCount)
    near = [[] for _ in range(problem.units)]
    for a, b in problem.edges.tolist():
        near[a].append(apart[a, b])
        near[b].append(apart[a, b])
    scale = sum(r * np.mean(d) for r, d in zip(problem.residents, near, strict=True)) / rule.beats
    target = problem.workload.sum() / rule.beats
    objective = 0.0
    for b in set(assignment.tolist()):
        units = np.flatnonzero(assignment == b)
        objective += (problem.residents[units] @ apart[np.ix_(units, units)]).min()
        beyond = abs(problem.workload[units].sum() / target - 1) - rule.tolerance
        if beyond > 1e-9:
            objective += scale * (problem.prices.outside + problem.prices.beyond * beyond)
    return float(objective)


def by_brute_force(problem: BeatProblem, beats: int) -> float:
    best = np.inf
    for rest in product(range(beats), repeat=problem.units - 1):
        assignment = np.array((0, *rest), np.int32)
        if len(set(assignment.tolist())) < beats:
            continue
        if not any(v.kind == "not_contiguous" for v in check(problem, assignment)):
            best = min(best, price(problem, assignment))
    return best


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_optimum_is_the_one_that_brute_force_finds(seed: int) -> None:
    # Every assignment of 8 units to 3 beats is tried; prices are worked out apart from the planner.
    problem = lattice(4, 2, BeatCount(beats=3, tolerance=0.2), seed=seed)
    result = solve(problem, stop=MaxIterations(20), seed=Seed(1))
    assert result.search.ended == "optimal"
    assert result.search.objective == pytest.approx(by_brute_force(problem, 3))
    assert result.search.objective == pytest.approx(price(problem, result.assignment))


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 1000),
    wide=st.integers(2, 7),
    high=st.integers(1, 5),
    rule=st.sampled_from(
        [UnitsPerBeat(minimum=4, maximum=6), BeatCount(beats=2), LoadPerBeat(target=5000.0, tolerance=0.2)]
    ),
)
def test_no_plan_is_below_the_bound_and_the_proof_never_makes_it_worse(
    seed: int, wide: int, high: int, rule: UnitsPerBeat | BeatCount | LoadPerBeat
) -> None:
    problem = lattice(wide, high, rule, seed=seed)
    alone = solve(problem, stop=MaxIterations(5), seed=Seed(seed), params=SEARCH_ALONE)
    proved = solve(problem, stop=MaxIterations(5), seed=Seed(seed))
    assert proved.search.objective <= alone.search.objective * (1 + 1e-9)
    if proved.search.bound is not None:
        assert proved.search.bound <= proved.search.objective


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_renumbering_the_units_gives_an_equally_good_plan(seed: int) -> None:
    problem = lattice(6, 4, UnitsPerBeat(minimum=4, maximum=6), seed=seed)
    order = np.random.default_rng(seed).permutation(problem.units)
    place = np.argsort(order).astype(np.int32)
    assert isinstance(problem.travel, StraightLine)
    other = dataclasses.replace(
        problem,
        workload=problem.workload[order],
        residents=problem.residents[order],
        edges=place[problem.edges],
        travel=StraightLine(x=problem.travel.x[order], y=problem.travel.y[order]),
    )
    one, two = (solve(p, stop=MaxIterations(10), seed=Seed(1)) for p in (problem, other))
    assert one.search.ended == two.search.ended == "optimal"
    assert one.search.objective == pytest.approx(two.search.objective)


def test_a_poor_plan_is_bettered_to_the_optimum() -> None:
    problem = lattice(5, 4, BeatCount(beats=4))
    rows = (np.arange(20) // 5).astype(np.int32)
    result = exact(problem, rows)
    assert result.bound == pytest.approx(result.objective)
    assert result.objective < price(problem, rows)
    assert check(problem, result.assignment) == ()


def test_limits_that_are_too_low_leave_the_plan_and_say_so_with_no_bound() -> None:
    problem = lattice(5, 4, BeatCount(beats=4))
    rows = (np.arange(20) // 5).astype(np.int32)
    result = exact(problem, rows, params=ExactParams(columns=10))
    assert result.bound is None
    assert (result.assignment == rows).all()


def test_few_columns_for_the_integer_model_still_leave_the_linear_bound() -> None:
    problem = lattice(5, 4, BeatCount(beats=4))
    rows = (np.arange(20) // 5).astype(np.int32)
    result = exact(problem, rows, params=ExactParams(integer_columns=1))
    assert result.bound is not None
    assert result.bound < result.objective


def test_a_tolerance_that_costs_nothing_to_break_leaves_no_bound() -> None:
    problem = lattice(5, 4, BeatCount(beats=4), prices=Prices(outside=0.0, beyond=0.0))
    result = solve(problem, stop=MaxIterations(10), seed=Seed(1))
    assert result.search.bound is None


def test_a_known_plan_with_another_number_of_beats_is_refused() -> None:
    with pytest.raises(ValueError, match="not the 4 beats"):
        exact(lattice(5, 4, BeatCount(beats=4)), np.zeros(20, np.int32))
