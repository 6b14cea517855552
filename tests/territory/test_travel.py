"""Travel over roads is the shortest way by time, there and back; off the roads it is said."""

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from linli.kernel.errors import LinliError
from linli.kernel.identifiers import PlaceCode, StationId
from linli.kernel.measures import KilometresPerHour, Ratio
from linli.kernel.texts import plain
from linli.territory.model import Datum, Level, Place, Source, Station, Territory, TravelAssumptions
from linli.territory.projection import LocalPlane
from linli.territory.roads import SPEEDS, RoadLines, read_roads
from linli.territory.travel import (
    GreatCircleTravel,
    RoadTravel,
    great_circle_kilometres,
    road_travel,
    travel_between,
)
from linli.territory.units import Units, planning_units

PLANE = LocalPlane(105.0, 35.0)
ASSUMED = TravelAssumptions(detour=Ratio(1.5), speed=KilometresPerHour(30.0))


def territory_of(
    points: list[tuple[float, float]], stations: list[str], roads: str | None = None
) -> Territory:
    """Villages at positions in metres about 105° E 35° N."""
    x, y = np.array(points, dtype=np.float64).T
    lon, lat = PLANE.to_degrees(x, y)
    places = tuple(
        Place(
            code=PlaceCode(f"v{k}"),
            name=f"村{k}",
            level=Level.VILLAGE,
            longitude=float(lon[k]),
            latitude=float(lat[k]),
            station=StationId(stations[k]),
        )
        for k in range(len(points))
    )
    return Territory(
        id="synthetic",
        name=plain("synthetic"),
        time_zone="Asia/Shanghai",
        datum=Datum.WGS84,
        sources=(Source(title=plain("synthetic"), licence="CC0-1.0"),),
        unit_levels=frozenset({Level.VILLAGE}),
        travel=ASSUMED,
        places=places,
        stations=tuple(Station(id=StationId(s), name=s) for s in sorted(set(stations))),
        roads=roads,
    )


def units_of(points: list[tuple[float, float]], stations: str) -> Units:
    return planning_units(territory_of(points, list(stations)))


def roads_of(*lines: list[tuple[float, float]], speed: float = 60.0, direction: int = 0) -> RoadLines:
    shapes = PLANE.geometries_to_degrees(np.array([shapely.LineString(line) for line in lines], dtype=object))
    return RoadLines(
        lines=shapes,
        speed=np.full(len(lines), speed),
        direction=np.full(len(lines), direction, dtype=np.int8),
    )


def test_a_degree_of_a_great_circle_is_60_nautical_miles_or_so() -> None:
    assert float(great_circle_kilometres(0, 0, 0, 1)) == pytest.approx(111.195, abs=1e-3)
    assert float(great_circle_kilometres(10, 20, 10, 20)) == 0.0
    assert float(great_circle_kilometres(0, 0, 180, 0)) == pytest.approx(20015.115, abs=1e-3)


def test_without_roads_times_are_distance_by_detour_and_speed_and_say_so() -> None:
    territory = territory_of([(0, 0), (10_000, 0)], ["S", "S"])
    units = planning_units(territory)
    travel = travel_between(territory, units)
    assert isinstance(travel, GreatCircleTravel)
    both = np.array([0, 1])
    # 10 km × 1.5 at 30 km/h
    assert travel.among(both) == pytest.approx(np.array([[0, 30.0], [30.0, 0]]), rel=3e-3)
    assert "1.5" in travel.note.en
    assert "30" in travel.note.zh


def test_a_road_is_driven_at_its_speed_and_round_its_corner() -> None:
    units = units_of([(0, 0), (6_000, 6_000)], "SS")
    travel = road_travel(units, roads_of([(0, 0), (6_000, 0), (6_000, 6_000)]), ASSUMED)
    assert travel.among(np.array([0, 1]))[0, 1] == pytest.approx(12.0, rel=1e-3)
    assert (travel.unsnapped, travel.unreached) == (0, 0)
    assert travel.minutes(np.array([0, 1]), np.array([1, 1])).tolist() == pytest.approx([12.0, 0.0], rel=1e-3)


def test_the_faster_of_two_roads_between_the_same_points_is_taken() -> None:
    units = units_of([(0, 0), (6_000, 0)], "SS")
    roads = roads_of([(0, 0), (6_000, 0)], [(0, 0), (6_000, 0)])
    roads = RoadLines(lines=roads.lines, speed=np.array([20.0, 60.0]), direction=roads.direction)
    assert road_travel(units, roads, ASSUMED).among(np.array([0, 1]))[0, 1] == pytest.approx(6.0, rel=1e-3)


def test_a_one_way_street_is_driven_round_on_the_way_back() -> None:
    units = units_of([(0, 0), (6_000, 0)], "SS")
    roads = roads_of([(0, 0), (6_000, 0)], [(6_000, 0), (6_000, 3_000), (0, 3_000), (0, 0)], direction=1)
    travel = road_travel(units, roads, ASSUMED)
    # 6 minutes there, 12 back.
    assert travel.among(np.array([0, 1])) == pytest.approx(np.array([[0, 9], [9, 0]]), rel=1e-3)
    against = RoadLines(lines=roads.lines, speed=roads.speed, direction=-roads.direction)
    assert road_travel(units, against, ASSUMED).among(np.array([0, 1]))[0, 1] == pytest.approx(9, rel=1e-3)


