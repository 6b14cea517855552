"""A territory, a pack and a day become a deployment that the independent checker passes."""

import datetime as dt
import math
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from linli.io.deployment import canonical, deployment_text
from linli.io.territory import read_territory
from linli.kernel.errors import LinliError
from linli.kernel.identifiers import BeatId, PostId
from linli.kernel.seeds import Seed
from linli.planning.beats import BeatParams
from linli.planning.composition import compose
from linli.planning.deployment import Assumption, Deployment
from linli.planning.search import Progress
from linli.planning.verification import verify, verify_against_pack, verify_against_territory
from linli.policy.loading import load_pack
from linli.policy.model import Pack
from linli.territory.model import (
    Area,
    ExistingPost,
    Incident,
    Level,
    PostKind,
    PostStatus,
    Role,
    StaffCount,
    Territory,
)

ROOT = Path(__file__).parents[2]
QUICK = BeatParams(sweeps=15, prove_units=0)
"""Short searches: these tests are about how parts fit together, not about how good they are."""


@cache
def territory(name: str) -> Territory:
    return read_territory(ROOT / "examples" / name)


@cache
def pack(name: str) -> Pack:
    return load_pack(ROOT / "packs" / name)


def planned(where: Territory, by: str, on: str, *, seed: int = 1) -> Deployment:
    day = dt.date.fromisoformat(on)
    return canonical(compose(where, pack(by), on=day, seed=Seed(seed), params=QUICK))


@cache
def hengshan() -> Deployment:
    return planned(territory("hengshan"), "hengshan-2020", "2020-10-31")


def assumptions(plan: Deployment, topic: str) -> list[Assumption]:
    return [assumption for assumption in plan.assumptions if assumption.topic == topic]


def wrong(plan: Deployment, where: Territory, by: str) -> list[str]:
    verdicts = (*verify(plan), *verify_against_territory(plan, where), *verify_against_pack(plan, pack(by)))
    return [f"{verdict.id}: {text.en}" for verdict in verdicts for text in verdict.violations[:3]]


@pytest.mark.parametrize(
    ("name", "by", "on"),
    [
        ("qiubei", "lanling-2017", "2017-10-31"),
        ("hengshan", "hengshan-2020", "2020-10-31"),
        ("luxi", "luxi-2013", "2013-12-31"),
        ("lanling", "lanling-2017", "2019-06-30"),
        ("hawaii", "hengshan-2020", "2021-01-01"),
        ("portland", "hengshan-2020", "2021-01-01"),
        ("liechtenstein", "luxi-2013", "2021-01-01"),
    ],
)
def test_any_pack_runs_on_any_territory_and_the_checker_finds_nothing_wrong(
    name: str, by: str, on: str
) -> None:
    plan = planned(territory(name), by, on)
    assert wrong(plan, territory(name), by) == []
    assert plan.beats
    assert {check.clause for check in plan.checks} == set(pack(by).clauses)


def test_the_same_seed_gives_the_same_text() -> None:
    again = planned(territory("hengshan"), "hengshan-2020", "2020-10-31")
    assert deployment_text(again) == deployment_text(hengshan())


# Mend 13
@pytest.mark.any_database
@pytest.mark.parametrize(("longitude", "latitude"), [(0.0, 0.0), (117.0, None)])
def test_a_position_that_cannot_be_right_is_named(longitude: float, latitude: float | None) -> None:
    where = territory("luxi")
    village = next(p for p in where.places if p.level in where.unit_levels)
    moved = replace(village, longitude=longitude, latitude=village.latitude if latitude is None else latitude)
    places = tuple(moved if p.code == village.code else p for p in where.places)
    plan = planned(replace(where, places=places), "luxi-2013", "2013-12-31")
    (named,) = [a for a in assumptions(plan, "coordinates") if "cannot be right" in a.text.en]
    assert village.name in named.text.zh
    assert not [
        a
        for a in assumptions(planned(where, "luxi-2013", "2013-12-31"), "coordinates")
        if "不可信" in a.text.zh
    ]


