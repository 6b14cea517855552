"""``compute``: indicators × areas × periods from the facts, one pass for each fact table.

The tables are Ibis tables of any engine; what runs there is grouping and adding up. What comes back is
small and is made into values here, so that every engine gives the same results to the last digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from linli.assessment.indicators.areas import Areas, Window
from linli.assessment.indicators.counting import (
    MILLIONTHS,
    WeightScale,
    counted,
    distribution,
    select,
    weight_scale,
)
from linli.assessment.indicators.cube import Cube, cube_of
from linli.assessment.indicators.model import AreaKind, Definition
from linli.assessment.indicators.percentiles import percentiles
from linli.assessment.indicators.periods import LENGTHS, ReportPeriod
from linli.assessment.indicators.results import COLUMNS, Results, evidence_key
from linli.assessment.indicators.valuing import Sums, Values, valued

__all__ = ["areas_of", "compute", "window_of"]

KINDS: Final[tuple[AreaKind, ...]] = ("post", "beat", "station", "territory")
EARLIEST: Final = 12 * 1900
"""The month before which no record is looked for."""


def areas_of(tables: Mapping[str, ir.Table]) -> Areas:
    """The areas and staff of a dataset, read into memory."""
    areas: pd.DataFrame = tables["areas"].execute()
    # Engines differ in what they make of a day.
    days = {name: pd.to_datetime(areas[name]) for name in ("valid_from", "valid_to")}
    return Areas(areas.assign(**days), tables["staff"].execute())


def window_of(definition: Definition, period: ReportPeriod) -> Window:
    """The months whose records count for a period."""
    since = definition.indicator.since
    start = period.first if since == "period" else period.january if since == "year" else EARLIEST
    return start, period.last


def compute(
    definitions: Iterable[Definition],
    tables: Mapping[str, ir.Table],
    periods: Sequence[ReportPeriod],
    *,
    facts: str = "",
) -> Results:
    """All results of some indicators.

    Parameters
    ----------
    definitions
        The indicators, from ``pack_indicators`` or ``read_indicators``.
    tables
        The fact tables by name, of one engine (``linli.io.facts.duckdb_tables``).
    periods
        Months, quarters, years; an indicator is worked out for those at least as long as its own period.
    facts
        The digest of the dataset; it goes into every evidence key.

    Returns
    -------
    Results
        One row for each indicator, area and period; areas in force in none of its days have none.
    """
    told = {definition.indicator.id: definition for definition in definitions}
    by_source: dict[str, list[Definition]] = defaultdict(list)
    for definition in told.values():
        by_source[definition.indicator.source].append(definition)
    areas = areas_of(tables)
    pieces: list[pd.DataFrame] = []
    for source, group in by_source.items():
        pieces += _of_table(group, tables[source], areas, periods, facts)
    empty = pd.DataFrame(columns=list(COLUMNS))
    frame = pd.concat([piece for piece in pieces if len(piece)] or [empty], ignore_index=True)
    order = ["indicator", "area_kind", "area", "period"]
    return Results(frame[list(COLUMNS)].sort_values(order, ignore_index=True), told, facts)


@dataclass(frozen=True)
class _Counts:
    """What came back from the engine for one table."""

    sums: pd.DataFrame
    values: Mapping[int, pd.DataFrame]
    weights: Mapping[int, WeightScale]


def _of_table(
    group: Sequence[Definition],
    table: ir.Table,
    areas: Areas,
    periods: Sequence[ReportPeriod],
    facts: str,
) -> list[pd.DataFrame]:
    wanted = [[p for p in periods if LENGTHS[p.length] >= LENGTHS[d.indicator.period]] for d in group]
    windows = [window_of(d, p) for d, own in zip(group, wanted, strict=True) for p in own]
    if not windows:
        return []
    low, high = min(w[0] for w in windows), max(w[1] for w in windows)
    counts = _count(group, select(table, _token(low), _token(high)))
    pieces = []
    for kind in KINDS:
        chosen = [place for place, d in enumerate(group) if kind in d.indicator.scope]
        if chosen:
            known = {code for own in wanted for p in own for code in areas.codes(kind, p)}
            cube = cube_of(counts.sums, kind, areas.territory, sorted(known))
            pieces += [
                _piece(group[place], place, wanted[place], kind, cube, counts, areas, facts)
                for place in chosen
            ]
    return pieces


def _count(group: Sequence[Definition], table: ir.Table) -> _Counts:
    by_post = any("post" in d.indicator.scope for d in group)
    weights = {p: weight_scale(d, table) for p, d in enumerate(group) if d.indicator.kind == "survey"}
    sums = counted(group, table, weights, by_post=by_post)
    values = {
        place: distribution(d, table, by_post=by_post)
        for place, d in enumerate(group)
        if d.indicator.kind == "percentile"
    }
    return _Counts(sums, values, weights)


def _piece(
    definition: Definition,
    place: int,
    periods: Sequence[ReportPeriod],
    kind: AreaKind,
    cube: Cube,
    counts: _Counts,
    areas: Areas,
    facts: str,
) -> pd.DataFrame:
    """The rows of one indicator for one kind of area."""
    windows = [window_of(definition, period) for period in periods]
    scale = counts.weights.get(place, MILLIONTHS)
    sums = replace(_sums(definition, place, periods, windows, kind, cube, areas), weights=scale)
    if place in counts.values:
        frame = counts.values[place]
        values = percentiles(definition, frame, kind, areas.territory, cube.codes, windows, sums)
    else:
        values = valued(definition, sums)
    rows = _rows(definition, values, sums, kind, cube.codes, periods, facts)
    return rows[_kept(definition, sums, kind, cube.codes, periods, areas).ravel()]


def _sums(
    definition: Definition,
    place: int,
    periods: Sequence[ReportPeriod],
    windows: Sequence[Window],
    kind: AreaKind,
    cube: Cube,
    areas: Areas,
) -> Sums:
    name = definition.indicator.exposure
    exposure = None
    if name is not None:
        each = [
            areas.exposure(name, kind, cube.codes, p, (max(w[0], cube.first), w[1]))
            for p, w in zip(periods, windows, strict=True)
        ]
        exposure = np.column_stack(each) if each else np.zeros((len(cube.codes), 0))

    def sums(letter: str) -> Any:
        column = f"{letter}{place}"
        return cube.sums(column, windows) if column in cube.columns else None

    return Sums(
        numerator=sums("n"),
        denominator=sums("d"),
        square=sums("s"),
        records=sums("r"),
        rows=cube.sums("rows", windows),
        exposure=exposure,
        months=np.array([high - max(low, cube.first) + 1 for low, high in windows], dtype=np.int64),
    )


def _kept(
    definition: Definition,
    sums: Sums,
    kind: AreaKind,
    codes: Sequence[str],
    periods: Sequence[ReportPeriod],
    areas: Areas,
) -> Any:
    """An area has a result where it is in force or records name it; ``exclude`` needs records."""
    named = sums.rows > 0
    if definition.indicator.missing == "exclude":
        return named
    in_force = [np.isin(codes, areas.codes(kind, period)) for period in periods]
    return named | (np.column_stack(in_force) if in_force else named)


def _rows(
    definition: Definition,
    values: Values,
    sums: Sums,
    kind: AreaKind,
    codes: Sequence[str],
    periods: Sequence[ReportPeriod],
    facts: str,
) -> pd.DataFrame:
    told = definition.indicator
    tokens = [str(period) for period in periods]
    keys = [evidence_key(definition, facts, code, token) for code in codes for token in tokens]
    return pd.DataFrame(
        {
            "indicator": told.id,
            "clause": str(told.clause),
            "area_kind": kind,
            "area": np.repeat(np.array(codes, dtype=object), len(tokens)),
            "period": np.tile(np.array(tokens, dtype=object), len(codes)),
            "numerator": values.numerator.ravel(),
            "denominator": values.denominator.ravel(),
            "value": values.value.ravel(),
            "low": values.low.ravel(),
            "high": values.high.ravel(),
            "records": sums.records.ravel(),
            "evidence": keys,
            "formula": definition.formula,
            "code_version": definition.code_version,
        }
    )


def _token(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"
