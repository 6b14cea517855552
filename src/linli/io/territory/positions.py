"""Positions and geometries of a table, converted to WGS 84 and checked to be on the earth."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from linli.io.territory.headers import Columns
from linli.io.territory.notes import Notebook
from linli.io.territory.tables import Table
from linli.io.territory.values import numbers
from linli.kernel.errors import Where
from linli.territory.datums import (
    CoordinateSystem,
    coordinate_system,
    geometries_to_wgs84,
    positions_to_wgs84,
)
from linli.territory.gauss_kruger import epsg_of, is_exchanged, other_zone, zone_of, zoned
from linli.territory.model import Datum

__all__ = ["Positions", "checked_boundary", "positions_of", "system_of_file"]

POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, kw_only=True)
class Positions:
    """WGS 84 degrees and geometries, one each for every row; ``None`` where not given."""

    longitude: list[float | None]
    latitude: list[float | None]
    geometry: list[BaseGeometry | None]


def positions_of(columns: Columns, system: CoordinateSystem, notebook: Notebook) -> Positions:
    """Positions of a table, whether they stand in columns or in geometries."""
    table = columns.table
    count = len(table.rows)
    geometry: list[BaseGeometry | None] = [None] * count
    x = np.array(numbers(columns, "longitude", notebook))
    y = np.array(numbers(columns, "latitude", notebook))
    x, y = _in_zone(columns, system, x, y, notebook)
    own = system_of_file(table, system)
    if table.geometry is not None and _same_system(table.crs, own, table.file, notebook):
        shapes = _checked_shapes(columns, notebook)
        points = shapely.get_type_id(shapes) == 0
        x, y = np.where(points, shapely.get_x(shapes), x), np.where(points, shapely.get_y(shapes), y)
        shapes[points] = None
        geometry = list(_on_earth(columns, geometries_to_wgs84(own, shapes), own, notebook))
        # Columns beside outlines are in the system that was stated.
        system = own if points.any() else system
    longitude, latitude = _converted(columns, system, x, y, notebook)
    return Positions(longitude=longitude, latitude=latitude, geometry=geometry)


def system_of_file(table: Table, stated: CoordinateSystem) -> CoordinateSystem:
    """The system a file is in: as stated, but for a plane of CGCS2000 that the file itself names.

    Metres of that plane cannot be degrees, so that nothing is guessed where degrees are stated.
    """
    own = _crs_of(table.crs)
    epsg = None if own is None else epsg_of(own)
    if epsg is None or stated.epsg is not None or stated.datum is Datum.GCJ02:
        return stated
    return coordinate_system(f"EPSG:{epsg}") or stated


def _crs_of(crs: str | None) -> pyproj.CRS | None:
    if crs is None:
        return None
    try:
        return pyproj.CRS.from_user_input(crs)
    except CRSError:
        return None


def _in_zone(
    columns: Columns,
    system: CoordinateSystem,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    notebook: Notebook,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eastings and northings of CGCS2000's plane, put right where that is clear, which the notes say."""
    zone = zone_of(system.epsg)
    if zone is None:
        return x, y
    exchanged = is_exchanged(x, y)
    # In surveying X points north: a column of that name is no mistake.
    if exchanged.any() and columns.header("longitude").lower().startswith("x"):
        notebook.note("northing_first", columns.where(int(np.argmax(exchanged)), "longitude"), None)
        x, y = np.where(exchanged, y, x), np.where(exchanged, x, y)
    moved = zoned(zone, x) != x
    if (moved & ~np.isnan(x)).any():
        where = Where(columns.table.file, column=columns.header("longitude") or None)
        notebook.note("zone_number", where, None, zone=zone.number, system=system.stated)
    return x, y


def _converted(
    columns: Columns,
    system: CoordinateSystem,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    notebook: Notebook,
) -> tuple[list[float | None], list[float | None]]:
    given = ~np.isnan(x) & ~np.isnan(y)
    for index in np.flatnonzero(np.isnan(x) != np.isnan(y)):
        field = "longitude" if np.isnan(x[index]) else "latitude"
        if columns.cells(field)[int(index)] == "":
            notebook.wrong("position_half", columns.where(int(index), field), None)
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    lon[given], lat[given] = positions_to_wgs84(system, x[given], y[given])
    on_earth = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    for index in np.flatnonzero(given & ~on_earth):
        _off_earth(columns, int(index), x[index], y[index], system, notebook)
    kept = given & on_earth
    return (
        [float(value) if ok else None for value, ok in zip(lon, kept, strict=True)],
        [float(value) if ok else None for value, ok in zip(lat, kept, strict=True)],
    )


