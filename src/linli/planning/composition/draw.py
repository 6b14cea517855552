"""From the beat planner's answer to the deployment's beats: totals, times, targets, names."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linli.kernel.identifiers import BeatId, PostId, StationId
from linli.kernel.measures import Minutes, SquareKilometres, Workload
from linli.kernel.texts import Text, catalogue, plain
from linli.planning import beats as planner
from linli.planning.composition.grouping import Group
from linli.planning.composition.pieces import pieces_of_beats
from linli.planning.composition.rooms import ROOMS, PlacedPost, Rooms, members_of
from linli.planning.composition.table import Floats, Integers, UnitTable
from linli.planning.composition.today import Today
from linli.planning.deployment import Beat, BeatRule, LeftReason, PlaceSummary, Post, StationSummary
from linli.planning.yardstick import judged, worth_beats
from linli.territory.model import Area, Station

__all__ = ["Drawing", "beat_areas", "draw_beats", "draw_places", "draw_posts", "draw_stations"]

say = catalogue("linli.planning.composition")


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawing:
    """What beats are drawn from."""

    units: UnitTable
    groups: tuple[Group, ...]
    rules: tuple[planner.Rule, ...]
    applied: dict[int, BeatRule]
    """The deployment's rule of each of the pack's rules, by the id of the latter's object."""
    stations: tuple[Station, ...]
    answer: planner.BeatResult
    rooms: Rooms
    today: Today | None = None
    reasons: tuple[LeftReason | None, ...] = ()
    """Why each unit leaves its beat of today; empty where none stands."""

    def ids(self) -> tuple[BeatId, ...]:
        """Beats are numbered inside their station, in the order of the planner.

        A beat that carries on one of today's keeps its number, if it was numbered so.
        """
        stations = [self.groups[group].station for group in self.answer.group]
        carried = [self.carried(beat) for beat in range(len(stations))]
        own = [_own_number(label, station) for label, station in zip(carried, stations, strict=True)]
        taken = {(station, number) for station, number in zip(stations, own, strict=True) if number}
        counts: dict[str, int] = {}
        ids = []
        for station, kept in zip(stations, own, strict=True):
            number = kept or counts.get(station, 0) + 1
            while kept is None and (station, number) in taken:
                number += 1
            if kept is None:
                counts[station] = number
            ids.append(BeatId(f"{station}-{number:02d}"))
        return tuple(ids)

    def carried(self, beat: int) -> str | None:
        """The name of today's beat that a beat carries on."""
        number = int(self.answer.kept[beat])
        return None if self.today is None or number < 0 else self.today.names[number]


def _own_number(label: str | None, station: str) -> int | None:
    """The number in a beat's id as an earlier plan gave it; ``None`` for any other name."""
    head, _, tail = (label or "").rpartition("-")
    return int(tail) if head == station and tail.isascii() and tail.isdigit() and int(tail) else None


def beat_areas(
    answer: planner.BeatResult, groups: tuple[Group, ...], units: UnitTable
) -> tuple[Area | None, ...]:
    """Each beat's area; ``None`` for one that holds both, where one rule is for all."""
    areas: list[Area | None] = []
    for beat, members in enumerate(_groups_of_rows(answer)):
        rule = groups[answer.group[beat]].rule
        if rule.area != "any":
            areas.append(Area(rule.area))
        else:
            found = {units.areas[row] for row in members}
            areas.append(found.pop() if len(found) == 1 else None)
    return tuple(areas)


def draw_beats(drawing: Drawing, areas: tuple[Area | None, ...]) -> tuple[Beat, ...]:
    """The beats with everything that follows from their places."""
    ids = drawing.ids()
    names = {station.id: station.name for station in drawing.stations}
    parts = pieces_of_beats(drawing.answer.assignment, drawing.units.touching)
    posts: dict[int, list[PostId]] = {}
    for post in drawing.rooms.posts:
        posts.setdefault(post.beat, []).append(post.id)
    members = _groups_of_rows(drawing.answer)
    return tuple(
        _beat(
            drawing, beat, rows, ids[beat], areas[beat], names, int(parts[beat]), tuple(posts.get(beat, ()))
        )
        for beat, rows in enumerate(members)
    )


def _beat(
    drawing: Drawing,
    beat: int,
    rows: Integers,
    id_: BeatId,
    area: Area | None,
    names: dict[StationId, str],
    parts: int,
    posts: tuple[PostId, ...],
) -> Beat:
    units, answer = drawing.units, drawing.answer
    group = drawing.groups[answer.group[beat]]
    rule = drawing.rules[answer.group[beat]]
    applied = drawing.applied[id(group.rule)]
    minutes, weights = drawing.rooms.to_centre[rows], units.weights[rows]
    target = _target(drawing, beat, rule)
    made = Beat(
        id=id_,
        name=_name(drawing, beat, rows, names[group.station], id_),
        station=group.station,
        area=area,
        places=tuple(units.codes[row] for row in rows),
        centre=units.codes[drawing.rooms.centres[beat]],
        residents=_count(units.residents[rows]),
        households=_count(units.households[rows]),
        incidents=_count(units.incidents[rows]),
        premises=_count(units.premises[rows]),
        workload=_workload(units.workload[rows].sum()),
        target_workload=target,
        land=_land(units.land[rows]),
        mean_minutes=_minutes(np.average(minutes, weights=weights if weights.sum() > 0 else None)),
        longest_minutes=_minutes(minutes.max()),
        parts=parts,
        heavier_than_target=_heavier(units, rows, target, applied.target_residents),
        clause=group.rule.clause,
        posts=posts,
        target_residents=applied.target_residents,
        today=drawing.carried(beat),
    )
    return judged(replace(made, worth_beats=worth_beats(made)), (applied,))


