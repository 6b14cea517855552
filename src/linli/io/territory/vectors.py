"""GeoJSON, GeoPackage and Shapefile: fields, geometries, and the encoding that a shapefile leaves unsaid."""

import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.io.territory.notes import Notebook
from linli.kernel.errors import Where

__all__ = ["Features", "read_features"]

DBF_HEAD: Final = 32
"""Bytes before the first field of a dBase table, and of each field."""
DBF_LANGUAGE: Final = 29
END_OF_FIELDS: Final = 0x0D
LONGEST_DBF: Final = 512 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Features:
    """A layer as text by column, with its geometries and what it says of its system."""

    headers: tuple[str, ...]
    columns: tuple[list[str], ...]
    count: int
    geometry: NDArray[Any] | None
    crs: str | None
    encoding: str | None


def read_features(path: Path, name: str, table: str, notebook: Notebook) -> Features | None:
    """A layer of a file; ``None`` if it cannot be read, which the notebook then says."""
    # Brings pandas with it where that is installed: most of a second, for files of this kind alone.
    import pyogrio
    from pyogrio.errors import DataSourceError

    encoding = _encoding(path, name, notebook)
    try:
        with warnings.catch_warnings():
            # GDAL warns of an unclosed ring or a field cut short; geometries are checked below.
            warnings.simplefilter("ignore", RuntimeWarning)
            layers = [str(layer[0]) for layer in pyogrio.list_layers(path)]
            layer = _layer(layers, table, name, notebook)
            if layer is None:
                return None
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer, force_2d=True, encoding=encoding)
            geometry = shapely.from_wkb(wkb) if wkb is not None else None
    except (DataSourceError, shapely.GEOSException, RuntimeError, ValueError) as error:
        notebook.wrong("file_unreadable", Where(name), None, reason=str(error).splitlines()[0])
        return None
    columns: tuple[list[str], ...] = tuple([_cell_text(v) for v in column] for column in fields)
    return Features(
        headers=tuple(str(field).strip() for field in meta["fields"]),
        columns=columns,
        count=len(columns[0]) if columns else len(geometry if geometry is not None else ()),
        geometry=geometry,
        # A GeoJSON file is said to be WGS 84 by its standard, which Chinese web maps ignore.
        crs=None if path.suffix.lower() == ".geojson" else meta["crs"],
        encoding=encoding,
    )


def _encoding(path: Path, name: str, notebook: Notebook) -> str | None:
    """The encoding of a shapefile that does not state one; ``None`` where GDAL knows."""
    if path.suffix.lower() != ".shp":
        return None
    companions = {other.suffix.lower(): other for other in path.parent.glob(f"{path.stem}.*")}
    table = companions.get(".dbf")
    if ".cpg" in companions or table is None or table.stat().st_size > LONGEST_DBF:
        return None
    content = table.read_bytes()
    if len(content) <= DBF_HEAD or content[DBF_LANGUAGE]:
        return None
    text = _field_names(content) + content[int.from_bytes(content[8:10], "little") :]
    if text.isascii():
        return None
    for encoding in ("UTF-8", "GB18030"):
        # A field that is cut short ends within a character, which spoils no other.
        if _decodes(text, encoding):
            notebook.note("shapefile_encoding", Where(name), encoding)
            return encoding
    return None


def _field_names(content: bytes) -> bytes:
    names, at = b"", DBF_HEAD
    while at + DBF_HEAD <= len(content) and content[at] != END_OF_FIELDS:
        names += content[at : at + 11].partition(b"\x00")[0] + b" "
        at += DBF_HEAD
    return names


def _decodes(text: bytes, encoding: str) -> bool:
    pieces = [piece for piece in text.split(b" ") if not piece.isascii()]
    broken = 0
    for piece in pieces:
        try:
            piece.decode(encoding)
        except UnicodeDecodeError:
            broken += 1
    return broken * 20 <= len(pieces)


def _layer(layers: list[str], table: str, name: str, notebook: Notebook) -> str | None:
    if table in layers:
        return table
    if len(layers) == 1:
        return layers[0]
    notebook.wrong("layer_ambiguous", Where(name), ", ".join(layers), table=table)
    return None


def _cell_text(value: object) -> str:
    """A cell as text: a whole number without its ".0", a day as YYYY-MM-DD."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if value is None:
        return ""
    text = str(value)
    return text.removesuffix(" 00:00:00")
