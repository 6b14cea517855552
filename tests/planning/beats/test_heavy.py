"""A place heavier than a beat stands alone, and the rest is counted and balanced by itself."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.seeds import Seed
from linli.planning.beats import (
    BeatCount,
    BeatParams,
    BeatProblem,
    BeatResult,
    LoadPerBeat,
    Rule,
    UnitsPerBeat,
    check,
    heavier_than_mean,
    solve,
)
from linli.planning.search import MaxIterations
from planning.beats.instances import lattice

QUICK = BeatParams(sweeps=20, prove_units=0)


def plan(problem: BeatProblem, seed: int = 1) -> BeatResult:
    return solve(problem, stop=MaxIterations(20), seed=Seed(seed), params=QUICK)


def with_loads(problem: BeatProblem, loads: list[float] | np.ndarray) -> BeatProblem:
    column = np.asarray(loads, dtype=np.float64)
    return dataclasses.replace(problem, workload=column, residents=column)


def sizes(result: BeatResult) -> np.ndarray:
    return np.bincount(result.assignment)


# Mend 11
@pytest.mark.any_database
def test_a_town_of_a_quarter_million_leaves_its_eight_villages_two_beats() -> None:
    """It used to make nine beats, eight of them at a fifth of what a beat should be."""
    loads = [2000.0] * 9
    loads[4] = 250_000.0
    result = plan(with_loads(lattice(3, 3, LoadPerBeat(target=10_000.0, tolerance=0.2)), loads))
    assert sorted(result.load.tolist()) == [8000.0, 8000.0, 250_000.0]
    (named,) = [e for e in result.exceptions if e.kind == "heavy_unit"]
    assert named.units == (4,)
    assert named.worth == 25
    assert "25" in named.describe("甲所", [f"村{i}" for i in range(9)]).zh


# Mend 11
@pytest.mark.any_database
def test_a_fixed_number_of_beats_is_shared_by_the_rest_alone() -> None:
    loads = [1000.0] * 16
    loads[0] = 40_000.0
    result = plan(with_loads(lattice(4, 4, BeatCount(beats=4)), loads))
    assert sorted(result.load.tolist()) == [5000.0, 5000.0, 5000.0, 40_000.0]
    assert set(result.target.tolist()) == {5000.0}
    problem = with_loads(lattice(4, 4, BeatCount(beats=4)), loads)
    assert [v.kind for v in check(problem, result.assignment)] == ["load_outside"]


# Mend 11
@pytest.mark.any_database
def test_a_heavy_place_does_not_stand_alone_where_the_beats_asked_for_would_not_suffice() -> None:
    """A line of three with the heavy place in the middle: two beats cannot be three parts."""
    loads = [1000.0, 40_000.0, 1000.0]
    result = plan(with_loads(lattice(3, 1, BeatCount(beats=2)), loads))
    assert result.beats == 2


# Mend 11
@pytest.mark.any_database
def test_a_rule_of_places_leaves_heavy_places_among_their_neighbours() -> None:
    loads = [1000.0] * 9
    loads[4] = 90_000.0
    result = plan(with_loads(lattice(3, 3, UnitsPerBeat(minimum=4, maximum=5)), loads))
    assert sorted(sizes(result).tolist()) == [4, 5]


# Mend 11
@pytest.mark.any_database
def test_heavier_than_the_mean_of_what_is_left_is_found_heaviest_first() -> None:
    assert heavier_than_mean(np.array([1.0, 9.0, 1.0, 4.0, 1.0]), 3).tolist() == [1, 3]
    assert heavier_than_mean(np.array([2.0, 2.0]), 2).tolist() == []
    assert heavier_than_mean(np.array([5.0]), 1).tolist() == []
    assert heavier_than_mean(np.zeros(3), 2).tolist() == []
    # Within the tolerance it is a beat like any other, and the target of the rest stays.
    assert heavier_than_mean(np.array([105.0, 95.0, 50.0, 50.0]), 3).tolist() == [0]
    assert heavier_than_mean(np.array([105.0, 95.0, 50.0, 50.0]), 3, 0.1).tolist() == []


@st.composite
def places(draw: st.DrawFn) -> BeatProblem:
    """Lattices with borders missing and some places many times as heavy as the rest."""
    rule: Rule = draw(st.sampled_from([LoadPerBeat(target=4000.0, tolerance=0.2), BeatCount(beats=5)]))
    seed = draw(st.integers(0, 10_000))
    problem = lattice(draw(st.integers(2, 7)), draw(st.integers(2, 6)), rule, seed=seed)
    random = np.random.default_rng(seed)
    loads = problem.residents * np.where(random.uniform(size=problem.units) < 0.1, 30.0, 1.0)
    stays = random.uniform(size=len(problem.edges)) >= draw(st.floats(0, 0.3))
    return dataclasses.replace(with_loads(problem, loads), edges=problem.edges[stays])


# Mend 11
@pytest.mark.any_database
@settings(max_examples=40, deadline=None)
@given(problem=places())
def test_places_heavier_than_the_target_stand_alone(problem: BeatProblem) -> None:
    result = plan(problem)
    (rule,) = problem.rules
    size = sizes(result)
    alone = size[result.assignment] == 1
    if isinstance(rule, LoadPerBeat):
        assert alone[problem.residents > rule.target].all()
    elif not any(e.kind == "more_parts_than_beats" for e in result.exceptions):
        assert result.beats == min(rule.beats, problem.units)
    named = {e.units for e in result.exceptions if e.kind == "heavy_unit"}
    assert all(len(units) == 1 and alone[units[0]] for units in named)
    outside = [v for v in check(problem, result.assignment) if v.kind == "load_outside"]
    assert all(result.exceptions for _ in outside)


# Mend 11
@pytest.mark.any_database
@settings(max_examples=40, deadline=None)
@given(problem=places(), factor=st.floats(1.5, 100))
def test_how_heavy_a_heavy_place_is_does_not_change_the_rest(problem: BeatProblem, factor: float) -> None:
    """What stands alone is out of the count: making it heavier still moves nobody."""
    rule = LoadPerBeat(target=4000.0, tolerance=0.2)
    problem = dataclasses.replace(problem, rules=(rule,))
    heavy = problem.residents > rule.target
    more = with_loads(problem, np.where(heavy, problem.residents * factor, problem.residents))
    before, after = plan(problem), plan(more)
    assert before.beats == after.beats
    assert int((sizes(before) == 1).sum()) == int((sizes(after) == 1).sum())
