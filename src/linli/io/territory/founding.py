"""A new territory of lists as published: the tree is made, codes matched or made, and the folder written.

What the lists do not say is asked, never guessed; what is taken for granted is said in the notes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from linli.io.territory.answers import Question, question
from linli.io.territory.coded import is_division_code
from linli.io.territory.named import CodeList, plain_name
from linli.io.territory.notes import Notebook, Reading
from linli.io.territory.published import Entry, Listed
from linli.io.territory.reading import read_territory_with_notes
from linli.io.territory.writing import csv_text, quoted, write_files
from linli.kernel.errors import Where
from linli.territory.datums import coordinate_system
from linli.territory.model import Level

__all__ = ["Founded", "Given", "found_territory", "written_territory"]

LOCAL: Final = "L"
SHOWN: Final = 8
COLUMNS: Final = ("code", "name", "parent", "level")
VALUES: Final = (
    "area",
    "residents",
    "households",
    "premises",
    "longitude",
    "latitude",
    "land_km2",
    "land_m2",
    "station",
    "beat",
)
UPPER: Final = frozenset({Level.COUNTRY, Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWNSHIP})
DEGREES: Final = ("WGS84", "GCJ-02", "CGCS2000")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the user has said beside the lists; ``None`` is "not said"."""

    name: str | None = None
    name_en: str | None = None
    county: str | None = None
    coordinates: str | None = None
    level: Level | None = None
    detour: float = 1.5
    speed: float = 28.0
    time_zone: str = "Asia/Shanghai"
    source: str | None = None
    licence: str | None = None


@dataclass(frozen=True, kw_only=True)
class Founded:
    """The files of a new territory and its name; or the questions without whose answers there is none."""

    name: str
    files: Mapping[str, str]
    questions: Sequence[Question]


@dataclass
class _Tree:
    """The places as they are made, parents first."""

    rows: list[list[object]] = field(default_factory=list)
    matched: int = 0
    local: list[str] = field(default_factory=list)

    def add(self, code: str, name: str, parent: str, level: Level, values: Mapping[str, object]) -> None:
        self.rows.append([code, name, parent, level.value, *(values.get(key) for key in VALUES)])


def found_territory(listed: Listed, codes: CodeList | None, given: Given, notebook: Notebook) -> Founded:
    """The territory that some lists make, with what is still to be asked."""
    entries = _once(listed.entries, notebook)
    questions: list[Question] = []
    county = _county(entries, codes, given, questions)
    name = given.name or listed.county or (codes.names.get(f"{county}000000") if codes and county else None)
    if name is None:
        questions.append(question("name"))
    elif given.name is None and listed.is_county_of_title and name == listed.county:
        notebook.note("name_of_title", Where(entries[0].columns.table.file if entries else "—"), name)
    coordinates = _coordinates(listed, given, questions)
    entries = _levelled(entries, given, questions)
    if questions or notebook.fatal:
        return Founded(name=name or "", files={}, questions=questions)
    tree = _tree(entries, codes, county, str(name), notebook)
    _tell_codes(tree, codes, entries, notebook)
    manifest = _manifest(str(name), coordinates, listed, entries, given, notebook)
    used = [i for i, key in enumerate(VALUES) if any(row[4 + i] is not None for row in tree.rows)]
    headers = [*COLUMNS, *(VALUES[i] for i in used)]
    rows = [[*row[:4], *(row[4 + i] for i in used)] for row in tree.rows]
    files = {"territory.toml": manifest, "places.csv": csv_text(headers, rows)}
    return Founded(name=str(name), files=files, questions=())


def written_territory(founded: Founded, folder: Path) -> Reading:
    """Write the files to a new folder once they have been read back as a territory without a mistake.

    Raises
    ------
    InputRefused
        What the lists make is no territory; nothing is written.
    LinliError
        The folder exists.
    """
    with TemporaryDirectory() as scratch:
        trial = Path(scratch) / folder.resolve().name
        write_files(trial, dict(founded.files))
        read_territory_with_notes(trial)
    write_files(folder, dict(founded.files))
    return read_territory_with_notes(folder)


