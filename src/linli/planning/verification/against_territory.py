"""A deployment held against the territory that it says it was made from."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isclose, isnan

import numpy as np

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import Deployment, StaffPool
from linli.planning.verification.register import Register, register
from linli.planning.verification.verdict import Verdict
from linli.territory.model import PostStatus, Territory
from linli.territory.travel import travel_between
from linli.territory.units import Units, planning_units

__all__ = ["verify_against_territory"]

say = catalogue("linli.planning.verification")

CLOSE_DEGREES = 2e-6
"""Twice what rounding in the file may move a position by."""


@dataclass(frozen=True)
class _Held:
    known: Register
    territory: Territory
    units: Units


def verify_against_territory(deployment: Deployment, territory: Territory) -> tuple[Verdict, ...]:
    """Whether places, counts, positions, neighbours, posts and staff are the territory's own.

    Raises
    ------
    LinliError
        The territory has a unit without a position.
    """
    held = _Held(register(deployment), territory, planning_units(territory))
    checks: tuple[tuple[str, Callable[[_Held], Iterator[Text]], int], ...] = (
        ("same_territory", _same_territory, 1),
        ("same_places", _same_places, len(held.units)),
        ("same_neighbours", _same_neighbours, len(held.units.pairs)),
        ("same_journeys", _same_journeys, len(deployment.beats)),
        ("same_posts", _same_posts, len(territory.posts)),
        ("same_staff", _same_staff, len(territory.staff)),
    )
    return tuple(
        Verdict(id=id_, title=say(f"title.{id_}"), looked_at=rows, violations=tuple(find(held)))
        for id_, find, rows in checks
    )


def _same_territory(held: _Held) -> Iterator[Text]:
    given, found = held.known.deployment.territory.digest, held.territory.digest
    if given != found:
        yield say("territory.digest", given=given[:12], found=found[:12])


def _same_places(held: _Held) -> Iterator[Text]:
    """Every unit is there once, nothing else is, and its counts and position are the territory's."""
    units, places = held.units, held.known.places
    for code in units.codes:
        if code not in places:
            yield say("territory.place_missing", place=code)
    for code in places.keys() - set(units.codes):
        yield say("territory.place_unknown", place=code)
    for row, code in enumerate(units.codes):
        if code not in places:
            continue
        place = places[code]
        counts = (
            ("residents", place.residents, units.residents[row], units.residents_known[row]),
            ("households", place.households, units.households[row], units.households_known[row]),
            ("premises", place.premises, units.premises[row], units.premises_known[row]),
            ("incidents", place.incidents, units.incidents[row], bool(held.territory.incidents)),
        )
        for what, given, number, is_known in counts:
            found = int(number) if is_known else None
            if given != found:
                yield say("territory.count", place=code, what=say(f"what.{what}"), given=given, found=found)
        away = max(abs(place.longitude - units.longitude[row]), abs(place.latitude - units.latitude[row]))
        if away > CLOSE_DEGREES:
            yield say("territory.position", place=code)
        if place.station != units.stations[units.station[row]].id:
            yield say("territory.station", place=code)
    yield from _land(held)
    yield from _today(held)


def _today(held: _Held) -> Iterator[Text]:
    """Each place has the beat of today that the territory's list gives it."""
    for code, beat in zip(held.units.codes, held.units.beats, strict=True):
        if code in held.known.places and held.known.places[code].today != beat:
            yield say("territory.today", place=code)


def _land(held: _Held) -> Iterator[Text]:
    land = {code: float(area) for code, area in zip(held.units.codes, held.units.land, strict=True)}
    for beat in held.known.deployment.beats:
        found = sum(land.get(code, float("nan")) for code in beat.places)
        same = isnan(found) if beat.land is None else isclose(beat.land, found, abs_tol=1e-3, rel_tol=1e-6)
        if not same:
            yield say("territory.land", beat=beat.id)


