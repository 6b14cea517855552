"""What is wrong with fact tables: looked for in the engine, counted, with one example each."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import ibis.expr.types as ir

from linli.assessment.facts.schema import Column, FactTable, fact_tables
from linli.kernel.errors import Finding, Where
from linli.kernel.texts import Text, catalogue, plain

__all__ = ["check_tables"]

say = catalogue("linli.assessment.facts")

CODE: Final = r"^[A-Za-z0-9_.:/\-]{1,80}$"
MONTH: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
AREAS: Final = ("station", "beat")


def check_tables(tables: Mapping[str, ir.Table]) -> list[Finding]:
    """Everything that contradicts the schema, by table and column; an empty list is a dataset in order.

    Columns and types are not looked at: a dataset's files were read by the schema. Each finding says how
    many rows are wrong and names one of them.
    """
    findings: list[Finding] = []
    for name, facts in fact_tables().items():
        findings += _table(facts, tables[name])
        findings += _twice(facts, tables[name])
        if facts.kind == "fact":
            findings += _areas(facts, tables)
    return findings


def _table(facts: FactTable, table: ir.Table) -> Iterator[Finding]:
    wrong = {
        f"{place}": (column, kind, condition)
        for place, (column, kind, condition) in enumerate(_conditions(facts, table))
    }
    counts = table.aggregate(
        **{f"c{place}": condition.cast("int64").sum() for place, (_, _, condition) in wrong.items()}
    ).execute()
    for place, (column, kind, condition) in wrong.items():
        count = counts[f"c{place}"].iloc[0]
        if count and count == count:  # an empty table counts nothing, as nan
            yield _finding(facts, table.filter(condition), column, kind, int(count))


def _conditions(facts: FactTable, table: ir.Table) -> Iterator[tuple[Column, str, Any]]:
    for column in facts.columns.values():
        value = table[column.name]
        if column.required:
            yield column, "empty", value.isnull()
        if column.type == "code":
            yield column, "code", ~value.re_search(CODE)
        if column.type == "month":
            yield column, "month", ~value.re_search(MONTH)
        if column.type == "number":
            yield column, "number", value.isnan() | value.isinf()
        if column.type == "word" and not column.open:
            yield column, "word", ~value.isin(list(column.words))
        if column.least is not None:
            yield column, "least", value < column.least
        if column.most is not None:
            yield column, "most", value > column.most
    if facts.kind == "fact":
        yield facts.columns["month"], "month_of_day", table["month"] != table["day"].strftime("%Y-%m")


def _twice(facts: FactTable, table: ir.Table) -> Iterator[Finding]:
    groups = table.group_by(list(facts.key)).aggregate(rows=table.count())
    repeated = groups.filter(groups["rows"] > 1)
    count = int(repeated.count().execute())
    if count:
        first = repeated.order_by(list(facts.key)).limit(1).execute().iloc[0]
        key = " ".join(str(first[name]) for name in facts.key)
        where = Where(facts.name, column=", ".join(facts.key))
        yield _found("twice", where, key, count=count)


def _areas(facts: FactTable, tables: Mapping[str, ir.Table]) -> Iterator[Finding]:
    """Stations and beats that no row of the areas' table names: their figures lack residents and a name."""
    areas = tables["areas"]
    for kind in AREAS:
        known = areas.filter(areas["kind"] == kind).select("code").distinct()
        used = tables[facts.name].group_by(kind).aggregate(rows=lambda t: t.count())
        stray = used.filter(used[kind].notnull()).anti_join(known, used[kind] == known["code"])
        frame = stray.order_by(kind).execute()
        if len(frame):
            where = Where(facts.name, column=kind)
            given = ", ".join(frame[kind].astype(str).head(5))
            yield _found("area", where, given, count=int(frame["rows"].sum()), fatal=False)


def _finding(facts: FactTable, wrong: ir.Table, column: Column, kind: str, count: int) -> Finding:
    first = wrong.order_by(list(facts.key)).limit(1).execute().iloc[0]
    row = " ".join(str(first[name]) for name in facts.key)
    value = first[column.name]
    given = None if kind == "empty" else str(value)
    where = Where(facts.name, column=column.name, key=row)
    return _found(kind, where, given, count=count, known=_known(column), least=column.least, most=column.most)


def _known(column: Column) -> Text:
    return plain(", ".join(column.words))


def _found(kind: str, where: Where, given: str | None, *, fatal: bool = True, **values: object) -> Finding:
    expected, remedy = say(f"{kind}.expected", **values), say(f"{kind}.remedy", **values)
    return Finding(f"facts.{kind}", where, given, expected, remedy, fatal)
