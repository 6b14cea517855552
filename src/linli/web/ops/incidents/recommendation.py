"""Which unit to send, and why: pure functions over what is known of an incident and of the units.

A free unit's place follows from the minutes it is reckoned to need, plus a handicap where it belongs to
another beat or station or is of a kind that is not suited. Everything that moved it is said beside it;
everything that is missing is said below. Minutes are great-circle distance × detour ÷ speed: they know no
road, bridge or jam.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Final

from linli.kernel.measures import Kilometres, Minutes
from linli.kernel.texts import Text, catalogue
from linli.web.ops.incidents.standards import Handicap, Kind, Need, Travel

__all__ = [
    "Candidate",
    "Ranked",
    "Recommendation",
    "Scene",
    "Status",
    "minutes_between",
    "needs_reason",
    "recommend",
]

say = catalogue("linli.web.ops.incidents")

EARTH: Final = 6371.0088
UNKNOWN: Final = Minutes(24 * 60.0)
"""Where no position is known a unit comes after all those that have one."""


class Status(StrEnum):
    """What a unit is doing."""

    FREE = "free"
    ASSIGNED = "assigned"
    ON_SCENE = "on_scene"
    OFF_DUTY = "off_duty"


Point = tuple[float, float]
"""Longitude and latitude."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A unit as far as a recommendation cares."""

    id: int
    call_sign: str
    kind: Kind
    capacity: int
    status: Status
    station: str = ""
    beats: frozenset[str] = frozenset()
    """The beats that it works in; empty for a whole station or county."""
    at: Point | None = None
    shift_until: dt.datetime | None = None
    busy_with: str = ""
    """Number of the incident that it is on."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where something happened, and what that kind of thing needs."""

    need: Need
    station: str = ""
    beat: str = ""
    at: Point | None = None
    exact: bool = True
    """The position is that of the address, not of the village or community around it."""
    people_there: int = 0
    """People of units that are on it already."""


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A unit that can be sent, and why it stands where it stands."""

    unit: Candidate
    suited: bool
    minutes: Minutes | None
    kilometres: Kilometres | None
    counted: Minutes
    """The minutes that decide: those reckoned and the handicaps."""
    reasons: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """Who can be sent, best first; who cannot and why; what is missing."""

    ranked: tuple[Ranked, ...]
    excluded: tuple[tuple[Candidate, Text], ...]
    missing: tuple[Text, ...]
    wanted: int
    """How many of the first units the incident needs."""


def minutes_between(start: Point, end: Point, kind: Kind, travel: Travel) -> tuple[Minutes, Kilometres]:
    """Estimated minutes by road, and the straight kilometres they follow from."""
    up, across = radians(end[1] - start[1]), radians(end[0] - start[0])
    inner = sin(up / 2) ** 2 + cos(radians(start[1])) * cos(radians(end[1])) * sin(across / 2) ** 2
    kilometres = 2 * EARTH * asin(min(1.0, sqrt(inner)))
    return Minutes(kilometres * travel.detour / travel.speed[kind] * 60.0), Kilometres(kilometres)


def recommend(
    scene: Scene,
    units: Iterable[Candidate],
    *,
    travel: Travel,
    handicap: Handicap,
    warn_minutes: float,
    at: dt.datetime,
) -> Recommendation:
    """Rank the free units, say why the others are not among them, and what the incident lacks."""
    known = sorted(units, key=lambda one: one.call_sign)
    free = [one for one in known if one.status is Status.FREE]
    ranked = sorted(
        (_ranked(scene, one, travel, handicap, warn_minutes, at) for one in free),
        key=lambda one: (one.counted, one.unit.call_sign),
    )
    excluded = tuple((one, _why_not(one)) for one in known if one.status is not Status.FREE)
    wanted = _wanted(scene, ranked)
    return Recommendation(
        ranked=tuple(ranked),
        excluded=excluded,
        missing=tuple(_missing(scene, ranked, known, wanted)),
        wanted=wanted,
    )


def needs_reason(chosen: Iterable[int], recommendation: Recommendation) -> bool:
    """Whether a choice passes over a unit that was recommended before it."""
    picked = set(chosen)
    return picked != {one.unit.id for one in recommendation.ranked[: len(picked)]}


def _ranked(
    scene: Scene, unit: Candidate, travel: Travel, handicap: Handicap, warn_minutes: float, at: dt.datetime
) -> Ranked:
    reasons: list[Text] = []
    minutes = kilometres = None
    if unit.at is not None and scene.at is not None:
        minutes, kilometres = minutes_between(unit.at, scene.at, unit.kind, travel)
        reasons.append(_travelled(minutes, kilometres, unit.kind, travel))
    else:
        reasons.append(say("why.no_unit_position" if unit.at is None else "why.no_scene_position"))
    counted = float(UNKNOWN if minutes is None else minutes)
    for late, reason in (_belonging(scene, unit, handicap), _suiting(scene, unit, handicap)):
        counted += late
        reasons.append(reason)
    left = None if unit.shift_until is None else (unit.shift_until - at).total_seconds() / 60
    if left is not None and left < warn_minutes:
        reasons.append(say("why.shift_ends", minutes=max(0, int(left))))
    return Ranked(
        unit=unit,
        suited=unit.kind in scene.need.kinds,
        minutes=minutes,
        kilometres=kilometres,
        counted=Minutes(counted),
        reasons=tuple(reasons),
    )


def _travelled(minutes: Minutes, kilometres: Kilometres, kind: Kind, travel: Travel) -> Text:
    return say(
        "why.travel",
        minutes=max(1, ceil(minutes)),
        kilometres=f"{kilometres:.1f}",
        detour=f"{travel.detour:g}",
        speed=f"{travel.speed[kind]:g}",
    )


def _belonging(scene: Scene, unit: Candidate, handicap: Handicap) -> tuple[float, Text]:
    if not scene.station or not unit.station:
        return 0.0, say("why.county")
    if unit.station != scene.station:
        return handicap.other_station, say("why.other_station", minutes=f"{handicap.other_station:g}")
    if not unit.beats:
        return 0.0, say("why.own_station")
    if scene.beat in unit.beats:
        return 0.0, say("why.own_beat")
    return handicap.other_beat, say("why.other_beat", minutes=f"{handicap.other_beat:g}")


def _suiting(scene: Scene, unit: Candidate, handicap: Handicap) -> tuple[float, Text]:
    kind = say(f"kind.{unit.kind}")
    if unit.kind in scene.need.kinds:
        return 0.0, say("why.suited", kind=kind)
    return handicap.unsuited, say("why.unsuited", kind=kind, minutes=f"{handicap.unsuited:g}")


def _why_not(unit: Candidate) -> Text:
    match unit.status:
        case Status.ASSIGNED:
            return say("not.assigned" if unit.busy_with else "not.assigned_elsewhere", number=unit.busy_with)
        case Status.ON_SCENE:
            return say("not.on_scene" if unit.busy_with else "not.on_scene_elsewhere", number=unit.busy_with)
        case _:
            return say("not.off_duty")


def _wanted(scene: Scene, ranked: Sequence[Ranked]) -> int:
    """How many of the first units it takes; at least one, as long as there is one."""
    there, count = scene.people_there, 0
    for one in ranked:
        if there >= scene.need.people and count > 0:
            break
        there, count = there + one.unit.capacity, count + 1
    return count


def _missing(
    scene: Scene, ranked: Sequence[Ranked], known: Sequence[Candidate], wanted: int
) -> Iterable[Text]:
    if scene.at is None:
        yield say("missing.position")
    elif not scene.exact:
        yield say("missing.exact")
    if not ranked:
        yield say("missing.none" if known else "missing.no_units")
    elif not any(one.suited for one in ranked):
        yield say("missing.suited", kinds=_kinds(scene.need.kinds))
    people = scene.people_there + sum(one.unit.capacity for one in ranked[:wanted])
    if ranked and people < scene.need.people:
        yield say("missing.people", people=scene.need.people, there=people)
    elif wanted > 1:
        others = [one.unit.call_sign for one in ranked[1:wanted]]
        first = ranked[0].unit
        yield say(
            "missing.second",
            people=scene.need.people,
            first=first.call_sign,
            capacity=first.capacity,
            others=Text(zh="、".join(others), en=", ".join(others)),
        )


def _kinds(kinds: Sequence[Kind]) -> Text:
    names = [say(f"kind.{kind}") for kind in kinds]
    return Text(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names))
