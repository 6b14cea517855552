"""Lists of villages as counties publish them: by township, without codes, on one sheet or many."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from linli.io.territory.coded import are_codes, is_division_code, level_of_code, level_of_name
from linli.io.territory.delimited import Row, read_rows
from linli.io.territory.files import LISTS, within_size
from linli.io.territory.headers import Columns, columns_of
from linli.io.territory.named import CodeList, is_township_name, plain_name
from linli.io.territory.notes import Notebook
from linli.io.territory.tables import Table, checked, of_workbook, table_of
from linli.io.territory.values import LEVELS, counts, numbers, words
from linli.io.territory.vocabulary import is_known, is_personal
from linli.io.workbooks import BULK, is_workbook
from linli.kernel.errors import Where
from linli.territory.model import Level

__all__ = ["Entry", "Listed", "read_code_list", "read_published"]

COUNTY: Final = re.compile(
    r"(?:附件[0-9一二三四五六七八九]*[:：、]?|[0-9]{4}年(?:度)?)*"
    r"(?P<name>(?!全|我|本|各|该|社)[\u4e00-\u9fff]{1,10}?(?:自治县|县|市|(?<!社)(?<!辖)(?<!片)(?<!小)区|旗))"
)
"""A county's name at the start of a title; "all the county" and "communities" are none."""
TEXTS: Final = ("area", "station", "beat")
COUNTS: Final = ("residents", "households", "premises")
SHORT_CODES: Final = (2, 4, 6, 9)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of a list: a place below the county, with what the list says of it."""

    columns: Columns
    row: int
    name: str
    township: str | None
    code: str
    level: Level | None
    values: Mapping[str, object]

    def where(self, field: str = "name") -> Where:
        """Where a field of the row stands."""
        return self.columns.where(self.row, field)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """All that some lists say: their rows, and the county's name if they give it."""

    entries: Sequence[Entry]
    county: str | None
    title: str | None
    is_county_of_title: bool = False
    """Whether the county's name stands in a title alone."""

    @property
    def has_positions(self) -> bool:
        """Whether any place has a position."""
        return any("longitude" in entry.values for entry in self.entries)


def read_published(paths: Sequence[Path], notebook: Notebook) -> Listed:
    """The rows of some lists, titles and totals left out; what is wrong stands in the notebook."""
    entries: list[Entry] = []
    county = title = in_title = None
    for path in paths:
        for sheet, columns in _tables(path, notebook):
            entries += _entries(columns, sheet, notebook)
            title = title or next(iter(columns.table.titles), None)
            county = county or _county(columns)
            in_title = in_title or _county_of_title(columns)
    return Listed(entries=entries, county=county or in_title, title=title, is_county_of_title=county is None)


def _tables(path: Path, notebook: Notebook) -> list[tuple[str, Columns]]:
    """Every sheet of a file that can be used, by the sheet's name."""
    found = []
    for sheet, name, rows, encoding in _sheets(path, notebook):
        table = table_of(name, rows, "published", notebook, encoding=encoding)
        if table is None or not checked(table, notebook):
            continue
        table = _without_persons(table, notebook)
        columns = columns_of(table, "published", notebook)
        if columns is not None and are_codes(columns, "places", notebook):
            found.append((sheet, columns))
    return found


def _sheets(path: Path, notebook: Notebook) -> list[tuple[str, str, list[Row], str | None]]:
    """The sheets of a file as rows: each with its name, what it is called, and its encoding."""
    name = path.name
    if not path.is_file():
        notebook.wrong("list_missing", Where(str(path)), None)
        return []
    if path.suffix.lower() not in LISTS:
        notebook.wrong("file_kind", Where(name), path.suffix or None, kinds=" ".join(LISTS))
        return []
    if not within_size(path, name, notebook):
        return []
    content = path.read_bytes()
    if not is_workbook(content) and path.suffix.lower() in (".csv", ".txt"):
        read = read_rows(content, name, is_known("published"), notebook, BULK)
        return [] if read is None else [("", name, *read)]
    sheets = of_workbook(content, name, notebook)
    filled = {sheet: rows for sheet, rows in sheets.items() if rows}
    several = len(filled) > 1
    return [(sheet, f"{name}[{sheet}]" if several else name, rows, None) for sheet, rows in filled.items()]


def _without_persons(table: Table, notebook: Notebook) -> Table:
    """A table without columns about one person, which never become part of a territory."""
    kept = [index for index, header in enumerate(table.headers) if not is_personal(header)]
    if len(kept) == len(table.headers):
        return table
    left_out = "、".join(header for header in table.headers if is_personal(header))
    notebook.note("personal_left_out", Where(table.file), left_out)
    return replace(
        table,
        headers=tuple(table.headers[index] for index in kept),
        columns=tuple(table.columns[index] for index in kept),
    )


