"""``territory.toml``: what a territory is called, where its data comes from and how to read positions.

Unknown keys, missing keys and values out of range are refused; nothing here has a hidden default.
The datum above all: a village in GCJ-02 read as WGS 84 lies half a kilometre off.
"""

import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linli.io.territory.files import MANIFEST, TABLES
from linli.io.territory.notes import Notebook
from linli.io.territory.values import LEVELS, allowed
from linli.kernel.errors import Where
from linli.kernel.measures import KilometresPerHour, Ratio
from linli.kernel.texts import Text
from linli.territory.datums import CoordinateSystem, coordinate_system
from linli.territory.model import Datum, Level, Source, TravelAssumptions

__all__ = ["Manifest", "read_manifest"]

KEYS = (
    "id",
    "name",
    "time_zone",
    "coordinates",
    "unit_levels",
    "travel",
    "sources",
    "files",
    "coordinates_of",
)
LONGEST_ID = 64


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The whole of ``territory.toml``, checked."""

    id: str
    name: Text
    time_zone: str
    coordinates: CoordinateSystem
    coordinates_of: Mapping[str, CoordinateSystem]
    """Files whose positions are in another system than the rest."""
    unit_levels: frozenset[Level]
    travel: TravelAssumptions
    sources: tuple[Source, ...]
    files: dict[str, list[str]]

    def system_of(self, file: str) -> CoordinateSystem:
        """The coordinate system of one file."""
        return self.coordinates_of.get(file, self.coordinates)


def read_manifest(folder: Path, notebook: Notebook) -> Manifest | None:
    """The manifest of a folder; ``None`` if it cannot be used, which the notebook then says."""
    document = _document(folder, notebook)
    if document is None:
        return None
    reader = _Reader(notebook)
    reader.only(document, KEYS, "")
    manifest = Manifest(
        id=reader.identifier(document, folder),
        name=reader.text(document, "name", ""),
        time_zone=reader.time_zone(document),
        coordinates=reader.system(document.get("coordinates"), "coordinates"),
        coordinates_of=reader.systems(document),
        unit_levels=reader.levels(document),
        travel=reader.travel(document),
        sources=reader.sources(document),
        files=reader.files(document),
    )
    return manifest if reader.sound else None


def _document(folder: Path, notebook: Notebook) -> dict[str, Any] | None:
    path = folder / MANIFEST
    if not path.is_file():
        notebook.wrong("manifest_missing", Where(MANIFEST), None)
        return None
    if not path.resolve().is_relative_to(folder.resolve()):
        notebook.wrong("file_outside", Where(MANIFEST), MANIFEST)
        return None
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        notebook.wrong("manifest_syntax", Where(MANIFEST), None, reason=str(error).split(":")[0])
        return None


@dataclass
class _Reader:
    """Reads keys one by one; ``sound`` turns false at the first mistake, the reading goes on."""

    notebook: Notebook
    sound: bool = True

    def wrong(self, code: str, key: str, given: object = None, **values: object) -> None:
        self.sound = False
        self.notebook.wrong(code, Where(MANIFEST, key=key), None if given is None else str(given), **values)

    def only(self, table: Mapping[str, Any], keys: tuple[str, ...], prefix: str) -> None:
        for key in table:
            if key not in keys:
                self.wrong("manifest_key_unknown", prefix + key, key, allowed=", ".join(keys))

    def string(self, table: Mapping[str, Any], key: str, prefix: str) -> str:
        value = table.get(key)
        if value is None:
            self.wrong("manifest_key_missing", prefix + key)
            return ""
        if not isinstance(value, str) or not value.strip():
            self.wrong("manifest_not_text", prefix + key, value)
            return ""
        return value

    def text(self, table: Mapping[str, Any], key: str, prefix: str) -> Text:
        value = table.get(key)
        if value is None:
            self.wrong("manifest_key_missing", prefix + key)
            return Text(zh="", en="")
        if not isinstance(value, dict):
            self.wrong("manifest_not_bilingual", prefix + key, value)
            return Text(zh="", en="")
        self.only(value, ("zh", "en"), f"{prefix}{key}.")
        return Text(
            zh=self.string(value, "zh", f"{prefix}{key}."), en=self.string(value, "en", f"{prefix}{key}.")
        )

    def identifier(self, document: Mapping[str, Any], folder: Path) -> str:
        if "id" not in document:
            return folder.resolve().name
        value = document["id"]
        if not isinstance(value, str) or not value.replace("-", "").isalnum() or len(value) > LONGEST_ID:
            self.wrong("manifest_id", "id", value)
            return ""
        return value

    def time_zone(self, document: Mapping[str, Any]) -> str:
        zone = self.string(document, "time_zone", "")
        if zone and zone not in zoneinfo.available_timezones():
            self.wrong("time_zone_unknown", "time_zone", zone)
        return zone

    def system(self, value: object, key: str) -> CoordinateSystem:
        unknown = CoordinateSystem(stated="", datum=Datum.WGS84)
        if value is None:
            self.wrong("coordinates_missing", key)
            return unknown
        found = coordinate_system(value) if isinstance(value, str) else None
        if found is None:
            self.wrong("coordinates_unknown", key, value)
        return found or unknown

    def systems(self, document: Mapping[str, Any]) -> dict[str, CoordinateSystem]:
        table = document.get("coordinates_of", {})
        if not isinstance(table, dict):
            self.wrong("manifest_not_table", "coordinates_of", table)
            return {}
        return {file: self.system(value, f"coordinates_of.{file}") for file, value in table.items()}

    def levels(self, document: Mapping[str, Any]) -> frozenset[Level]:
        values = document.get("unit_levels")
        if values is None:
            self.wrong("manifest_key_missing", "unit_levels")
            return frozenset()
        if not isinstance(values, list) or not values:
            self.wrong("manifest_not_list", "unit_levels", values)
            return frozenset()
        for value in values:
            if not isinstance(value, str) or value not in LEVELS:
                self.wrong("unit_level_unknown", "unit_levels", value, allowed=allowed(LEVELS))
        return frozenset(LEVELS[value] for value in values if isinstance(value, str) and value in LEVELS)

    def travel(self, document: Mapping[str, Any]) -> TravelAssumptions:
        table = document.get("travel")
        if not isinstance(table, dict):
            self.wrong("manifest_key_missing" if table is None else "manifest_not_table", "travel", table)
            return TravelAssumptions(detour=Ratio(1.0), speed=KilometresPerHour(1.0))
        self.only(table, ("detour", "speed_km_per_hour"), "travel.")
        detour = self.ranged(table, "detour", 1.0, 5.0)
        return TravelAssumptions(
            detour=Ratio(detour), speed=KilometresPerHour(self.ranged(table, "speed_km_per_hour", 1.0, 130.0))
        )

    def ranged(self, table: Mapping[str, Any], key: str, low: float, high: float) -> float:
        value = table.get(key)
        if value is None:
            self.wrong("manifest_key_missing", f"travel.{key}")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.wrong("travel_out_of_range", f"travel.{key}", value, low=f"{low:g}", high=f"{high:g}")
        else:
            return float(value)
        return low

    def sources(self, document: Mapping[str, Any]) -> tuple[Source, ...]:
        values = document.get("sources")
        if not isinstance(values, list) or not values or not all(isinstance(v, dict) for v in values):
            self.wrong("manifest_key_missing" if values is None else "manifest_not_list", "sources", values)
            return ()
        return tuple(
            self.source(value, f"sources[{number}].") for number, value in enumerate(values, start=1)
        )

    def source(self, table: Mapping[str, Any], prefix: str) -> Source:
        self.only(table, ("title", "licence", "attribution"), prefix)
        attribution = self.text(table, "attribution", prefix) if "attribution" in table else None
        return Source(
            title=self.text(table, "title", prefix),
            licence=self.string(table, "licence", prefix),
            attribution=attribution,
        )

    def files(self, document: Mapping[str, Any]) -> dict[str, list[str]]:
        table = document.get("files", {})
        if not isinstance(table, dict):
            self.wrong("manifest_not_table", "files", table)
            return {}
        self.only(table, tuple(TABLES), "files.")
        listed = {}
        for key, value in table.items():
            names = [value] if isinstance(value, str) else value
            if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
                self.wrong("manifest_not_list", f"files.{key}", value)
            elif key in TABLES:
                listed[key] = names
        return listed
