"""Units of planning carry the territory's counts, positions, stations and incidents, and nothing else."""

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
import shapely

from linli.io.territory import read_territory
from linli.kernel.errors import LinliError
from linli.kernel.identifiers import PlaceCode
from linli.kernel.measures import SquareKilometres
from linli.territory.cells import unit_outlines
from linli.territory.model import Incident, Level, Place, Territory
from linli.territory.projection import plane_about
from linli.territory.summary import summarise, synthetic_fields
from linli.territory.units import planning_units
from territory.synthetic_territories import write_base

DAY = dt.date(2024, 3, 1)


@pytest.fixture
def territory(tmp_path: Path) -> Territory:
    return read_territory(write_base(tmp_path / "base"))


def with_places(territory: Territory, **changes: object) -> Territory:
    """The territory with the units changed, each by a function of its place or to one value."""
    places = tuple(
        dataclasses.replace(p, **{k: v(p) if callable(v) else v for k, v in changes.items()})  # type: ignore[arg-type]
        if p.level in territory.unit_levels
        else p
        for p in territory.places
    )
    return dataclasses.replace(territory, places=places)


def square(place: Place) -> shapely.Geometry:
    assert place.longitude is not None
    assert place.latitude is not None
    lon, lat = place.longitude, place.latitude
    west, south, east, north = (round(v, 2) for v in (lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01))
    return shapely.box(west, south, east, north)


def test_units_are_the_places_of_the_unit_levels_in_their_order(territory: Territory) -> None:
    units = planning_units(territory)
    assert len(units) == 5
    assert units.names == ("一社区", "二社区", "甲村", "乙村", "丙村")
    assert units.station.tolist() == [0, 0, 0, 1, 1]
    assert [s.name for s in units.stations] == ["东镇派出所", "西乡派出所"]
    assert units.residents.tolist() == [5000, 4000, 1500, 1200, 1800]
    assert units.residents_known.all()
    assert not units.premises_known.any()
    assert np.isnan(units.land).all()
    assert units.adjacency_method == "table"
    assert units.pairs.tolist() == [[0, 1], [1, 2], [3, 4]]
    assert units.islands() == 0


def test_distances_on_the_plane_are_true(territory: Territory) -> None:
    units = planning_units(territory)
    # 0.02° of longitude at 35.10° N, WGS 84.
    assert np.hypot(*np.diff([units.x[:2], units.y[:2]], axis=1))[0] == pytest.approx(1823, abs=2)
    lon, lat = units.plane.to_degrees(units.x, units.y)
    assert lon == pytest.approx(units.longitude, abs=1e-7)
    assert lat == pytest.approx(units.latitude, abs=1e-7)


def test_incidents_count_for_the_place_they_name_and_the_nearest_unit_of_their_position(
    territory: Territory,
) -> None:
    units = planning_units(territory)
    assert units.incidents.tolist() == [2, 0, 0, 0, 1]
    assert units.incidents_unplaced == 0


def test_an_incident_in_a_natural_village_counts_for_its_village_and_one_above_the_units_for_none(
    territory: Territory,
) -> None:
    hamlet = Place(
        code=PlaceCode("h"),
        name="一屯",
        level=Level.NATURAL_VILLAGE,
        parent=PlaceCode("990101101201"),
        residents=7,
    )
    incidents = (
        Incident(day=DAY, category="盗窃", count=3, place=PlaceCode("h")),
        Incident(day=DAY, category="盗窃", count=5, place=PlaceCode("990101101000")),
    )
    grown = dataclasses.replace(territory, places=(*territory.places, hamlet), incidents=incidents)
    units = planning_units(grown)
    assert units.incidents.tolist() == [0, 0, 3, 0, 0]
    assert units.incidents_unplaced == 5
    assert units.residents[2] == 1500


def test_a_unit_without_a_count_takes_the_sum_of_what_lies_in_it(territory: Territory) -> None:
    hamlets = tuple(
        Place(
            code=PlaceCode(f"h{k}"),
            name=f"{k}屯",
            level=Level.NATURAL_VILLAGE,
            parent=PlaceCode("990101101201"),
            residents=k,
        )
        for k in (30, 12)
    )
    bare = with_places(territory, residents=None)
    units = planning_units(dataclasses.replace(bare, places=(*bare.places, *hamlets)))
    assert units.residents.tolist() == [0, 0, 42, 0, 0]
    assert units.residents_known.tolist() == [False, False, True, False, False]


def test_outlines_give_land_neighbours_and_positions(territory: Territory) -> None:
    outlined = with_places(territory, geometry=square, longitude=None, latitude=None)
    units = planning_units(dataclasses.replace(outlined, neighbours=None, incidents=()))
    assert units.adjacency_method == "borders"
    assert units.pairs.tolist() == [[0, 1], [3, 4]]
    assert units.islands() == 1
    assert units.land == pytest.approx(np.full(5, 4.05), abs=0.02)
    assert units.geometry is not None
    assert list(unit_outlines(units, None)) == list(units.geometry)
    for k, outline in enumerate(units.geometry):
        assert outline.contains(shapely.Point(units.longitude[k], units.latitude[k]))


def test_land_that_is_given_is_kept(territory: Territory) -> None:
    outlined = with_places(territory, geometry=square, land=SquareKilometres(7.0))
    assert planning_units(outlined).land.tolist() == [7.0] * 5


def test_incidents_on_a_border_count_once_and_far_off_not_at_all(territory: Territory) -> None:
    outlined = with_places(territory, geometry=square)
    incidents = (
        Incident(day=DAY, category="盗窃", longitude=105.11, latitude=35.11),
        Incident(day=DAY, category="盗窃", count=2, longitude=105.151, latitude=35.12),
        Incident(day=DAY, category="盗窃", count=9, longitude=106.0, latitude=36.0),
    )
    units = planning_units(dataclasses.replace(outlined, incidents=incidents))
    assert units.incidents.tolist() == [1, 0, 2, 0, 0]
    assert units.incidents_unplaced == 9


def test_a_unit_without_a_position_cannot_be_planned(territory: Territory) -> None:
    bare = with_places(territory, longitude=None, latitude=None)
    with pytest.raises(LinliError, match="has no position") as refusal:
        planning_units(bare)
    assert "没有位置" in refusal.value.text.zh
    summary = summarise(bare)
    assert summary.adjacency is None
    assert summary.positions_missing == 5
    assert summary.incidents_unplaced is None


def test_the_summary_adds_up(territory: Territory) -> None:
    summary = summarise(territory)
    assert (summary.units, summary.residents, summary.households) == (5, 13500, 4150)
    assert summary.incident_days == (dt.date(2024, 2, 28), dt.date(2024, 2, 29))
    assert sum(summary.levels.values()) == len(territory.places)
    assert summary.adjacency is not None
    assert (summary.adjacency.pairs, summary.adjacency.islands) == (3, 0)


def test_made_up_fields_and_tables_are_listed(territory: Territory) -> None:
    made_up = with_places(territory, synthetic=frozenset({"residents"}))
    made_up = dataclasses.replace(made_up, synthetic_tables=frozenset({"staff"}))
    assert synthetic_fields(made_up) == ("residents", "staff")


def test_a_plane_can_lie_across_the_date_line_and_about_nothing() -> None:
    plane = plane_about(np.array([179.5, -179.5]), np.array([-17.0, -17.0]))
    x, _ = plane.to_metres(np.array([179.5, -179.5]), np.array([-17.0, -17.0]))
    assert abs(x[1] - x[0]) < 120_000
    assert plane_about(np.empty(0), np.empty(0)).longitude == 0.0
