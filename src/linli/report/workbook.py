"""plan.xlsx: the sheets a county clerk prints, each header in Chinese with English under it.

Numbers are numbers, with their unit in the header. Text is always written as text: a name that
begins with ``=`` is shown as it stands and never computed. The file carries no time of its making.
"""

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from linli.assessment.chance.results import ChanceTable
from linli.kernel.texts import Text, catalogue, plain
from linli.planning.deployment import Deployment
from linli.report.chance import chance_sheet
from linli.report.method import figures, method, synthetic_banner
from linli.report.tables import Cell, Column, Table, Tables

__all__ = ["write_tables", "write_workbook"]

MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
A4 = 9
LINE, TALLEST = 13.5, 400.0
"""Points that a line takes, and the most that a row may take (a spreadsheet ends at 409). Heights are
written, since not every spreadsheet program works them out when it opens a file."""
PAGE_WIDTH = 190
"""Characters across A4 landscape that can still be read, at about two thirds of their size."""
LONGEST_SHEET = 1_000_000
"""Rows on one sheet; a spreadsheet ends at 1,048,576. What is longer goes on to a next sheet."""

BOTH_ON_ONE_LINE = frozenset({"word"})


def write_workbook(
    deployment: Deployment, path: Path, *, from_points: bool, chance: ChanceTable | None = None
) -> None:
    """All sheets of the plan; with ``chance``, one of what chance alone makes of its scoring rules."""
    tables = Tables(deployment)
    listed = [
        _summary(deployment),
        tables.stations,
        tables.beats,
        tables.posts,
        tables.roles,
        tables.hiring,
        tables.needs,
        tables.checks,
        tables.figures,
        *(() if chance is None else (chance_sheet(chance),)),
        tables.inputs,
        tables.assumptions,
        tables.places,
        _sources(deployment, from_points=from_points, chance=chance is not None),
    ]
    say = catalogue(__package__)
    title = say("title.plan", territory=deployment.territory.name)
    write_tables(listed, path, title=title, banner=synthetic_banner(deployment))


