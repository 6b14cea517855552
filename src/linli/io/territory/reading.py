"""From a folder to a ``Territory``: read every file, check every row, then accept all or nothing."""

from pathlib import Path

from shapely.geometry.base import BaseGeometry

from linli.io.territory.checks import check_boundary, check_sums, check_tree, check_units, default_areas
from linli.io.territory.coded import are_codes
from linli.io.territory.drafts import Draft, add_positions, draft_places
from linli.io.territory.files import MANIFEST, TABLES, digest_of, discover, unread
from linli.io.territory.headers import Columns, columns_of
from linli.io.territory.manifest import Manifest, read_manifest
from linli.io.territory.notes import FileRead, Notebook, Reading, refused
from linli.io.territory.positions import checked_boundary, system_of_file
from linli.io.territory.records import read_incidents, read_neighbours, read_posts, read_staff
from linli.io.territory.stations import assign_stations
from linli.io.territory.tables import read_table
from linli.kernel.errors import InputRefused, Where
from linli.kernel.identifiers import BeatId, PlaceCode, StationId
from linli.kernel.measures import SquareKilometres
from linli.territory.model import Place, Territory

__all__ = ["read_territory", "read_territory_with_notes"]


def read_territory(folder: Path) -> Territory:
    """The territory in a folder, whole and checked; positions are WGS 84.

    Raises
    ------
    InputRefused
        Anything in the folder is wrong; the exception lists every finding with file, row and column.
    """
    return read_territory_with_notes(folder).territory


def read_territory_with_notes(folder: Path) -> Reading:
    """As ``read_territory``, with what the reader noticed and how it read each file.

    Raises
    ------
    InputRefused
        Anything in the folder is wrong; the exception lists every finding with file, row and column.
    """
    notebook = Notebook()
    territory = _read(folder, notebook)
    if territory is None or notebook.fatal:
        # What was passed over is named also where the rest is refused: it may be why.
        passed_over = tuple(note for note in notebook.notes if note.code == "territory.file_unread")
        raise InputRefused(refused(folder.name), notebook.fatal + passed_over)
    return Reading(territory=territory, findings=notebook.notes, files=tuple(notebook.files))


def _read(folder: Path, notebook: Notebook) -> Territory | None:
    if not folder.is_dir():
        notebook.wrong("folder_missing", Where(folder.name), None)
        return None
    manifest = read_manifest(folder, notebook)
    if manifest is None:
        return None
    paths = discover(folder, manifest.files, notebook)
    _tell_unread(folder, paths, notebook)
    for file in manifest.coordinates_of:
        if not any(path == folder / file for found in paths.values() for path in found):
            notebook.wrong("file_missing", Where(MANIFEST, key="coordinates_of"), file)
    tables = {
        table: _tables(folder, table, found, manifest, notebook)
        for table, found in paths.items()
        if table != "roads"
    }
    if not paths["places"]:
        if not notebook.fatal:
            notebook.wrong("places_missing", Where("places.csv"), None)
        return None
    boundary = _boundary(tables["boundary"], manifest, notebook)
    if len(tables["places"]) < len(paths["places"]):
        # Every code that the other tables name would be unknown, and none of them wrong.
        return None
    draft = _places(tables, manifest, boundary, notebook)
    files = [folder / MANIFEST, *(path for found in paths.values() for path in found)]
    roads = str(paths["roads"][0]) if paths["roads"] else None
    return _assembled(draft, tables, manifest, boundary, roads, digest_of(folder, files), notebook)


def _tell_unread(folder: Path, paths: dict[str, list[Path]], notebook: Notebook) -> None:
    refused_already = {f.where.file for f in notebook.fatal}
    for finding in notebook.fatal:
        refused_already.update((finding.given or "").replace(",", " ").split())
    for name in unread(folder, [path for found in paths.values() for path in found]):
        if name not in refused_already:
            notebook.note("file_unread", Where(name), name, tables=", ".join(TABLES))


