"""Outlines to draw: of places, beats and stations' areas.

Places given as polygons keep them. Places given as points get the part of the territory that lies
nearer to them than to any other place (Voronoi cells), cut at the boundary where there is one and
else at a hull around the points; such outlines are drawn only, never counted with.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.identifiers import BeatId, PlaceCode, StationId
from linli.planning.deployment import Deployment
from linli.territory.cells import voronoi_cells
from linli.territory.model import Territory
from linli.territory.projection import plane_about

__all__ = ["PRECISION", "Shapes", "work_out_shapes"]

PRECISION = 1e-6
"""Degrees to which outlines are kept, about a tenth of a metre."""


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """Outlines in WGS 84 degrees, by id, in the order of the deployment."""

    places: Mapping[PlaceCode, BaseGeometry]
    beats: Mapping[BeatId, BaseGeometry]
    stations: Mapping[StationId, BaseGeometry]
    from_points: bool
    """The outlines are cells around points, not surveyed borders."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of everything drawn."""
        west, south, east, north = shapely.total_bounds(
            list(self.beats.values()) or list(self.places.values())
        )
        return float(west), float(south), float(east), float(north)


def work_out_shapes(deployment: Deployment, territory: Territory | None) -> Shapes:
    """The outlines of a deployment's beats and stations from its territory's geometry.

    Without a territory, as for the other plan of a comparison, they are cells around its places.
    """
    places = () if territory is None else territory.places
    given = {p.code: p.geometry for p in places if p.geometry is not None}
    areal = {c: g for c, g in given.items() if g.geom_type in ("Polygon", "MultiPolygon")}
    missing = [p for p in deployment.places if p.code not in areal]
    outlines = {p.code: areal[p.code] for p in deployment.places if p.code in areal}
    if missing:
        outlines |= _cells(deployment, None if territory is None else territory.boundary)
    drawn = {p.code: outlines[p.code] for p in deployment.places}
    beats = {b.id: _union(drawn[c] for c in b.places) for b in deployment.beats}
    of_station: defaultdict[StationId, list[BaseGeometry]] = defaultdict(list)
    for beat in deployment.beats:
        of_station[beat.station].append(beats[beat.id])
    stations = {s.id: _union(of_station[s.id]) for s in deployment.stations}
    return Shapes(places=drawn, beats=beats, stations=stations, from_points=bool(missing))


def _cells(deployment: Deployment, boundary: BaseGeometry | None) -> dict[PlaceCode, BaseGeometry]:
    longitude = np.array([p.longitude for p in deployment.places])
    latitude = np.array([p.latitude for p in deployment.places])
    plane = plane_about(longitude, latitude)
    frame = None if boundary is None else plane.geometries_to_metres(boundary)
    cells = plane.geometries_to_degrees(voronoi_cells(*plane.to_metres(longitude, latitude), frame))
    return {p.code: cell for p, cell in zip(deployment.places, cells, strict=True)}


def _union(parts: Iterable[BaseGeometry]) -> BaseGeometry:
    joined: BaseGeometry = shapely.union_all(list(parts), grid_size=PRECISION)
    return joined
