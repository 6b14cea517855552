"""Finds the files of a territory folder and keeps the reader inside it.

A territory may come from anyone, so that links out of the folder, paths out of the folder, huge
files and workbooks that unpack to far more than their size are refused before a byte is parsed.
"""

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path

from linli.io.territory.notes import Notebook
from linli.kernel.errors import Where
from linli.kernel.texts import catalogue
from linli.privacy.archives import Allowed, has_too_many

__all__ = ["LISTS", "MANIFEST", "TABLES", "digest_of", "discover", "inside", "unread", "within_size"]

say = catalogue(__package__)

MANIFEST = "territory.toml"
LISTS = (".csv", ".xlsx", ".xls", ".et", ".ods", ".xlsb", ".txt")
FORMATS = (*LISTS, ".geojson", ".gpkg", ".shp")
TABLES: dict[str, tuple[str, ...]] = {
    "places": FORMATS,
    "positions": FORMATS,
    "staff": LISTS,
    "posts": LISTS,
    "incidents": FORMATS,
    "stations": FORMATS,
    "adjacency": LISTS,
    "boundary": (".geojson", ".gpkg", ".shp"),
    "roads": (".osm.pbf", ".gpkg", ".geojson"),
}
"""Tables a territory may have, with the file formats each is read from."""

LARGEST_FILE = 512 * 1024 * 1024
LARGEST_UNPACKED = 512 * 1024 * 1024
LARGEST_RATIO = 200
"""A workbook of real rows unpacks to about 10 times its size."""


def discover(folder: Path, listed: dict[str, list[str]], notebook: Notebook) -> dict[str, list[Path]]:
    """Files of each table: those that the manifest lists, else those that bear the table's name."""
    found: dict[str, list[Path]] = {}
    for table, suffixes in TABLES.items():
        names = listed[table] if table in listed else _named(folder, table, suffixes, notebook)
        paths = [_checked(folder, table, name, notebook) for name in names]
        found[table] = [path for path in paths if path is not None]
    return found


def _named(folder: Path, table: str, suffixes: tuple[str, ...], notebook: Notebook) -> list[str]:
    """The table's own file and its synthetic companion, each in at most one format, in capitals or not."""
    names = []
    there = _visible(folder)
    for stem in (table, f"{table}.synthetic"):
        wanted = {stem + suffix: order for order, suffix in enumerate(suffixes)}
        present = sorted(
            (name for name in there if name.lower() in wanted), key=lambda name: (wanted[name.lower()], name)
        )
        if len(present) > 1:
            where = Where(MANIFEST, key=f"files.{table}")
            notebook.wrong("file_ambiguous", where, ", ".join(present), table=table)
        names += present if len(present) == 1 else []
    return names


def unread(folder: Path, used: Iterable[Path]) -> list[str]:
    """Names of the files of a folder that are no part of what is read, and of folders that hold no such."""
    read = {MANIFEST, "facts.toml"}
    for path in used:
        read.add(path.relative_to(folder).parts[0])
        if path.suffix.lower() == ".shp":
            read.update(other.name for other in path.parent.glob(f"{path.stem}.*"))
    return [name for name in _visible(folder) if name not in read]


def _visible(folder: Path) -> list[str]:
    """What a person sees in a folder: neither hidden files nor a spreadsheet program's locks."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith((".", "~$")))


def _checked(folder: Path, table: str, name: str, notebook: Notebook) -> Path | None:
    """The path of a file if it may be read."""
    where = Where(MANIFEST, key=f"files.{table}")
    path = inside(folder, name)
    if path is None:
        notebook.wrong("file_outside", where, name)
        return None
    if not path.is_file():
        notebook.wrong("file_missing", where, name)
        return None
    suffixes = TABLES[table]
    if not name.lower().endswith(suffixes):
        notebook.wrong("file_kind", where, name, kinds=" ".join(suffixes))
        return None
    return path if within_size(path, name, notebook) else None


def inside(folder: Path, name: str) -> Path | None:
    """The path of ``name`` if it lies in the folder once all links are followed, else ``None``."""
    if "\x00" in name or "\\" in name:
        return None
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        return None
    return path if path.resolve().is_relative_to(folder.resolve()) else None


def within_size(path: Path, name: str, notebook: Notebook) -> bool:
    """Whether a file is small enough to be read, before and after unpacking."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        notebook.wrong("file_too_large", Where(name), _megabytes(size), limit=_megabytes(LARGEST_FILE))
        return False
    if not name.lower().endswith(".xlsx") and not _is_archive(path):
        return True
    if has_too_many(path.read_bytes(), Allowed()):
        notebook.wrong("file_unpacks", Where(name), None, limit=_megabytes(LARGEST_UNPACKED))
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        notebook.wrong("file_unreadable", Where(name), None, reason=say("reason.archive"))
        return False
    if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * max(size, 64 * 1024):
        notebook.wrong("file_unpacks", Where(name), _megabytes(unpacked), limit=_megabytes(LARGEST_UNPACKED))
        return False
    return True


def _is_archive(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.1f} MB"


def digest_of(folder: Path, paths: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of the files, in the order of their names.

    A shapefile counts with its companions, as its codes stand in the .dbf.
    """
    whole = hashlib.sha256()
    names = set()
    for path in paths:
        names.add(path.relative_to(folder).as_posix())
        if path.suffix.lower() == ".shp":
            companions = (path.with_suffix(suffix) for suffix in (".dbf", ".prj", ".cpg", ".shx"))
            names.update(p.relative_to(folder).as_posix() for p in companions if p.is_file())
    for name in sorted(names):
        whole.update(name.encode() + b"\x00")
        with (folder / name).open("rb") as stream:
            whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()
