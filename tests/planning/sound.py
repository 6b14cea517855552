"""A small made-up deployment in which everything is right: two stations, four beats of three places."""

import datetime as dt
from dataclasses import replace
from math import asin, ceil, cos, radians, sin, sqrt

from linli.kernel.identifiers import BeatId, ClauseId, PlaceCode, PostId, StationId
from linli.kernel.measures import Kilometres, KilometresPerHour, Minutes, Ratio, Workload
from linli.kernel.texts import plain
from linli.planning.deployment import (
    FORMAT,
    Beat,
    BeatRule,
    ClauseCheck,
    Deployment,
    HiringStep,
    PackReference,
    PlaceSummary,
    Post,
    StaffNeed,
    StationSummary,
    TerritoryReference,
    WorkloadWeights,
)
from linli.territory.model import Area, PostKind, Role

COLUMNS, ROWS = 3, 4
DETOUR, SPEED = 1.4, 30.0
RULE = ClauseId("S1")


def sound_deployment() -> Deployment:
    """Twelve places on a grid of three columns; each row is a beat, each two rows a station."""
    places = tuple(_place(number) for number in range(COLUMNS * ROWS))
    beats = tuple(_beat(row, places[row * COLUMNS : (row + 1) * COLUMNS]) for row in range(ROWS))
    weights = [place.residents or 0 for place in places]
    lengths = [kilometres(place, places[3 * (i // 3) + 1]) for i, place in enumerate(places)]
    mean = sum(w * x for w, x in zip(weights, lengths, strict=True)) / sum(weights)
    return Deployment(
        format=FORMAT,
        linli_version="0.0.0",
        territory=TerritoryReference(
            id="synthetic",
            name=plain("synthetic"),
            digest="0" * 64,
            synthetic=("residents", "longitude", "latitude"),
            sources=(plain("synthetic"),),
            travel_method="great_circle",
            travel_note=plain("synthetic"),
            adjacency_method="table",
            detour=Ratio(DETOUR),
            speed=KilometresPerHour(SPEED),
        ),
        pack=PackReference(
            id="synthetic-2018", title=plain("synthetic"), digest="1" * 64, on=dt.date(2018, 6, 30)
        ),
        seed=1,
        weights=WorkloadWeights(residents=1.0, incidents=2.0, premises=0.5),
        mean_minutes=Minutes(round(mean * DETOUR / SPEED * 60, 3)),
        mean_distance=Kilometres(round(mean, 4)),
        stations=tuple(_station(number, places) for number in range(2)),
        places=places,
        beats=beats,
        posts=tuple(_post(beat) for beat in beats),
        staffing=tuple(need for beat in beats for need in _needs(beat)),
        hiring=(
            HiringStep(
                by=dt.date(2018, 12, 31), clause=RULE, role=Role.AUXILIARY, required=8, have=5, to_add=3
            ),
        ),
        checks=(_check("S1", "met", met=4), _check("S2", "not_met", met=3, not_met=1, failing=("B0",))),
        assumptions=(),
        searches=(),
        beat_rules=(
            BeatRule(
                clause=RULE, area=None, fewest_places=2, most_places=4, target_residents=None, tolerance=None
            ),
        ),
    )


def kilometres(a: PlaceSummary, b: PlaceSummary) -> float:
    """Great-circle distance on the mean sphere, by the haversine formula."""
    north, east = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    half = sin(north / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


def _code(number: int) -> PlaceCode:
    return PlaceCode(f"P{number:02d}")


def _neighbours(number: int) -> tuple[PlaceCode, ...]:
    row, column = divmod(number, COLUMNS)
    steps = ((row - 1, column), (row, column - 1), (row, column + 1), (row + 1, column))
    return tuple(_code(r * COLUMNS + c) for r, c in steps if 0 <= r < ROWS and 0 <= c < COLUMNS)


def _place(number: int) -> PlaceSummary:
    row, column = divmod(number, COLUMNS)
    residents, incidents, premises = 1000 + 100 * number + 700 * (column == 0), 10 + number, number % 5
    place = PlaceSummary(
        code=_code(number),
        name=f"synthetic {number}",
        station=StationId(f"S{row // 2}"),
        area=Area.RURAL,
        residents=residents,
        households=residents // 4,
        incidents=incidents,
        premises=premises,
        longitude=104.0 + 0.05 * column,
        latitude=24.0 + 0.04 * row,
        workload=Workload(residents + 2.0 * incidents + 0.5 * premises),
        minutes_to_post=Minutes(0.0),
        neighbours=_neighbours(number),
    )
    return _with_minutes(place, 24.0 + 0.04 * row)


def _with_minutes(place: PlaceSummary, latitude: float) -> PlaceSummary:
    room = replace(place, longitude=104.05, latitude=latitude)
    return replace(place, minutes_to_post=Minutes(round(kilometres(place, room) * DETOUR / SPEED * 60, 3)))


def _station(number: int, places: tuple[PlaceSummary, ...]) -> StationSummary:
    inside = [place for place in places if place.station == f"S{number}"]
    return StationSummary(
        id=StationId(f"S{number}"),
        name=f"synthetic {number}",
        assumed=True,
        places=len(inside),
        residents=sum(place.residents or 0 for place in inside),
    )


def _beat(row: int, places: tuple[PlaceSummary, ...]) -> Beat:
    residents = [place.residents or 0 for place in places]
    minutes = [place.minutes_to_post or Minutes(0.0) for place in places]
    return Beat(
        id=BeatId(f"B{row}"),
        name=plain(f"synthetic {row}"),
        station=places[0].station,
        area=Area.RURAL,
        places=tuple(place.code for place in places),
        centre=places[1].code,
        residents=sum(residents),
        households=sum(place.households or 0 for place in places),
        incidents=sum(place.incidents or 0 for place in places),
        premises=sum(place.premises or 0 for place in places),
        workload=Workload(sum(place.workload for place in places)),
        target_workload=Workload(5000.0),
        land=None,
        mean_minutes=Minutes(
            round(sum(r * m for r, m in zip(residents, minutes, strict=True)) / sum(residents), 3)
        ),
        longest_minutes=Minutes(max(minutes)),
        parts=1,
        heavier_than_target=False,
        clause=RULE,
        posts=(PostId(f"R{row}"),),
    )


def _post(beat: Beat) -> Post:
    row = int(beat.id[1:])
    return Post(
        id=beat.posts[0],
        kind=PostKind.CENTRE_ROOM,
        name=plain(f"synthetic {row}"),
        place=beat.centre,
        longitude=104.05,
        latitude=24.0 + 0.04 * row,
        existing=False,
        beats=(beat.id,),
        serves=beat.places,
        clause=RULE,
    )


def _needs(beat: Beat) -> tuple[StaffNeed, ...]:
    exact = 3 * (beat.residents or 0) / 1000
    return (
        StaffNeed(
            clause=RULE,
            role=Role.GRID_WORKER,
            scope="beat",
            scope_id=beat.id,
            required=ceil(exact),
            required_exact=exact,
            have=4,
            gap=max(0, ceil(exact) - 4),
            formula=plain("synthetic"),
        ),
        StaffNeed(
            clause=RULE,
            role=Role.AUXILIARY,
            scope="post",
            scope_id=beat.posts[0],
            required=2,
            required_exact=2.0,
            have=None,
            gap=None,
            formula=plain("synthetic"),
        ),
    )


def _check(
    clause: str, status: str, met: int, not_met: int = 0, failing: tuple[str, ...] = ()
) -> ClauseCheck:
    return ClauseCheck(
        clause=ClauseId(clause),
        kind="norm",
        title=plain("synthetic"),
        scope="beat",
        status=status,  # type: ignore[arg-type]
        rows=met + not_met,
        met=met,
        not_met=not_met,
        unknown=0,
        value=None,
        threshold=None,
        unit=None,
        formula=None,
        inputs=(),
        failing=failing,
        note=None,
    )