# Mend 11
@pytest.mark.any_database
def test_a_heavy_place_takes_one_of_the_beats_that_a_whole_territory_is_given() -> None:
    """A town of a million drew the county's 38 rural rooms to its own station's villages."""
    where = territory("qiubei")
    villages = [p for p in where.places if p.level in where.unit_levels and p.area is Area.RURAL]
    heavy = replace(villages[0], residents=1_000_000)
    places = tuple(heavy if p.code == heavy.code else p for p in where.places)
    plan = planned(replace(where, places=places), "qiubei-2010", "2010-12-31")
    alone = next(beat for beat in plan.beats if heavy.code in beat.places)
    assert alone.places == (heavy.code,)
    assert alone.heavier_than_target
    assert alone.worth_beats > 10
    before = planned(where, "qiubei-2010", "2010-12-31")
    counts = [sum(b.station == alone.station for b in one.beats) for one in (before, plan)]
    assert abs(counts[1] - counts[0]) <= 1
    assert wrong(plan, replace(where, places=places), "qiubei-2010") == []


def test_another_seed_is_another_search_of_the_same_problem() -> None:
    other = planned(territory("luxi"), "luxi-2013", "2013-12-31", seed=2)
    assert other.seed == 2
    assert wrong(other, territory("luxi"), "luxi-2013") == []


def test_places_that_do_not_say_urban_or_rural_follow_the_rural_rule_and_an_assumption_says_so() -> None:
    plan = planned(territory("hawaii"), "hengshan-2020", "2021-01-01")
    assert {place.area for place in plan.places} == {Area.RURAL}
    (areas,) = assumptions(plan, "areas")
    assert "351" in areas.text.en
    assert "H2" in areas.text.zh
    assert assumptions(plan, "levels")


def test_counts_that_are_not_given_stay_unknown() -> None:
    plan = planned(territory("portland"), "hengshan-2020", "2021-01-01")
    assert all(place.residents is None and place.incidents is not None for place in plan.places)
    assert all(beat.residents is None for beat in plan.beats)
    assert assumptions(plan, "residents")
    assert all(need.have is None and need.gap is None for need in plan.staffing)
    assert assumptions(plan, "staff")


def test_where_some_residents_are_missing_each_place_counts_once_and_the_places_are_named() -> None:
    where = territory("hengshan")
    lost = hengshan().places[3].code
    places = tuple(replace(p, residents=None) if p.code == lost else p for p in where.places)
    where = replace(where, places=places)
    plan = planned(where, "hengshan-2020", "2020-10-31")
    assert wrong(plan, where, "hengshan-2020") == []
    (missing,) = assumptions(plan, "residents")
    assert hengshan().places[3].name in missing.text.zh
    home = next(beat for beat in plan.beats if lost in beat.places)
    assert home.residents is None
    assert sum(beat.residents is None for beat in plan.beats) == 1


def test_a_rule_about_residents_without_residents_is_refused_with_what_to_do() -> None:
    with pytest.raises(LinliError, match="residents") as refusal:
        planned(territory("portland"), "luxi-2013", "2021-01-01")
    assert "补填" in refusal.value.text.zh


def test_a_day_before_the_plan_is_refused_with_the_first_day() -> None:
    with pytest.raises(LinliError, match="2020-01-01"):
        planned(territory("hengshan"), "hengshan-2020", "2019-12-31")


def test_a_territory_without_units_is_refused() -> None:
    empty = replace(territory("luxi"), unit_levels=frozenset({Level.BLOCK}))
    with pytest.raises(LinliError, match="no place to plan"):
        planned(empty, "luxi-2013", "2013-12-31")


def test_rooms_stand_at_each_beats_centre_and_remote_villages_get_a_work_station() -> None:
    plan = hengshan()
    rooms = [post for post in plan.posts if post.kind is not PostKind.WORK_STATION]
    assert sorted(post.place for post in rooms) == sorted(beat.centre for beat in plan.beats)
    stations = {post.place for post in plan.posts if post.kind is PostKind.WORK_STATION}
    remote = {
        place.code
        for place in plan.places
        if place.area is Area.RURAL and (place.minutes_to_room or 0.0) > 10.0
    }
    assert stations == remote
    (check,) = [check for check in plan.checks if check.id == "H2.remote_work_station"]
    assert check.status == "met"


