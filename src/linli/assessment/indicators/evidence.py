"""The records behind results: for one result, or for all indicators of a table as one wide table.

In the wide table a record has one row and each indicator two columns, ``<id>|numerator`` and
``<id>|denominator``: what the record adds, nothing where it is not counted. Whoever adds a column up over
an area and its months has the result again, without any of the code that computed it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from linli.assessment.indicators.computing import window_of
from linli.assessment.indicators.counting import contribution, record_id, select
from linli.assessment.indicators.model import AreaKind, Definition
from linli.assessment.indicators.periods import ReportPeriod

__all__ = ["evidence", "record_digest", "wide_columns", "wide_evidence"]


def evidence(
    definition: Definition,
    tables: Mapping[str, ir.Table],
    kind: AreaKind,
    area: str,
    period: ReportPeriod,
) -> ir.Table:
    """The records that one result counts, as an expression that reads nothing until it is executed.

    Columns: ``record_id``, ``station``, ``beat``, ``month``, ``numerator``, ``denominator``. A record under a
    share that does not meet it has a denominator alone. Order it by ``record_id`` to list it.
    """
    low, high = window_of(definition, period)
    table = select(tables[definition.indicator.source], _token(low), _token(high))
    if kind != "territory":
        table = table.filter(table[kind] == area)
    columns = _values(definition, table)
    chosen = table.select(
        record_id=record_id(definition.indicator.source, table),
        station=table["station"],
        beat=table["beat"],
        month=table["month"],
        numerator=columns[0],
        denominator=columns[1],
    )
    return chosen.filter(chosen["numerator"].notnull() | chosen["denominator"].notnull())


def wide_columns(definition: Definition) -> tuple[str, str]:
    """The names of an indicator's two columns in the wide table."""
    return f"{definition.indicator.id}|numerator", f"{definition.indicator.id}|denominator"


def wide_evidence(definitions: Sequence[Definition], table: ir.Table, source: str) -> ir.Table:
    """All records of a table that any of its indicators counts, with what each adds."""
    columns: dict[str, Any] = {
        name: table[name] for name in ("station", "beat", "post", "month", "source") if name in table.columns
    }
    for definition in definitions:
        columns.update(zip(wide_columns(definition), _values(definition, table), strict=True))
    wide = table.select(record_id=record_id(source, table), **columns)
    counted = [wide[name].notnull() for one in definitions for name in wide_columns(one)]
    return wide.filter(ibis.or_(*counted))


def record_digest(records: Iterable[str] | pd.Series) -> str:
    """SHA-256 of record ids in order: two lists of the same records have the same."""
    return hashlib.sha256("\n".join(sorted(records)).encode()).hexdigest()


def _values(definition: Definition, table: ir.Table) -> tuple[Any, Any]:
    """What each record adds, in the indicator's own measure."""
    part = contribution(definition, table)
    denominator = ibis.null("int8") if part.denominator is None else part.denominator
    below = part.denominator_scale
    return _unscaled(part.numerator, part.numerator_scale), _unscaled(denominator, below)


def _unscaled(column: Any, scale: float) -> Any:
    return column.cast("int8") if scale == 1 else column.cast("float64") / float(scale)


def _token(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"
