"""Lists to and from spreadsheets: CSV and XLSX written as they are read, and read with every fault named.

Text that a spreadsheet program would take for a formula is written with an apostrophe before it, which
``read_sheet`` takes away again. Moments must have been turned into the territory's own time by the caller.
"""

import csv
import datetime as dt
import io
import itertools
import math
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

from linli.io.territory.files import LISTS, within_size
from linli.io.territory.notes import Notebook
from linli.io.territory.tables import Table, read_table
from linli.io.workbooks import BULK, WEB, Bounds, is_workbook
from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.texts import catalogue

__all__ = ["Cell", "Listing", "ReadSheet", "SheetRow", "read_sheet", "stream_csv", "write_xlsx"]

say = catalogue("linli.io")

Cell = str | int | float | Decimal | dt.date | None

GUARDED: Final = re.compile("'?[=+\\-@\t\r\n＝＋－＠]|''")
"""What is written with an apostrophe before it: what begins a formula (in Chinese and Japanese programs the
full-width signs too), and what reading would otherwise take for text that was."""
UNWRITTEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CHUNK: Final = 64 * 1024
LONGEST_CELL: Final = 32_767
LONGEST_LIST: Final = 1_000_000
"""Rows on one sheet; a spreadsheet ends at 1,048,576. What is longer goes on to a next sheet."""
LONGEST_NAME: Final = 31
MOST_DIGITS: Final = 10**15
"""A spreadsheet keeps 15 digits of a number; a longer one is written as text."""
MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
OWN: Final = (".csv", ".xlsx")
"""What lists are written as; what they are read from beside these must be what its ending says."""
MOST_BYTES: Final = 20 * 1024 * 1024


@dataclass(frozen=True)
class Listing:
    """A list to be written: one sheet of a workbook. Rows are taken one by one and never all at once."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def stream_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A list as CSV in pieces of some 64 kB, marked as UTF-8 so that Excel opens Chinese text."""
    piece = io.StringIO(newline="")
    writer = csv.writer(piece, lineterminator="\r\n")
    piece.write("\ufeff")
    for row in itertools.chain([header], rows):
        writer.writerow([_text(cell) for cell in row])
        if piece.tell() >= CHUNK:
            yield piece.getvalue().encode("utf-8")
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode("utf-8")


def write_xlsx(target: Path | BinaryIO, listings: Iterable[Listing]) -> None:
    """One workbook, a sheet for each list, in memory that does not grow with the rows."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    # Imported now: lists go out seldom, and everything that reads one starts without it.
    import xlsxwriter

    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"author": "Linli", "created": MADE})
        styles = _Styles(book)
        names: set[str] = set()
        for listing in listings:
            rows = iter(listing.rows)
            first = next(rows, None)
            while True:
                sheet = book.add_worksheet(_sheet_name(listing.name, names))
                start = [] if first is None else [first]
                whole = itertools.chain(start, itertools.islice(rows, LONGEST_LIST - len(start)))
                _write_sheet(sheet, styles, listing.header, whole)
                first = next(rows, None)
                if first is None:
                    break


class _Styles:
    def __init__(self, book: Any) -> None:
        font = {"font_name": "宋体", "font_size": 10, "valign": "top"}
        self.header = book.add_format(
            {**font, "font_name": "黑体", "bold": True, "bg_color": "#E8EDF3", "bottom": 1, "text_wrap": True}
        )
        self.text = book.add_format(font)
        self.day = book.add_format({**font, "num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({**font, "num_format": "yyyy-mm-dd hh:mm"})


def _write_sheet(sheet: Any, styles: _Styles, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    for column, title in enumerate(header):
        sheet.set_column(column, column, min(40, max(10, _width(title) + 4)))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    for column, title in enumerate(header):
        sheet.write_string(0, column, _text(title), styles.header)
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, styles, count, column, cell)
    if header:
        sheet.autofilter(0, 0, count, len(header) - 1)


def _write_cell(sheet: Any, styles: _Styles, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, dt.datetime) and cell.tzinfo is None and cell.year >= 1900:
        sheet.write_datetime(row, column, cell, styles.moment)
    elif isinstance(cell, dt.date) and not isinstance(cell, dt.datetime) and cell.year >= 1900:
        sheet.write_datetime(row, column, cell, styles.day)
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and _fits(cell):
        sheet.write_number(row, column, cell, styles.text)
    elif text := _text(cell):
        shown = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
        sheet.write_string(row, column, shown, styles.text)


def _fits(number: int | float | Decimal) -> bool:
    return math.isfinite(number) and -MOST_DIGITS < number < MOST_DIGITS


def _text(cell: Cell) -> str:
    """A cell as text that no program computes; numbers stay as they are, nothing given is empty."""
    if cell is None or (isinstance(cell, float | Decimal) and math.isnan(cell)):
        return ""
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if not isinstance(cell, str):
        return str(cell)
    text = UNWRITTEN.sub("\ufffd", cell)
    return f"'{text}" if GUARDED.match(text) else text


def _width(title: str) -> int:
    return max((sum(1 if ord(c) < 0x2E80 else 2 for c in line) for line in title.splitlines()), default=0)


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that spreadsheet programs accept and that no other sheet has in any case of letters."""
    plain = UNWRITTEN.sub("", re.sub(r"[\[\]:*?/\\\r\n\t]", " ", wanted)).strip(" '") or "1"
    plain = f"{plain} 1" if plain.lower() == "history" else plain
    for number in itertools.count(1):
        tail = "" if number == 1 else f" {number}"
        name = plain[: LONGEST_NAME - len(tail)].rstrip(" '") + tail
        if name.lower() not in taken:
            break
    taken.add(name.lower())
    return name