def test_existing_rooms_are_kept_and_forbidden_sites_left_empty() -> None:
    beat = next(beat for beat in hengshan().beats if len(beat.places) >= 4)
    taken = beat.centre
    kept, forbidden = [code for code in beat.places if code != taken][:2]
    posts = (
        ExistingPost(id=PostId("E1"), kind=PostKind.CENTRE_ROOM, place=kept, name="旧室"),
        ExistingPost(id=PostId("E2"), kind=PostKind.WORK_STATION, place=taken),
        ExistingPost(
            id=PostId("F1"), kind=PostKind.CENTRE_ROOM, place=forbidden, status=PostStatus.FORBIDDEN
        ),
    )
    where = replace(territory("hengshan"), posts=posts)
    plan = planned(where, "hengshan-2020", "2020-10-31")
    assert wrong(plan, where, "hengshan-2020") == []
    standing = {post.id: post for post in plan.posts if post.existing}
    assert set(standing) == {"E1", "E2"}
    assert standing[PostId("E1")].name.zh == "旧室"
    home = next(beat for beat in plan.beats if kept in beat.places)
    assert home.centre == kept
    assert forbidden not in {post.place for post in plan.posts}


def test_a_forbidden_centre_moves_the_room_to_the_best_other_place() -> None:
    beat = next(beat for beat in hengshan().beats if len(beat.places) >= 4)
    posts = (
        ExistingPost(
            id=PostId("F"), kind=PostKind.CENTRE_ROOM, place=beat.centre, status=PostStatus.FORBIDDEN
        ),
    )
    where = replace(territory("hengshan"), posts=posts)
    plan = planned(where, "hengshan-2020", "2020-10-31")
    moved = next(other for other in plan.beats if other.id == beat.id)
    assert moved.centre != beat.centre
    assert moved.mean_minutes >= beat.mean_minutes
    assert wrong(plan, where, "hengshan-2020") == []


def test_a_beat_whose_every_site_is_forbidden_gets_no_room_and_an_assumption_names_it() -> None:
    beat = next(beat for beat in hengshan().beats if beat.area is Area.RURAL)
    posts = tuple(
        ExistingPost(id=PostId(code), kind=PostKind.CENTRE_ROOM, place=code, status=PostStatus.FORBIDDEN)
        for code in beat.places
    )
    where = replace(territory("hengshan"), posts=posts)
    plan = planned(where, "hengshan-2020", "2020-10-31")
    alone = next(other for other in plan.beats if set(other.places) == set(beat.places))
    assert alone.posts == ()
    assert any(a.topic == "posts" and "forbidden" in a.text.en for a in plan.assumptions)
    assert wrong(plan, where, "hengshan-2020") == []


def test_a_post_in_a_natural_village_stands_in_its_village_and_one_at_a_township_is_named() -> None:
    where = territory("hengshan")
    village = next(place for place in where.places if place.level is Level.VILLAGE)
    hamlet = replace(village, code="hamlet", level=Level.NATURAL_VILLAGE, parent=village.code)  # type: ignore[arg-type]
    posts = (
        ExistingPost(id=PostId("E1"), kind=PostKind.CENTRE_ROOM, place=hamlet.code),
        ExistingPost(id=PostId("E2"), kind=PostKind.CENTRE_ROOM, place=village.parent or village.code),
    )
    plan = planned(replace(where, posts=posts, places=(*where.places, hamlet)), "hengshan-2020", "2020-10-31")
    assert next(post for post in plan.posts if post.id == "E1").place == village.code
    assert "E2" in assumptions(plan, "posts")[0].text.en


def test_people_on_hand_are_posted_once_and_the_rest_is_a_gap() -> None:
    where = territory("hengshan")
    stations = [station.id for station in where.stations]
    staff = tuple(StaffCount(station=s, role=Role.AUXILIARY, count=1) for s in stations)
    staff += tuple(StaffCount(station=s, role=Role.OFFICER, count=10) for s in stations)
    staff += tuple(StaffCount(station=s, role=Role.COMMUNITY_OFFICER, count=2) for s in stations)
    where = replace(where, staff=staff)
    plan = planned(where, "hengshan-2020", "2020-10-31")
    assert wrong(plan, where, "hengshan-2020") == []
    auxiliaries = [need for need in plan.staffing if need.role is Role.AUXILIARY]
    assert sum(need.have or 0 for need in auxiliaries) == len(plan.stations)
    assert all(need.gap == need.required - (need.have or 0) for need in auxiliaries)
    shares = [need for need in plan.staffing if need.role is Role.COMMUNITY_OFFICER]
    assert {need.required for need in shares} == {4}
    (check,) = [check for check in plan.checks if check.id == "H5.officer_share"]
    assert check.status == "met", "designated officers count once the share is in force"


