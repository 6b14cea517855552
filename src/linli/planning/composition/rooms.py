"""Where rooms and work stations stand: those that exist, one at each beat's centre, and one in each
remote unit without a room.

A beat's centre is its resident-weighted 1-median. Where a site is forbidden the siting planner is
asked for the best of the others; where a room stands already it is kept and is the centre.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from linli.kernel.identifiers import ClauseId, PostId
from linli.kernel.seeds import Seed
from linli.planning import siting
from linli.planning.composition.grouping import dated
from linli.planning.composition.table import Floats, Integers, UnitTable
from linli.planning.composition.travel import Journeys
from linli.planning.search import Stop
from linli.policy.model import Pack
from linli.policy.planning_rules import PostRule
from linli.territory.model import Area, ExistingPost, PostKind, PostStatus

__all__ = ["ROOMS", "PlacedPost", "Rooms", "members_of", "place_posts"]

ROOMS = frozenset({PostKind.COMMUNITY_ROOM, PostKind.CENTRE_ROOM})


@dataclass(frozen=True, kw_only=True)
class PlacedPost:
    """A post at a unit, for one beat."""

    id: PostId
    kind: PostKind
    unit: int
    beat: int
    clause: ClauseId
    name: str | None
    """The name of one that stands already."""
    existing: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Rooms:
    """All posts, and what they mean for each unit."""

    posts: tuple[PlacedPost, ...]
    """By beat, then rooms before work stations, then by unit."""
    centres: Integers
    """Each beat's centre."""
    to_centre: Floats
    """Minutes from each unit to its beat's centre."""
    to_room: Floats
    """Minutes from each unit to the nearest room of its beat; NaN where there is none."""
    server: Integers
    """The post that serves each unit; −1 where none does."""
    without_site: tuple[int, ...]
    """Beats that the pack gives a room and where every site is forbidden."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Setting:
    """What stays the same while posts are placed."""

    units: UnitTable
    beat: Integers
    areas: tuple[Area | None, ...]
    journeys: Journeys
    pack: Pack
    on: dt.date
    standing: dict[int, list[ExistingPost]]
    forbidden: frozenset[int]


def members_of(beat: Integers, count: int) -> list[Integers]:
    """The units of each beat, in order."""
    order = np.argsort(beat, kind="stable")
    return np.split(order, np.searchsorted(beat[order], np.arange(1, count)))


def place_posts(
    units: UnitTable,
    beat: Integers,
    *,
    centres: Integers,
    areas: tuple[Area | None, ...],
    existing: tuple[ExistingPost, ...],
    journeys: Journeys,
    pack: Pack,
    on: dt.date,
    seed: Seed,
    stop: Stop,
) -> Rooms:
    """Place all posts that the pack asks for.

    Parameters
    ----------
    beat
        The beat of each unit.
    centres
        Each beat's best unit if nothing stood in the way.
    areas
        Each beat's area; ``None`` for a beat of both.
    existing
        Posts and forbidden sites, at places that are units.
    """
    number = {code: row for row, code in enumerate(units.codes)}
    standing: dict[int, list[ExistingPost]] = defaultdict(list)
    for post in existing:
        if post.status is PostStatus.EXISTING:
            standing[number[post.place]].append(post)
    forbidden = frozenset(number[p.place] for p in existing if p.status is PostStatus.FORBIDDEN)
    setting = _Setting(
        units=units,
        beat=beat,
        areas=areas,
        journeys=journeys,
        pack=pack,
        on=on,
        standing=standing,
        forbidden=forbidden,
    )
    posts = _standing_posts(setting)
    new, centres, without = _rooms_of_beats(setting, posts, centres, seed, stop)
    posts += new
    to_centre = journeys.minutes(np.arange(len(units)), centres[beat])
    room = _nearest_room(setting, posts)
    to_room = _minutes_to(setting, room, posts)
    posts += _work_stations(setting, posts, to_room)
    posts.sort(key=lambda post: (post.beat, post.kind not in ROOMS, post.unit, post.id))
    return Rooms(
        posts=tuple(posts),
        centres=centres,
        to_centre=to_centre,
        to_room=to_room,
        server=_servers(setting, posts),
        without_site=without,
    )


def _standing_posts(setting: _Setting) -> list[PlacedPost]:
    clauses = {PostKind(rule.kind): rule.clause for rule in setting.pack.planning.posts}
    usual = setting.pack.planning.beats[0].clause
    return [
        PlacedPost(
            id=post.id,
            kind=post.kind,
            unit=unit,
            beat=int(setting.beat[unit]),
            clause=clauses.get(post.kind, usual),
            name=post.name,
            existing=True,
        )
        for unit in sorted(setting.standing)
        for post in setting.standing[unit]
    ]


def _rule_for(setting: _Setting, per: str, area: Area | None) -> PostRule | None:
    for rule in setting.pack.planning.posts:
        if rule.per == per and rule.area in ("any", "rural" if area is None else area.value):
            return rule
    return None


def _rooms_of_beats(
    setting: _Setting, posts: list[PlacedPost], centres: Integers, seed: Seed, stop: Stop
) -> tuple[list[PlacedPost], Integers, tuple[int, ...]]:
    """A room for each beat that has none and whose area's rule wants one; and every beat's centre."""
    roomed: dict[int, list[int]] = defaultdict(list)
    for post in posts:
        if post.kind in ROOMS:
            roomed[post.beat].append(post.unit)
    touched = set(roomed) | {int(setting.beat[unit]) for unit in setting.forbidden}
    members = members_of(setting.beat, len(centres)) if touched else []
    centres, new, without = centres.copy(), [], []
    for beat, area in enumerate(setting.areas):
        rule = _rule_for(setting, "beat", area)
        if beat in roomed:
            centres[beat] = _best(setting, members[beat], set(roomed[beat]), seed, stop)
        elif rule is not None:
            site = int(centres[beat])
            if site in setting.forbidden:
                allowed = set(members[beat].tolist()) - setting.forbidden
                if not allowed:
                    without.append(beat)
                    continue
                site = _best(setting, members[beat], allowed, seed, stop)
            centres[beat] = site
            new.append(_new_post(setting, PostKind(rule.kind), site, rule.clause))
    return new, centres, tuple(without)


def _best(setting: _Setting, members: Integers, allowed: set[int], seed: Seed, stop: Stop) -> int:
    """The best of some sites for all units of a beat: the siting planner with one site to open."""
    sites = np.array(sorted(allowed), dtype=np.int64)
    if len(sites) == 1:
        return int(sites[0])
    start = np.repeat(members, len(sites))
    costs = setting.journeys.minutes(start, np.tile(sites, len(members))).reshape(len(members), len(sites))
    problem = siting.SitingProblem(costs, siting.Median(1), weights=setting.units.weights[members])
    result = siting.solve(problem, stop=stop, seed=seed, params=siting.SitingParameters())
    return int(sites[result.open_sites[0]])


def _new_post(setting: _Setting, kind: PostKind, unit: int, clause: ClauseId) -> PlacedPost:
    letter = "W" if kind is PostKind.WORK_STATION else "R"
    return PlacedPost(
        id=PostId(f"{letter}-{setting.units.codes[unit]}"),
        kind=kind,
        unit=unit,
        beat=int(setting.beat[unit]),
        clause=clause,
        name=None,
        existing=False,
    )


def _nearest_room(setting: _Setting, posts: list[PlacedPost]) -> Integers:
    """The unit of the nearest room of each unit's beat, −1 where its beat has none."""
    nearest = np.full(len(setting.units), -1, dtype=np.int64)
    best = np.full(len(setting.units), np.inf)
    rooms: dict[int, list[int]] = defaultdict(list)
    for post in posts:
        if post.kind in ROOMS:
            rooms[post.beat].append(post.unit)
    # Beats have one room, seldom more: the k-th rooms of all beats are dealt with at once.
    for rank in range(max(map(len, rooms.values()), default=0)):
        site = np.full(int(setting.beat.max()) + 1, -1, dtype=np.int64)
        for beat, units in rooms.items():
            if rank < len(units):
                site[beat] = sorted(units)[rank]
        rows = np.flatnonzero(site[setting.beat] >= 0)
        minutes = setting.journeys.minutes(rows, site[setting.beat[rows]])
        closer = minutes < best[rows]
        best[rows[closer]] = minutes[closer]
        nearest[rows[closer]] = site[setting.beat[rows[closer]]]
    return nearest