def _county(columns: Columns) -> str | None:
    named = next((cell for cell in columns.cells("county") if cell), None)
    if named:
        return plain_name(named)
    for index, name in enumerate(columns.cells("name")):
        code = columns.cells("code")[index]
        if (is_division_code(code) and level_of_code(code) is Level.COUNTY) or _is_county(columns, index):
            return plain_name(name)
    return None


def _county_of_title(columns: Columns) -> str | None:
    titles = (COUNTY.match(plain_name(title)) for title in columns.table.titles)
    return next((match["name"] for match in titles if match is not None), None)


def _is_county(columns: Columns, index: int) -> bool:
    return LEVELS.get(columns.cells("level")[index]) is Level.COUNTY


def _entries(columns: Columns, sheet: str, notebook: Notebook) -> list[Entry]:
    values, levels = _values(columns, notebook), _levels(columns, notebook)
    names, codes = columns.cells("name"), columns.cells("code")
    townships = _townships(columns, sheet, notebook)
    found = []
    for row, name in enumerate(names):
        if not name:
            notebook.wrong("name_missing", columns.where(row, "name"), None)
        level = levels[row] or _level(codes[row], name, has_column="township" in columns)
        found.append(
            Entry(
                columns=columns,
                row=row,
                name=plain_name(name),
                township=townships[row],
                code=codes[row],
                level=level,
                values={field: cells[row] for field, cells in values.items() if cells[row] is not None},
            )
        )
    return _below_headings(found) if "township" not in columns else found


def _levels(columns: Columns, notebook: Notebook) -> Sequence[Level | None]:
    cells = columns.cells("level")
    if any(cells) and {cell for cell in cells if cell} <= set("12345"):
        digits = {"1": Level.PROVINCE, "2": Level.PREFECTURE, "3": Level.COUNTY, "4": Level.TOWNSHIP}
        return [digits.get(cell) for cell in cells]
    return words(columns, "level", LEVELS, "level_unknown", notebook)


def _level(code: str, name: str, *, has_column: bool) -> Level | None:
    if is_division_code(code):
        return level_of_code(code)
    if not has_column and is_township_name(name):
        return Level.TOWNSHIP
    return level_of_name(plain_name(name))


def _townships(columns: Columns, sheet: str, notebook: Notebook) -> list[str | None]:
    """The township of each row: filled down the column, else what the sheet or the title is called."""
    if "township" not in columns:
        own = next((name for name in (sheet, *columns.table.titles[:1]) if is_township_name(name)), None)
        return [own and plain_name(own)] * len(columns.table.rows)
    out: list[str | None] = []
    last, filled = None, 0
    for cell in columns.cells("township"):
        filled += not cell and last is not None
        last = plain_name(cell) if cell else last
        out.append(last)
        if last is None and not columns.cells("code")[len(out) - 1]:
            notebook.wrong("township_missing", columns.where(len(out) - 1, "township"), None)
    if filled:
        where = Where(columns.table.file, column=columns.header("township"))
        notebook.note("township_filled", where, None, count=filled)
    return out


def _below_headings(entries: Sequence[Entry]) -> list[Entry]:
    """Rows below the township that a row of its own names."""
    found, last = [], None
    for entry in entries:
        if entry.level is Level.TOWNSHIP:
            last = entry.name
            found.append(entry)
        else:
            found.append(replace(entry, township=entry.township or last))
    return found


def _values(columns: Columns, notebook: Notebook) -> dict[str, Sequence[object | None]]:
    values: dict[str, Sequence[object | None]] = {
        field: counts(columns, field, notebook) for field in COUNTS if field in columns
    }
    for field in ("longitude", "latitude", "land_km2", "land_m2"):
        if field in columns:
            read = numbers(columns, field, notebook)
            values[field] = [None if number != number else number for number in read]
    for field in TEXTS:
        if field in columns:
            values[field] = [cell or None for cell in columns.cells(field)]
    return values


def read_code_list(path: Path, notebook: Notebook) -> CodeList:
    """The division codes of a list with the columns code and name; shorter codes are filled with zeros."""
    names: dict[str, str] = {}
    for _, columns in _tables(path, notebook):
        for row, (code, name) in enumerate(zip(columns.cells("code"), columns.cells("name"), strict=True)):
            whole = code.ljust(12, "0") if code.isdigit() and len(code) in SHORT_CODES else code
            if is_division_code(whole):
                names.setdefault(whole, plain_name(name))
            else:
                notebook.wrong("code_of_list", columns.where(row, "code"), code or None)
    return CodeList(names)
