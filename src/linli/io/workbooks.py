"""The one door for spreadsheets: bounded by rows, columns and bytes, and parsed in a process with limits.

No other module imports a parser of spreadsheets (``tests/io/test_workbooks.py`` looks).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linli.io.parsers.bounds import BULK, WEB, Bounds, Uncomputed, WrongWorkbook, directory, kind_of
from linli.io.parsers.odk import WrongForm, is_validated
from linli.privacy.allowance import allowance
from linli.privacy.apart import Busy, Limits, TooHard, apart

__all__ = [
    "ALL",
    "BULK",
    "FORM_BOUNDS",
    "WEB",
    "Bounds",
    "Row",
    "Workbook",
    "WrongForm",
    "WrongWorkbook",
    "is_validated",
    "is_workbook",
    "read_workbook",
    "xform_of",
]

ALL: Final = "*"
PARSER: Final = "linli.io.parsers.workbook"
CONVERTER: Final = "linli.io.parsers.xlsform"
SMALL: Final = Limits(megabytes=384, seconds=10)
LARGE: Final = Limits(megabytes=6 * 1024, seconds=300)
FORM_BOUNDS: Final = Bounds(rows=5000, columns=256, cells=400_000, megabytes=32)
"""A questionnaire."""
FORM: Final = Limits(megabytes=640, seconds=15)

Row = tuple[int, list[str]]
"""The row's number as the user sees it, and its cells as text."""


@dataclass(frozen=True)
class Workbook:
    """What a workbook holds: rows that hold something, by sheet."""

    sheets: Mapping[str, Sequence[Row]]
    uncomputed: Sequence[Uncomputed]
    others: Sequence[str] = ()
    """Names of sheets in which something stands and that were not asked for."""


def is_workbook(content: bytes) -> bool:
    """Whether some bytes are a workbook of a format that is read, or an archive that is damaged."""
    try:
        return kind_of(content) is not None
    except WrongWorkbook:
        return True


def read_workbook(content: bytes, *, sheet: str = "", bounds: Bounds = WEB) -> Workbook:
    """One sheet of a workbook (.xlsx, .xls, .et, .xlsb, .ods), the first that holds something unless another
    is named, or ``ALL`` of them. The format is told by the content.

    Raises
    ------
    WrongWorkbook
        ``far``, ``unpacks``, ``damaged``, ``encrypted``, ``entities``, ``hard`` (it wants more memory or time
        than there is for it) or ``busy``.
    """
    if kind_of(content) != "xls":
        directory(content, bounds)
    numbers = (bounds.rows, bounds.columns, bounds.cells, bounds.megabytes)
    found = _asked(PARSER, content, LARGE if bounds == BULK else SMALL, [*map(str, numbers), sheet])
    if "wrong" in found:
        raise WrongWorkbook(found["wrong"], found["given"])
    rows = {name: [(number, cells) for number, cells in rows] for name, rows in found["sheets"].items()}
    return Workbook(rows, [(row, column) for row, column in found["uncomputed"]], found["others"])


def xform_of(content: bytes) -> str:
    """The XForm of an XLSForm that ``read_workbook`` has read.

    Raises
    ------
    WrongForm
        It cannot be converted.
    WrongWorkbook
        ``hard`` or ``busy``.
    """
    # The second look at one file has a time of its own.
    with allowance(FORM.seconds):
        found = _asked(CONVERTER, content, FORM, [])
    if "wrong" in found:
        raise WrongForm(found["wrong"])
    return str(found["xform"])


def _asked(module: str, content: bytes, limits: Limits, arguments: Sequence[str]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(apart(module, content, limits, arguments))
    except TooHard as error:
        raise WrongWorkbook("hard") from error
    except Busy as error:
        raise WrongWorkbook("busy") from error
    return answer
