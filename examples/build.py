"""Builds the example territories from the data they come from; run it from anywhere.

    .venv/bin/python examples/build.py [TARGET]

What is copied as it is published, what is computed and what is made up is written in each folder's
``territory.toml``, which is written by hand; TARGET must hold them. The source data is looked for in
``../shared/data`` beside the repository.
"""

import csv
import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from linli.io.territory.made_up import positions_text
from linli.io.territory.writing import csv_text
from linli.kernel.seeds import Seed
from linli.territory.datums import coordinate_system, geometries_to_wgs84, positions_to_wgs84
from linli.territory.projection import LocalPlane
from linli.territory.synthesis import portions

EXAMPLES = Path(__file__).resolve().parent
DATA = EXAMPLES.parents[1] / "shared" / "data"
COUNTIES = ("qiubei", "luxi", "lanling", "hengshan")
SEED = Seed(1)

HIGHWAYS = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street",
    "service",
)  # fmt: skip
"""Classes of OpenStreetMap ways that cars may use."""


def build_county(examples: Path, name: str) -> None:
    """Real codes, names, outline and totals; positions and counts made up to fit them."""
    folder = examples / name
    _copy(DATA / "territory" / name, folder, "places.csv", "boundary.geojson", "facts.toml")
    (folder / "positions.synthetic.csv").unlink(missing_ok=True)
    text = positions_text(folder, seed=SEED)
    (folder / "positions.synthetic.csv").write_text(text, encoding="utf-8")


def build_hengshan_staff(examples: Path) -> None:
    """The published totals of officers and auxiliaries, shared among stations by their size."""
    folder = examples / "hengshan"
    with (folder / "places.csv").open(encoding="utf-8") as stream:
        places = list(csv.DictReader(stream))
    units = Counter(place["parent"] for place in places if place["level"] in ("village", "community"))
    stations = [place["code"] for place in places if place["level"] == "township"]
    weights = np.array([units[code] for code in stations], dtype=np.float64)
    rows = [
        (code, role, int(count))
        for role, total in (("community_officer", 56), ("auxiliary", 294))
        for code, count in zip(stations, portions(total, weights), strict=True)
    ]
    text = csv_text(("station", "role", "count"), rows)
    (folder / "staff.synthetic.csv").write_text(text, encoding="utf-8")


