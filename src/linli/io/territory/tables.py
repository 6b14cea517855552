"""One table in memory, whatever file it came from: headers, cells as text, perhaps geometries.

Cells are text until a column's meaning is known; an empty cell is ``""`` and means "not given".
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from linli.io.territory.delimited import Row, read_rows
from linli.io.territory.layout import Head, find_head, sorted_rows
from linli.io.territory.notes import Notebook
from linli.io.territory.vectors import read_features
from linli.io.territory.vocabulary import FIELDS, is_known
from linli.io.workbooks import ALL, BULK, Bounds, Workbook, WrongWorkbook, is_workbook, read_workbook
from linli.kernel.errors import Where
from linli.kernel.texts import Text, catalogue

__all__ = ["Table", "checked", "of_workbook", "read_table", "table_of"]

say = catalogue("linli.io.territory")

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Characters no name or number needs: controls, and marks that reverse the reading direction."""
VECTORS: Final = (".geojson", ".gpkg", ".shp")
TEXTS: Final = (".csv", ".txt")
UNIT_OF_TITLE: Final = re.compile(r"单位\s*[:：]\s*[^\s]*(?P<unit>[百千万亿])")
SHOWN_ROWS: Final = 10
SHOWN_TEXT: Final = 200
"""Characters of a cell that a finding shows."""


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
    head_row: int = 1
    titles: tuple[str, ...] = ()
    """What stands above the head."""

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
    table : str
        Which table of a territory it is, whose columns are then known; empty for a list of another kind.
    bounds : Bounds
        How far a workbook or a text file may reach.
    """
    if path.suffix.lower() in VECTORS:
        read = _read_vector(path, name, table, notebook)
    else:
        rows = _rows(path, name, table, notebook, bounds)
        read = None if rows is None else table_of(name, rows[0], table, notebook, encoding=rows[1])
    if read is None:
        return None
    return read if checked(read, notebook) or len(read.rows) else None


def _rows(
    path: Path, name: str, table: str, notebook: Notebook, bounds: Bounds
) -> tuple[list[Row], str | None] | None:
    """The rows of a list that hold something: of a workbook by its content, whatever its name says."""
    try:
        content = path.read_bytes()
    except OSError as error:
        notebook.wrong("file_unreadable", Where(name), None, reason=error.strerror or str(error))
        return None
    known = is_known(table) if table in FIELDS else None
    if path.suffix.lower() in TEXTS and not is_workbook(content):
        return read_rows(content, name, known, notebook, bounds)
    if not is_workbook(content) and _is_text(content):
        # What many systems export under an Excel ending is text.
        notebook.note("text_in_workbook", Where(name), path.suffix)
        return read_rows(content, name, known, notebook, bounds)
    rows = _of_workbook(content, name, table, notebook, bounds)
    return None if rows is None else (rows, None)


def _is_text(content: bytes) -> bool:
    return b"\t" in content and b"\n" in content and b"\x00" not in content and b"<" not in content[:200]


def table_of(
    name: str, rows: Sequence[Row], table: str, notebook: Notebook, *, encoding: str | None = None
) -> Table | None:
    """A table whose head is found among the first rows, without titles, totals and remarks."""
    if not rows:
        notebook.wrong("table_empty", Where(name), None)
        return None
    known = is_known(table) if table in FIELDS else None
    records = [cells for _, cells in rows]
    numbers = [number for number, _ in rows]
    head = find_head(records, known)
    if not head.is_plain:
        _tell_head(name, numbers, head, notebook)
    if not _is_unit_plain(name, head, notebook):
        return None
    kept = list(range(head.last + 1, len(records)))
    if known is not None:
        kept = _without_totals(name, records, numbers, head, notebook)
    width = _width(head) if encoding is None else len(head.names)
    whole = _whole(name, records, numbers, kept, width, notebook)
    if whole is None:
        return None
    columns: tuple[list[str], ...] = tuple([record[i].strip() for record in whole] for i in range(width))
    return Table(
        file=name,
        headers=head.names[:width],
        columns=columns,
        rows=[numbers[index] for index in kept],
        encoding=encoding,
        head_row=numbers[head.first],
        titles=head.titles,
    )


def _width(head: Head) -> int:
    """Columns of a sheet: programs keep formatted but empty ones to the right of a table."""
    return max((i for i, name in enumerate(head.names) if name), default=len(head.names) - 1) + 1


def _whole(
    name: str,
    records: Sequence[Sequence[str]],
    numbers: Sequence[int],
    kept: Sequence[int],
    width: int,
    notebook: Notebook,
) -> list[Sequence[str]] | None:
    """The records cut to the table's width; ``None`` if one has more cells or fewer, which is then said."""
    found, sound = [], True
    for index in kept:
        record = records[index]
        if len(record) > width and not any(cell.strip() for cell in record[width:]):
            record = record[:width]
        if len(record) != width:
            sound = False
            notebook.wrong("row_ragged", Where(name, row=numbers[index]), str(len(record)), width=width)
        found.append(record)
    return found if sound else None


