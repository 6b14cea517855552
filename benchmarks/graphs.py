"""The graphs of the beat benchmark: synthetic lattices from a fixed seed, tracts of Oregon and Hawaii.

*Synthetic lattices*: units on a square lattice of 1 km, each moved by up to 300 m either way (uniform),
touching their four neighbours; residents 1,000 × exp(0.4 z) with z normal, rounded. Beats: units ÷ 5.

*Oregon*: 834 census tracts, interior points and adjacency as published; each county is a station, beats
in it: tracts ÷ 5. *Hawaii*: 351 tract polygons, touching where their borders do; each island is a station.
A county whose tracts do not all touch is one station for each connected part. Residents of 2010.
"""

import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import STRtree
from shapely.geometry import shape

__all__ = ["HEAVY_LATTICES", "Graph", "hawaii", "heavy", "lattice", "oregon"]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "territory"
METRES_PER_DEGREE = 111_195.0
UNITS_PER_BEAT = 5
HEAVY_SHARE, HEAVY_FACTOR = 0.03, 30.0
HEAVY_LATTICES = (10, 32, 71)


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """Units with positions in metres, residents, touching pairs, stations and beats per station."""

    name: str
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    residents: npt.NDArray[np.float64]
    edges: npt.NDArray[np.int32]
    station: npt.NDArray[np.int32]
    beats: npt.NDArray[np.int32]

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.x)

    def save(self, path: Path) -> None:
        """Write the graph for a peer's process."""
        columns = ("x", "y", "residents", "edges", "station", "beats")
        np.savez(path, **{name: getattr(self, name) for name in columns})

    @staticmethod
    def load(path: Path) -> "Graph":
        """Read what ``save`` wrote."""
        with np.load(path) as arrays:
            return Graph(name=path.stem, **arrays)


def lattice(side: int, seed: int) -> Graph:
    """A synthetic lattice of side × side units; see the head of this module."""
    draws = np.random.default_rng(seed)
    n = side * side
    row, column = np.divmod(np.arange(n), side)
    x = 1000 * (column + draws.uniform(-0.3, 0.3, n))
    y = 1000 * (row + draws.uniform(-0.3, 0.3, n))
    residents = np.maximum(np.round(1000 * np.exp(draws.normal(0, 0.4, n))), 1.0)
    index = np.arange(n, dtype=np.int32).reshape(side, side)
    across = np.column_stack([index[:, :-1].ravel(), index[:, 1:].ravel()])
    down = np.column_stack([index[:-1].ravel(), index[1:].ravel()])
    edges = np.concatenate([across, down])
    return _stationed(f"lattice {n:,}", x, y, residents, edges, np.zeros(n, np.int64))


def heavy(graph: Graph, seed: int) -> Graph:
    """The graph with three places in a hundred, at least one, thirty times as heavy: towns among villages."""
    draws = np.random.default_rng(seed)
    count = max(1, round(HEAVY_SHARE * graph.units))
    residents = graph.residents.copy()
    residents[draws.choice(graph.units, count, replace=False)] *= HEAVY_FACTOR
    return replace(graph, name=f"{graph.name}, {count} heavy", residents=residents)


def oregon() -> Graph:
    """Oregon's tracts by county."""
    with (DATA / "oregon" / "places.csv").open(encoding="utf-8") as file:
        tracts = [row for row in csv.DictReader(file) if row["level"] == "tract"]
    number = {row["code"]: i for i, row in enumerate(tracts)}
    with (DATA / "oregon" / "adjacency.csv").open(encoding="utf-8") as file:
        pairs = [(row["a"], row["b"]) for row in csv.DictReader(file)]
    edges = np.array([(number[a], number[b]) for a, b in pairs if a in number and b in number], np.int32)
    x, y = _project([float(row["lon"]) for row in tracts], [float(row["lat"]) for row in tracts])
    residents = np.array([float(row["residents"]) for row in tracts])
    county = np.unique([row["parent"] for row in tracts], return_inverse=True)[1]
    return _stationed("Oregon 834", x, y, residents, edges, county)


def hawaii() -> Graph:
    """Hawaii's tracts that have residents, by island."""
    features = json.loads((DATA / "hawaii" / "places.geojson").read_text(encoding="utf-8"))["features"]
    kept = [f for f in features if f["geometry"] and (f["properties"].get("residents") or 0) > 0]
    shapes = [shape(f["geometry"]) for f in kept]
    pairs = STRtree(shapes).query(shapes, predicate="intersects").T
    edges = pairs[pairs[:, 0] < pairs[:, 1]].astype(np.int32)
    points = [s.representative_point() for s in shapes]
    x, y = _project([p.x for p in points], [p.y for p in points])
    residents = np.array([float(f["properties"]["residents"]) for f in kept])
    return _stationed(f"Hawaii {len(kept)}", x, y, residents, edges, np.zeros(len(kept), np.int64))


def _project(lon: list[float], lat: list[float]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Degrees to metres, good enough within a state: the longitude shrunk at the middle latitude."""
    x, y = np.array(lon), np.array(lat)
    return x * np.cos(np.radians(y.mean())) * METRES_PER_DEGREE, y * METRES_PER_DEGREE


def _stationed(
    name: str,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    residents: npt.NDArray[np.float64],
    edges: npt.NDArray[np.int32],
    area: npt.NDArray[np.int64],
) -> Graph:
    within = edges[area[edges[:, 0]] == area[edges[:, 1]]]
    ones = np.ones(len(within))
    graph = coo_array((ones, (within[:, 0], within[:, 1])), shape=(len(x), len(x)))
    _, station = connected_components(graph, directed=False)
    beats = np.maximum(np.round(np.bincount(station) / UNITS_PER_BEAT), 1)
    return Graph(
        name=name,
        x=x,
        y=y,
        residents=residents,
        edges=within.astype(np.int32),
        station=station.astype(np.int32),
        beats=beats.astype(np.int32),
    )