@dataclass(frozen=True)
class SheetRow:
    """A row as read: ``number`` is the one that the user sees, ``values`` are texts by header."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ReadSheet:
    """A list as read; ``notes`` say what is worth knowing, such as that it was read as GB18030."""

    file: str
    headers: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    notes: tuple[Finding, ...]


def read_sheet(name: str, content: bytes, *, most_bytes: int = MOST_BYTES) -> ReadSheet:
    """The first sheet that holds something of a workbook, or a text file in UTF-8 or GB18030.

    A title above the head is read over, which ``notes`` say.

    Raises
    ------
    InputRefused
        With every fault found: ``sheets.kind``, ``empty``, ``too_large``, ``file_unreadable``,
        ``file_unpacks``, ``file_far``, ``file_encrypted``, ``file_entities``, ``file_hard``, ``file_busy``,
        ``cell_long``, ``encoding``, ``table_empty``, ``row_ragged``, ``header_empty``, ``header_twice``,
        ``formula``, ``control_character``.

    Notes
    -----
    A workbook is opened in a process of its own (``linli.io.workbooks``); a CSV file may reach as far. Who
    takes in more than 20 MB, which no page does, is given the bounds of a command.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in OWN and not (suffix in LISTS and (suffix == ".txt" or is_workbook(content))):
        raise _refusal(name, [_fault("kind", Where(name), suffix or "—")])
    if not content:
        raise _refusal(name, [_fault("empty", Where(name), "0 B")])
    if len(content) > most_bytes:
        given, most = (f"{size / 1024 / 1024:,.1f} MB" for size in (len(content), most_bytes))
        raise _refusal(name, [_fault("too_large", Where(name), given, most=most)])
    notebook = Notebook()
    table = _read(name, suffix, content, notebook, BULK if most_bytes > MOST_BYTES else WEB)
    faults = [_own(finding) for finding in notebook.fatal]
    faults += _wrong_headers(table) if table is not None else []
    if faults or table is None:
        raise _refusal(name, faults or [_fault("file_unreadable", Where(name), None)])
    rows = tuple(
        SheetRow(number, dict(zip(table.headers, map(_plain, cells), strict=True)))
        for number, cells in zip(table.rows, zip(*table.columns, strict=True), strict=True)
    )
    return ReadSheet(
        file=name, headers=table.headers, rows=rows, notes=tuple(_own(note) for note in notebook.notes)
    )


def _read(name: str, suffix: str, content: bytes, notebook: Notebook, bounds: Bounds) -> Table | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{suffix}"
        path.write_bytes(content)
        try:
            if not within_size(path, name, notebook):
                return None
            return read_table(path, name, "", notebook, bounds=bounds)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, LookupError, EOFError):
            return None


def _wrong_headers(table: Table) -> list[Finding]:
    faults: list[Finding] = []
    met: set[str] = set()
    for column, header in enumerate(table.headers, start=1):
        if not header:
            faults.append(
                _fault("header_empty", Where(table.file, row=table.head_row, column=str(column)), None)
            )
        elif header in met:
            faults.append(
                _fault("header_twice", Where(table.file, row=table.head_row, column=str(column)), header)
            )
        met.add(header)
    return faults


def _plain(text: str) -> str:
    """The text without the apostrophe that it was written with."""
    return text[1:] if text.startswith("'") and GUARDED.match(text, 1) else text


def _own(finding: Finding) -> Finding:
    return replace(finding, code=f"sheets.{finding.code.partition('.')[2]}")


def _fault(code: str, where: Where, given: str | None, **values: object) -> Finding:
    return Finding(
        code=f"sheets.{code}",
        where=where,
        given=given,
        expected=say(f"sheets.{code}.expected", **values),
        remedy=say(f"sheets.{code}.remedy"),
    )


def _refusal(name: str, faults: Sequence[Finding]) -> InputRefused:
    return InputRefused(say("sheets.refused", name=name), tuple(faults))