def _target(drawing: Drawing, beat: int, rule: planner.Rule) -> Workload | None:
    """What the planner aimed at, where that is workload."""
    if isinstance(rule, planner.OneUnitEach | planner.LoadPerBeat) or drawing.units.workload.sum() <= 0:
        return None
    return _workload(drawing.answer.target[beat])


def _workload(value: float) -> Workload:
    """Rounded as the file rounds, so that a beat at the edge of its rule is judged alike on both."""
    return Workload(round(float(value), 3))


def _heavier(units: UnitTable, rows: Integers, target: float | None, residents: float | None) -> bool:
    if residents is not None:
        return bool((np.nan_to_num(units.residents[rows]) > residents).any())
    return target is not None and bool((units.workload[rows] > target + 1e-3).any())


def _name(drawing: Drawing, beat: int, rows: Integers, station: str, id_: BeatId) -> Text:
    """Today's name for a beat that is carried on; a number that a plan gave is a number and no name."""
    units, label = drawing.units, drawing.carried(beat)
    if label is not None and label != id_:
        return plain(label)
    if len(rows) == 1:
        return say("beat.of_place", place=units.names[rows[0]])
    number = id_.rsplit("-", 1)[1]
    return say("beat.of_station", station=station, number=int(number))


def _count(values: Floats) -> int | None:
    total = float(values.sum())
    return None if np.isnan(total) else round(total)


def _minutes(value: float) -> Minutes:
    """Rounded as the file rounds, so that a clause evaluated on the file gives the same."""
    return Minutes(round(float(value), 3))


def _land(values: Floats) -> SquareKilometres | None:
    total = float(values.sum())
    return None if np.isnan(total) else SquareKilometres(total)


def _groups_of_rows(answer: planner.BeatResult) -> list[Integers]:
    return members_of(answer.assignment.astype(np.int64), answer.beats)


def draw_posts(drawing: Drawing) -> tuple[Post, ...]:
    """The posts with whom they serve."""
    units, rooms, ids = drawing.units, drawing.rooms, drawing.ids()
    serves: dict[int, list[int]] = {}
    for unit, post in enumerate(rooms.server):
        if post >= 0:
            serves.setdefault(int(post), []).append(unit)
    return tuple(
        Post(
            id=post.id,
            kind=post.kind,
            name=_post_name(units, post),
            place=units.codes[post.unit],
            longitude=float(units.longitude[post.unit]),
            latitude=float(units.latitude[post.unit]),
            existing=post.existing,
            beats=(ids[post.beat],),
            serves=tuple(units.codes[unit] for unit in serves.get(row, ())),
            clause=post.clause,
        )
        for row, post in enumerate(rooms.posts)
    )


def _post_name(units: UnitTable, post: PlacedPost) -> Text:
    if post.name is not None:
        return Text(zh=post.name, en=post.name)
    return say(f"post.{post.kind.value}", place=units.names[post.unit])


def draw_places(drawing: Drawing) -> tuple[PlaceSummary, ...]:
    """The units as they were used."""
    units, rooms = drawing.units, drawing.rooms
    neighbours = _neighbours(units, units.touching)
    across = _neighbours(units, _beyond_touch(units))
    has_room = {post.unit for post in rooms.posts if post.kind in ROOMS}
    own = {post.unit for post in rooms.posts}
    places = []
    for row, code in enumerate(units.codes):
        room = 0.0 if row in has_room else float(rooms.to_room[row])
        served = None if rooms.server[row] < 0 else _minutes(0.0 if row in own else room)
        places.append(
            PlaceSummary(
                code=code,
                name=units.names[row],
                station=units.stations[row],
                area=units.areas[row],
                residents=_count(units.residents[row]),
                households=_count(units.households[row]),
                incidents=_count(units.incidents[row]),
                premises=_count(units.premises[row]),
                longitude=float(units.longitude[row]),
                latitude=float(units.latitude[row]),
                workload=Workload(float(units.workload[row])),
                minutes_to_post=served,
                neighbours=tuple(units.codes[other] for other in neighbours[row]),
                level=units.levels[row],
                minutes_to_room=None if np.isnan(room) else _minutes(room),
                across=tuple(units.codes[other] for other in across[row]),
                today=units.beats[row],
                left=drawing.reasons[row] if drawing.reasons else None,
            )
        )
    return tuple(places)


def _beyond_touch(units: UnitTable) -> Integers:
    """The pairs that a beat may join although they do not touch."""
    count = max(len(units), 1)
    edges, touching = (pairs.astype(np.int64).reshape(-1, 2) for pairs in (units.edges, units.touching))
    codes = np.setdiff1d(edges[:, 0] * count + edges[:, 1], touching[:, 0] * count + touching[:, 1])
    return np.column_stack(np.divmod(codes, count))


def _neighbours(units: UnitTable, pairs: NDArray[np.integer]) -> list[list[int]]:
    """The units that each is paired with, in order of code."""
    neighbours: list[list[int]] = [[] for _ in range(len(units))]
    for a, b in pairs.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    return [sorted(others, key=units.codes.__getitem__) for others in neighbours]


def draw_stations(units: UnitTable, stations: tuple[Station, ...]) -> tuple[StationSummary, ...]:
    """The stations with their totals, in order of id."""
    rows: dict[str, list[int]] = {}
    for row, station in enumerate(units.stations):
        rows.setdefault(station, []).append(row)
    return tuple(
        StationSummary(
            id=station.id,
            name=station.name,
            assumed=station.assumed,
            places=len(rows[station.id]),
            residents=_count(units.residents[rows[station.id]]),
        )
        for station in sorted(stations, key=lambda station: station.id)
    )
