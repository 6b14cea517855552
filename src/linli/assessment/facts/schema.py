"""The star schema of facts, read from ``tables.toml``: tables, columns, words, and their Arrow types.

A fact row tells that something happened somewhere at a time; it never tells of a person. Every fact table
begins with the same nine columns, ``record_id`` first: what a result's evidence lists.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, Literal

import pyarrow as pa

from linli.kernel.texts import Text

__all__ = ["FORMAT", "Column", "ColumnType", "FactTable", "TableKind", "arrow_schema", "fact_tables"]

FORMAT: Final = 1
"""Of the schema: a dataset says which one it was written in."""

ColumnType = Literal["text", "code", "word", "whole", "number", "truth", "day", "moment", "month"]
TableKind = Literal["fact", "dimension"]

ARROW: Final[Mapping[str, pa.DataType]] = {
    "text": pa.string(),
    "code": pa.string(),
    "word": pa.string(),
    "month": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "day": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what it holds and what it is called in a file.

    ``words`` are the words of a closed list with their texts; with ``open`` other codes are taken too.
    ``least`` and ``most`` bound a number, both included. ``measure`` is the policy measure that it counts.
    """

    name: str
    type: ColumnType
    title: Text
    required: bool = False
    words: Mapping[str, Text]
    open: bool = False
    least: float | None = None
    most: float | None = None
    measure: str | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FactTable:
    """One table of the star: its columns in order and the columns that name a row."""

    name: str
    kind: TableKind
    title: Text
    columns: Mapping[str, Column]
    key: tuple[str, ...]


@functools.cache
def fact_tables() -> Mapping[str, FactTable]:
    """All tables by name, in the order of ``tables.toml``."""
    source = resources.files(__package__).joinpath("tables.toml").read_text(encoding="utf-8")
    content = tomllib.loads(source)
    return {name: _table(name, entry, content["common"]) for name, entry in content["tables"].items()}


def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table, as its Parquet files are written.

    Raises
    ------
    KeyError
        There is no such table.
    """
    columns = fact_tables()[table].columns.values()
    return pa.schema([pa.field(c.name, ARROW[c.type], nullable=not c.required) for c in columns])


def _table(name: str, entry: Mapping[str, Any], common: Mapping[str, Any]) -> FactTable:
    is_fact = entry["kind"] == "fact"
    columns = {**common, **entry["columns"]} if is_fact else entry["columns"]
    return FactTable(
        name=name,
        kind=entry["kind"],
        title=_text(entry["title"]),
        columns={column: _column(column, told) for column, told in columns.items()},
        key=("record_id",) if is_fact else tuple(entry["key"]),
    )


def _column(name: str, told: Mapping[str, Any]) -> Column:
    return Column(
        name=name,
        type=told["type"],
        title=_text(told["title"]),
        required=told.get("required", False),
        words={word: _text(text) for word, text in told.get("words", {}).items()},
        open=told.get("open", False),
        least=told.get("least"),
        most=told.get("most"),
        measure=told.get("measure"),
        headers=tuple(told.get("header", ())),
    )


def _text(both: Mapping[str, str]) -> Text:
    return Text(zh=both["zh"], en=both["en"])
