"""Named measures of a deployment, one column a measure and one row for each beat, post, place or station.

Everything is read from the deployment alone, so that a clause can be checked again from its file.
A number that is not known is NaN; a yes/no measure is 1, 0 or NaN. Measures that records of later
parts give (duty shifts, patrols ...) have no column here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from linli.planning.deployment import Beat, Deployment, PlaceSummary, Post, StationSummary
from linli.planning.evaluation.levels import counts_as
from linli.territory.model import Area, Level, PostKind, Role

__all__ = ["ROLE_MEASURES", "Columns", "ScopeName"]

ScopeName = Literal["territory", "station", "beat", "post", "place"]
Numbers = NDArray[np.float64]
Record = TypeVar("Record")

ROLE_MEASURES: Final = {
    "officers": Role.OFFICER,
    "community_officers": Role.COMMUNITY_OFFICER,
    "auxiliaries": Role.AUXILIARY,
    "grid_workers": Role.GRID_WORKER,
    "assistants": Role.ASSISTANT,
    "mediators": Role.MEDIATOR,
    "patrol_members": Role.PATROL_MEMBER,
    "volunteers": Role.VOLUNTEER,
}

ROOM_KINDS = (PostKind.COMMUNITY_ROOM, PostKind.CENTRE_ROOM)


@dataclass(frozen=True)
class _Holding:
    """What one row of a scope holds: the deployment's records that lie in it."""

    id: str
    places: tuple[PlaceSummary, ...]
    posts: tuple[Post, ...]
    beats: tuple[Beat, ...]
    stations: tuple[StationSummary, ...]


class Columns:
    """The measures of a deployment by scope.

    Examples
    --------
    ``Columns(deployment).get("beat", "residents")`` has one number for each beat; a measure that the
    plan does not give, or not for this scope, is ``None``.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._places = {place.code: place for place in deployment.places}
        self._rows: dict[ScopeName, tuple[_Holding, ...]] = {}
        self._made: dict[tuple[ScopeName, str], Numbers | None] = {}

    def ids(self, scope: ScopeName) -> tuple[str, ...]:
        """The ids of a scope's rows."""
        return tuple(row.id for row in self.rows(scope))

    def get(self, scope: ScopeName, measure: str) -> Numbers | None:
        """A measure's column, or ``None`` where the deployment does not give it for this scope."""
        key = (scope, measure)
        if key not in self._made:
            self._made[key] = self._make(scope, measure)
        return self._made[key]

    def rows(self, scope: ScopeName) -> tuple[_Holding, ...]:
        """What each row of a scope holds."""
        if scope not in self._rows:
            self._rows[scope] = tuple(self._hold(scope))
        return self._rows[scope]

    def _make(self, scope: ScopeName, measure: str) -> Numbers | None:
        if measure in ROLE_MEASURES:
            return self._people(scope, ROLE_MEASURES[measure])
        if measure in OF_ROWS:
            return np.array([_number(OF_ROWS[measure](row)) for row in self.rows(scope)], dtype=np.float64)
        made: Callable[[Columns], Iterable[float | None]] | None = OF_SCOPE.get((scope, measure))
        if made is None:
            return None
        return np.array([_number(value) for value in made(self)], dtype=np.float64)

    def _hold(self, scope: ScopeName) -> Iterable[_Holding]:
        plan = self.deployment
        if scope == "territory":
            return [_Holding(plan.territory.id, plan.places, plan.posts, plan.beats, plan.stations)]
        if scope == "place":
            at = _grouped(plan.posts, lambda post: post.place)
            return [_Holding(p.code, (p,), tuple(at[p.code]), (), ()) for p in plan.places]
        if scope == "post":
            return [
                _Holding(p.id, tuple(self._places[c] for c in p.serves), (p,), (), ()) for p in plan.posts
            ]
        posts = {post.id: post for post in plan.posts}
        if scope == "beat":
            return [
                _Holding(
                    b.id, tuple(self._places[c] for c in b.places), tuple(posts[p] for p in b.posts), (b,), ()
                )
                for b in plan.beats
            ]
        places = _grouped(plan.places, lambda place: place.station)
        beats = _grouped(plan.beats, lambda beat: beat.station)
        at_station = _grouped(plan.posts, lambda post: self._places[post.place].station)
        return [
            _Holding(s.id, tuple(places[s.id]), tuple(at_station[s.id]), tuple(beats[s.id]), (s,))
            for s in plan.stations
        ]

    def _people(self, scope: ScopeName, role: Role) -> Numbers:
        """People on hand: by head count for stations and territory, as posted for all else."""
        if scope in ("station", "territory"):
            return self._heads(scope, role)
        rows = self.rows(scope)
        found: list[float | None] = [self._posted.get((role, row.id, scope)) for row in rows]
        if scope == "beat":
            found = [_added(self._posted_within(role, row)) for row in rows]
        return np.array([_number(value) for value in found], dtype=np.float64)

    def _heads(self, scope: ScopeName, role: Role) -> Numbers:
        counts: dict[str, float] = {}
        for pool in self.deployment.staff:
            if pool.role is role:
                counts[pool.station] = counts.get(pool.station, 0.0) + pool.count + pool.designated
        if scope == "territory":
            return np.array([sum(counts.values()) if counts else np.nan])
        return np.array([counts.get(id_, np.nan) for id_ in self.ids("station")], dtype=np.float64)

    def villages_with(self, scope: ScopeName, role: Role) -> list[float | None]:
        """Villages that have someone of a role; not known where that is not known of one of them."""
        found: list[float | None] = []
        for row in self.rows(scope):
            villages = [place.code for place in row.places if _level(place) is Level.VILLAGE]
            posted = [self._posted.get((role, code, "place")) for code in villages]
            found.append(_added([None if people is None else float(people > 0) for people in posted]))
        return found

    @cached_property
    def _posted(self) -> dict[tuple[Role, str, str], int | None]:
        """People posted to a scope by role; clauses that ask for the same people show the same number."""
        posted: dict[tuple[Role, str, str], int | None] = {}
        for need in self.deployment.staffing:
            key = (need.role, need.scope_id, need.scope)
            before = posted.get(key)
            posted[key] = need.have if before is None else max(before, need.have or 0)
        return posted

    def _posted_within(self, role: Role, row: _Holding) -> list[int | None]:
        keys = [(role, row.id, "beat")]
        keys += [(role, post.id, "post") for post in row.posts]
        keys += [(role, place.code, "place") for place in row.places]
        return [self._posted[key] for key in keys if key in self._posted]


