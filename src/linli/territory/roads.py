"""Roads that cars may use, read from OpenStreetMap data or from a layer of lines.

Speeds are those a car reaches on average, by class of road: the defaults of the OSRM project's car
profile (``profiles/car.lua``, ``speeds``, read in 2026). Where a way states a limit, 80 % of it is
taken instead, as that profile does (``speed_reduction``). They are for free roads in flat country.
"""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["SPEEDS", "RoadLines", "read_roads"]

say = catalogue("linli.territory")

SPEEDS: dict[str, float] = {
    "motorway": 90.0,
    "motorway_link": 45.0,
    "trunk": 85.0,
    "trunk_link": 40.0,
    "primary": 65.0,
    "primary_link": 30.0,
    "secondary": 55.0,
    "secondary_link": 25.0,
    "tertiary": 40.0,
    "tertiary_link": 20.0,
    "unclassified": 25.0,
    "residential": 25.0,
    "living_street": 10.0,
    "service": 15.0,
}
"""Kilometres per hour by OpenStreetMap highway class."""

SHARE_OF_LIMIT = 0.8
KM_PER_MILE = 1.609344
COLUMNS = ("highway", "oneway", "maxspeed", "junction", "other_tags")
TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, kw_only=True)
class RoadLines:
    """Lines in WGS 84 degrees, with a speed each and the way they may be driven."""

    lines: NDArray[Any]
    speed: NDArray[np.float64]
    """Kilometres per hour."""
    direction: NDArray[np.int8]
    """0 both ways, 1 only as drawn, -1 only against it."""


def read_roads(path: Path) -> RoadLines:
    """The roads in an OSM PBF file (its layer ``lines``), a GeoPackage or a GeoJSON file.

    Parameters
    ----------
    path : Path
        A file in WGS 84 with a column ``highway`` that holds OpenStreetMap classes; ``oneway``,
        ``maxspeed`` and ``junction`` count if they are there, as columns or in ``other_tags``.

    Raises
    ------
    LinliError
        The file cannot be read, has no column ``highway``, or has no road for cars.
    """
    shapes, tags = _read(path)
    speed = np.array([_speed(tag) for tag in tags], dtype=np.float64)
    direction = np.array([_direction(tag) for tag in tags], dtype=np.int8)
    used = ~np.isnan(speed) & (shapely.get_num_coordinates(shapes) > 1)
    if not used.any():
        raise LinliError(say("roads_empty", file=path.name))
    return RoadLines(lines=shapes[used], speed=speed[used], direction=direction[used])


def _read(path: Path) -> tuple[NDArray[Any], list[dict[str, str]]]:
    """Single lines and the tags of each."""
    layer = "lines" if path.name.lower().endswith(".pbf") else None
    try:
        with warnings.catch_warnings():
            # GDAL warns that it cannot index an OSM file; it is read once from front to back.
            warnings.simplefilter("ignore", RuntimeWarning)
            info = pyogrio.read_info(path, layer=layer)
            columns = [name for name in COLUMNS if name in info["fields"]]
            if "highway" not in columns:
                raise LinliError(say("roads_unreadable", file=path.name, reason="highway"))
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer, columns=columns, force_2d=True)
    except (DataSourceError, DataLayerError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise LinliError(say("roads_unreadable", file=path.name, reason=reason)) from error
    # Columns come in the order of the file, not in that asked for.
    names = [str(name) for name in meta["fields"]]
    rows = [_tags(dict(zip(names, row, strict=True))) for row in zip(*fields, strict=True)]
    parts, index = shapely.get_parts(shapely.from_wkb(wkb), return_index=True)
    straight = shapely.get_type_id(parts) == 1
    return parts[straight], [rows[k] for k in index[straight]]


def _tags(row: dict[str, Any]) -> dict[str, str]:
    """A way's tags, whether each has its own column or all stand in ``other_tags``."""
    tags = {key: str(value) for key, value in row.items() if value not in (None, "")}
    return dict(TAG.findall(tags.pop("other_tags", ""))) | tags


def _speed(tags: dict[str, str]) -> float:
    usual = SPEEDS.get(tags.get("highway", ""), float("nan"))
    limit = re.fullmatch(r"(\d{1,3})(?:\.\d+)?\s*(mph|km/h)?", tags.get("maxspeed", "").strip())
    if limit is None or usual != usual or int(limit[1]) == 0:
        return usual
    return float(limit[1]) * (KM_PER_MILE if limit[2] == "mph" else 1.0) * SHARE_OF_LIMIT


def _direction(tags: dict[str, str]) -> int:
    oneway = tags.get("oneway", "")
    if oneway in ("-1", "reverse"):
        return -1
    implied = tags.get("highway") == "motorway" or tags.get("junction") == "roundabout"
    return int(oneway in ("yes", "true", "1") or (implied and oneway not in ("no", "false", "0")))
