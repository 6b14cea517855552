"""Writes a territory as a folder that ``read_territory`` reads back: the same places, posts and counts.

Made-up fields go to files whose names contain ``synthetic``, as they came.
"""

import csv
import io
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.territory.model import Incident, Place, Territory

__all__ = ["csv_text", "geojson_text", "quoted", "write_files", "write_territory"]

say = catalogue("linli.io.territory")

PLACE_COLUMNS = ("code", "name", "parent", "level")
VALUE_COLUMNS = (
    "area",
    "residents",
    "households",
    "premises",
    "longitude",
    "latitude",
    "land",
    "station",
    "beat",
)
HEADERS = {"land": "land_km2"}


def write_territory(territory: Territory, folder: Path) -> None:
    """Write a territory to a new folder; positions are WGS 84, as they are in memory.

    Roads are not copied: their file can be large and is the user's own.

    Raises
    ------
    LinliError
        The folder exists.
    """
    files = {"territory.toml": _manifest(territory), **_place_files(territory)}
    if territory.boundary is not None:
        files["boundary.geojson"] = geojson_text([({}, territory.boundary)])
    if any(not station.assumed for station in territory.stations):
        rows = [(s.id, s.name, s.longitude, s.latitude) for s in territory.stations]
        name = "stations.synthetic.csv" if "stations" in territory.synthetic_tables else "stations.csv"
        files[name] = csv_text(("id", "name", "longitude", "latitude"), rows)
    files |= _record_files(territory)
    write_files(folder, files)


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write text files to a new folder, all of them or none.

    Raises
    ------
    LinliError
        The folder exists.
    """
    if folder.exists():
        raise LinliError(say("folder_exists", folder=folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    building.mkdir()
    try:
        for name, text in files.items():
            (building / name).write_text(text, encoding="utf-8", newline="")
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def csv_text(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV; nothing given is an empty cell, numbers keep every digit."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return stream.getvalue()


def geojson_text(features: Iterable[tuple[dict[str, object], Any]]) -> str:
    """A feature collection, one feature a line."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            },
            ensure_ascii=False,
        )
        for properties, shape in features
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


def _manifest(territory: Territory) -> str:
    """``territory.toml``; JSON strings are TOML strings."""

    def text(zh: str, en: str) -> str:
        return f"{{ zh = {quoted(zh)}, en = {quoted(en)} }}"

    levels = ", ".join(quoted(level) for level in sorted(territory.unit_levels))
    lines = [
        f"id = {quoted(territory.id)}",
        f"name = {text(territory.name.zh, territory.name.en)}",
        f"time_zone = {quoted(territory.time_zone)}",
        'coordinates = "WGS84"',
        f"unit_levels = [{levels}]",
        "",
        "[travel]",
        f"detour = {float(territory.travel.detour)!r}",
        f"speed_km_per_hour = {float(territory.travel.speed)!r}",
    ]
    for source in territory.sources:
        lines += ["", "[[sources]]", f"title = {text(source.title.zh, source.title.en)}"]
        lines.append(f"licence = {quoted(source.licence)}")
        if source.attribution is not None:
            lines.append(f"attribution = {text(source.attribution.zh, source.attribution.en)}")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _place_files(territory: Territory) -> dict[str, str]:
    assumed = all(station.assumed for station in territory.stations)
    values = [column for column in VALUE_COLUMNS if not (assumed and column == "station")]
    known = [c for c in values if any(_value(p, c, synthetic=False) is not None for p in territory.places)]
    made_up = [c for c in values if any(_value(p, c, synthetic=True) is not None for p in territory.places)]
    files: dict[str, str] = {}
    rows = [
        [*(getattr(p, c) for c in PLACE_COLUMNS), *(_value(p, c, synthetic=False) for c in known)]
        for p in territory.places
    ]
    headers = [*PLACE_COLUMNS, *(HEADERS.get(c, c) for c in known)]
    if any(place.geometry is not None for place in territory.places):
        shapes = [place.geometry for place in territory.places]
        properties = [dict(zip(headers, row, strict=True)) for row in rows]
        files["places.geojson"] = geojson_text(zip(properties, shapes, strict=True))
    else:
        files["places.csv"] = csv_text(headers, rows)
    if made_up:
        rows = [[p.code, *(_value(p, c, synthetic=True) for c in made_up)] for p in territory.places]
        rows = [row for row in rows if any(value is not None for value in row[1:])]
        files["positions.synthetic.csv"] = csv_text(("code", *(HEADERS.get(c, c) for c in made_up)), rows)
    return files


def _value(place: Place, column: str, *, synthetic: bool) -> object:
    """A field's value if it is (or is not) made up."""
    return getattr(place, column) if (column in place.synthetic) is synthetic else None


def _record_files(territory: Territory) -> dict[str, str]:
    def name(table: str) -> str:
        return f"{table}.synthetic.csv" if table in territory.synthetic_tables else f"{table}.csv"

    files: dict[str, str] = {}
    if territory.staff:
        staff = [(s.station, s.place, s.role, s.count) for s in territory.staff]
        files[name("staff")] = csv_text(("station", "place", "role", "count"), staff)
    if territory.posts:
        posts = [(p.id, p.kind, p.place, p.status, p.name) for p in territory.posts]
        files[name("posts")] = csv_text(("id", "kind", "place", "status", "name"), posts)
    if territory.incidents:
        rows = [
            (_when(i), i.category, i.count, i.place, i.longitude, i.latitude) for i in territory.incidents
        ]
        headers = ("day", "category", "count", "place", "longitude", "latitude")
        files[name("incidents")] = csv_text(headers, rows)
    if territory.neighbours is not None:
        files["adjacency.csv"] = csv_text(("a", "b"), territory.neighbours)
    return files


def _when(incident: Incident) -> str:
    """The day, and the hour where it is known."""
    return f"{incident.day}" if incident.time is None else f"{incident.day} {incident.time}"
