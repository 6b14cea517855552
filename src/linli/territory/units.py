"""The units of planning as arrays: what planners take in, made from a territory.

Units are the places whose level is one of the territory's ``unit_levels``, in the order of the input.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.kernel.errors import LinliError
from linli.kernel.identifiers import BeatId, PlaceCode, StationId
from linli.kernel.texts import catalogue
from linli.territory.adjacency import AdjacencyMethod, Neighbours, components, neighbour_pairs
from linli.territory.demand import count_incidents
from linli.territory.model import Area, Place, Station, Territory
from linli.territory.projection import LocalPlane, plane_about
from linli.territory.tree import ancestors, parent_indices

__all__ = ["Units", "planning_units"]

say = catalogue("linli.territory")

M2_PER_KM2 = 1_000_000.0


@dataclass(frozen=True, kw_only=True)
class Units:
    """Units of planning; every array has one entry for each, unless it says otherwise.

    A count that is not given stands as 0 with ``False`` in the array of the same name with ``_known``.
    """

    codes: tuple[PlaceCode, ...]
    names: tuple[str, ...]
    area: tuple[Area | None, ...]
    beats: tuple[BeatId | None, ...]
    """Beats as they are today, where the input gives them."""
    stations: tuple[Station, ...]
    """Stations that have units; ``station`` holds indices into it."""
    station: NDArray[np.int32]
    residents: NDArray[np.int64]
    residents_known: NDArray[np.bool_]
    households: NDArray[np.int64]
    households_known: NDArray[np.bool_]
    premises: NDArray[np.int64]
    premises_known: NDArray[np.bool_]
    incidents: NDArray[np.int64]
    incidents_unplaced: int
    """Incidents of the territory that no unit could be found for."""
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    x: NDArray[np.float64]
    """Metres east of the plane's middle."""
    y: NDArray[np.float64]
    """Metres north of the plane's middle."""
    land: NDArray[np.float64]
    """Square kilometres, from the input or the outline; NaN where neither is given."""
    geometry: NDArray[Any] | None
    """Outlines in degrees if every unit has one, else ``None``; see ``linli.territory.cells``."""
    pairs: NDArray[np.int32]
    """Neighbours as pairs of unit indices, shape (m, 2), the smaller first, none across stations."""
    adjacency_method: AdjacencyMethod
    plane: LocalPlane
    over_gaps: int = 0
    """How many pairs are outlines that run along each other over a hairline gap."""

    def __len__(self) -> int:
        return len(self.codes)

    def islands(self) -> int:
        """How many parts there are beyond one for each station: 0 if every station is connected."""
        parts = components(self.pairs, len(self))
        return len(np.unique(parts)) - len(self.stations)


def planning_units(territory: Territory) -> Units:
    """The units of a territory with their neighbours.

    Raises
    ------
    LinliError
        A unit has no position and no outline, so that it cannot be planned.
    """
    places = [place for place in territory.places if place.level in territory.unit_levels]
    longitude, latitude = _positions(places)
    plane = plane_about(longitude, latitude)
    x, y = plane.to_metres(longitude, latitude)
    geometry = _outlines(places)
    polygons = None if geometry is None else plane.geometries_to_metres(geometry)
    stations, station = _stations(places, territory.stations)
    neighbours = _neighbours(territory, places, x, y, station, polygons)
    unit_of = _unit_of(territory, places)
    incidents = count_incidents(
        territory.incidents, unit_of=unit_of, x=x, y=y, polygons=polygons, plane=plane
    )
    residents, residents_known = _counts(territory, places, unit_of, "residents")
    households, households_known = _counts(territory, places, unit_of, "households")
    premises, premises_known = _counts(territory, places, unit_of, "premises")
    return Units(
        codes=tuple(place.code for place in places),
        names=tuple(place.name for place in places),
        area=tuple(place.area for place in places),
        beats=tuple(place.beat for place in places),
        stations=stations,
        station=station,
        residents=residents,
        residents_known=residents_known,
        households=households,
        households_known=households_known,
        premises=premises,
        premises_known=premises_known,
        incidents=incidents.by_unit,
        incidents_unplaced=incidents.unplaced,
        longitude=longitude,
        latitude=latitude,
        x=x,
        y=y,
        land=_land(places, polygons),
        geometry=geometry,
        pairs=neighbours.pairs,
        adjacency_method=neighbours.method,
        plane=plane,
        over_gaps=neighbours.over_gaps,
    )


