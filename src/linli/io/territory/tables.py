"""One table in memory, whatever file it came from: headers, cells as text, perhaps geometries.

Cells are text until a column's meaning is known; an empty cell is ``""`` and means "not given".
"""

import csv
import io
import math
import re
import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.io.territory.notes import Notebook
from linli.io.workbooks import BULK, Bounds, WrongWorkbook, read_workbook
from linli.kernel.errors import Where
from linli.kernel.texts import catalogue

__all__ = ["Table", "read_table"]

say = catalogue("linli.io.territory")

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Characters no name or number needs: controls, and marks that reverse the reading direction."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as read. ``rows`` are the row numbers a user sees in the file."""

    file: str
    headers: tuple[str, ...]
    columns: tuple[list[str], ...]
    rows: Sequence[int]
    encoding: str | None = None
    geometry: NDArray[Any] | None = None
    crs: str | None = None

    @property
    def synthetic(self) -> bool:
        """Whether the file says by its name that it was made up."""
        return ".synthetic." in f".{self.file.rsplit('/', 1)[-1]}"


def read_table(
    path: Path, name: str, table: str, notebook: Notebook, *, bounds: Bounds = BULK
) -> Table | None:
    """Read one file; ``None`` if it cannot be read, which the notebook then says.

    Parameters
    ----------
    bounds : Bounds
        How far a workbook may reach.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        read = _read_csv(path, name, notebook)
    elif suffix == ".xlsx":
        read = _read_xlsx(path, name, table, notebook, bounds)
    else:
        read = _read_vector(path, name, table, notebook)
    if read is None:
        return None
    if not len(read.rows):
        notebook.wrong("table_empty", Where(name), None)
        return None
    _check_cells(read, notebook)
    return read


def _read_csv(path: Path, name: str, notebook: Notebook) -> Table | None:
    decoded = _decoded(path.read_bytes(), name, notebook)
    if decoded is None:
        return None
    text, encoding = decoded
    records: list[list[str]] = []
    rows: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append(record)
                rows.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        notebook.wrong("file_unreadable", Where(name, row=reader.line_num), None, reason=str(error))
        return None
    return _from_records(name, records, rows, encoding, notebook)


def _decoded(content: bytes, name: str, notebook: Notebook) -> tuple[str, str] | None:
    """The text and its encoding: UTF-8 if it decodes as such, else GB18030, else refused."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        notebook.wrong("encoding", Where(name), "UTF-16")
        return None
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        notebook.wrong("encoding", Where(name, row=line), None)
        return None
    notebook.note("encoding_gb18030", Where(name), "GB18030")
    return text, "GB18030"


def _from_records(
    name: str, records: list[list[str]], rows: list[int], encoding: str | None, notebook: Notebook
) -> Table | None:
    """A table of which the first record holds the headers."""
    if not records:
        notebook.wrong("table_empty", Where(name), None)
        return None
    headers = tuple(header.strip() for header in records[0])
    width, whole = len(headers), True
    for record, row in zip(records[1:], rows[1:], strict=True):
        if len(record) != width:
            whole = False
            notebook.wrong("row_ragged", Where(name, row=row), str(len(record)), width=width)
    if not whole:
        return None
    columns: tuple[list[str], ...] = tuple([r[i].strip() for r in records[1:]] for i in range(width))
    return Table(file=name, headers=headers, columns=columns, rows=rows[1:], encoding=encoding)


def _read_xlsx(path: Path, name: str, table: str, notebook: Notebook, bounds: Bounds) -> Table | None:
    try:
        book = read_workbook(path.read_bytes(), sheet=table, bounds=bounds)
    except OSError as error:
        notebook.wrong("file_unreadable", Where(name), None, reason=error.strerror or str(error))
        return None
    except WrongWorkbook as wrong:
        _refuse_workbook(wrong, name, notebook, bounds)
        return None
    for row, column in book.uncomputed:
        notebook.wrong("formula", Where(name, row=row, column=column), "=…")
    if book.uncomputed:
        return None
    (grid,) = book.sheets.values()
    rows = [number for number, _ in grid]
    records = [cells for _, cells in grid]
    width = max((i for i, cell in enumerate(records[0]) if cell), default=-1) + 1 if records else 0
    # Excel keeps formatted but empty columns to the right of the table.
    records = [record if any(record[width:]) else record[:width] for record in records]
    return _from_records(name, records, rows, None, notebook)