def _same_neighbours(held: _Held) -> Iterator[Text]:
    """The neighbours are the territory's; a beat may join others only where they were estimated."""
    codes = held.units.codes
    found = {frozenset((codes[a], codes[b])) for a, b in held.units.pairs.tolist()}
    places = held.known.places
    given = {frozenset((code, other)) for code, place in places.items() for other in place.neighbours}
    for pair in sorted(sorted(pair) for pair in found - given):
        yield say("territory.neighbours_missing", pair=" – ".join(pair))
    for pair in sorted(sorted(pair) for pair in given - found):
        yield say("territory.neighbours_added", pair=" – ".join(pair))
    across = {frozenset((code, other)) for code, place in places.items() for other in place.across}
    for pair in sorted(sorted(pair) for pair in across):
        ends = [places[code] for code in pair if code in places]
        alike = len({(place.station, place.area) for place in ends}) == 1
        if held.units.adjacency_method != "gabriel" or not alike:
            yield say("territory.neighbours_added", pair=" – ".join(pair))


def _same_journeys(held: _Held) -> Iterator[Text]:
    """Each beat's times are those of the territory's own travel, over roads where it has them."""
    travel = travel_between(held.territory, held.units)
    if travel.method != held.known.deployment.territory.travel_method:
        yield say("territory.travel", found=travel.method)
        return
    number: dict[str, int] = {code: row for row, code in enumerate(held.units.codes)}
    for beat in held.known.deployment.beats:
        rows = np.array([number.get(code, -1) for code in beat.places])
        centre = number.get(beat.centre, -1)
        if centre < 0 or (rows < 0).any() or len(set(held.units.station[[*rows, centre]].tolist())) > 1:
            continue
        minutes = travel.minutes(rows, np.full(len(rows), centre))
        weights = held.units.residents[rows].astype(np.float64)
        if not held.units.residents_known.all() or weights.sum() <= 0:
            weights = np.ones(len(rows))
        found = (float(np.average(minutes, weights=weights)), float(minutes.max()))
        for given, again in zip((beat.mean_minutes, beat.longest_minutes), found, strict=True):
            if not isclose(given, again, rel_tol=1e-3, abs_tol=0.01):
                yield say("territory.journey", beat=beat.id, given=given, found=f"{again:.3f}")


def _same_posts(held: _Held) -> Iterator[Text]:
    """Every existing post at a unit is kept, and no new post stands on a forbidden site."""
    posts, places = held.known.posts, held.known.places
    forbidden = {post.place for post in held.territory.posts if post.status is PostStatus.FORBIDDEN}
    for post in held.territory.posts:
        if post.status is PostStatus.EXISTING and post.place in places:
            kept = posts.get(post.id)
            if kept is None or kept.place != post.place or not kept.existing:
                yield say("territory.post_lost", post=post.id)
    named = {post.id for post in held.territory.posts}
    for planned in posts.values():
        if planned.existing and planned.id not in named:
            yield say("territory.post_invented", post=planned.id)
        if not planned.existing and planned.place in forbidden:
            yield say("territory.post_forbidden", post=planned.id)


def _same_staff(held: _Held) -> Iterator[Text]:
    """People on hand are the staff table's, and nobody is posted twice."""
    found: Counter[tuple[str, str]] = Counter()
    for row in held.territory.staff:
        found[row.station, row.role.value] += row.count
    given: dict[tuple[str, str], StaffPool] = {
        (pool.station, pool.role.value): pool for pool in held.known.deployment.staff
    }
    for key in sorted(found.keys() | given.keys()):
        if key not in given or key not in found or given[key].count != found[key]:
            yield say("territory.staff", station=key[0], role=key[1])
    for key, people in sorted(_posted(held).items()):
        pool = given.get(key)
        if pool is not None and people > pool.count + pool.designated:
            yield say("territory.staff_twice", station=key[0], role=key[1], people=people)


def _posted(held: _Held) -> dict[tuple[str, str], int]:
    """People posted to beats, posts and places, by station and role; each scope counts once."""
    stations: dict[tuple[str, str], str] = {}
    for beat in held.known.deployment.beats:
        stations["beat", beat.id] = beat.station
    for place in held.known.deployment.places:
        stations["place", place.code] = place.station
    for post in held.known.deployment.posts:
        if post.place in held.known.places:
            stations["post", post.id] = held.known.places[post.place].station
    most: dict[tuple[str, str, str], int] = defaultdict(int)
    for need in held.known.deployment.staffing:
        if (need.scope, need.scope_id) in stations and need.have is not None:
            key = (need.scope, need.scope_id, need.role.value)
            most[key] = max(most[key], need.have)
    posted: dict[tuple[str, str], int] = defaultdict(int)
    for (scope, id_, role), people in most.items():
        posted[stations[scope, id_], role] += people
    return posted
