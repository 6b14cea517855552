"""Text files of rows: their encoding, and whether commas, tabs or semicolons part their cells."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

from linli.io.territory.layout import SEARCHED
from linli.io.territory.notes import Notebook
from linli.kernel.errors import Where
from linli.kernel.texts import catalogue

__all__ = ["Row", "read_rows"]

say = catalogue("linli.io.territory")

Row = tuple[int, list[str]]
"""The row's number as the user sees it, and its cells."""

SEPARATORS: Final = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", "，": "wide_comma"}
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def read_rows(
    content: bytes, name: str, known: Callable[[str], bool] | None, notebook: Notebook
) -> tuple[list[Row], str] | None:
    """The rows of a text file that hold something, and its encoding; ``None`` if it is refused."""
    decoded = _decoded(content, name, notebook)
    if decoded is None:
        return None
    text, encoding = decoded
    separator = _separator(text, known)
    if separator != ",":
        notebook.note("separator", Where(name), None, sign=say(f"separator.{SEPARATORS[separator]}"))
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    before = 0
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                rows.append((before + 1, record))
            before = reader.line_num
    except csv.Error as error:
        notebook.wrong("file_unreadable", Where(name, row=reader.line_num), None, reason=str(error))
        return None
    return rows, encoding


def _decoded(content: bytes, name: str, notebook: Notebook) -> tuple[str, str] | None:
    """The text and its encoding: UTF-8 if it decodes as such, else GB18030, else refused.

    UTF-16 is what spreadsheet programs call Unicode text, and is read from a file that bears its ending.
    """
    if content.startswith(UTF16):
        return _utf16(content, name, notebook)
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


def _utf16(content: bytes, name: str, notebook: Notebook) -> tuple[str, str] | None:
    if Path(name).suffix.lower() == ".txt":
        try:
            return content.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            pass
    notebook.wrong("encoding", Where(name), "UTF-16")
    return None


def _separator(text: str, known: Callable[[str], bool] | None) -> str:
    """The sign that parts cells: what makes most names of columns, else the same width in each row."""
    lines = [line for line in text.splitlines()[: 2 * SEARCHED] if line.strip()][:SEARCHED]
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
