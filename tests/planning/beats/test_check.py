"""The checker finds each kind of mistake; exceptions read as sentences; broken problems are refused."""

import dataclasses

import numpy as np
import pytest

from linli.planning.beats import (
    BeatCount,
    BeatParams,
    BeatProblem,
    GroupMatrices,
    LoadPerBeat,
    OneUnitEach,
    PlanException,
    PlanExceptionKind,
    Prices,
    Rule,
    StraightLine,
    UnitsPerBeat,
    apportion,
    beats_by_load,
    beats_by_units,
    check,
)
from planning.beats.instances import lattice, stations

VILLAGES = UnitsPerBeat(minimum=2, maximum=3)


def kinds(problem: BeatProblem, assignment: list[int]) -> list[str]:
    return [v.kind for v in check(problem, np.array(assignment, np.int32))]


@pytest.mark.parametrize(
    ("rule", "assignment", "expected"),
    [
        (VILLAGES, [0, 0, 0, 1, 1, 1], []),
        (VILLAGES, [0, 1, 0, 1, 0, 1], ["not_contiguous", "not_contiguous"]),
        (VILLAGES, [0, 0, 0, 0, 1, -1], ["unassigned", "too_many_units", "too_few_units"]),
        (OneUnitEach(), [0, 0, 1, 2, 3, 4], ["too_many_units"]),
        (BeatCount(beats=3, tolerance=0.9), [0, 0, 0, 1, 1, 1], ["beat_count"]),
        (LoadPerBeat(target=1.0), [0, 0, 0, 1, 1, 1], ["load_outside", "load_outside"]),
    ],
)
def test_each_kind_of_mistake_is_found(rule: Rule, assignment: list[int], expected: list[str]) -> None:
    assert kinds(lattice(6, 1, rule), assignment) == expected


def test_a_beat_across_a_border_is_found() -> None:
    problem = stations(4, 1, [VILLAGES, VILLAGES], np.array([0, 0, 1, 1], np.int32))
    assert kinds(problem, [0, 1, 1, 1]) == ["too_few_units", "crosses_groups"]


def test_an_assignment_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="the problem has 4"):
        check(lattice(4, 1, VILLAGES), np.zeros(3, np.int32))


@pytest.mark.parametrize(
    "kind",
    [
        "part_below_minimum",
        "no_division",
        "beats_not_possible",
        "more_parts_than_beats",
        "more_beats_than_units",
        "part_load_outside",
        "heavy_unit",
        "beat_units_outside",
        "beat_load_outside",
    ],
)
def test_every_exception_reads_as_a_sentence_in_both_languages(kind: PlanExceptionKind) -> None:
    units = tuple(range(8))
    found = PlanException(kind=kind, group=0, units=units, beat=None, measured=7, least=4, most=6)
    text = found.describe("丘北所", [f"村{i}" for i in units])
    assert "7" in text.zh
    assert "7" in text.en
    assert ("村0" in text.zh) == (
        kind not in {"beats_not_possible", "more_parts_than_beats", "more_beats_than_units"}
    )


def test_beats_are_shared_out_by_load_within_each_part_s_range() -> None:
    assert apportion(10, [6.0, 3.0, 1.0], [1, 1, 1], [9, 9, 9]) == [6, 3, 1]
    assert apportion(10, [6.0, 3.0, 1.0], [1, 1, 4], [9, 9, 9]) == [4, 2, 4]
    assert apportion(99, [1.0, 1.0], [1, 1], [2, 3]) == [2, 3]
    assert apportion(0, [1.0, 1.0], [1, 2], [2, 3]) == [1, 2]


@pytest.mark.parametrize(
    ("units", "beats"), [(1, 1), (3, 1), (4, 1), (6, 1), (7, 1), (8, 2), (14, 3), (20, 4), (23, 5)]
)
def test_the_number_of_beats_is_the_nearest_to_the_middle_of_the_range(units: int, beats: int) -> None:
    assert beats_by_units(units, 4, 6) == beats


def test_the_number_of_beats_by_load_is_the_nearest_as_a_ratio() -> None:
    assert [beats_by_load(load, 5000.0, 99) for load in (0.0, 100.0, 7000.0, 7200.0, 24_000.0)] == [
        1,
        1,
        1,
        2,
        5,
    ]
    assert beats_by_load(50_000.0, 5000.0, 3) == 3


def test_rules_prices_and_settings_that_make_no_sense_are_refused() -> None:
    for refused in (
        lambda: UnitsPerBeat(minimum=0, maximum=3),
        lambda: UnitsPerBeat(minimum=4, maximum=3),
        lambda: UnitsPerBeat(minimum=1, maximum=3, beats=0),
        lambda: LoadPerBeat(target=0.0),
        lambda: LoadPerBeat(target=1.0, tolerance=1.0),
        lambda: BeatCount(beats=0),
        lambda: Prices(moved=-1.0),
        lambda: BeatParams(sweeps=-1),
        lambda: BeatParams(hot=0.1, cold=0.2),
        lambda: BeatParams(widest=99),
        lambda: BeatParams(soft=0.0),
    ):
        with pytest.raises(ValueError, match="need"):
            refused()


def test_broken_problems_are_refused() -> None:
    good = lattice(3, 1, VILLAGES)
    for broken in (
        {"workload": np.zeros(2)},
        {"residents": np.array([1.0, -1.0, 1.0])},
        {"edges": np.array([[0, 3]], np.int32)},
        {"edges": np.array([0, 1], np.int32)},
        {"group": np.array([0, 0, 1], np.int32)},
        {"travel": StraightLine(x=np.zeros(2), y=np.zeros(3))},
        {"travel": StraightLine(x=np.zeros(3), y=np.zeros(3), factor=-1.0)},
        {"travel": GroupMatrices(matrices=())},
        {"travel": GroupMatrices(matrices=(np.zeros((2, 2)),))},
        {"travel": GroupMatrices(matrices=(np.full((3, 3), -1.0),))},
    ):
        with pytest.raises(ValueError, match=r"need|below zero"):
            dataclasses.replace(good, **broken)
    assert good.members(0).tolist() == [0, 1, 2]