def _minutes_to(setting: _Setting, target: Integers, posts: list[PlacedPost]) -> Floats:
    minutes = np.full(len(setting.units), np.nan)
    rows = np.flatnonzero(target >= 0)
    if len(rows):
        minutes[rows] = setting.journeys.minutes(rows, target[rows])
    return minutes


def _work_stations(setting: _Setting, posts: list[PlacedPost], to_room: Floats) -> list[PlacedPost]:
    """One in each unit without any post whose area's rule wants one, where a room is far if it says so."""
    taken = {post.unit for post in posts}
    new = []
    for unit, area in enumerate(setting.units.areas):
        rule = _rule_for(setting, "unit_without_room", area)
        if rule is None or unit in taken or unit in setting.forbidden:
            continue
        if rule.beyond is not None:
            limit = dated(setting.pack, rule.beyond, setting.on)
            if not (np.isnan(to_room[unit]) or to_room[unit] > limit):
                continue
        new.append(_new_post(setting, PostKind(rule.kind), unit, rule.clause))
    return new


def _servers(setting: _Setting, posts: list[PlacedPost]) -> Integers:
    """Each unit's own post, else the nearest room of its beat. Among posts of one unit the first serves."""
    server = np.full(len(setting.units), -1, dtype=np.int64)
    room_at: dict[int, int] = {}
    own: dict[int, int] = {}
    for row, post in enumerate(posts):
        own.setdefault(post.unit, row)
        if post.kind in ROOMS:
            room_at.setdefault(post.unit, row)
    nearest = _nearest_room(setting, posts)
    for unit in range(len(setting.units)):
        if unit in own:
            server[unit] = own[unit]
        elif nearest[unit] >= 0:
            server[unit] = room_at[int(nearest[unit])]
    return server
