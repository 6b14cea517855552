"""The beat planner: rules kept or named, borders kept, the same plan from the same seed."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.seeds import Seed
from linli.planning.beats import (
    BeatCount,
    BeatProblem,
    BeatResult,
    GroupMatrices,
    LoadPerBeat,
    OneUnitEach,
    Prices,
    StraightLine,
    UnitsPerBeat,
    check,
    solve,
)
from linli.planning.search import MaxIterations, Progress
from planning.beats.instances import lattice, stations

FEW = MaxIterations(30)
VILLAGES = UnitsPerBeat(minimum=4, maximum=6)


def plan(problem: BeatProblem, *, seed: int = 7, start: np.ndarray | None = None) -> BeatResult:
    return solve(problem, stop=FEW, seed=Seed(seed), start=start)


def test_a_community_is_a_beat_of_its_own() -> None:
    result = plan(lattice(4, 3, OneUnitEach()))
    assert result.beats == 12
    assert result.mean_travel == 0
    assert result.centres.tolist() == list(range(12))


def test_four_to_six_villages_make_a_beat_wherever_that_is_possible() -> None:
    problem = lattice(7, 6, VILLAGES)
    result = plan(problem)
    sizes = np.bincount(result.assignment)
    assert sizes.min() >= 4
    assert sizes.max() <= 6
    assert check(problem, result.assignment) == ()
    assert result.exceptions == ()


@pytest.mark.parametrize(("units", "kind", "beats"), [(3, "part_below_minimum", 1), (7, "no_division", 1)])
def test_a_station_that_cannot_keep_the_range_is_named(units: int, kind: str, beats: int) -> None:
    result = plan(lattice(units, 1, VILLAGES))
    assert result.beats == beats
    assert result.exceptions[0].kind == kind
    assert result.exceptions[0].units == tuple(range(units))


def test_a_star_of_villages_cannot_be_divided_and_every_broken_beat_is_named() -> None:
    n = 15
    problem = BeatProblem(
        workload=np.ones(n),
        residents=np.ones(n),
        group=np.zeros(n, np.int32),
        edges=np.column_stack([np.zeros(n - 1, np.int32), np.arange(1, n, dtype=np.int32)]),
        travel=StraightLine(x=np.arange(n) * 1.0, y=np.zeros(n)),
        rules=(VILLAGES,),
    )
    result = plan(problem)
    named = {e.beat for e in result.exceptions if e.kind == "beat_units_outside"}
    sizes = np.bincount(result.assignment)
    assert named == set(np.flatnonzero((sizes < 4) | (sizes > 6)).tolist())
    assert named


def test_islands_get_beats_of_their_own_and_a_small_one_is_named() -> None:
    problem = lattice(8, 4, VILLAGES)
    edges = problem.edges
    # Cut off the last column but one unit wide strip of two units.
    island = np.isin(np.arange(32), [7, 15])
    kept = edges[island[edges[:, 0]] == island[edges[:, 1]]]
    problem = dataclasses.replace(problem, edges=kept)
    result = plan(problem)
    assert set(np.flatnonzero(result.assignment == result.assignment[7])) == {7, 15}
    assert [(e.kind, e.units) for e in result.exceptions if e.beat is None] == [
        ("part_below_minimum", (7, 15))
    ]
    assert {v.kind for v in check(problem, result.assignment)} == {"too_few_units"}


def test_a_load_target_sets_the_number_of_beats_and_the_tolerance_is_kept() -> None:
    problem = lattice(7, 7, LoadPerBeat(target=5000.0, tolerance=0.15))
    result = plan(problem)
    assert result.beats == round(problem.residents.sum() / 5000)
    assert check(problem, result.assignment) == ()


def test_a_fixed_number_of_beats_is_met() -> None:
    problem = lattice(6, 6, BeatCount(beats=7))
    result = plan(problem)
    assert result.beats == 7
    assert check(problem, result.assignment) == ()


def test_a_unit_heavier_than_the_target_is_named() -> None:
    problem = lattice(6, 6, BeatCount(beats=6))
    workload = problem.workload.copy()
    workload[11] = 9 * workload.sum()
    result = plan(dataclasses.replace(problem, workload=workload))
    assert result.heavier.tolist() == [11]
    assert any(e.kind == "beat_load_outside" for e in result.exceptions)


def test_town_and_country_of_one_station_follow_their_own_rules() -> None:
    group = (np.arange(48) % 8 < 6).astype(np.int32)
    problem = stations(8, 6, [OneUnitEach(), VILLAGES], group)
    result = plan(problem)
    assert check(problem, result.assignment) == ()
    assert (np.bincount(result.assignment[group == 0], minlength=result.beats)[:12] == 1).all()
    assert result.group.tolist() == sorted(result.group.tolist())


def test_beats_too_large_to_enumerate_are_still_balanced_and_contiguous() -> None:
    problem = lattice(20, 15, BeatCount(beats=6))
    result = solve(problem, stop=MaxIterations(60), seed=Seed(3))
    assert check(problem, result.assignment) == ()


def test_existing_beats_stay_when_moving_has_a_price() -> None:
    problem = lattice(6, 6, BeatCount(beats=7))
    now = plan(problem, seed=1)
    dear = dataclasses.replace(problem, prices=Prices(moved=1000.0))
    again = plan(dear, seed=2, start=now.assignment)
    assert again.moved == 0
    assert (again.assignment == now.assignment).all()
    assert (again.kept == np.arange(7)).all()


def test_a_price_per_moved_unit_keeps_more_units_than_no_price() -> None:
    problem = lattice(6, 6, BeatCount(beats=7))
    rows = (np.arange(36) // 5).astype(np.int32)
    free = plan(problem, start=rows)
    priced = plan(dataclasses.replace(problem, prices=Prices(moved=0.3)), start=rows)
    assert priced.moved < free.moved
    assert {v.kind for v in check(problem, priced.assignment)} <= {"load_outside"}


@pytest.mark.parametrize("beats", [2, 30])
def test_existing_beats_are_joined_or_divided_to_the_number_asked_for(beats: int) -> None:
    problem = lattice(8, 8, BeatCount(beats=beats))
    problem = dataclasses.replace(problem, prices=Prices(moved=0.1))
    result = plan(problem, start=(np.arange(64) // 6).astype(np.int32))
    assert result.beats == beats
    assert not any(v.kind == "not_contiguous" for v in check(problem, result.assignment))
    assert len(set(result.kept[result.kept >= 0])) == (result.kept >= 0).sum()


def test_a_matrix_of_travel_gives_the_plan_that_its_straight_lines_give() -> None:
    group = (np.arange(40) % 8 >= 4).astype(np.int32)
    straight = stations(8, 5, [BeatCount(beats=4), VILLAGES], group)
    assert isinstance(straight.travel, StraightLine)
    at = np.column_stack([straight.travel.x, straight.travel.y])
    matrices = tuple(np.sqrt(((at[group == g][:, None] - at[group == g]) ** 2).sum(axis=2)) for g in (0, 1))
    by_matrix = dataclasses.replace(straight, travel=GroupMatrices(matrices=matrices))
    one, other = plan(straight), plan(by_matrix)
    assert (one.assignment == other.assignment).all()
    assert one.search.objective == pytest.approx(other.search.objective)


def test_no_units_make_no_beats() -> None:
    none = np.empty(0)
    result = plan(
        BeatProblem(
            workload=none,
            residents=none,
            group=np.empty(0, np.int32),
            edges=np.empty((0, 2), np.int32),
            travel=StraightLine(x=none, y=none),
            rules=(),
        )
    )
    assert result.beats == 0
    assert result.search.objective == 0


def test_one_unit_is_one_beat_and_its_own_centre() -> None:
    for rule in (OneUnitEach(), VILLAGES, BeatCount(beats=1), LoadPerBeat(target=1.0)):
        result = plan(lattice(1, 1, rule))
        assert (result.assignment.tolist(), result.centres.tolist()) == ([0], [0])


def test_units_at_one_point_and_without_residents_are_still_planned() -> None:
    problem = lattice(6, 5, VILLAGES)
    zero = np.zeros(30)
    problem = dataclasses.replace(problem, residents=zero, workload=zero, travel=StraightLine(x=zero, y=zero))
    result = plan(problem)
    assert result.mean_travel == 0
    assert check(problem, result.assignment) == ()


def test_more_beats_than_units_and_fewer_beats_than_islands_are_named() -> None:
    assert plan(lattice(3, 1, BeatCount(beats=5))).exceptions[0].kind == "more_beats_than_units"
    apart = dataclasses.replace(lattice(3, 1, BeatCount(beats=2)), edges=np.empty((0, 2), np.int32))
    result = plan(apart)
    assert result.beats == 3
    assert result.exceptions[0].kind == "more_parts_than_beats"


def test_a_number_of_beats_that_the_range_forbids_is_named() -> None:
    result = plan(lattice(20, 1, UnitsPerBeat(minimum=4, maximum=6, beats=9)))
    assert result.beats == 5
    assert result.exceptions[0].kind == "beats_not_possible"


def test_the_same_seed_gives_the_same_bytes() -> None:
    problem = lattice(6, 6, BeatCount(beats=7))
    assert plan(problem).assignment.tobytes() == plan(problem).assignment.tobytes()


def test_stopping_at_once_still_gives_a_sound_plan() -> None:
    problem = lattice(6, 6, BeatCount(beats=7))
    seen: list[Progress] = []

    def at_once(progress: Progress) -> bool:
        seen.append(progress)
        return True

    result = solve(problem, stop=at_once, seed=Seed(1))
    assert [p.iteration for p in seen] == [0, 0]
    assert result.search.ended == "limit"
    assert not any(v.kind == "not_contiguous" for v in check(problem, result.assignment))


def test_a_start_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="need one beat for each of 4 units"):
        plan(lattice(2, 2, OneUnitEach()), start=np.zeros(3, np.int32))


@settings(max_examples=25, deadline=None)
@given(
    wide=st.integers(1, 7),
    high=st.integers(1, 6),
    seed=st.integers(0, 10_000),
    drop=st.floats(0, 0.6),
    rule=st.sampled_from([VILLAGES, BeatCount(beats=3), LoadPerBeat(target=4000.0), OneUnitEach()]),
)
def test_every_unit_is_in_one_contiguous_beat_and_every_broken_norm_is_named(
    wide: int, high: int, seed: int, drop: float, rule: object
) -> None:
    problem = lattice(wide, high, rule, seed=seed)  # type: ignore[arg-type]
    stays = np.random.default_rng(seed).uniform(size=len(problem.edges)) >= drop
    problem = dataclasses.replace(problem, edges=problem.edges[stays])
    result = plan(problem, seed=seed)
    assert sorted(set(result.assignment.tolist())) == list(range(result.beats))
    broken = check(problem, result.assignment)
    assert not any(v.kind in {"not_contiguous", "crosses_groups", "unassigned"} for v in broken)
    if broken:
        assert result.exceptions
    for b, centre in enumerate(result.centres):
        assert result.assignment[centre] == b