def test_a_county_wide_norm_is_rounded_once_and_shared_out_to_beats() -> None:
    plan = planned(territory("lanling"), "lanling-2017", "2017-10-31")
    shared = [need for need in plan.staffing if need.role is Role.GRID_WORKER]
    assert {need.scope for need in shared} == {"beat"}
    assert {need.rounded_at for need in shared} == {"lanling"}
    assert sum(need.required for need in shared) == 3314, "3 × 1,104,391 ÷ 1,000, rounded up once"
    assert "只进位一次" in shared[0].formula.zh


def test_later_dates_of_the_pack_become_hiring_steps() -> None:
    plan = planned(replace(territory("lanling"), staff=()), "lanling-2017", "2017-10-31")
    days = {step.by for step in plan.hiring}
    assert min(days) == dt.date(2017, 10, 31)
    assert dt.date(2018, 1, 1) in days
    by_day = {step.by: step.required for step in plan.hiring if step.role is Role.AUXILIARY}
    assert by_day[dt.date(2018, 1, 1)] == 2 * by_day[dt.date(2017, 10, 31)]
    assert all(step.have is None and step.to_add is None for step in plan.hiring)


def test_incidents_add_to_workload_by_the_packs_weight() -> None:
    where = territory("hengshan")
    place = hengshan().places[0]
    incidents = (Incident(day=dt.date(2020, 1, 1), category="burglary", count=7, place=place.code),)
    plan = planned(replace(where, incidents=incidents), "hengshan-2020", "2020-10-31")
    assert plan.places[0].incidents == 7
    assert plan.places[0].workload == pytest.approx(place.workload + 7 * plan.weights.incidents)
    assert plan.places[1].incidents == 0


def test_beats_that_stand_today_are_kept_where_they_can_be() -> None:
    plan = hengshan()
    today = {code: BeatId(f"old {beat.id}") for beat in plan.beats for code in beat.places}
    where = territory("hengshan")
    places = tuple(replace(p, beat=today.get(p.code)) for p in where.places)
    again = planned(replace(where, places=places), "hengshan-2020", "2020-10-31", seed=5)
    home = {code: beat.id for beat in again.beats for code in beat.places}
    together = sum(
        len({home[code] for code in beat.places}) == 1 for beat in plan.beats if len(beat.places) > 1
    )
    assert together >= 0.9 * sum(len(beat.places) > 1 for beat in plan.beats)


def test_an_interrupted_plan_is_whole_and_says_that_it_was_interrupted() -> None:
    asked = threading.Event()
    steps: list[Progress] = []

    def ask(part: str, step: Progress) -> None:
        steps.append(step)
        asked.set()

    day = dt.date(2020, 10, 31)
    plan = compose(
        territory("hengshan"),
        pack("hengshan-2020"),
        on=day,
        seed=Seed(1),
        interrupted=asked,
        watch=ask,
        params=QUICK,
    )
    assert steps
    assert next(search for search in plan.searches if search.part == "beats").ended == "interrupted"
    assert wrong(canonical(plan), territory("hengshan"), "hengshan-2020") == []


def test_clauses_are_met_waiting_or_declined_each_with_its_reason() -> None:
    checks = {check.id: check for check in hengshan().checks}
    assert checks["H2.room_per_beat"].status == "met"
    assert checks["H3.room_hours"].status == "waiting"
    assert checks["H3.room_hours"].note is not None
    declined = checks["D1"]
    assert declined.status == "declined"
    assert declined.note is not None
    outside = checks["H2.villages_per_beat"]
    assert outside.not_met == len(outside.failing) == sum(not beat.within_rule for beat in hengshan().beats)
    assert len(assumptions(hengshan(), "norm_not_kept")) >= outside.not_met


def test_published_figures_are_shown_with_their_arithmetic() -> None:
    checks = {check.id: check for check in hengshan().checks}
    coverage = checks["H1.room_coverage"]
    assert (coverage.kind, coverage.status, coverage.threshold) == ("figure", "reproduced", 25.8)
    assert coverage.formula
    assert all(value.value is not None for value in coverage.inputs)


def test_thresholds_are_shown_in_the_unit_of_the_measure() -> None:
    plan = planned(territory("lanling"), "lanling-2017", "2017-10-31")
    (check,) = [check for check in plan.checks if check.id == "L3.grid_workers"]
    residents = sum(place.residents or 0 for place in plan.places)
    assert check.unit == "person"
    assert check.threshold == pytest.approx(math.ceil(3 * residents / 1000))


def test_synthetic_fields_travel_into_the_deployment() -> None:
    assert {"residents", "longitude", "latitude", "staff"} <= set(hengshan().territory.synthetic)
    assert assumptions(hengshan(), "synthetic")