def _once(entries: Sequence[Entry], notebook: Notebook) -> list[Entry]:
    """Each place once: a second list may add to it, a second row of one list is a contradiction."""
    found: dict[tuple[str | None, str, str], Entry] = {}
    for entry in entries:
        key = (entry.township, entry.name, entry.code)
        first = found.setdefault(key, entry)
        if first is entry:
            continue
        shared = [k for k, v in entry.values.items() if k in first.values and first.values[k] != v]
        if shared or first.columns.table.file == entry.columns.table.file:
            where = first.where()
            notebook.wrong("place_listed_twice", entry.where(), entry.name, file=where.file, row=where.row)
        found[key] = replace(first, values={**entry.values, **first.values})
    return list(found.values())


def _county(
    entries: Sequence[Entry], codes: CodeList | None, given: Given, questions: list[Question]
) -> str | None:
    """The county's six digits: of the codes in the list, else of the list of codes; asked if several fit."""
    own = {entry.code[:6] for entry in entries if is_division_code(entry.code)}
    if len(own) == 1:
        return own.pop()
    if codes is None:
        return None
    names = {county: codes.names.get(f"{county}000000", county) for county in codes.counties}
    if given.county is not None:
        wanted = plain_name(given.county)
        fits = [c for c, name in names.items() if wanted in (c, name, f"{c}000000", f"{name}{c}")]
        if not fits:
            questions.append(_which_county(names, names))
        return fits[0] if fits else None
    best = codes.best_counties(dict.fromkeys(e.township for e in entries if e.township))
    if len(best) > 1:
        questions.append(_which_county(best, names))
    return best[0] if best else None


def _which_county(counties: Iterable[str], names: Mapping[str, str]) -> Question:
    return question("county", [f"{names[county]} {county}" for county in counties])


def _coordinates(listed: Listed, given: Given, questions: list[Question]) -> str:
    """The coordinate system, which is asked where there are positions."""
    if given.coordinates is not None and coordinate_system(given.coordinates) is not None:
        return given.coordinates
    if given.coordinates is not None or listed.has_positions:
        questions.append(question("coordinates", [*DEGREES, "EPSG:4543"]))
    return "WGS84"


def _levelled(entries: Sequence[Entry], given: Given, questions: list[Question]) -> list[Entry]:
    """The places with their levels; asked once where neither code nor name tells what they are."""
    unclear = [entry for entry in entries if entry.level is None]
    if unclear and given.level is None:
        named = "、".join(entry.name for entry in unclear[:SHOWN])
        choices = [Level.VILLAGE.value, Level.COMMUNITY.value]
        questions.append(question("level", choices, count=len(unclear), names=named))
    return [replace(entry, level=entry.level or given.level or Level.VILLAGE) for entry in entries]


def _tree(
    entries: Sequence[Entry], codes: CodeList | None, county: str | None, name: str, notebook: Notebook
) -> _Tree:
    """County, townships and units, in the order of the lists."""
    tree = _Tree()
    heads = {entry.name: entry for entry in entries if entry.level is Level.TOWNSHIP}
    by_code = {entry.code: entry.name for entry in heads.values() if entry.code}
    over = [entry for entry in entries if entry.level is Level.COUNTY]
    own = over[0].code if over else ""
    top = own or (f"{county}000000" if county else LOCAL)
    tree.add(top, name, "", Level.COUNTY, over[0].values if over else {})
    units: dict[str | None, list[Entry]] = {head: [] for head in heads}
    for entry in entries:
        if entry.level in UPPER:
            continue
        units.setdefault(_head_of(entry, by_code, codes), []).append(entry)
    if None in units and len(units) > 1:
        for entry in units.pop(None):
            notebook.wrong("township_missing", entry.where("township"), entry.name)
    for number, (head, below) in enumerate(units.items(), start=1):
        code = top if head is None else _township(tree, head, heads.get(head), below, codes, county, number)
        _units(tree, code, below, codes, local=f"{number:02d}")
    return tree


def _head_of(entry: Entry, by_code: Mapping[str, str], codes: CodeList | None) -> str | None:
    """The township of a unit: as the list says, else its parent by code, else the one in its own code."""
    parent = entry.columns.cells("parent")[entry.row]
    if entry.township is not None or parent in by_code:
        return entry.township or by_code[parent]
    if not is_division_code(entry.code):
        return None
    above = f"{entry.code[:9]}000"
    return by_code.get(above) or (codes.names.get(above) if codes else None) or above


