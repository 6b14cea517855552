"""Datums of positions: WGS 84, CGCS2000, GCJ-02 and any EPSG code, all turned into WGS 84.

GCJ-02 (the "Mars coordinates" of Chinese web maps) has no published standard text. The formula here is
the one in public use since 2010, a polynomial with sine terms on the Krasovsky 1940 ellipsoid; it
agrees with Chinese map services to about a metre. CGCS2000 and WGS 84 differ by under 0.2 m in China
(Wei Ziqing, 2008, "China Geodetic Coordinate System 2000 and its comparison with WGS84"), far below
the precision of a village's position, and are taken as equal.

The shift applies in mainland China only: not in Hong Kong, Macau or Taiwan. The test is a polygon, as a
bounding box would shift Hong Kong by 600 m. The polygon is technical data and no statement on borders.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from linli.territory.gauss_kruger import zone_of, zoned
from linli.territory.model import Datum

__all__ = [
    "CoordinateSystem",
    "coordinate_system",
    "from_gcj02",
    "geometries_to_wgs84",
    "in_mainland",
    "positions_to_wgs84",
    "to_gcj02",
]

Positions = tuple[NDArray[np.float64], NDArray[np.float64]]

KRASOVSKY_AXIS = 6_378_245.0
KRASOVSKY_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
INVERSE_STEPS = 30
INVERSE_TOLERANCE = 1e-11
"""Degrees; about a micrometre, so that the inverse is far better than the 1e-4 m it promises."""

BEYOND_USE = 2.0
"""Degrees by which a territory may reach out of its coordinate system's area of use."""

NAMES = {
    "WGS84": Datum.WGS84,
    "EPSG4326": Datum.WGS84,
    "CGCS2000": Datum.CGCS2000,
    "EPSG4490": Datum.CGCS2000,
    "GCJ02": Datum.GCJ02,
}


@dataclass(frozen=True, kw_only=True)
class CoordinateSystem:
    """How an input's positions are to be read: as stated, its datum, and an EPSG code if projected."""

    stated: str
    datum: Datum
    epsg: int | None = None


def coordinate_system(stated: str) -> CoordinateSystem | None:
    """The system a name stands for: WGS84, CGCS2000, GCJ-02 or EPSG:n; ``None`` if there is no such.

    An EPSG system counts only if a transformation to WGS 84 of known accuracy exists; the planes of CGCS2000
    (EPSG:4491 to 4554) do, as CGCS2000 counts as WGS 84.
    """
    name = stated.upper().replace("-", "").replace(" ", "").replace("_", "").replace(":", "")
    if name in NAMES:
        return CoordinateSystem(stated=stated, datum=NAMES[name])
    if name.startswith("EPSG") and name[4:].isascii() and name[4:].isdigit() and len(name) <= 10:
        code = int(name[4:])
        datum = Datum.WGS84 if zone_of(code) is None else Datum.CGCS2000
        return CoordinateSystem(stated=f"EPSG:{code}", datum=datum, epsg=code) if _reaches(code) else None
    return None


def positions_to_wgs84(system: CoordinateSystem, longitude: ArrayLike, latitude: ArrayLike) -> Positions:
    """Positions (degrees, or x and y of a projected system) as WGS 84 degrees.

    A position more than ``BEYOND_USE`` degrees outside the area that an EPSG system is made for is
    ``inf``: degrees taken for feet end up there. An easting may begin with its zone's number or not.
    """
    lon, lat = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    if system.epsg is not None:
        zone = zone_of(system.epsg)
        lon = lon if zone is None else zoned(zone, lon)
        x, y = (np.asarray(v, dtype=np.float64) for v in _transformer(system.epsg).transform(lon, lat))
        used = _within_use(system.epsg, x, y)
        return np.where(used, x, np.inf), np.where(used, y, np.inf)
    if system.datum is Datum.GCJ02:
        return from_gcj02(lon, lat)
    return lon, lat


