"""A deployment held against its territory and its pack: each way of departing from them is caught."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from linli.io.deployment import canonical
from linli.io.territory import read_territory
from linli.kernel.identifiers import PlaceCode, PostId, StationId
from linli.kernel.seeds import Seed
from linli.planning.beats import BeatParams
from linli.planning.composition import compose
from linli.planning.deployment import Deployment
from linli.planning.verification import Verdict, verify_against_pack, verify_against_territory
from linli.policy.loading import load_pack
from linli.policy.model import Pack
from linli.territory.model import ExistingPost, PostKind, PostStatus, Role, Territory

ROOT = Path(__file__).parents[2]
Break = Callable[[Deployment], Deployment]


@cache
def where() -> Territory:
    """Hengshan with one room standing and one site forbidden."""
    base = read_territory(ROOT / "examples" / "hengshan")
    villages = [place for place in base.places if place.level in base.unit_levels]
    posts = (
        ExistingPost(id=PostId("E1"), kind=PostKind.CENTRE_ROOM, place=villages[0].code),
        ExistingPost(
            id=PostId("F1"), kind=PostKind.CENTRE_ROOM, place=villages[1].code, status=PostStatus.FORBIDDEN
        ),
    )
    return replace(base, posts=posts)


@cache
def by() -> Pack:
    return load_pack(ROOT / "packs" / "hengshan-2020")


@cache
def plan() -> Deployment:
    params = BeatParams(sweeps=5, prove_units=0)
    return canonical(compose(where(), by(), on=dt.date(2020, 10, 31), seed=Seed(1), params=params))


def failing(verdicts: tuple[Verdict, ...]) -> set[str]:
    for verdict in verdicts:
        assert all(text.zh and text.en for text in verdict.violations)
    return {verdict.id for verdict in verdicts if not verdict.passed}


def edited(kind: str, number: int, **changes: Any) -> Break:
    def change(given: Deployment) -> Deployment:
        records = list(getattr(given, kind))
        records[number] = replace(records[number], **changes)
        return replace(given, **{kind: tuple(records)})

    return change


def dropped(kind: str) -> Break:
    return lambda given: replace(given, **{kind: getattr(given, kind)[1:]})


def without_existing(given: Deployment) -> Deployment:
    return replace(given, posts=tuple(replace(p, existing=False) for p in given.posts))


def on_forbidden(given: Deployment) -> Deployment:
    forbidden = where().posts[1].place
    number = next(n for n, post in enumerate(given.posts) if not post.existing)
    return edited("posts", number, place=forbidden)(given)


def posted_twice(given: Deployment) -> Deployment:
    number = next(n for n, need in enumerate(given.staffing) if need.have is not None)
    return edited("staffing", number, have=10_000)(given)


def without_neighbours(given: Deployment) -> Deployment:
    return replace(given, places=tuple(replace(place, neighbours=()) for place in given.places))


def added_neighbour(given: Deployment) -> Deployment:
    far = given.places[-1].code
    return edited("places", 0, neighbours=(*given.places[0].neighbours, far))(given)


def test_the_plan_itself_departs_from_neither() -> None:
    assert failing(verify_against_territory(plan(), where())) == set()
    assert failing(verify_against_pack(plan(), by())) == set()


@pytest.mark.parametrize(
    ("break_it", "caught_by"),
    [
        (lambda given: replace(given, territory=replace(given.territory, digest="0")), "same_territory"),
        (dropped("places"), "same_places"),
        (edited("places", 0, code=PlaceCode("x")), "same_places"),
        (edited("places", 0, residents=1), "same_places"),
        (edited("places", 0, incidents=0), "same_places"),
        (edited("places", 0, longitude=0.0), "same_places"),
        (edited("places", 0, station=StationId("x")), "same_places"),
        (edited("beats", 0, land=1.0), "same_places"),
        (without_neighbours, "same_neighbours"),
        (added_neighbour, "same_neighbours"),
        (edited("beats", 0, mean_minutes=99.0), "same_journeys"),
        (
            lambda given: replace(given, territory=replace(given.territory, travel_method="roads")),
            "same_journeys",
        ),
        (without_existing, "same_posts"),
        (dropped("posts"), "same_posts"),
        (edited("posts", -1, existing=True), "same_posts"),
        (on_forbidden, "same_posts"),
        (dropped("staff"), "same_staff"),
        (edited("staff", 0, count=99), "same_staff"),
        (posted_twice, "same_staff"),
    ],
)
def test_a_departure_from_the_territory_is_caught(break_it: Break, caught_by: str) -> None:
    assert caught_by in failing(verify_against_territory(break_it(plan()), where()))


@pytest.mark.parametrize(
    ("break_it", "caught_by"),
    [
        (lambda given: replace(given, pack=replace(given.pack, digest="0")), "same_pack"),
        (lambda given: replace(given, pack=replace(given.pack, id="x")), "same_pack"),
        (dropped("beat_rules"), "same_rules"),
        (edited("beat_rules", 1, most_places=7), "same_rules"),
        (edited("beat_rules", 0, clause="H9"), "same_rules"),
        (edited("beat_rules", 0, target_residents=5000.0), "same_rules"),
        (edited("staffing", 0, required_exact=2.0), "same_requirements"),
        (edited("staffing", 0, role=Role.VOLUNTEER), "same_requirements"),
        (dropped("checks"), "same_outcomes"),
        (edited("checks", 9, status="met", not_met=0), "same_outcomes"),
        (edited("checks", 10, rows=1), "same_outcomes"),
    ],
)
def test_a_departure_from_the_pack_is_caught(break_it: Break, caught_by: str) -> None:
    assert caught_by in failing(verify_against_pack(break_it(plan()), by()))


def test_another_day_gives_another_verdict() -> None:
    other = replace(plan(), pack=replace(plan().pack, on=dt.date(2019, 1, 1)))
    assert {"same_rules", "same_requirements", "same_outcomes"} <= failing(verify_against_pack(other, by()))


@pytest.mark.parametrize(
    ("name", "pack_name", "day"),
    [("lanling", "lanling-2017", "2019-06-30"), ("qiubei", "qiubei-2010", "2010-09-01")],
)
def test_requirements_of_every_kind_are_worked_out_again(name: str, pack_name: str, day: str) -> None:
    base = read_territory(ROOT / "examples" / name)
    pack = load_pack(ROOT / "packs" / pack_name)
    params = BeatParams(sweeps=5, prove_units=0)
    made = canonical(compose(base, pack, on=dt.date.fromisoformat(day), seed=Seed(1), params=params))
    assert failing(verify_against_pack(made, pack)) == set()
    assert made.staffing