def _off_earth(
    columns: Columns, index: int, x: float, y: float, system: CoordinateSystem, notebook: Notebook
) -> None:
    """Say which of the two is out of range, and whether the two columns look exchanged."""
    zone = zone_of(system.epsg)
    given = f"{x:g}, {y:g}" if zone is None else f"{x:.3f}, {y:.3f}"
    number = None if zone is None else other_zone(zone, x)
    if zone is not None and is_exchanged(np.array([x]), np.array([y]))[0]:
        notebook.wrong("position_swapped", columns.where(index, "latitude"), given)
    elif zone is not None and number is not None:
        where = columns.where(index, "longitude")
        epsg = zone.beside(number)
        notebook.wrong("position_zone", where, given, zone=zone.number, system=system.stated, epsg=epsg)
    elif system.epsg is not None:
        notebook.wrong("position_range", columns.where(index, "longitude"), given, system=system.stated)
    elif abs(y) > 90 and abs(x) <= 90 and abs(y) <= 180:
        notebook.wrong("position_swapped", columns.where(index, "latitude"), given)
    else:
        field = "latitude" if abs(y) > 90 else "longitude"
        notebook.wrong("position_range", columns.where(index, field), given, system=system.stated)


def _same_system(crs: str | None, system: CoordinateSystem, file: str, notebook: Notebook) -> bool:
    """Whether a file's own coordinate system, where it has one, is the one that the manifest states."""
    own = _crs_of(crs)
    if own is None:
        return True
    if system.epsg is not None:
        allowed = [system.epsg]
    else:
        # Chinese web-map data is stored as EPSG:4326 for want of a code of its own.
        allowed = [4326, 4490] if system.datum is Datum.CGCS2000 else [4326]
    if any(own.equals(pyproj.CRS.from_epsg(code), ignore_axis_order=True) for code in allowed):
        return True
    notebook.wrong("crs_disagrees", Where(file), own.name, system=system.stated)
    return False


def _checked_shapes(columns: Columns, notebook: Notebook) -> NDArray[Any]:
    """The geometries; a broken one is noted and taken out, so that the rest can still be read."""
    shapes = np.array(columns.table.geometry, dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    valid = shapely.is_valid(shapes) | shapely.is_missing(shapes)
    for index, shape in enumerate(shapes):
        if shape is None:
            continue
        where = Where(columns.table.file, row=columns.table.rows[index])
        if shape.geom_type not in (*POLYGONS, "Point"):
            notebook.wrong("geometry_kind", where, shape.geom_type)
            shapes[index] = None
        elif not valid[index]:
            notebook.wrong("geometry_invalid", where, shapely.is_valid_reason(shape))
            shapes[index] = None
    return shapes


def checked_boundary(columns: Columns, system: CoordinateSystem, notebook: Notebook) -> BaseGeometry | None:
    """The outline of a territory: its polygons as one."""
    table = columns.table
    system = system_of_file(table, system)
    if table.geometry is None or not _same_system(table.crs, system, table.file, notebook):
        return None
    shapes = _checked_shapes(columns, notebook)
    for index, shape in enumerate(shapes):
        if shape is not None and shape.geom_type not in POLYGONS:
            notebook.wrong("boundary_kind", Where(table.file, row=table.rows[index]), shape.geom_type)
            shapes[index] = None
    kept = _on_earth(columns, geometries_to_wgs84(system, shapes), system, notebook)
    boundary: BaseGeometry = shapely.union_all(kept)
    return None if boundary.is_empty else boundary


def _on_earth(
    columns: Columns, shapes: NDArray[Any], system: CoordinateSystem, notebook: Notebook
) -> NDArray[Any]:
    """The shapes that lie on the earth; any other is noted and taken out."""
    bounds = shapely.bounds(shapes)
    limits = np.array([-180.0, -90.0, 180.0, 90.0])
    beyond = (bounds[:, :2] < limits[:2]).any(axis=1) | (bounds[:, 2:] > limits[2:]).any(axis=1)
    for index in np.flatnonzero(beyond):
        where = Where(columns.table.file, row=columns.table.rows[int(index)])
        given = ", ".join(f"{value:g}" for value in bounds[index])
        notebook.wrong("position_range", where, given, system=system.stated)
    out = shapes.copy()
    out[beyond] = None
    return out
