"""How far a workbook reaches, found by reading its parts as a stream before any parser is let at it.

What a sheet says of its own dimension is not believed: rows, columns and cells are counted. A cell counts if
something is in it; formats that reach to the last column, which spreadsheet programs leave behind, do not.
What is no XML (the format of before 2007, and the binary one) can reach no farther than the memory that its
process has, and is counted once it has been read.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from linli.privacy.archives import Allowed, WrongArchive, parts_of, unpacked
from linli.privacy.markup import WrongMarkup, is_markup, local, read_markup

__all__ = ["BULK", "WEB", "Bounds", "Kind", "Uncomputed", "WrongWorkbook", "directory", "kind_of", "scanned"]

REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
MEGABYTE: Final = 1024 * 1024
ARCHIVE: Final = b"PK\x03\x04"
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What the formats of before 2007 begin with, Excel's and WPS's own .et alike."""

Kind = Literal["xlsx", "xls", "xlsb", "ods"]
NEEDED: Final[Mapping[str, Kind]] = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "content.xml": "ods",
}

Uncomputed = tuple[int, str]
"""Row and column of a formula that carries no result."""


@dataclass(frozen=True)
class Bounds:
    """How far a sheet may reach."""

    rows: int
    columns: int
    cells: int
    """Rows times columns, which is what a parser makes room for."""
    megabytes: int
    """What all parts may unpack to."""


WEB: Final = Bounds(rows=100_000, columns=256, cells=1_000_000, megabytes=64)
"""What a page takes in."""
BULK: Final = Bounds(rows=1_048_576, columns=1024, cells=24_000_000, megabytes=512)
"""What a command takes in."""


class WrongWorkbook(Exception):
    """``reason``: ``far``, ``unpacks``, ``damaged``, ``encrypted``, ``entities``; ``given`` says what of."""

    def __init__(self, reason: str, given: str = "") -> None:
        super().__init__(f"{reason} {given}".strip())
        self.reason, self.given = reason, given


def kind_of(content: bytes) -> Kind | None:
    """The format of a workbook, by its first bytes and its directory; ``None`` if it is none.

    Raises
    ------
    WrongWorkbook
        It is an archive, and damaged.
    """
    if content.startswith(COMPOUND):
        return "xls"
    if not content.startswith(ARCHIVE):
        return None
    try:
        names = {
            part.filename.lower() for part in parts_of(content, Allowed(unpacked=BULK.megabytes * MEGABYTE))
        }
    except WrongArchive as wrong:
        raise WrongWorkbook(wrong.reason) from wrong
    return next((kind for name, kind in NEEDED.items() if name in names), None)


def directory(content: bytes, bounds: Bounds) -> list[zipfile.ZipInfo]:
    """The parts of a workbook, by its directory alone: quick, and before a process is started.

    Raises
    ------
    WrongWorkbook
        Damaged, encrypted, no workbook, or unpacks to more than allowed.
    """
    try:
        parts = parts_of(content, Allowed(unpacked=bounds.megabytes * MEGABYTE))
    except WrongArchive as wrong:
        raise WrongWorkbook(wrong.reason) from wrong
    if not NEEDED.keys() & {part.filename.lower() for part in parts}:
        raise WrongWorkbook("damaged")
    return parts


def scanned(content: bytes, bounds: Bounds) -> list[Uncomputed]:
    """Formulas without a result, once every part has been found to be within bounds.

    Raises
    ------
    WrongWorkbook
        A sheet reaches too far, or a part is damaged or declares entities.
    """
    found: list[Uncomputed] = []
    for part in directory(content, bounds):
        sheet = _Sheet(bounds) if part.filename.lower() != "content.xml" else _OpenSheet(bounds)
        try:
            pieces = _markup(unpacked(content, part))
            if pieces is not None:
                read_markup(pieces, start=sheet.start, end=sheet.end, text=sheet.text)
        except WrongArchive as wrong:
            raise WrongWorkbook(wrong.reason) from wrong
        except WrongMarkup as wrong:
            raise WrongWorkbook("entities" if wrong.reason == "doctype" else "damaged") from wrong
        found += sheet.uncomputed
    return found


def _markup(pieces: Iterator[bytes]) -> Iterable[bytes] | None:
    """The pieces if they are XML; a picture is read through for its size alone."""
    first = next(pieces, b"")
    if not is_markup(first):
        for _ in pieces:
            pass
        return None
    return _joined(first, pieces)


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


@dataclass
class _Sheet:
    """Follows rows and cells as a parser would: by what they are called, else by their order."""

    bounds: Bounds
    row: int = 0
    column: int = 0
    far_row: int = 0
    far_column: int = 0
    filled: bool = False
    formula: bool = False
    result: bool = False
    within: str = ""
    uncomputed: list[Uncomputed] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        match local(name):
            case "row":
                self.row = _number(attributes.get("r", ""), self.row + 1)
                self.column = 0
            case "c":
                self._cell(attributes.get("r", ""))
            case "f":
                self.filled = self.formula = True
            case "v" | "is":
                self.filled, self.within = True, local(name)

    def _cell(self, reference: str) -> None:
        place = REFERENCE.fullmatch(reference)
        self.column += 1
        if place is not None:
            self.column, self.row = _column(place[1]), int(place[2])
        elif reference:
            raise WrongWorkbook("damaged", reference[:20])
        self.filled = self.formula = self.result = False

    def text(self, text: str) -> None:
        """Something is written."""
        if self.within and text:
            self.result = True

    def end(self, name: str) -> None:
        """An element ends; a filled cell counts."""
        match local(name):
            case "v" | "is":
                self.within = ""
            case "c" if self.filled:
                self._count()

    def _count(self) -> None:
        if self.formula and not self.result:
            self.uncomputed.append((self.row, _letters(self.column)))
        self._reach(self.row)

    def _reach(self, row: int) -> None:
        """Something stands as far down as a row, in the column at hand."""
        self.far_row, self.far_column = max(self.far_row, row), max(self.far_column, self.column)
        area = self.far_row * self.far_column
        most = self.bounds
        if self.far_row > most.rows or self.far_column > most.columns or area > most.cells:
            raise WrongWorkbook("far", f"{_letters(self.column)}{row}")


@dataclass
class _OpenSheet(_Sheet):
    """Follows rows and cells of an OpenDocument sheet, which says of each how often it is repeated."""

    rows: int = 1
    times: int = 1

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        said = {local(key): value for key, value in attributes.items()}
        match local(name):
            case "table":
                self.row, self.rows = 1, 0
            case "table-row":
                self.row += self.rows
                self.rows, self.column = _number(said.get("number-rows-repeated", ""), 1), 0
            case "table-cell" | "covered-table-cell":
                self.times = _number(said.get("number-columns-repeated", ""), 1)
                self.column += self.times
                self.filled = "value" in said or "value-type" in said
            case "p":
                self.within = "p"

    def text(self, text: str) -> None:
        """Something is written."""
        self.filled = self.filled or bool(self.within and text)

    def end(self, name: str) -> None:
        """An element ends; a filled cell counts as often as it is repeated."""
        match local(name):
            case "p":
                self.within = ""
            case "table-cell" if self.filled:
                self._count()

    def _count(self) -> None:
        self._reach(self.row + self.rows - 1)


def _number(text: str, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise WrongWorkbook("damaged", text[:20])
    return int(text)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text or "A"
