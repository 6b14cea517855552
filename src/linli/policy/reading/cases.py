"""Reading ``cases/*.toml``: worked cases of checks and of dated values."""

import datetime as dt
from collections.abc import Mapping

from linli.kernel.identifiers import ValueId
from linli.policy.model import CheckId, Expectation, ValueCase, WorkedCase
from linli.policy.reading.table import Table

__all__ = ["read_cases"]


def read_cases(root: Table) -> tuple[tuple[WorkedCase, ...], tuple[ValueCase, ...]]:
    """All worked cases of one file, numbered from 1 in its order."""
    worked: list[WorkedCase] = []
    values: list[ValueCase] = []
    for table in root.tables("cases"):
        if table.has("value"):
            values += _value_rows(table, len(worked) + len(values))
        else:
            worked += _check_rows(table, len(worked) + len(values))
        table.finish()
    root.finish()
    return tuple(worked), tuple(values)


def _value_rows(table: Table, before: int) -> list[ValueCase]:
    value, unit = ValueId(table.string("value")), table.unit("unit")
    rows = []
    for number, row in enumerate(table.tables("rows"), before + 1):
        expect = row.optional_number("expect")
        rows.append(
            ValueCase(value=value, on=row.day("on"), expect=expect, unit=unit, file=table.file, number=number)
        )
        row.finish()
    return rows


def _check_rows(table: Table, before: int) -> list[WorkedCase]:
    check = CheckId(table.string("check"))
    rows = []
    for number, row in enumerate(table.tables("rows"), before + 1):
        day: dt.date = row.day("on")
        expect: Expectation = row.choice("expect", Expectation)
        given = _given(row.table("given"))
        rows.append(
            WorkedCase(check=check, on=day, given=given, expect=expect, file=table.file, number=number)
        )
        row.finish()
    return rows


def _given(table: Table) -> Mapping[str, float]:
    return {name: table.number(name) for name in table.data}
