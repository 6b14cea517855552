"""The checker passes a sound deployment and catches each way of breaking it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from linli.kernel.identifiers import BeatId, ClauseId, PlaceCode, PostId, StationId
from linli.planning.deployment import Deployment
from linli.planning.verification import Verdict, verify
from planning.sound import sound_deployment

Break = Callable[[Deployment], Deployment]


@pytest.fixture(scope="module")
def sound() -> Deployment:
    return sound_deployment()


def edited(kind: str, number: int, **changes: Any) -> Break:
    """Change fields of one record."""

    def change(plan: Deployment) -> Deployment:
        records = list(getattr(plan, kind))
        records[number] = replace(records[number], **changes)
        return replace(plan, **{kind: tuple(records)})

    return change


def both(*changes: Break) -> Break:
    def change(plan: Deployment) -> Deployment:
        for one in changes:
            plan = one(plan)
        return plan

    return change


def codes(*numbers: int) -> tuple[PlaceCode, ...]:
    return tuple(PlaceCode(f"P{number:02d}") for number in numbers)


def test_a_sound_deployment_passes_every_check(sound: Deployment) -> None:
    verdicts = verify(sound)
    assert [(v.id, v.violations) for v in verdicts if not v.passed] == []
    assert len(verdicts) == 18


BREAKS: list[tuple[str, Break, str]] = [
    ("a place is listed twice", lambda p: replace(p, places=(*p.places, p.places[0])), "identifiers"),
    ("two posts share an id", edited("posts", 1, id=PostId("R0")), "identifiers"),
    ("a beat names a place that is not there", edited("beats", 0, places=codes(0, 1, 99)), "references"),
    ("a beat names a post that is not there", edited("beats", 0, posts=(PostId("R9"),)), "references"),
    ("a place names a station that is not there", edited("places", 0, station=StationId("S9")), "references"),
    ("a neighbour is not there", edited("places", 0, neighbours=codes(99)), "references"),
    ("a post serves a beat that is not there", edited("posts", 0, beats=(BeatId("B9"),)), "references"),
    ("a place is in no beat", edited("beats", 0, places=codes(1, 2)), "each_place_in_one_beat"),
    ("a place is in two beats", edited("beats", 1, places=codes(2, 3, 4, 5)), "each_place_in_one_beat"),
    ("the centre is elsewhere", edited("beats", 0, centre=codes(5)[0]), "each_place_in_one_beat"),
    ("a beat crosses a station's border", edited("beats", 2, station=StationId("S0")), "stations"),
    ("a beat is for towns but holds villages", edited("beats", 0, area="urban"), "stations"),
    ("neighbours are one-sided", edited("places", 0, neighbours=codes(1)), "neighbours"),
    ("a place neighbours itself", edited("places", 0, neighbours=codes(0, 1, 3)), "neighbours"),
    (
        "two beats swap places that do not touch them",
        both(edited("beats", 0, places=codes(1, 2, 3)), edited("beats", 1, places=codes(0, 4, 5))),
        "contiguity",
    ),
    ("a beat claims two parts", edited("beats", 0, parts=2), "contiguity"),
    (
        "a torn beat that says so, but could have been joined",
        both(
            edited("beats", 0, places=codes(0, 2, 4), parts=3),
            edited("beats", 1, places=codes(1, 3, 5), parts=3),
        ),
        "contiguity",
    ),
    (
        "a beat is too large",
        both(edited("beats", 0, places=codes(0, 1, 2, 3, 4)), edited("beats", 1, places=codes(5))),
        "bounds",
    ),
    ("a beat cites a clause without a rule", edited("beats", 0, clause=ClauseId("S9")), "bounds"),
    ("a heavy place goes unmarked", edited("beats", 0, target_workload=100.0), "bounds"),
    (
        "a place above the residents' target goes unmarked",
        edited("beats", 0, target_residents=100.0),
        "bounds",
    ),
    ("a place leaves its beat without a word", edited("places", 0, today="old"), "today"),
    ("a place that stays is said to leave", edited("places", 0, left="rule"), "today"),
    ("a heavy place's worth is made up", edited("beats", 0, worth_beats=4), "bounds"),
    ("a beat is marked outside that is inside", edited("beats", 0, within_rule=False), "bounds"),
    ("a target of residents is made up", edited("beats", 0, target_residents=9e9), "bounds"),
    (
        "places across a town are one-sided",
        edited("places", 0, across=codes(5)),
        "neighbours",
    ),
    ("a workload is not residents times weight", edited("places", 0, workload=1.0), "workloads"),
    ("a beat's residents are not its places'", edited("beats", 0, residents=1), "beat_sums"),
    ("a beat's incidents are not its places'", edited("beats", 0, incidents=None), "beat_sums"),
    ("a beat's workload is not its places'", edited("beats", 0, workload=1.0), "beat_sums"),
    ("a missing count is added up as zero", edited("places", 0, households=None), "beat_sums"),
    ("a station's places are miscounted", edited("stations", 0, places=7), "station_sums"),
    ("a station's residents are not its places'", edited("stations", 1, residents=None), "station_sums"),
    ("a post stands outside its beat", edited("posts", 0, place=codes(5)[0]), "posts"),
    ("a post serves places of another beat", edited("posts", 0, serves=codes(0, 1, 2, 3)), "posts"),
    ("a post does not serve its own place", edited("posts", 0, serves=codes(0, 2)), "posts"),
    ("a post has moved from its place", edited("posts", 0, longitude=104.2), "posts"),
    ("a post forgets its beat", edited("posts", 0, beats=(BeatId("B0"), BeatId("B1"))), "posts"),
    ("a served place has no time", edited("places", 0, minutes_to_post=None), "posts"),
    ("a beat's mean time is made up", edited("beats", 0, mean_minutes=1.0), "journeys"),
    ("a beat's longest time is made up", edited("beats", 0, longest_minutes=99.0), "journeys"),
    ("a place's time to its post is made up", edited("places", 0, minutes_to_post=1.0), "journeys"),
    ("the mean time is made up", lambda p: replace(p, mean_minutes=1.0), "travel_means"),
    ("the mean distance is made up", lambda p: replace(p, mean_distance=1.0), "travel_means"),
    ("a mean is above the longest", edited("beats", 0, longest_minutes=0.1), "travel_means"),
    ("a requirement is rounded down", edited("staffing", 0, required=9, gap=5), "staffing"),
    ("a gap is hidden", edited("staffing", 0, gap=0), "staffing"),
    ("an unknown number on hand is taken for zero", edited("staffing", 1, gap=2), "staffing"),
    ("a need is for a beat that is not there", edited("staffing", 0, scope_id="B9"), "staffing"),
    ("there are fewer than no people", edited("staffing", 0, have=-1, gap=11), "staffing"),
    (
        "people rounded together do not add up",
        edited("staffing", 0, rounded_at="S0", required=11),
        "shared_out",
    ),
    ("hiring adds too few", edited("hiring", 0, to_add=1), "hiring"),
    ("a check counts more rows than it has", edited("checks", 0, rows=3), "outcomes"),
    ("a failing clause is called met", edited("checks", 1, status="met"), "outcomes"),
    ("a failing row is listed where none fails", edited("checks", 0, failing=("B0",)), "outcomes"),
    ("unknown rows are called met", edited("checks", 0, met=3, unknown=1), "outcomes"),
]


@pytest.mark.parametrize(("break_it", "caught_by"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS])
def test_a_broken_deployment_is_caught(sound: Deployment, break_it: Break, caught_by: str) -> None:
    failing = {verdict.id: verdict for verdict in verify(break_it(sound)) if verdict.violations}
    assert caught_by in failing
    for text in failing[caught_by].violations:
        assert text.zh
        assert text.en


def test_with_broken_references_the_other_checks_are_skipped_not_passed(sound: Deployment) -> None:
    verdicts = verify(edited("posts", 0, place=PlaceCode("P99"))(sound))
    assert [verdict.id for verdict in verdicts if verdict.violations] == ["references"]
    assert not any(verdict.passed for verdict in verdicts[2:])
    assert all(verdict.skipped is not None for verdict in verdicts[2:])


def test_over_roads_journeys_wait_for_the_territory(sound: Deployment) -> None:
    roads = replace(sound.territory, travel_method="roads", detour=None, speed=None)
    assert _of(verify(replace(sound, territory=roads)), "journeys").skipped is not None


def test_a_declared_exception_is_named_and_is_no_violation(sound: Deployment) -> None:
    plan = both(
        edited("beats", 0, places=codes(0, 1, 2, 3, 4), within_rule=False),
        edited("beats", 1, places=codes(5), centre=codes(5)[0], within_rule=False),
    )(sound)
    verdict = _of(verify(plan), "bounds")
    assert verdict.violations == ()
    assert len(verdict.exceptions) == 2


def test_islands_may_stay_apart(sound: Deployment) -> None:
    """A place without neighbours cannot be joined, so a beat that reaches it has two parts."""
    cut = [edited("places", 0, neighbours=()), edited("places", 1, neighbours=codes(2, 4))]
    cut.append(edited("places", 3, neighbours=codes(4, 6)))
    verdicts = verify(both(*cut, edited("beats", 0, parts=2))(sound))
    assert _of(verdicts, "contiguity").passed
    assert _of(verdicts, "neighbours").passed


def test_unknown_residents_weigh_each_place_once(sound: Deployment) -> None:
    unknown = [edited("places", n, residents=None, workload=20.0 + 2 * n + 0.5 * (n % 5)) for n in range(12)]
    verdicts = verify(both(*unknown)(sound))
    assert _of(verdicts, "journeys").violations
    assert _of(verdicts, "workloads").passed


def _of(verdicts: tuple[Verdict, ...], id_: str) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.id == id_)
