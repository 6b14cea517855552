"""Text files of rows: their encoding, and whether commas, tabs or semicolons part their cells.

A text file may reach no farther than a workbook, and is read here and not in a process of its own: what
passes is cheap. Lines are counted over the bytes, signs that part cells before a row is taken apart, cells
before they are kept; the text is never in memory as a whole.
"""

import codecs
import csv
import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linli.io.territory.layout import SEARCHED
from linli.io.territory.notes import Notebook
from linli.io.workbooks import Bounds
from linli.kernel.errors import Where
from linli.kernel.texts import catalogue

__all__ = ["Row", "read_rows"]

say = catalogue("linli.io.territory")

Row = tuple[int, list[str]]
"""The row's number as the user sees it, and its cells."""

SEPARATORS: Final = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", "，": "wide_comma"}
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
LONGEST_CELL: Final = 32_767
"""Characters, as in every spreadsheet program."""
LINES_OF_A_ROW: Final = 4
"""Lines that the rows of a file may have on average: a cell may hold line breaks."""
MOST_SIGNS: Final = 32_768
"""Signs that part cells, in one row: some may stand within a text."""
LONGEST_LOOK: Final = 64 * 1024
"""Characters of a line that are looked at to know the sign that parts cells."""
CHUNK: Final = 1024 * 1024


class _Far(Exception):
    """A row or a cell lies farther than the bounds; ``args`` hold how many rows and columns were met."""


class _Long(Exception):
    """A cell holds more text than a cell may; ``args`` hold how much."""


@dataclass
class _Lines:
    """The lines of a text one by one; signs that part cells are counted until ``fresh`` is said."""

    text: io.TextIOWrapper
    sign: str
    number: int = 0
    """How many were read."""
    signs: int = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            self.number += 1
            self.signs += line.count(self.sign)
            if self.signs > MOST_SIGNS:
                raise _Far(1, self.signs + 1)
            yield line

    def fresh(self) -> None:
        """The row that the lines made is whole."""
        self.signs = 0


def read_rows(
    content: bytes, name: str, known: Callable[[str], bool] | None, notebook: Notebook, bounds: Bounds
) -> tuple[list[Row], str] | None:
    """The rows of a text file that hold something, and its encoding; ``None`` if it is refused."""
    lines = _lines(content)
    if lines > LINES_OF_A_ROW * bounds.rows:
        _refuse_far(name, notebook, bounds, _Far(lines, 1))
        return None
    encoding = _encoding(content, name, notebook)
    if encoding is None:
        return None
    separator = _separator(_text(content, encoding), known)
    if separator != ",":
        notebook.note("separator", Where(name), None, sign=say(f"separator.{SEPARATORS[separator]}"))
    text = _Lines(_text(content, encoding), separator)
    try:
        return list(_within(text, bounds)), SHOWN[encoding]
    except csv.Error as error:
        notebook.wrong("file_unreadable", Where(name, row=text.number), None, reason=str(error))
    except _Long as long:
        where = Where(name, row=text.number)
        notebook.wrong("cell_long", where, f"{long.args[0]:,}", most=f"{LONGEST_CELL:,}")
    except _Far as far:
        _refuse_far(name, notebook, bounds, far)
    return None


def _within(text: _Lines, bounds: Bounds) -> Iterator[Row]:
    """The rows that hold something, as long as they are within bounds; empty ones count as rows."""
    before = width = 0
    reader = csv.reader(text, strict=True, delimiter=text.sign)
    for number, record in enumerate(reader, start=1):
        if any(map(str.strip, record)):
            width = max(width, _width(record, bounds.columns))
            if (longest := max(map(len, record))) > LONGEST_CELL:
                raise _Long(longest)
            yield before + 1, record
        if number > bounds.rows or width > bounds.columns or number * width > bounds.cells:
            raise _Far(number, width)
        text.fresh()
        before = text.number


def _width(record: list[str], columns: int) -> int:
    """Cells of a row; empty ones at the end count only within the bounds, and beyond them go."""
    if len(record) > columns:
        while len(record) > columns and not record[-1].strip():
            record.pop()
    return len(record)


def _lines(content: bytes) -> int:
    """How many lines there are at the most, over the bytes alone."""
    return content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n") + 1


def _refuse_far(name: str, notebook: Notebook, bounds: Bounds, far: _Far) -> None:
    rows, columns = far.args
    most = {"rows": bounds.rows, "columns": bounds.columns, "cells": bounds.cells}
    notebook.wrong("file_far", Where(name), f"{rows:,} × {columns:,}", **most)


SHOWN: Final = {"utf-8-sig": "UTF-8", "gb18030": "GB18030", "utf-16": "UTF-16"}
"""The name of an encoding, by Python's."""


def _text(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def _encoding(content: bytes, name: str, notebook: Notebook) -> str | None:
    """Python's name of the encoding: UTF-8 if the bytes decode as such, else GB18030, else refused.

    UTF-16 is what spreadsheet programs call Unicode text, and is read from a file that bears its ending.
    """
    if content.startswith(UTF16):
        return _utf16(content, name, notebook)
    broken = _broken(content, "utf-8-sig")
    if broken is None:
        return "utf-8-sig"
    if _broken(content, "gb18030") is not None:
        notebook.wrong("encoding", Where(name, row=content.count(b"\n", 0, broken) + 1), None)
        return None
    notebook.note("encoding_gb18030", Where(name), "GB18030")
    return "gb18030"


def _broken(content: bytes, encoding: str) -> int | None:
    """In which byte no character of the encoding begins; ``None`` if there is none. Piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content), CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _utf16(content: bytes, name: str, notebook: Notebook) -> str | None:
    if Path(name).suffix.lower() == ".txt" and _broken(content, "utf-16") is None:
        return "utf-16"
    notebook.wrong("encoding", Where(name), "UTF-16")
    return None


def _separator(text: io.TextIOWrapper, known: Callable[[str], bool] | None) -> str:
    """The sign that parts cells: what makes most names of columns, else the same width in each row."""
    first = (line[:LONGEST_LOOK] for line in itertools.islice(text, 2 * SEARCHED))
    lines = [line for line in first if line.strip()][:SEARCHED]
    split = {sign: [_cells(line, sign) for line in lines] for sign in SEPARATORS}
    if known is not None:
        scores = {
            sign: max((sum(map(known, row)) for row in rows), default=0) for sign, rows in split.items()
        }
        best = max(scores, key=lambda sign: scores[sign])
        if scores[best] >= 2:
            return best
    if any(len(row) > 1 for row in split[","]):
        return ","
    even = [sign for sign, rows in split.items() if rows and len({len(row) for row in rows}) == 1]
    return next((sign for sign in even if len(split[sign][0]) > 1), ",")


def _cells(line: str, sign: str) -> list[str]:
    return [cell.strip(' "') for cell in line.split(sign)]