def _tables(
    folder: Path, table: str, found: list[Path], manifest: Manifest, notebook: Notebook
) -> list[Columns]:
    """The readable tables of one kind."""
    readable = []
    for path in found:
        name = path.relative_to(folder).as_posix()
        raw = read_table(path, name, table, notebook)
        if raw is None:
            continue
        positioned = raw.geometry is not None or table in ("places", "positions", "incidents", "stations")
        stated = system_of_file(raw, manifest.system_of(name)).stated if positioned else None
        if stated is not None and stated != manifest.system_of(name).stated:
            notebook.note("crs_of_file", Where(name), stated, system=manifest.system_of(name).stated)
        notebook.files.append(
            FileRead(name=name, table=table, rows=len(raw.rows), encoding=raw.encoding, coordinates=stated)
        )
        columns = columns_of(raw, table, notebook)
        if columns is not None and are_codes(columns, table, notebook):
            readable.append(columns)
    return readable


def _boundary(tables: list[Columns], manifest: Manifest, notebook: Notebook) -> BaseGeometry | None:
    if not tables:
        return None
    return checked_boundary(tables[0], manifest.system_of(tables[0].table.file), notebook)


def _places(
    tables: dict[str, list[Columns]],
    manifest: Manifest,
    boundary: BaseGeometry | None,
    notebook: Notebook,
) -> Draft:
    draft = draft_places(tables["places"], manifest, notebook)
    add_positions(draft, tables["positions"], manifest, notebook)
    check_tree(draft, notebook)
    check_boundary(draft, boundary, notebook)
    if draft.code:
        check_units(draft, manifest.unit_levels, notebook)
        default_areas(draft, notebook)
        check_sums(draft, notebook)
    return draft


def _assembled(
    draft: Draft,
    tables: dict[str, list[Columns]],
    manifest: Manifest,
    boundary: BaseGeometry | None,
    roads: str | None,
    digest: str,
    notebook: Notebook,
) -> Territory | None:
    """The territory; ``None`` if anything was wrong."""
    known = set(draft.code)
    posts = read_posts(tables["posts"], known, notebook)
    incidents = read_incidents(tables["incidents"], known, manifest, notebook)
    neighbours = read_neighbours(tables["adjacency"], known, notebook)
    if any(finding.code == "territory.parent_cycle" for finding in notebook.fatal):
        return None
    stations = assign_stations(draft, tables["stations"], manifest, notebook)
    station_of = dict(zip(draft.code, draft.station, strict=True))
    staff = read_staff(tables["staff"], stations, station_of, notebook)
    if notebook.fatal:
        return None
    synthetic = {
        table
        for table in ("staff", "posts", "incidents", "stations")
        if any(c.table.synthetic for c in tables[table])
    }
    return Territory(
        id=manifest.id,
        name=manifest.name,
        time_zone=manifest.time_zone,
        datum=manifest.coordinates.datum,
        coordinates=manifest.coordinates.stated,
        sources=manifest.sources,
        unit_levels=manifest.unit_levels,
        travel=manifest.travel,
        places=_built(draft),
        stations=stations,
        staff=staff,
        posts=posts,
        incidents=incidents,
        neighbours=neighbours,
        boundary=boundary,
        roads=roads,
        digest=digest,
        synthetic_tables=frozenset(synthetic),
    )


def _built(draft: Draft) -> tuple[Place, ...]:
    """The places of a draft that has been checked."""
    places = []
    for index, level in enumerate(draft.level):
        if level is None:
            continue
        parent, station, beat = draft.parent[index], draft.station[index], draft.beat[index]
        land = draft.land[index]
        places.append(
            Place(
                code=PlaceCode(draft.code[index]),
                name=draft.name[index],
                level=level,
                parent=None if parent is None else PlaceCode(parent),
                area=draft.area[index],
                residents=draft.residents[index],
                households=draft.households[index],
                premises=draft.premises[index],
                longitude=draft.longitude[index],
                latitude=draft.latitude[index],
                geometry=draft.geometry[index],
                land=None if land is None else SquareKilometres(land),
                station=None if station is None else StationId(station),
                beat=None if beat is None else BeatId(beat),
                synthetic=frozenset(draft.synthetic[index]),
            )
        )
    return tuple(places)