def test_the_way_to_the_road_is_counted() -> None:
    units = units_of([(0, 0), (6_000, 1_000)], "SS")
    travel = road_travel(units, roads_of([(0, 0), (6_000, 0)]), ASSUMED)
    # 6 km at 60 km/h, and 1 km × 1.5 at 30 km/h.
    assert travel.among(np.array([0, 1]))[0, 1] == pytest.approx(9.0, rel=1e-3)


def test_places_without_a_way_are_reckoned_straight_and_counted() -> None:
    points = [(0, 0), (6_000, 0), (0, 50_000), (6_000, 50_000), (0, 90_000)]
    units = units_of(points, "SSSSS")
    travel = road_travel(units, roads_of([(0, 0), (6_000, 0)], [(0, 50_000), (6_000, 50_000)]), ASSUMED)
    assert (travel.unsnapped, travel.unreached) == (1, 8)
    everything = np.arange(5)
    minutes = travel.among(everything)
    straight = GreatCircleTravel(longitude=units.longitude, latitude=units.latitude, assumptions=ASSUMED)
    assert minutes[0, 2] == pytest.approx(straight.among(everything)[0, 2])
    assert minutes[0, 1] == pytest.approx(6.0, rel=1e-3)
    assert np.isfinite(minutes).all()
    assert (minutes == minutes.T).all()
    assert "1 places" in travel.note.en
    assert "8 对" in travel.note.zh


def test_a_car_park_off_the_network_is_not_where_a_place_joins_it() -> None:
    units = units_of([(0, 30), (6_000, 0)], "SS")
    roads = roads_of([(0, 0), (60_000, 0)], [(0, 31), (0, 32)])
    travel = road_travel(units, roads, ASSUMED)
    assert travel.unreached == 0
    assert travel.among(np.array([0, 1]))[0, 1] == pytest.approx(6.09, rel=1e-2)


def test_times_are_known_within_a_station_only() -> None:
    units = units_of([(0, 0), (6_000, 0), (3_000, 0)], "STS")
    travel = road_travel(units, roads_of([(0, 0), (6_000, 0)]), ASSUMED)
    assert travel.among(np.array([0, 2]))[0, 1] == pytest.approx(3.0, abs=0.1)
    assert travel.among(np.array([], dtype=np.int64)).shape == (0, 0)
    with pytest.raises(ValueError, match="one station"):
        travel.among(np.array([0, 1]))
    with pytest.raises(ValueError, match="one station"):
        travel.minutes(np.array([0]), np.array([1]))


def write_roads(path: Path, rows: list[dict[str, str]], **settings: Any) -> Path:
    x = np.arange(len(rows)) * 0.01
    shapes = [shapely.LineString([(105 + k, 35), (105 + k, 35.005)]) for k in x]
    names = sorted({name for row in rows for name in row})
    fields = [np.array([row.get(name, "") for row in rows], dtype=object) for name in names]
    settings = {"geometry_type": "LineString", "crs": "EPSG:4326", **settings}
    pyogrio.raw.write(path, shapely.to_wkb(np.array(shapes, dtype=object)), fields, names, **settings)
    return path


def test_speeds_and_directions_follow_the_tags(tmp_path: Path) -> None:
    rows = [
        {"highway": "primary"},
        {"highway": "primary", "maxspeed": "50"},
        {"highway": "primary", "maxspeed": "30 mph", "oneway": "yes"},
        {"highway": "primary", "maxspeed": "signals", "oneway": "-1"},
        {"highway": "motorway"},
        {"highway": "motorway", "oneway": "no"},
        {"highway": "residential", "junction": "roundabout"},
        {"highway": "footway"},
        {"highway": "service", "other_tags": '"oneway"=>"yes","maxspeed"=>"20"'},
    ]
    roads = read_roads(write_roads(tmp_path / "roads.gpkg", rows))
    assert roads.speed.tolist() == pytest.approx([65, 40, 38.624256, 65, 90, 90, 25, 16])
    assert roads.direction.tolist() == [0, 0, 1, -1, 1, 0, 1, 1]
    assert set(SPEEDS) >= {"primary", "service"}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [([{"highway": "footway"}], "no road"), ([{"class": "primary"}], "highway")],
)
def test_a_file_without_roads_for_cars_is_refused(
    tmp_path: Path, rows: list[dict[str, str]], reason: str
) -> None:
    with pytest.raises(LinliError, match=reason) as refusal:
        read_roads(write_roads(tmp_path / "roads.geojson", rows, driver="GeoJSON"))
    assert "道路" in refusal.value.text.zh


def test_a_file_that_is_no_road_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roads.gpkg").write_bytes(b"no database")
    with pytest.raises(LinliError, match=r"roads\.gpkg cannot be read"):
        read_roads(tmp_path / "roads.gpkg")


def test_the_roads_of_a_territory_are_used(tmp_path: Path) -> None:
    path = write_roads(tmp_path / "roads.gpkg", [{"highway": "primary"}])
    territory = territory_of([(0, 0), (0, 500)], ["S", "S"], roads=str(path))
    travel = travel_between(territory, planning_units(territory))
    assert isinstance(travel, RoadTravel)
    assert travel.method == "roads"
    assert travel.segments > 0