def _township(
    tree: _Tree,
    head: str,
    entry: Entry | None,
    below: Sequence[Entry],
    codes: CodeList | None,
    county: str | None,
    number: int,
) -> str:
    """Add a township and give its code: its own, its units', that of the list of codes, else a local one."""
    shared = {unit.code[:9] for unit in below if is_division_code(unit.code)}
    code = entry.code if entry is not None and entry.code else None
    if code is None and len(shared) == 1:
        code = f"{shared.pop()}000"
    if code is None and codes is not None and county is not None:
        code = codes.township(county, head)
        tree.matched += code is not None
    if code is None:
        code = f"{LOCAL}{number:02d}"
        tree.local.append(head)
    top = str(tree.rows[0][0])
    tree.add(code, head, top, Level.TOWNSHIP, entry.values if entry is not None else {})
    return code


def _units(tree: _Tree, parent: str, below: Sequence[Entry], codes: CodeList | None, *, local: str) -> None:
    """Add the villages and communities of a township. Two are never given one code."""
    taken: set[str] = set()
    for number, entry in enumerate(below, start=1):
        code = entry.code
        if not code and codes is not None and is_division_code(parent):
            found = codes.unit(parent, entry.name, entry.level)
            code = found if found is not None and found not in taken else ""
            tree.matched += bool(code)
        if not code:
            above = parent[:9] if is_division_code(parent) else f"{LOCAL}{local}"
            code = f"{above}-{number:03d}"
            tree.local.append(entry.name)
        taken.add(code)
        tree.add(code, entry.name, parent, entry.level or Level.VILLAGE, entry.values)


def _tell_codes(tree: _Tree, codes: CodeList | None, entries: Sequence[Entry], notebook: Notebook) -> None:
    """Say which codes were matched, which are local ones, and which of the list of codes are left over."""
    where = Where(entries[0].columns.table.file) if entries else Where("places.csv")
    if tree.matched:
        notebook.note("codes_matched", where, str(tree.matched), count=tree.matched)
    if tree.local:
        names = _some(tree.local)
        kind = "codes_local" if codes is not None else "codes_local_all"
        notebook.note(kind, where, names, count=len(tree.local))
    if codes is None:
        return
    used = {str(row[0]) for row in tree.rows}
    left = [
        codes.names[code]
        for row in tree.rows
        if row[3] == Level.TOWNSHIP.value and is_division_code(str(row[0]))
        for code in codes.units(str(row[0]))
        if code not in used
    ]
    if left:
        notebook.note("codes_left", where, _some(left), count=len(left))


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:SHOWN]) + ("…" if len(names) > SHOWN else "")


def _manifest(
    name: str,
    coordinates: str,
    listed: Listed,
    entries: Sequence[Entry],
    given: Given,
    notebook: Notebook,
) -> str:
    """``territory.toml``; what is taken for granted in it is noted."""
    files = dict.fromkeys(entry.columns.table.file.partition("[")[0] for entry in entries)
    title = given.source or listed.title or "、".join(files)
    where = Where("territory.toml")
    units = {entry.level for entry in entries} - UPPER
    levels = ", ".join(quoted(level.value) for level in sorted(units, key=str) if level is not None)
    notebook.note(
        "founded_assumed",
        where,
        None,
        zone=given.time_zone,
        detour=f"{given.detour:g}",
        speed=f"{given.speed:g}",
    )
    if given.licence is None:
        notebook.note("licence_unstated", where, None)
    identifier = name if name.isalnum() else "territory"
    return "\n".join(
        [
            f"id = {quoted(identifier)}",
            f"name = {{ zh = {quoted(name)}, en = {quoted(given.name_en or name)} }}",
            f"time_zone = {quoted(given.time_zone)}",
            f"coordinates = {quoted(coordinates)}",
            f"unit_levels = [{levels}]",
            "",
            "[travel]",
            f"detour = {given.detour!r}",
            f"speed_km_per_hour = {given.speed!r}",
            "",
            "[[sources]]",
            f"title = {{ zh = {quoted(title)}, en = {quoted(title)} }}",
            f"licence = {quoted(given.licence or 'not stated')}",
            "",
        ]
    )