def geometries_to_wgs84(system: CoordinateSystem, geometries: NDArray[Any]) -> NDArray[Any]:
    """The same geometries in WGS 84; an array in, an array of the same length out."""
    if system.epsg is None and system.datum is not Datum.GCJ02:
        return geometries

    def convert(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(positions_to_wgs84(system, points[:, 0], points[:, 1]))

    transform: Callable[..., NDArray[Any]] = shapely.transform
    return transform(geometries, convert)


def to_gcj02(longitude: ArrayLike, latitude: ArrayLike) -> Positions:
    """WGS 84 degrees as GCJ-02 degrees; unchanged outside mainland China."""
    lon, lat = _pair(longitude, latitude)
    east, north = _offset(lon, lat)
    inside = in_mainland(lon, lat)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def from_gcj02(longitude: ArrayLike, latitude: ArrayLike) -> Positions:
    """GCJ-02 degrees as WGS 84 degrees, by fixed-point iteration; unchanged outside mainland China.

    Notes
    -----
    The offset changes by under 1 % of the step, so that each round gains two digits; within the
    mainland the round trip ``from_gcj02(to_gcj02(p))`` returns ``p`` to below 1e-4 m.
    """
    lon, lat = _pair(longitude, latitude)
    x, y = lon.copy(), lat.copy()
    for _ in range(INVERSE_STEPS):
        east, north = _offset(x, y)
        step = max(np.max(np.abs(lon - x - east), initial=0), np.max(np.abs(lat - y - north), initial=0))
        x, y = lon - east, lat - north
        if not step > INVERSE_TOLERANCE:
            break
    inside = in_mainland(x, y)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def in_mainland(longitude: ArrayLike, latitude: ArrayLike) -> NDArray[np.bool_]:
    """Whether WGS 84 positions lie in mainland China, to about 2 km at its outer border."""
    lon, lat = _pair(longitude, latitude)
    return np.asarray(shapely.contains_xy(_mainland(), lon, lat), dtype=np.bool_)


def _pair(longitude: ArrayLike, latitude: ArrayLike) -> Positions:
    return np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)


def _offset(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Positions:
    """East and north shift in degrees at WGS 84 positions."""
    x, y = lon - 105.0, lat - 35.0
    root, shared = np.sqrt(np.abs(x)), _waves(x, (6.0, 20.0), (2.0, 20.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
    east += _waves(x, (1.0, 20.0), (1 / 3, 40.0), (1 / 12, 150.0), (1 / 30, 300.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
    north += _waves(y, (1.0, 20.0), (1 / 3, 40.0), (1 / 12, 160.0), (1 / 30, 320.0))
    sine = np.sin(np.radians(lat))
    curve = 1.0 - KRASOVSKY_ECCENTRICITY_SQUARED * sine * sine
    meridian = KRASOVSKY_AXIS * (1.0 - KRASOVSKY_ECCENTRICITY_SQUARED) / (curve * np.sqrt(curve))
    parallel = KRASOVSKY_AXIS / np.sqrt(curve) * np.cos(np.radians(lat))
    return np.degrees(east / parallel), np.degrees(north / meridian)


def _waves(value: NDArray[np.float64], *terms: tuple[float, float]) -> NDArray[np.float64]:
    total = np.zeros_like(value)
    for frequency, amplitude in terms:
        total += amplitude * np.sin(np.pi * frequency * value)
    return total * (2.0 / 3.0)


@functools.cache
def _mainland() -> BaseGeometry:
    text = resources.files("linli.territory").joinpath("mainland.geojson").read_text(encoding="utf-8")
    polygon: BaseGeometry = shapely.union_all([shapely.from_geojson(text)])
    shapely.prepare(polygon)
    return polygon


def _reaches(code: int) -> bool:
    try:
        _transformer(code)
    except ProjError:
        return False
    return True


def _within_use(code: int, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    area = pyproj.CRS.from_epsg(code).area_of_use
    if area is None:
        return np.isfinite(lon) & np.isfinite(lat)
    east, west = lon <= area.east + BEYOND_USE, lon >= area.west - BEYOND_USE
    # An area across the date line has its west bound to the east of its east bound.
    across = east & west if area.west <= area.east else east | west
    return across & (lat >= area.south - BEYOND_USE) & (lat <= area.north + BEYOND_USE)


@functools.cache
def _transformer(code: int) -> pyproj.Transformer:
    # To the degrees of CGCS2000 itself, which count as WGS 84: PROJ knows no transformation between them.
    target = 4326 if zone_of(code) is None else 4490
    return pyproj.Transformer.from_crs(code, target, always_xy=True, allow_ballpark=False)