def _positions(places: Sequence[Place]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The given position, else a point inside the outline."""
    lon, lat = np.empty(len(places)), np.empty(len(places))
    for index, place in enumerate(places):
        if place.longitude is not None and place.latitude is not None:
            lon[index], lat[index] = place.longitude, place.latitude
        elif place.geometry is not None:
            point = shapely.point_on_surface(place.geometry)
            lon[index], lat[index] = shapely.get_x(point), shapely.get_y(point)
        else:
            raise LinliError(say("unit_without_position", name=place.name, code=place.code))
    return lon, lat


def _outlines(places: Sequence[Place]) -> NDArray[Any] | None:
    if not places or any(place.geometry is None for place in places):
        return None
    outlines = np.empty(len(places), dtype=object)
    outlines[:] = [place.geometry for place in places]
    return outlines


def _stations(
    places: Sequence[Place], stations: Sequence[Station]
) -> tuple[tuple[Station, ...], NDArray[np.int32]]:
    used = {place.station for place in places}
    kept = tuple(station for station in stations if station.id in used)
    at: dict[StationId | None, int] = {station.id: index for index, station in enumerate(kept)}
    return kept, np.array([at[place.station] for place in places], dtype=np.int32)


def _neighbours(
    territory: Territory,
    places: Sequence[Place],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    station: NDArray[np.int32],
    polygons: NDArray[Any] | None,
) -> Neighbours:
    table = None
    if territory.neighbours is not None:
        at = {place.code: index for index, place in enumerate(places)}
        rows = [(at[a], at[b]) for a, b in territory.neighbours if a in at and b in at]
        table = np.array(rows, dtype=np.int32).reshape(-1, 2)
    return neighbour_pairs(x, y, station=station, polygons=polygons, table=table)


def _unit_of(territory: Territory, places: Sequence[Place]) -> dict[PlaceCode, int]:
    """For every place that is a unit or lies in one, the unit's index."""
    at = {place.code: index for index, place in enumerate(places)}
    codes = [place.code for place in territory.places]
    parent = parent_indices(codes, [place.parent for place in territory.places])
    unit_of: dict[PlaceCode, int] = {}
    for index, code in enumerate(codes):
        unit = next((at[codes[a]] for a in ancestors(index, parent) if codes[a] in at), None)
        if unit is not None:
            unit_of[code] = unit
    return unit_of


def _counts(
    territory: Territory, places: Sequence[Place], unit_of: dict[PlaceCode, int], name: str
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A unit's own count, else the sum over the places directly below it if any is given."""
    values = np.zeros(len(places), dtype=np.int64)
    known = np.zeros(len(places), dtype=np.bool_)
    for index, place in enumerate(places):
        value = getattr(place, name)
        if value is not None:
            values[index], known[index] = value, True
    own = known.copy()
    for place in territory.places:
        unit = None if place.parent is None else unit_of.get(place.parent)
        value = getattr(place, name)
        if unit is None or value is None or own[unit] or place.parent != places[unit].code:
            continue
        values[unit] += value
        known[unit] = True
    return values, known


def _land(places: Sequence[Place], polygons: NDArray[Any] | None) -> NDArray[np.float64]:
    land = np.array([np.nan if place.land is None else float(place.land) for place in places])
    if polygons is not None:
        land = np.where(np.isnan(land), shapely.area(polygons) / M2_PER_KM2, land)
    return land