def build_lanling_staff(examples: Path) -> None:
    """People on hand, made up in proportion to residents and villages: none are published."""
    folder = examples / "lanling"
    with (folder / "places.csv").open(encoding="utf-8") as stream:
        parents = {place["code"]: place for place in csv.DictReader(stream)}
    with (folder / "positions.synthetic.csv").open(encoding="utf-8") as stream:
        residents = {row["code"]: int(row["residents"] or 0) for row in csv.DictReader(stream)}
    stations = [code for code, place in parents.items() if place["level"] == "township"]
    villages = Counter(place["parent"] for place in parents.values() if place["level"] == "village")
    rows: list[tuple[str, str, int]] = []
    for code in stations:
        officers = max(6, residents[code] // 4_500)
        rows += [
            (code, "officer", officers),
            (code, "community_officer", officers // 4),
            (code, "auxiliary", residents[code] // 6_000),
            (code, "grid_worker", residents[code] * 22 // 10_000),
            (code, "assistant", villages[code] * 8 // 10),
        ]
    text = csv_text(("station", "role", "count"), rows)
    (folder / "staff.synthetic.csv").write_text(text, encoding="utf-8")


def build_oregon(examples: Path) -> None:
    """Tracts as points with a table of neighbours, as published."""
    _copy(DATA / "territory" / "oregon", examples / "oregon", "places.csv", "adjacency.csv")


def build_hawaii(examples: Path) -> None:
    """Tracts as polygons, as published; the counties above them as a table of their own."""
    folder = examples / "hawaii"
    _copy(DATA / "territory" / "hawaii", folder, "places.geojson")
    counties = {
        "15001": "Hawaii County",
        "15003": "Honolulu County",
        "15005": "Kalawao County",
        "15007": "Kauai County",
        "15009": "Maui County",
    }
    rows = [("15", "Hawaii", "", "state"), *((c, name, "15", "county") for c, name in counties.items())]
    (folder / "counties.csv").write_text(csv_text(("code", "name", "parent", "level"), rows), "utf-8")


def build_portland(examples: Path) -> None:
    """Police districts as polygons; burglaries and vehicle thefts counted by district and month."""
    folder = examples / "portland"
    folder.mkdir(exist_ok=True)
    _, _, wkb, fields = pyogrio.raw.read(DATA / "portland" / "Portland_Police_Districts.shp")
    shapes = shapely.from_wkb(wkb)
    # 5 ft keeps every bend that shows on a map; neighbours are simplified together.
    shapes = shapely.coverage_simplify(shapes, 5.0)
    system = coordinate_system("EPSG:2913")
    assert system is not None  # noqa: S101
    degrees = shapely.set_precision(geometries_to_wgs84(system, shapes), 1e-6)
    precincts = {"CE": "Central Precinct", "EA": "East Precinct", "NO": "North Precinct"}
    upper = [
        ("portland", "Portland", "", "county"),
        *((c, n, "portland", "township") for c, n in precincts.items()),
    ]
    (folder / "precincts.csv").write_text(csv_text(("code", "name", "parent", "level"), upper), "utf-8")
    lines = [
        _feature({"code": str(d), "name": f"District {d}", "parent": str(p), "level": "district"}, shape)
        for d, p, shape in sorted(zip(fields[3], fields[4], degrees, strict=True), key=lambda row: row[0])
    ]
    _write_collection(folder / "places.geojson", lines)
    _build_incidents(folder, [str(d) for d in fields[3]], degrees)


def _build_incidents(folder: Path, codes: list[str], shapes: np.ndarray) -> None:
    system = coordinate_system("EPSG:2913")
    assert system is not None  # noqa: S101
    tree = shapely.STRtree(shapes)
    counted: Counter[tuple[str, str, str]] = Counter()
    for category in ("burglary", "vehicle_theft"):
        with (DATA / "portland" / f"{category}.csv").open(encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        lon, lat = positions_to_wgs84(
            system,
            np.array([float(row["x_coordina"]) for row in rows]),
            np.array([float(row["y_coordina"]) for row in rows]),
        )
        points, districts = tree.query(shapely.points(lon, lat), predicate="intersects")
        first = dict(zip(points[::-1].tolist(), districts[::-1].tolist(), strict=True))
        outside = [k for k in range(len(rows)) if k not in first]
        # A few calls were placed on the water or just over the city limit: nearest district.
        near = tree.nearest(shapely.points(lon[outside], lat[outside]))
        first |= dict(zip(outside, near.tolist(), strict=True))
        for k, row in enumerate(rows):
            counted[row["occ_date"][:7] + "-01", category, codes[first[k]]] += 1
    rows_out = [(day, category, place, n) for (day, category, place), n in sorted(counted.items())]
    text = csv_text(("date", "category", "place", "count"), rows_out)
    (folder / "incidents.csv").write_text(text, encoding="utf-8")


def build_liechtenstein(examples: Path) -> None:
    """Municipalities, settlements and roads of OpenStreetMap.

    A municipality's residents are the population tag of the settlement that bears its name.
    They are shared among its settlements by the ground area of the buildings nearest to each: an
    estimate, so that it stands in a file named synthetic.
    """
    source = DATA / "territory" / "liechtenstein" / "roads.osm.pbf"
    folder = examples / "liechtenstein"
    folder.mkdir(exist_ok=True)
    municipalities = _municipalities(source)
    settlements = _settlements(source)
    plane = LocalPlane(9.55, 47.15)
    buildings = plane.geometries_to_metres(_buildings(source))
    xs, ys = plane.to_metres(np.array([s[3] for s in settlements]), np.array([s[4] for s in settlements]))
    names = list(municipalities)
    outlines = plane.geometries_to_metres(np.array([municipalities[n] for n in names], dtype=object))
    home = {int(s): int(m) for m, s in shapely.STRtree(shapely.points(xs, ys)).query(outlines, "contains").T}
    places = [("LI", "Liechtenstein", "", "country")]
    places += [(f"LI-{n}", n, "LI", "municipality") for n in sorted(names)]
    rows, area = [], np.zeros(len(settlements))
    middles = shapely.centroid(buildings)
    sizes = shapely.area(buildings)
    for index, name in enumerate(names):
        own = [s for s, m in home.items() if m == index]
        inside = shapely.contains(outlines[index], middles)
        distance = np.hypot(
            shapely.get_x(middles[inside])[:, None] - xs[own],
            shapely.get_y(middles[inside])[:, None] - ys[own],
        )
        np.add.at(area, np.array(own)[distance.argmin(axis=1)], sizes[inside])
        population = next(s[2] for s in settlements if s[1].startswith(name) and s[2])
        for s, count in zip(own, portions(population, area[own]), strict=True):
            places.append((f"osm-{settlements[s][0]}", settlements[s][1], f"LI-{name}", "settlement"))
            rows.append(
                (
                    f"osm-{settlements[s][0]}",
                    f"{settlements[s][3]:.6f}",
                    f"{settlements[s][4]:.6f}",
                    int(count),
                )
            )
    positions = [(code, lon, lat) for code, lon, lat, _ in rows]
    text = csv_text(("code", "name", "parent", "level"), places)
    (folder / "places.csv").write_text(text, encoding="utf-8")
    (folder / "positions.csv").write_text(csv_text(("code", "lon", "lat"), positions), encoding="utf-8")
    estimates = [(code, count) for code, _, _, count in rows]
    text = csv_text(("code", "residents"), estimates)
    (folder / "positions.synthetic.csv").write_text(text, encoding="utf-8")
    _write_stations(folder)
    boundary = shapely.union_all(list(municipalities.values()))
    _write_collection(folder / "boundary.geojson", [_feature({"name": "Liechtenstein"}, boundary)])
    _write_roads(source, folder / "roads.gpkg")


def _write_stations(folder: Path) -> None:
    """The two constituencies stand in for station areas: made up, as the country has one police force."""
    areas = {
        "Unterland": ("Eschen", "Gamprin", "Mauren", "Ruggell", "Schellenberg"),
        "Oberland": ("Balzers", "Planken", "Schaan", "Triesen", "Triesenberg", "Vaduz"),
    }
    rows = [(name, name, ";".join(f"LI-{member}" for member in members)) for name, members in areas.items()]
    text = csv_text(("id", "name", "places"), rows)
    (folder / "stations.synthetic.csv").write_text(text, encoding="utf-8")


def _municipalities(source: Path) -> dict[str, shapely.Geometry]:
    _, _, wkb, fields = pyogrio.raw.read(
        source, layer="multipolygons", columns=["name", "admin_level"], where="admin_level = '8'"
    )
    return dict(zip(fields[0], shapely.from_wkb(wkb), strict=True))


def _settlements(source: Path) -> list[tuple[str, str, int, float, float]]:
    """OSM id, name, population (0 if not tagged), longitude, latitude."""
    _, _, wkb, fields = pyogrio.raw.read(
        source, layer="points", columns=["osm_id", "name", "place", "other_tags"],
        where="place IN ('village', 'hamlet', 'neighbourhood')",
    )  # fmt: skip
    found = []
    for point, osm, name, tags in zip(shapely.from_wkb(wkb), fields[0], fields[1], fields[3], strict=True):
        population = 0
        for tag in (tags or "").split('","'):
            key, _, value = tag.partition('"=>"')
            if key.strip('"') == "population":
                population = int(value.strip('"'))
        found.append((osm, name, population, point.x, point.y))
    return sorted(found, key=lambda row: int(row[0]))


def _buildings(source: Path) -> np.ndarray:
    _, _, wkb, _ = pyogrio.raw.read(
        source, layer="multipolygons", columns=["building"], where="building IS NOT NULL"
    )
    return shapely.from_wkb(wkb)


def _write_roads(source: Path, target: Path) -> None:
    """Roads that cars may use, without the bends that do not change their length by a metre or two."""
    columns = ["osm_id", "highway", "other_tags"]
    _, _, wkb, fields = pyogrio.raw.read(source, layer="lines", columns=columns)
    kept = np.isin(fields[1].astype(str), HIGHWAYS)
    target.unlink(missing_ok=True)
    tags = [t or "" for t in fields[2][kept]]
    oneway = np.array(["yes" if '"oneway"=>"yes"' in t else "" for t in tags], dtype=object)
    speed = np.array(
        [t.split('"maxspeed"=>"')[1].split('"')[0] if '"maxspeed"' in t else "" for t in tags], dtype=object
    )
    pyogrio.raw.write(
        target, wkb[kept], [fields[1][kept], oneway, speed], ["highway", "oneway", "maxspeed"],
        layer="roads", geometry_type="LineString", crs="EPSG:4326", driver="GPKG",
        layer_options={"SPATIAL_INDEX": "NO"},
    )  # fmt: skip


def _feature(properties: dict[str, str], shape: shapely.Geometry) -> str:
    geometry = json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-6)))
    return json.dumps({"type": "Feature", "properties": properties, "geometry": geometry})


def _write_collection(target: Path, features: list[str]) -> None:
    body = ",\n".join(features)
    target.write_text(f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n', encoding="utf-8")


def _copy(source: Path, target: Path, *names: str) -> None:
    target.mkdir(exist_ok=True)
    for name in names:
        shutil.copyfile(source / name, target / name)


def main(examples: Path) -> int:
    """Build all examples in a folder; 2 if the source data is absent."""
    # A GeoPackage holds the time of its making; the same data shall give the same bytes.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"})
    if not DATA.is_dir():
        print(f"The source data is not at {DATA}: nothing was built.", file=sys.stderr)  # noqa: T201
        return 2
    for name in COUNTIES:
        build_county(examples, name)
    build_hengshan_staff(examples)
    build_lanling_staff(examples)
    build_oregon(examples)
    build_hawaii(examples)
    build_portland(examples)
    build_liechtenstein(examples)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES))
