"""The process in which a workbook is parsed: its sheets as text, after a look at how far they reach."""

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from linli.io.parsers.bounds import Bounds, WrongWorkbook, kind_of, scanned
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
        kind = kind_of(content)
        uncomputed = [] if kind == "xls" else scanned(content, bounds)
        sheets, others = _sheets(content, kind or "xlsx", wanted, bounds)
    except WrongWorkbook as wrong:
        return _written({"wrong": wrong.reason, "given": wrong.given})
    except PasswordError:
        return _written({"wrong": "encrypted", "given": ""})
    except (CalamineError, IndexError, OSError, ValueError) as error:
        return _written({"wrong": "damaged", "given": str(error)[:200]})
    return _written({"sheets": sheets, "uncomputed": uncomputed, "others": others})


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def _sheets(content: bytes, kind: str, wanted: str, bounds: Bounds) -> tuple[dict[str, list[Any]], list[str]]:
    """The sheets asked for, and the names of others in which something stands."""
    left = bounds.cells * MOST_TEXT
    with tempfile.TemporaryDirectory() as folder:
        # By its ending, so that no other format hides in the archive.
        path = Path(folder) / f"sheet.{kind}"
        path.write_bytes(content)
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        filled = [name for name in names if len(names) == 1 or _is_filled(book.get_sheet_by_name(name))]
        chosen = names if wanted == "*" else [wanted if wanted in names else (filled or names)[0]]
        found = {}
        for name in chosen:
            found[name], left = _rows(book.get_sheet_by_name(name), left, bounds)
    return found, [name for name in filled if name not in chosen]


def _is_filled(sheet: Any) -> bool:
    return sheet.end is not None


def _rows(sheet: Any, most_text: int, bounds: Bounds) -> tuple[list[Any], int]:
    height, width = (0, 0) if sheet.end is None else (sheet.end[0] + 1, sheet.end[1] + 1)
    if height > bounds.rows or width > bounds.columns or height * width > bounds.cells:
        raise WrongWorkbook("far", f"{height} × {width}")
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