def write_tables(tables: Sequence[Table], path: Path, *, title: Text, banner: Text | None) -> None:
    """One workbook of the given tables, a sheet each, ready to print on A4 landscape."""
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    ) as book:
        book.set_properties({"title": str(title), "author": "Linli", "created": MADE})
        styles = _Styles(book)
        for table in tables:
            for start in range(0, max(1, len(table.rows)), LONGEST_SHEET):
                rows = table.rows[start : start + LONGEST_SHEET]
                _write_sheet(book, styles, table, rows, start // LONGEST_SHEET, title=title, banner=banner)


class _Styles:
    """Cell formats, one a kind of column."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "宋体", "font_size": 10, "valign": "top", "border": 1, "border_color": "#B7BEC8"}
        self.title = book.add_format({"font_name": "黑体", "font_size": 14, "bold": True})
        self.banner = book.add_format(
            {
                "font_name": "黑体",
                "font_size": 10,
                "bold": True,
                "bg_color": "#FFF3CD",
                "font_color": "#5C4400",
            }
        )
        self.header = book.add_format(
            font
            | {"font_name": "黑体", "bold": True, "bg_color": "#E4E9F0", "text_wrap": True, "align": "center"}
            | {"valign": "vcenter"}
        )
        self.text = book.add_format(font | {"text_wrap": True})
        self.integer = book.add_format(font | {"num_format": "#,##0"})
        self.date = book.add_format(font | {"num_format": "yyyy-mm-dd", "align": "left"})
        self.real = {
            digits: book.add_format(font | {"num_format": "#,##0" + ("." + "0" * digits if digits else "")})
            for digits in range(6)
        }

    def of(self, column: Column) -> Any:
        if column.kind == "int":
            return self.integer
        if column.kind == "real":
            return self.real[column.digits]
        return self.date if column.kind == "date" else self.text


def _write_sheet(
    book: Any,
    styles: _Styles,
    table: Table,
    rows: Sequence[tuple[Cell, ...]],
    part: int,
    *,
    title: Text,
    banner: Text | None,
) -> None:
    sheet = book.add_worksheet(_sheet_name(table, part))
    last = len(table.columns) - 1
    sheet.write_string(0, 0, f"{title.zh} · {table.title.zh}  {table.title.en}", styles.title)
    head = 1
    if banner is not None:
        for blank in range(last + 1):
            sheet.write_blank(1, blank, None, styles.banner)
        sheet.write_string(1, 0, f"{banner.zh}  {banner.en}", styles.banner)
        head = 2
    headers = [f"{column.header.zh}\n{column.header.en}" for column in table.columns]
    widths = [_width(column) for column in table.columns]
    for index, (header, width) in enumerate(zip(headers, widths, strict=True)):
        sheet.write_string(head, index, header, styles.header)
        sheet.set_column(index, index, width)
    sheet.set_row(head, LINE * max(3, *map(_lines, headers, widths)))
    formats = [styles.of(column) for column in table.columns]
    for offset, row in enumerate(rows, start=head + 1):
        lines = 1
        for index, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            text = _write_cell(sheet, offset, index, cell, column, formats[index])
            lines = max(lines, _lines(text, widths[index]))
        if lines > 1:
            sheet.set_row(offset, min(TALLEST, LINE * lines))
    _set_up_print(sheet, head, len(rows), table)


def _sheet_name(table: Table, part: int) -> str:
    name = f"{table.title.zh} {table.title.en}"
    return name[:31] if part == 0 else f"{name[:27]} {part + 1}"


def _width(column: Column) -> float:
    header = max(len(column.header.zh.split("（")[0]) * 2, max(map(len, column.header.en.split()), default=0))
    return float(max(column.width * 2, header + 1))


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column; a Chinese character is two wide, as it is long in GBK."""
    return sum(
        max(1, math.ceil(len(part.encode("gbk", "replace")) / (1.1 * width))) for part in text.split("\n")
    )


def _write_cell(sheet: Any, row: int, index: int, cell: Cell, column: Column, style: Any) -> str:
    """Write a cell and return the text that may take several lines in it."""
    if isinstance(cell, dt.date):
        sheet.write_datetime(row, index, cell, style)
        return ""
    if isinstance(cell, int | float):
        sheet.write_number(row, index, cell, style)
        return ""
    text = "—" if cell is None else _both(cell, column) if isinstance(cell, Text) else cell
    sheet.write_string(row, index, text, style)
    return text


def _both(text: Text, column: Column) -> str:
    if text.zh == text.en:
        return text.zh
    return f"{text.zh} {text.en}" if column.kind in BOTH_ON_ONE_LINE else f"{text.zh}\n{text.en}"


def _set_up_print(sheet: Any, head: int, rows: int, table: Table) -> None:
    """A4 landscape, as many pages across as it takes to stay readable, the first columns on each."""
    say = catalogue(__package__)
    last = len(table.columns) - 1
    width = sum(map(_width, table.columns))
    across = max(1, round(width / PAGE_WIDTH))
    sheet.freeze_panes(head + 1, 1)
    if rows:
        sheet.autofilter(head, 0, head + rows, last)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.repeat_rows(head)
    sheet.fit_to_pages(across, 0)
    if across > 1:
        sheet.repeat_columns(0, 1)
    sheet.set_footer(f"&L&A&R{say('title.sheet_footer').zh}")


def _summary(deployment: Deployment) -> Table:
    say = catalogue(__package__)
    paragraphs = {p.id: p.title for p in method(deployment, from_points=False)}
    clauses = say("sheet.checks")
    return Table(
        id="summary",
        title=say("sheet.summary"),
        columns=(
            Column(key="figure", header=say("column.figure"), kind="word", width=20),
            Column(key="value", header=say("column.value"), kind="text", width=14),
            Column(key="unit", header=say("column.unit"), kind="word", width=8),
            Column(key="basis", header=say("column.basis"), kind="word", width=30),
        ),
        rows=tuple(
            (f.label, _figure_cell(f.value, f.number), f.unit, paragraphs.get(f.basis, clauses))
            for f in figures(deployment)
        ),
    )


def _figure_cell(value: Text, number: float | int | None) -> Cell:
    return number if value.zh == value.en and number is not None else value


def _sources(deployment: Deployment, *, from_points: bool, chance: bool) -> Table:
    say = catalogue(__package__)
    territory, pack = deployment.territory, deployment.pack
    rows: list[tuple[Cell, ...]] = [(say("method.sources"), source) for source in territory.sources]
    paragraphs = method(deployment, from_points=from_points, chance=chance)
    rows += [(p.title, text) for p in paragraphs for text in p.texts]
    made_by = say(
        "title.made_by",
        version=deployment.linli_version,
        seed=deployment.seed,
        territory=territory.digest[:16],
        pack=f"{pack.id} {pack.digest[:16]}",
    )
    rows += [(say("method.files"), made_by), (say("column.title"), pack.title)]
    rows.append((say("column.by"), plain(pack.on.isoformat())))
    return Table(
        id="sources",
        title=say("sheet.sources"),
        columns=(
            Column(key="topic", header=say("column.topic"), kind="word", width=16),
            Column(key="text", header=say("column.text"), kind="sentence", width=70),
        ),
        rows=tuple(rows),
    )
