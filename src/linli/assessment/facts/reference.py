"""The published schema: every table and column as a page, and as JSON for programs."""

import json
from collections.abc import Iterator
from typing import Any

from linli.assessment.facts.schema import FORMAT, Column, FactTable, fact_tables

__all__ = ["schema_json", "schema_page"]

HEAD = """# Tables of facts · 事实数据的表

Written by `linli facts schema --page`; a test holds it against `src/linli/assessment/facts/tables.toml`.
由 `linli facts schema --page` 生成。

A dataset is a folder: `<table>/part-*.parquet` and `manifest.json` (format {format}), which lists the files
that count with their SHA-256. Moments are UTC; `day` and `month` are those of the territory's zone, which the
manifest names. `record_id` names a row once and for all: results list it as evidence. No column tells of a
person.

数据集是一个文件夹：各表的 Parquet 文件和列出文件及其 SHA-256 的 `manifest.json`。
时间为 UTC，日期和月份按辖区时区。`record_id` 唯一标识一行，是结果的证据。任何一列都不涉及个人。

`linli facts import` finds a column under its English name, its Chinese name or the other headings listed.
导入时按英文列名、中文名或所列其他表头识别各列。
"""


def schema_page() -> str:
    """``docs/reference/facts.md``."""
    return "\n".join(
        [HEAD.format(format=FORMAT), *(line for t in fact_tables().values() for line in _page(t))]
    )


def _page(table: FactTable) -> Iterator[str]:
    kind = "facts · 事实" if table.kind == "fact" else "dimension · 维度"
    yield f"## `{table.name}` {table.title.zh} · {table.title.en}"
    yield ""
    yield f"{kind}; key: {', '.join(f'`{name}`' for name in table.key)}"
    yield ""
    yield "| column · 列 | type · 类型 | meaning · 含义 | values · 取值 |"
    yield "| --- | --- | --- | --- |"
    for column in table.columns.values():
        yield f"| `{column.name}` | {_type(column)} | {_meaning(column)} | {_values(column)} |"
    yield ""


def _type(column: Column) -> str:
    return f"{column.type}, required" if column.required else column.type


def _meaning(column: Column) -> str:
    text = f"{column.title.zh} · {column.title.en}"
    others = "; ".join(column.headers)
    return f"{text} ({others})" if others else text


def _values(column: Column) -> str:
    parts = [f"`{word}` {text.zh}" for word, text in column.words.items()]
    if column.open:
        parts.append("…")
    if column.least is not None:
        parts.append(f"≥ {column.least:g}")
    if column.most is not None:
        parts.append(f"≤ {column.most:g}")
    return ", ".join(parts)


def schema_json() -> str:
    """The schema for programs: tables, columns, types, words."""
    tables = {name: _table(table) for name, table in fact_tables().items()}
    return json.dumps({"format": FORMAT, "tables": tables}, ensure_ascii=False, indent=1) + "\n"


def _table(table: FactTable) -> dict[str, Any]:
    return {
        "kind": table.kind,
        "key": list(table.key),
        "title": {"zh": table.title.zh, "en": table.title.en},
        "columns": [_column(column) for column in table.columns.values()],
    }


def _column(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "required": column.required,
        "title": {"zh": column.title.zh, "en": column.title.en},
    }
    if column.words:
        found["words"] = {word: {"zh": text.zh, "en": text.en} for word, text in column.words.items()}
        found["open"] = column.open
    for name in ("least", "most", "measure"):
        if getattr(column, name) is not None:
            found[name] = getattr(column, name)
    return found
