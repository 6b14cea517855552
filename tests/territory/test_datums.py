"""GCJ-02 is undone exactly inside the mainland, and nothing is shifted outside it."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from linli.territory.datums import (
    coordinate_system,
    from_gcj02,
    geometries_to_wgs84,
    in_mainland,
    positions_to_wgs84,
    to_gcj02,
)
from linli.territory.model import Datum
from linli.territory.travel import great_circle_kilometres

BEIJING = (116.404, 39.915)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(great_circle_kilometres(a[0], a[1], b[0], b[1])) * 1000


def test_beijing_is_shifted_by_the_published_amount() -> None:
    lon, lat = to_gcj02(*BEIJING)
    assert float(lon) == pytest.approx(116.41024449916938, abs=1e-10)
    assert float(lat) == pytest.approx(39.91640428150164, abs=1e-10)


@given(st.floats(74, 134), st.floats(19, 53))
def test_the_way_there_and_back_ends_where_it_began(lon: float, lat: float) -> None:
    assume(bool(in_mainland(lon, lat)))
    there = to_gcj02(lon, lat)
    # Within the shift of the outline a shifted point may count as abroad; it then is left alone.
    assume(float(there[0]) != lon)
    back = from_gcj02(*there)
    assert metres((float(back[0]), float(back[1])), (lon, lat)) < 1e-4


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [
        ("Hong Kong, Tsim Sha Tsui", 114.172, 22.297),
        ("Hong Kong, Sheung Shui", 114.128, 22.501),
        ("Macau", 113.550, 22.190),
        ("Taipei", 121.56, 25.04),
        ("Hanoi", 105.83, 21.03),
        ("Seoul", 126.98, 37.57),
        ("Ulaanbaatar", 106.92, 47.92),
        ("Portland", -122.67, 45.52),
        ("the Gulf of Guinea", 0.0, 0.0),
    ],
)
def test_outside_the_mainland_nothing_is_shifted(place: str, lon: float, lat: float) -> None:
    assert tuple(map(float, to_gcj02(lon, lat))) == (lon, lat), place
    assert tuple(map(float, from_gcj02(lon, lat))) == (lon, lat), place


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [
        ("Shenzhen, Futian", 114.055, 22.54),
        ("Zhuhai, Gongbei", 113.548, 22.222),
        ("Hekou on the border", 103.96, 22.515),
        ("Sanya", 109.51, 18.25),
        ("Qiubei", 104.19, 24.04),
        ("Mohe", 122.54, 52.97),
        ("Kashgar", 75.99, 39.47),
    ],
)
def test_inside_the_mainland_everything_is(place: str, lon: float, lat: float) -> None:
    shifted = to_gcj02(lon, lat)
    assert 50 < metres((lon, lat), (float(shifted[0]), float(shifted[1]))) < 1000, place


@pytest.mark.parametrize(
    ("stated", "datum", "epsg"),
    [
        ("WGS84", Datum.WGS84, None),
        ("wgs 84", Datum.WGS84, None),
        ("EPSG:4326", Datum.WGS84, None),
        ("CGCS2000", Datum.CGCS2000, None),
        ("EPSG:4490", Datum.CGCS2000, None),
        ("GCJ-02", Datum.GCJ02, None),
        ("gcj02", Datum.GCJ02, None),
        ("epsg:2913", Datum.WGS84, 2913),
    ],
)
def test_a_stated_system_is_understood(stated: str, datum: Datum, epsg: int | None) -> None:
    system = coordinate_system(stated)
    assert system is not None
    assert (system.datum, system.epsg) == (datum, epsg)


@pytest.mark.parametrize("stated", ["", "BD-09", "EPSG:", "EPSG:999999", "EPSG:12345678901", "WGS", "EPSG:x"])
def test_a_system_that_does_not_exist_is_not(stated: str) -> None:
    assert coordinate_system(stated) is None


def test_cgcs2000_counts_as_wgs84() -> None:
    system = coordinate_system("CGCS2000")
    assert system is not None
    assert positions_to_wgs84(system, [104.2], [24.0]) == (np.array([104.2]), np.array([24.0]))


def test_positions_far_from_a_systems_area_of_use_are_infinite() -> None:
    system = coordinate_system("EPSG:2913")
    assert system is not None
    lon, lat = positions_to_wgs84(system, [7646893.0, 105.1], [698007.0, 35.1])
    assert np.isfinite([lon[0], lat[0]]).all()
    assert np.isinf([lon[1], lat[1]]).all()


def test_an_area_of_use_may_cross_the_date_line() -> None:
    system = coordinate_system("EPSG:32601")
    assert system is not None
    lon, _ = positions_to_wgs84(system, [500_000.0], [6_000_000.0])
    assert float(lon[0]) == pytest.approx(-177)


def test_geometries_are_converted_and_missing_ones_kept() -> None:
    system = coordinate_system("GCJ-02")
    assert system is not None
    shapes = np.array([shapely.Point(*map(float, to_gcj02(*BEIJING))), None], dtype=object)
    converted = geometries_to_wgs84(system, shapes)
    assert converted[0].coords[0] == pytest.approx(BEIJING, abs=1e-9)
    assert converted[1] is None


def test_no_positions_give_no_positions() -> None:
    lon, lat = from_gcj02([], [])
    assert len(lon) == len(lat) == 0