def _refuse_workbook(wrong: WrongWorkbook, name: str, notebook: Notebook, bounds: Bounds) -> None:
    where = Where(name)
    match wrong.reason:
        case "far":
            notebook.wrong("file_far", where, wrong.given, rows=bounds.rows, columns=bounds.columns)
        case "unpacks":
            notebook.wrong("file_unpacks", where, None, limit=f"{bounds.megabytes} MB")
        case "encrypted":
            notebook.wrong("file_encrypted", where, None)
        case "entities":
            notebook.wrong("file_entities", where, None)
        case "hard":
            notebook.wrong("file_hard", where, None)
        case "busy":
            notebook.wrong("file_busy", where, None)
        case _:
            notebook.wrong("file_unreadable", where, None, reason=wrong.given or say("reason.archive"))


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


def _read_vector(path: Path, name: str, table: str, notebook: Notebook) -> Table | None:
    # Brings pandas with it where that is installed: most of a second, for files of this kind alone.
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        with warnings.catch_warnings():
            # GDAL warns of an unclosed ring or a field cut short; geometries are checked below.
            warnings.simplefilter("ignore", RuntimeWarning)
            layers = [str(layer[0]) for layer in pyogrio.list_layers(path)]
            layer = _layer(layers, table, name, notebook)
            if layer is None:
                return None
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer, force_2d=True, encoding=None)
            geometry = shapely.from_wkb(wkb) if wkb is not None else None
    except (DataSourceError, shapely.GEOSException, RuntimeError, ValueError) as error:
        notebook.wrong("file_unreadable", Where(name), None, reason=str(error).splitlines()[0])
        return None
    columns: tuple[list[str], ...] = tuple([_cell_text(v) for v in column] for column in fields)
    count = len(columns[0]) if columns else len(geometry if geometry is not None else ())
    return Table(
        file=name,
        headers=tuple(str(field).strip() for field in meta["fields"]),
        columns=columns,
        rows=range(1, count + 1),
        encoding=None,
        geometry=geometry,
        # A GeoJSON file is said to be WGS 84 by its standard, which Chinese web maps ignore.
        crs=None if path.suffix.lower() == ".geojson" else meta["crs"],
    )


def _layer(layers: list[str], table: str, name: str, notebook: Notebook) -> str | None:
    if table in layers:
        return table
    if len(layers) == 1:
        return layers[0]
    notebook.wrong("layer_ambiguous", Where(name), ", ".join(layers), table=table)
    return None


def _check_cells(table: Table, notebook: Notebook) -> None:
    """Refuse control characters and formulas, wherever they stand."""
    for header, column in zip(table.headers, table.columns, strict=True):
        if CONTROL.search(header):
            notebook.wrong("control_character", Where(table.file, row=1), _visible(header))
        joined = "\n".join(column)
        suspicious = CONTROL.search(joined) is not None or "=" in joined
        if not suspicious:
            continue
        for index, cell in enumerate(column):
            where = Where(table.file, row=table.rows[index], column=header)
            if CONTROL.search(cell):
                notebook.wrong("control_character", where, _visible(cell))
            elif cell.startswith("="):
                notebook.wrong("formula", where, cell)
                # Said once is enough: as a number it would be refused again.
                column[index] = ""


def _visible(text: str) -> str:
    """The text with each control character shown as its code point."""
    return "".join(
        f"<U+{ord(c):04X}>" if CONTROL.match(c) or unicodedata.category(c) == "Cc" else c for c in text
    )
