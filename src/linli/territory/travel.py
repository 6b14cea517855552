"""Minutes between units: over a road network where one is given, else by great circle.

Great circle: haversine distance on a sphere of the Earth's mean radius, × detour ÷ speed. Over roads:
shortest time by Dijkstra's algorithm on a graph of the roads' bends, one station's units at a time,
so that no table over all units is ever built. A visit goes there and back: a time over roads is half
the round trip, and therefore the same in both directions.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from linli.kernel.measures import Kilometres, Metres, Ratio
from linli.kernel.texts import Text, catalogue
from linli.territory.model import Territory, TravelAssumptions
from linli.territory.projection import LocalPlane
from linli.territory.roads import RoadLines, read_roads
from linli.territory.units import Units

__all__ = [
    "EARTH_RADIUS",
    "FARTHEST_ROAD",
    "GreatCircleTravel",
    "RoadTravel",
    "Travel",
    "great_circle_kilometres",
    "road_travel",
    "travel_between",
]

say = catalogue("linli.territory")

Floats = NDArray[np.float64]
Indices = NDArray[np.int32] | NDArray[np.int64]

EARTH_RADIUS = Kilometres(6371.0088)
"""Mean radius of the Earth (Moritz 2000, "Geodetic Reference System 1980", Journal of Geodesy 74)."""

FARTHEST_ROAD = Metres(3_000.0)
"""A unit farther than this from every road is reckoned by great circle."""

LONGEST_STEP = Metres(50.0)
"""Straight roads are cut into steps of at most this length, so that a unit joins the road beside it."""

SMALLEST_PART = Ratio(0.01)
"""Parts of the network below this share of its largest part (a car park, an error) are not joined."""

SOURCES_AT_ONCE = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class GreatCircleTravel:
    """Great-circle distance × detour ÷ speed."""

    longitude: Floats
    latitude: Floats
    assumptions: TravelAssumptions
    method: Literal["great_circle"] = "great_circle"

    @property
    def note(self) -> Text:
        """How times are reckoned, for a reader."""
        return say("travel.great_circle", detour=self.assumptions.detour, speed=self.assumptions.speed)

    def minutes(self, start: Indices, end: Indices) -> Floats:
        """Minutes from each unit of ``start`` to the unit of ``end`` in the same row."""
        return _straight(self.longitude, self.latitude, start, end, self.assumptions)

    def among(self, members: Indices) -> Floats:
        """Minutes from every member (row) to every member (column)."""
        return self.minutes(members[:, None], members[None, :])


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadTravel:
    """Half the round trip over roads, within each station's area."""

    matrices: tuple[Floats, ...]
    """For each station, minutes from every unit of it (row) to every other (column)."""
    station: NDArray[np.int32]
    local: NDArray[np.int64]
    """Each unit's row in its station's matrix: its rank among the station's units."""
    segments: int
    unsnapped: int
    """Units with no road within ``FARTHEST_ROAD``."""
    unreached: int
    """Pairs of units of one station that no road joins; reckoned by great circle."""
    assumptions: TravelAssumptions
    method: Literal["roads"] = "roads"

    @property
    def note(self) -> Text:
        """How times are reckoned, for a reader."""
        return say(
            "travel.roads",
            edges=self.segments,
            unsnapped=self.unsnapped,
            unreached=self.unreached,
            detour=self.assumptions.detour,
            speed=self.assumptions.speed,
        )

    def minutes(self, start: Indices, end: Indices) -> Floats:
        """Minutes from each unit of ``start`` to the unit of ``end`` in the same row, both of one station.

        Raises
        ------
        ValueError
            A pair belongs to two stations: such times are never worked out.
        """
        if (self.station[start] != self.station[end]).any():
            raise ValueError("road times are known within one station's area only")
        out = np.empty(start.shape)
        for station in np.unique(self.station[start]):
            rows = self.station[start] == station
            out[rows] = self.matrices[station][self.local[start[rows]], self.local[end[rows]]]
        return out

    def among(self, members: Indices) -> Floats:
        """Minutes from every member (row) to every member (column); all members of one station.

        Raises
        ------
        ValueError
            The members belong to several stations.
        """
        stations = np.unique(self.station[members])
        if len(stations) > 1:
            raise ValueError("road times are known within one station's area only")
        if len(stations) == 0:
            return np.empty((0, 0))
        local = self.local[members]
        return np.asarray(self.matrices[stations[0]][np.ix_(local, local)], dtype=np.float64)


Travel = GreatCircleTravel | RoadTravel


def travel_between(territory: Territory, units: Units) -> Travel:
    """The best travel times that the territory's data allows; ``note`` says which.

    Raises
    ------
    LinliError
        The territory names a file of roads that cannot be used.
    """
    if territory.roads is None:
        return GreatCircleTravel(
            longitude=units.longitude, latitude=units.latitude, assumptions=territory.travel
        )
    return road_travel(units, read_roads(Path(territory.roads)), territory.travel)