def _tell_head(name: str, numbers: Sequence[int], head: Head, notebook: Notebook) -> None:
    first, last = numbers[head.first], numbers[head.last]
    rows = str(first) if first == last else f"{first}–{last}"
    given = "、".join(name for name in head.names if name)
    notebook.note("head_found", Where(name, row=first), given, rows=rows)


def _is_unit_plain(name: str, head: Head, notebook: Notebook) -> bool:
    """Whether the titles leave the numbers as they are: in tens of thousands nothing is clear."""
    for title in head.titles:
        if UNIT_OF_TITLE.search(title):
            notebook.wrong("unit_of_title", Where(name), title)
            return False
    return True


def _without_totals(
    name: str,
    records: Sequence[Sequence[str]],
    numbers: Sequence[int],
    head: Head,
    notebook: Notebook,
) -> list[int]:
    """The records that are data; the rows of the others are named."""
    found = sorted_rows(records, head)
    for code, dropped in (
        ("totals_dropped", found.totals),
        ("remarks_dropped", found.remarks),
        ("head_repeated", found.repeated),
    ):
        if dropped:
            shown = [str(numbers[index]) for index in dropped[:SHOWN_ROWS]]
            more = "…" if len(dropped) > SHOWN_ROWS else ""
            rows = Text(zh="、".join(shown) + more, en=", ".join(shown) + more)
            where = Where(name, row=numbers[dropped[0]])
            notebook.note(code, where, None, rows=rows, count=len(dropped))
    return list(found.kept)


def _of_workbook(
    content: bytes, name: str, table: str, notebook: Notebook, bounds: Bounds
) -> list[Row] | None:
    book = _opened(content, name, table, notebook, bounds)
    if book is None:
        return None
    if book.others:
        notebook.note("sheets_unread", Where(name), "、".join(book.others), sheet=next(iter(book.sheets)))
    (rows,) = book.sheets.values()
    return list(rows)


def of_workbook(content: bytes, name: str, notebook: Notebook) -> dict[str, list[Row]]:
    """Every sheet of a workbook as rows that hold something; none if it is refused."""
    book = _opened(content, name, ALL, notebook, BULK)
    return {} if book is None else {sheet: list(rows) for sheet, rows in book.sheets.items()}


def _opened(content: bytes, name: str, sheet: str, notebook: Notebook, bounds: Bounds) -> Workbook | None:
    try:
        book = read_workbook(content, sheet=sheet, bounds=bounds)
    except WrongWorkbook as wrong:
        _refuse_workbook(wrong, name, notebook, bounds)
        return None
    for row, column in book.uncomputed:
        notebook.wrong("formula", Where(name, row=row, column=column), "=…")
    return None if book.uncomputed else book


def _refuse_workbook(wrong: WrongWorkbook, name: str, notebook: Notebook, bounds: Bounds) -> None:
    where = Where(name)
    match wrong.reason:
        case "far":
            most = {"rows": bounds.rows, "columns": bounds.columns, "cells": bounds.cells}
            notebook.wrong("file_far", where, wrong.given, **most)
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


def _read_vector(path: Path, name: str, table: str, notebook: Notebook) -> Table | None:
    found = read_features(path, name, table, notebook)
    if found is None:
        return None
    return Table(
        file=name,
        headers=found.headers,
        columns=found.columns,
        rows=range(1, found.count + 1),
        encoding=found.encoding,
        geometry=found.geometry,
        crs=found.crs,
    )


def checked(table: Table, notebook: Notebook) -> bool:
    """Whether a table has rows and neither control characters nor formulas, wherever they may stand."""
    if not len(table.rows):
        notebook.wrong("table_empty", Where(table.file), None)
        return False
    before = len(notebook.fatal)
    for header, column in zip(table.headers, table.columns, strict=True):
        if CONTROL.search(header):
            notebook.wrong("control_character", Where(table.file, row=table.head_row), _visible(header))
        joined = "\n".join(column)
        suspicious = CONTROL.search(joined) is not None or "=" in joined
        if not suspicious:
            continue
        for index, cell in enumerate(column):
            where = Where(table.file, row=table.rows[index], column=header)
            if CONTROL.search(cell):
                notebook.wrong("control_character", where, _visible(cell))
            elif cell.startswith("="):
                notebook.wrong("formula", where, cell[:SHOWN_TEXT])
                # Said once is enough: as a number it would be refused again.
                column[index] = ""
    return len(notebook.fatal) == before


def _visible(text: str) -> str:
    """The start of the text with each control character shown as its code point."""
    return "".join(
        f"<U+{ord(c):04X}>" if CONTROL.match(c) or unicodedata.category(c) == "Cc" else c
        for c in text[:SHOWN_TEXT]
    )
