"""Places as columns while they are being checked, before any of them is believed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from linli.io.territory.coded import levels_of, parent_of_code
from linli.io.territory.headers import Columns
from linli.io.territory.manifest import Manifest
from linli.io.territory.notes import Notebook
from linli.io.territory.positions import Positions, positions_of
from linli.io.territory.values import AREAS, counts, missing, numbers, words
from linli.kernel.errors import Where
from linli.territory.model import Area, Level

__all__ = ["Draft", "add_positions", "draft_places"]

JOINED = ("area", "residents", "households", "premises", "station", "beat")
NO_PARENT = ("0", "-", "—", "/", "无")
M2_PER_KM2 = 1_000_000.0


@dataclass
class Draft:
    """One list for each field, all of the same length; ``origin`` says where each row stands."""

    code: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    parent: list[str | None] = field(default_factory=list)
    level: list[Level | None] = field(default_factory=list)
    area: list[Area | None] = field(default_factory=list)
    residents: list[int | None] = field(default_factory=list)
    households: list[int | None] = field(default_factory=list)
    premises: list[int | None] = field(default_factory=list)
    longitude: list[float | None] = field(default_factory=list)
    latitude: list[float | None] = field(default_factory=list)
    geometry: list[BaseGeometry | None] = field(default_factory=list)
    land: list[float | None] = field(default_factory=list)
    station: list[str | None] = field(default_factory=list)
    beat: list[str | None] = field(default_factory=list)
    synthetic: list[set[str]] = field(default_factory=list)
    origin: list[tuple[Columns, int]] = field(default_factory=list)

    def where(self, index: int, column: str) -> Where:
        """Where a place's cell stands in its file."""
        columns, row = self.origin[index]
        return columns.where(row, column)


def draft_places(tables: Iterable[Columns], manifest: Manifest, notebook: Notebook) -> Draft:
    """All rows of all tables of places, one after the other."""
    draft = Draft()
    for columns in tables:
        count = len(columns.table.rows)
        missing(columns, "code", "code_missing", notebook)
        missing(columns, "name", "name_missing", notebook)
        if "level" in columns:
            missing(columns, "level", "level_missing", notebook)
        draft.code += columns.cells("code")
        draft.name += columns.cells("name")
        draft.parent += [cell or None for cell in columns.cells("parent")]
        draft.level += levels_of(columns, notebook)
        draft.synthetic += [set() for _ in range(count)]
        draft.origin += [(columns, index) for index in range(count)]
        _extend(draft, _values(columns, manifest, notebook), columns, range(len(draft.land), len(draft.code)))
    _derive_parents(draft, notebook)
    return draft


def _derive_parents(draft: Draft, notebook: Notebook) -> None:
    """Parents by the codes of a list that has codes and names alone; a sign for "none" is none."""
    known = set(draft.code)
    for index, parent in enumerate(draft.parent):
        columns, _ = draft.origin[index]
        if "parent" not in columns and "level" not in columns:
            draft.parent[index] = parent_of_code(draft.code[index], known)
        elif parent in NO_PARENT and parent not in known:
            notebook.note("parent_none", draft.where(index, "parent"), parent)
            draft.parent[index] = None


def add_positions(draft: Draft, tables: Iterable[Columns], manifest: Manifest, notebook: Notebook) -> None:
    """Join tables of positions, residents and the like to the places by code."""
    at = {code: index for index, code in enumerate(draft.code)}
    for columns in tables:
        targets: list[int | None] = []
        seen: set[str] = set()
        for row, code in enumerate(columns.cells("code")):
            if code not in at:
                notebook.wrong("place_unknown", columns.where(row, "code"), code or None)
            elif code in seen:
                notebook.wrong("code_twice", columns.where(row, "code"), code, other=code)
            seen.add(code)
            targets.append(at.get(code))
        _join(draft, _values(columns, manifest, notebook), columns, targets, notebook)


def _values(columns: Columns, manifest: Manifest, notebook: Notebook) -> dict[str, list[object | None]]:
    """The fields that any table of places may give."""
    where: Positions = positions_of(columns, manifest.system_of(columns.table.file), notebook)
    return {
        "area": list(words(columns, "area", AREAS, "area_unknown", notebook)),
        "residents": list(counts(columns, "residents", notebook)),
        "households": list(counts(columns, "households", notebook)),
        "premises": list(counts(columns, "premises", notebook)),
        "longitude": list(where.longitude),
        "latitude": list(where.latitude),
        "geometry": list(where.geometry),
        "land": list(_land(columns, notebook)),
        "station": [cell or None for cell in columns.cells("station")],
        "beat": [cell or None for cell in columns.cells("beat")],
    }


def _land(columns: Columns, notebook: Notebook) -> list[float | None]:
    """Land area in km², whichever unit the header states."""
    name, scale = ("land_m2", M2_PER_KM2) if "land_m2" in columns else ("land_km2", 1.0)
    out: list[float | None] = []
    for index, value in enumerate(numbers(columns, name, notebook)):
        if value < 0:
            notebook.wrong("land_negative", columns.where(index, name), columns.cells(name)[index])
        out.append(None if value != value else value / scale)
    return out


def _extend(draft: Draft, values: dict[str, list[object | None]], columns: Columns, target: range) -> None:
    for name, column in values.items():
        getattr(draft, name).extend(column)
        if columns.table.synthetic:
            for index, value in zip(target, column, strict=True):
                if value is not None:
                    draft.synthetic[index].add(name)


def _join(
    draft: Draft,
    values: dict[str, list[object | None]],
    columns: Columns,
    targets: list[int | None],
    notebook: Notebook,
) -> None:
    """Fill what is empty; a second value for the same place and field is refused, not preferred."""
    for name, column in values.items():
        own: list[object | None] = getattr(draft, name)
        for row, (target, value) in enumerate(zip(targets, column, strict=True)):
            if target is None or value is None:
                continue
            if own[target] is not None:
                where = columns.where(row, name if name in JOINED else "code")
                notebook.wrong("value_twice", where, draft.code[target], field=name)
                continue
            own[target] = value
            if columns.table.synthetic:
                draft.synthetic[target].add(name)