def _grouped(records: Sequence[Record], key: Callable[[Record], str]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    return groups


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _added(values: Sequence[float | None]) -> float | None:
    """The sum; unknown where there is nothing to add or any part is unknown."""
    if not values or any(value is None for value in values):
        return None
    return float(sum(value or 0 for value in values))


def _total(row: _Holding, name: str) -> float | None:
    return _added([getattr(place, name) for place in row.places])


def _of_level(row: _Holding, level: Level) -> int:
    return sum(_level(place) is level for place in row.places)


def _level(place: PlaceSummary) -> Level | None:
    if place.level is None or place.area is None:
        return place.level
    return counts_as(place.level, place.area)


def _area(row: _Holding, area: Area) -> bool | None:
    """Whether all of a row's places are of one kind of area; unknown where they differ."""
    found = {place.area for place in row.places}
    return None if len(found) != 1 or None in found else found == {area}


def _posts_of(row: _Holding, *kinds: PostKind) -> int:
    return sum(post.kind in kinds for post in row.posts)


OF_ROWS: Final[dict[str, Callable[[_Holding], float | None]]] = {
    "residents": lambda row: _total(row, "residents"),
    "households": lambda row: _total(row, "households"),
    "premises": lambda row: _total(row, "premises"),
    "incidents": lambda row: _total(row, "incidents"),
    "villages": lambda row: _of_level(row, Level.VILLAGE),
    "communities": lambda row: _of_level(row, Level.COMMUNITY),
    "units": lambda row: len(row.places),
    "urban": lambda row: _area(row, Area.URBAN),
    "rural": lambda row: _area(row, Area.RURAL),
    "rooms": lambda row: _posts_of(row, *ROOM_KINDS),
    "community_rooms": lambda row: _posts_of(row, PostKind.COMMUNITY_ROOM),
    "centre_rooms": lambda row: _posts_of(row, PostKind.CENTRE_ROOM),
    "work_stations": lambda row: _posts_of(row, PostKind.WORK_STATION),
    "has_room": lambda row: _posts_of(row, *ROOM_KINDS) > 0,
    "has_work_station": lambda row: _posts_of(row, PostKind.WORK_STATION) > 0,
}
"""Measures that are worked out the same way for every scope."""

OF_SCOPE: Final[dict[tuple[str, str], Callable[[Columns], Iterable[float | None]]]] = {
    ("territory", "stations"): lambda of: [len(of.deployment.stations)],
    ("territory", "beats"): lambda of: [len(of.deployment.beats)],
    ("territory", "villages_with_assistant"): lambda of: of.villages_with("territory", Role.ASSISTANT),
    ("station", "villages_with_assistant"): lambda of: of.villages_with("station", Role.ASSISTANT),
    ("station", "beats"): lambda of: [len(row.beats) for row in of.rows("station")],
    ("beat", "longest_minutes"): lambda of: [beat.longest_minutes for beat in of.deployment.beats],
    ("post", "is_room"): lambda of: [post.kind in ROOM_KINDS for post in of.deployment.posts],
    ("post", "is_work_station"): lambda of: [
        post.kind is PostKind.WORK_STATION for post in of.deployment.posts
    ],
    ("place", "is_village"): lambda of: [_level(place) is Level.VILLAGE for place in of.deployment.places],
    ("place", "is_community"): lambda of: [_level(p) is Level.COMMUNITY for p in of.deployment.places],
    ("place", "minutes_to_room"): lambda of: [place.minutes_to_room for place in of.deployment.places],
}
"""Measures of one scope alone."""
