"""Reading ``values.toml``: dated values whose days neither overlap nor leave a gap."""

import datetime as dt
import keyword
from collections.abc import Mapping

from linli.kernel.identifiers import ClauseId, ValueId
from linli.policy.catalogue import measures
from linli.policy.expression.functions import FUNCTIONS
from linli.policy.model import DatedEntry, DatedValue
from linli.policy.reading.table import Table

__all__ = ["read_values"]

DAY = dt.timedelta(days=1)


def read_values(root: Table) -> Mapping[ValueId, DatedValue]:
    """All dated values of a pack, in the order of the file."""
    return {ValueId(name): _value(name, table) for name, table in root.named_tables()}


def _value(name: str, table: Table) -> DatedValue:
    taken = name in measures() or name in FUNCTIONS or keyword.iskeyword(name)
    if taken or not name.isidentifier() or not name.isascii():
        table.wrong("value.name", given=name)
    value = DatedValue(
        id=ValueId(name),
        title=table.text("title"),
        unit=table.unit("unit"),
        clause=ClauseId(table.string("clause")),
        note=table.optional_text("note"),
        assumed=table.flag("assumed", default=False),
        entries=_entries(table),
    )
    if value.assumed and value.note is None:
        table.wrong("value.assumed_note", "note")
    table.finish()
    return value


def _entries(table: Table) -> tuple[DatedEntry, ...]:
    rows = [_row(row) for row in table.tables("values")]
    if not rows:
        table.wrong("value.empty", "values")
    entries: list[DatedEntry] = []
    for position, (start, until, number) in enumerate(rows):
        following = rows[position + 1][0] if position + 1 < len(rows) else None
        _compare_with_next(table, start, until, following)
        end = until if until is not None or following is None else following - DAY
        entries.append(DatedEntry(start=start, end=end, value=number))
    return tuple(entries)


def _row(row: Table) -> tuple[dt.date, dt.date | None, float | None]:
    start, until = row.day("from"), row.optional_day("until")
    number = row.optional_number("value")
    expected = row.flag("expected", default=False)
    if expected is (number is not None):
        row.wrong("value.value_or_expected", given=number)
    if until is not None and until < start:
        row.wrong("dates.backwards", "until", until, start=start)
    row.finish()
    return start, until, number


def _compare_with_next(
    table: Table, start: dt.date, until: dt.date | None, following: dt.date | None
) -> None:
    if following is None:
        return
    if following <= start or (until is not None and following <= until):
        table.wrong("dates.overlap", "values", following, day=(until or start) + DAY)
    elif until is not None and following > until + DAY:
        table.wrong("dates.gap", "values", following, day=until + DAY)
