"""The process in which a workbook is parsed: its sheets as text, after a look at how far they reach."""

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from linli.io.parsers.bounds import Bounds, WrongWorkbook, scanned
from linli.privacy.apart import serve

__all__ = ["answer"]

MOST_TEXT: Final = 16
"""Characters a cell may hold on average at the very bounds; one text repeated in every cell is a bomb too."""


def answer(content: bytes, arguments: Sequence[str]) -> bytes:
    """The rows of one sheet (or of all) as JSON, each with its number and its cells' texts.

    The arguments are the bounds and the sheet's name: the first sheet where it is empty or not there, all of
    them for ``*``.
    """
    rows, columns, cells, megabytes, wanted = arguments
    bounds = Bounds(int(rows), int(columns), int(cells), int(megabytes))
    try:
        uncomputed = scanned(content, bounds)
        sheets = _sheets(content, wanted, bounds.cells * MOST_TEXT)
    except WrongWorkbook as wrong:
        return _written({"wrong": wrong.reason, "given": wrong.given})
    except (CalamineError, IndexError, OSError, ValueError) as error:
        return _written({"wrong": "damaged", "given": str(error)[:200]})
    return _written({"sheets": sheets, "uncomputed": uncomputed})


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def _sheets(content: bytes, wanted: str, most_text: int) -> dict[str, list[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        # By its ending, so that no other format hides in the archive.
        path = Path(folder) / "sheet.xlsx"
        path.write_bytes(content)
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        chosen = names if wanted == "*" else [wanted if wanted in names else names[0]]
        found = {}
        for name in chosen:
            found[name], most_text = _rows(book.get_sheet_by_name(name), most_text)
    return found


def _rows(sheet: Any, most_text: int) -> tuple[list[Any], int]:
    found = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        record = [_text(cell) for cell in cells]
        if any(record):
            found.append((number, record))
            most_text -= sum(map(len, record))
            if most_text < 0:
                raise WrongWorkbook("unpacks")
    return found, most_text


def _text(value: object) -> str:
    """A cell as text: a whole number without its ".0", a day as YYYY-MM-DD."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return "" if value is None else str(value).removesuffix(" 00:00:00")


if __name__ == "__main__":
    serve(answer)
