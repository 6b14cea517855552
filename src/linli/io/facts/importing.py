"""Lists of facts from elsewhere: one CSV or XLSX file, whole or not at all, every broken cell named.

A row without a number of its own is called by what is in it, and by which of several rows alike it is:
the same file, or the same row in a longer file, is not taken in twice.
"""

import datetime as dt
import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from linli.assessment.facts.schema import Column, FactTable, arrow_schema, fact_tables
from linli.io.facts.cells import CellRefused, value_of
from linli.io.facts.drafting import Draft, drafting
from linli.io.facts.manifest import Import
from linli.io.sheets import ReadSheet, SheetRow, read_sheet
from linli.kernel.errors import Finding, InputRefused, LinliError, Where
from linli.kernel.texts import Text, catalogue, plain
from linli.privacy.forbidden import forbidden_in

__all__ = ["Imported", "import_list", "read_list"]

say = catalogue("linli.io.facts")

DERIVED: Final = ("month", "source", "synthetic")
OPTIONAL: Final = ("record_id", "at", "day")
MOST_BYTES: Final = 200 * 1024 * 1024
SYNTHETIC: Final = ("synthetic", "合成")

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a list: its rows, and how many of them were not there before."""

    rows: int
    added: int


def import_list(file: Path, table: str, folder: Path, *, zone: str, synthetic: bool = False) -> Imported:
    """Take the rows of a file into a dataset, which is made where there is none.

    Rows are marked as synthetic where asked, or where the file's name says so.

    Raises
    ------
    InputRefused
        Something in the file is not in order; every cell is named and nothing is taken in.
    LinliError
        There is no such table or file, or the folder is no dataset.
    """
    if table not in fact_tables():
        raise LinliError(say("import.table", table=table, known=", ".join(fact_tables())))
    try:
        content = file.read_bytes()
    except OSError as error:
        raise LinliError(say("import.file", file=file, reason=error.strerror or str(error))) from None
    made_up = synthetic or any(word in file.name.lower() for word in SYNTHETIC)
    rows = read_list(file.name, content, table, zone=zone, synthetic=made_up)
    digest = hashlib.sha256(content).hexdigest()
    with drafting(folder, zone=zone) as draft:
        fresh = _fresh(draft, file.name, table, rows)
        if fresh:
            draft.add(table, pa.Table.from_pylist([row for _, row in fresh], schema=arrow_schema(table)))
            told = Import(file=file.name, sha256=digest, table=table, rows=len(rows), added=len(fresh))
            draft.imports.append(told)
    return Imported(rows=len(rows), added=len(fresh))


def read_list(
    name: str, content: bytes, table: str, *, zone: str, synthetic: bool = False
) -> list[tuple[int, Row]]:
    """The rows of a file as rows of a table, each with its number in the file.

    Raises
    ------
    InputRefused
        With every fault: of the file, its headers, its cells.
    """
    sheet = read_sheet(name, content, most_bytes=MOST_BYTES)
    facts, findings = fact_tables()[table], list[Finding]()
    columns = _headers(sheet, facts, findings)
    local = ZoneInfo(zone)
    rows = [(row.number, _row(row, columns, facts, local, name, findings)) for row in sheet.rows]
    if findings:
        raise InputRefused(say("import.refused", file=name, count=len(findings)), tuple(findings))
    if facts.kind == "fact":
        rows = _named(rows, table, source=f"import:{name}", synthetic=synthetic)
    return rows


def _headers(sheet: ReadSheet, facts: FactTable, findings: list[Finding]) -> Mapping[str, Column]:
    """The column of each header; headers that are not known and columns that are missing are found."""
    names = {_plain(word): column for column in facts.columns.values() for word in _called(column)}
    found: dict[str, Column] = {}
    for header in sheet.headers:
        column = names.get(_plain(header))
        where = Where(sheet.file, row=1, column=header)
        if column is None or (column.name in DERIVED and facts.kind == "fact"):
            findings.append(_stray(where, header, facts))
        elif column in found.values():
            findings.append(_finding("header_twice", where, header, column=column.title))
        else:
            found[header] = column
    there = {column.name for column in found.values()}
    for column in facts.columns.values():
        if column.required and column.name not in there | _given(facts):
            where = Where(sheet.file, row=1)
            findings.append(_finding("header_missing", where, None, column=column.title, name=column.name))
    if facts.kind == "fact" and not there & {"day", "at"}:
        day = facts.columns["day"]
        where = Where(sheet.file, row=1)
        findings.append(_finding("header_missing", where, None, column=day.title, name="day"))
    return found


def _given(facts: FactTable) -> set[str]:
    return {*DERIVED, *OPTIONAL} if facts.kind == "fact" else set()


def _stray(where: Where, header: str, facts: FactTable) -> Finding:
    for match in forbidden_in(header):
        return _finding("header_forbidden", where, header, why=match.why)
    own = [c for c in facts.columns.values() if facts.kind == "dimension" or c.name not in DERIVED]
    known = Text("、".join(c.title.zh for c in own), ", ".join(c.name for c in own))
    return _finding("header_unknown", where, header, known=known)


def _called(column: Column) -> Iterable[str]:
    return (column.name, column.title.zh, column.title.en, *column.headers)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())


def _row(
    row: SheetRow,
    columns: Mapping[str, Column],
    facts: FactTable,
    zone: ZoneInfo,
    file: str,
    findings: list[Finding],
) -> Row:
    values: Row = dict.fromkeys(facts.columns)
    before = len(findings)
    for header, column in columns.items():
        cell, where = row.values[header].strip(), Where(file, row=row.number, column=header)
        if cell:
            try:
                values[column.name] = value_of(column, cell, zone)
            except CellRefused as refusal:
                findings.append(_cell(refusal.kind, where, cell, column))
        elif column.required and column.name not in _given(facts):
            findings.append(_finding("empty", where, None, column=column.title))
    if facts.kind == "fact" and len(findings) == before:
        _date(values, zone, Where(file, row=row.number), findings)
    return values


def _date(values: Row, zone: ZoneInfo, where: Where, findings: list[Finding]) -> None:
    """Day, month and moment from what was given of them."""
    at, day = values["at"], values["day"]
    if at is None and day is None:
        findings.append(_finding("no_day", where, None))
        return
    if at is None:
        at = dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
    local = at.astimezone(zone).date()
    if day is not None and day != local:
        findings.append(_finding("day_differs", where, str(day), day=local))
    values.update(at=at, day=local, month=f"{local:%Y-%m}")


def _cell(kind: str, where: Where, given: str, column: Column) -> Finding:
    words = Text(
        "、".join(text.zh for text in column.words.values()), ", ".join(word for word in column.words)
    )
    least = "−∞" if column.least is None else f"{column.least:g}"
    most = "∞" if column.most is None else f"{column.most:g}"
    return _finding(kind, where, given, words=words, least=plain(least), most=plain(most))


def _named(
    rows: Sequence[tuple[int, Row]], table: str, *, source: str, synthetic: bool
) -> list[tuple[int, Row]]:
    """Rows with a number of their own, the place they came from, and whether they are made up."""
    seen: Counter[str] = Counter()
    named = []
    for number, row in rows:
        if row["record_id"] is None:
            content = json.dumps(row, default=str, sort_keys=True, ensure_ascii=False)
            seen[content] += 1
            digest = hashlib.sha256(f"{content}#{seen[content]}".encode()).hexdigest()[:20]
            row = {**row, "record_id": f"{table}:{digest}"}
        named.append((number, {**row, "source": source, "synthetic": synthetic}))
    return named


def _fresh(draft: Draft, file: str, table: str, rows: Sequence[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """The rows that are not there yet.

    Raises
    ------
    InputRefused
        A number stands for another row, in the dataset or in the file itself.
    """
    facts = fact_tables()[table]
    known = _known(draft, facts, rows)
    findings, fresh = [], []
    for number, row in rows:
        key = tuple(row[name] for name in facts.key)
        former = known.get(key)
        if former is not None and _same(former, row):
            continue
        if former is not None and (facts.kind == "fact" or former.get("_file")):
            findings.append(_finding("conflict", Where(file, row=number), " ".join(map(str, key))))
        known[key] = {**row, "_file": True}
        fresh.append((number, row))
    if findings:
        raise InputRefused(say("import.refused", file=file, count=len(findings)), tuple(findings))
    return fresh


def _known(draft: Draft, facts: FactTable, rows: Sequence[tuple[int, Row]]) -> dict[tuple[Any, ...], Row]:
    """The rows of the dataset that have the key of one of these."""
    wanted = {tuple(row[name] for name in facts.key) for _, row in rows}
    found: dict[tuple[Any, ...], Row] = {}
    for part in draft.former(facts.name):
        keys = zip(*(part.column(name).to_pylist() for name in facts.key), strict=True)
        places = [place for place, key in enumerate(keys) if key in wanted]
        for row in part.take(places).to_pylist():
            found[tuple(row[name] for name in facts.key)] = row
    return found


def _same(former: Row, row: Row) -> bool:
    """Whether two rows say the same; from which file they came does not matter."""
    return all(former.get(name) == value for name, value in row.items() if name not in ("source", "_file"))


def _finding(kind: str, where: Where, given: str | None, **values: object) -> Finding:
    expected, remedy = say(f"cell.{kind}.expected", **values), say(f"cell.{kind}.remedy", **values)
    return Finding(f"facts.{kind}", where, given, expected, remedy)