def great_circle_kilometres(
    longitude_a: ArrayLike, latitude_a: ArrayLike, longitude_b: ArrayLike, latitude_b: ArrayLike
) -> Floats:
    """Great-circle distance between positions in degrees (haversine formula), element by element."""
    lat_a, lat_b = np.radians(latitude_a), np.radians(latitude_b)
    east = np.radians(longitude_b) - np.radians(longitude_a)
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin(east / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0))), dtype=np.float64)


def _straight(
    longitude: Floats, latitude: Floats, start: Indices, end: Indices, assumptions: TravelAssumptions
) -> Floats:
    kilometres = great_circle_kilometres(longitude[start], latitude[start], longitude[end], latitude[end])
    return kilometres * (assumptions.detour / assumptions.speed * 60.0)


def road_travel(units: Units, roads: RoadLines, assumptions: TravelAssumptions) -> RoadTravel:
    """Times over a road network for the units of each station.

    A unit joins the network at the nearest bend of a road that the rest can be reached from; the way to
    it is straight × detour at the assumed speed.
    """
    graph, nodes = _graph(roads, units.plane)
    _, part = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(part)
    joined = np.flatnonzero(sizes[part] >= SMALLEST_PART * sizes.max())
    distance, nearest = cKDTree(nodes[joined]).query(np.column_stack([units.x, units.y]))
    node, snapped = joined[nearest], distance <= FARTHEST_ROAD
    access = distance / 1000.0 * (assumptions.detour / assumptions.speed * 60.0)
    matrices, local, unreached = [], np.zeros(len(units), dtype=np.int64), 0
    for station in range(len(units.stations)):
        members = np.flatnonzero(units.station == station)
        local[members] = np.arange(len(members))
        straight = _straight(units.longitude, units.latitude, members[:, None], members[None, :], assumptions)
        there = _shortest(graph, node[members]) + access[members][:, None] + access[members][None, :]
        reached = (part[node[members]][:, None] == part[node[members]][None, :]) & np.logical_and.outer(
            snapped[members], snapped[members]
        )
        off_road = int((~snapped[members]).sum())
        pairs = int(np.count_nonzero(~reached)) - off_road
        unreached += pairs // 2
        minutes = np.where(reached, (there + there.T) / 2, straight)
        np.fill_diagonal(minutes, 0.0)
        matrices.append(minutes)
    return RoadTravel(
        matrices=tuple(matrices),
        station=units.station,
        local=local,
        segments=graph.nnz,
        unsnapped=int((~snapped).sum()),
        unreached=unreached,
        assumptions=assumptions,
    )


def _shortest(graph: Any, nodes: NDArray[np.int64]) -> Floats:
    """Minutes from every node (row) to every node (column); ``inf`` where there is no way."""
    distinct, inverse = np.unique(nodes, return_inverse=True)
    times = np.empty((len(distinct), len(distinct)))
    for first in range(0, len(distinct), SOURCES_AT_ONCE):
        rows = slice(first, first + SOURCES_AT_ONCE)
        times[rows] = dijkstra(graph, directed=True, indices=distinct[rows])[:, distinct]
    return np.asarray(times[np.ix_(inverse, inverse)], dtype=np.float64)


def _graph(roads: RoadLines, plane: LocalPlane) -> tuple[Any, Floats]:
    """A directed graph of minutes between bends, and where its nodes lie in metres."""
    lines = shapely.segmentize(plane.geometries_to_metres(roads.lines), LONGEST_STEP)
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    # Ways that share a point of the map share its coordinates to the last digit; a centimetre is ample.
    nodes, index = np.unique(np.round(coordinates, 2), axis=0, return_inverse=True)
    index = index.ravel()
    step = np.flatnonzero(line[1:] == line[:-1])
    length = np.hypot(*(coordinates[step + 1] - coordinates[step]).T)
    minutes = np.maximum(length / 1000.0 / roads.speed[line[step]] * 60.0, 1e-9)
    direction = roads.direction[line[step]]
    ahead, back = direction >= 0, direction <= 0
    tail = np.concatenate([index[step][ahead], index[step + 1][back]])
    head = np.concatenate([index[step + 1][ahead], index[step][back]])
    return _fastest(tail, head, np.concatenate([minutes[ahead], minutes[back]]), len(nodes)), nodes


def _fastest(tail: NDArray[Any], head: NDArray[Any], minutes: Floats, count: int) -> Any:
    """A sparse matrix that keeps the fastest of several edges between two nodes (it would add them)."""
    order = np.lexsort((minutes, head, tail))
    tail, head, minutes = tail[order], head[order], minutes[order]
    first = np.ones(len(tail), dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return csr_matrix((minutes[first], (tail[first], head[first])), shape=(count, count))
