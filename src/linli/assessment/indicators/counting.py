"""One pass over a fact table for all indicators of it: whole numbers by month and smallest area.

Each indicator becomes two or three columns per record: what the record adds to the numerator and to the
denominator, nothing where it is not counted. Amounts are added as whole millionths, so that neither the
order of the records nor the engine can change a sum; weights of answers, which may be as small as one
wants (they may add up to one), in whole parts as fine as their sum leaves room for. What comes back is small
(areas × months) and is added up to larger areas and longer periods elsewhere.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from linli.assessment.facts.schema import fact_tables
from linli.assessment.indicators.language import Compiled
from linli.assessment.indicators.model import Definition

__all__ = [
    "MICRO",
    "MILLI",
    "MILLIONTHS",
    "Contribution",
    "WeightScale",
    "contribution",
    "counted",
    "distribution",
    "record_id",
    "select",
    "weight_scale",
]

MICRO: Final = 1_000_000
MILLI: Final = 1_000
SMALLEST: Final = ("station", "beat", "month")
LEAST_WEIGHT: Final = 0.01
"""Weights from which millionths, and thousandths of squares, are fine enough."""
ROOM: Final = 1e17
"""What a sum of whole parts may come to: 64 bits hold 9e18."""
FINEST: Final = 60


@dataclass(frozen=True)
class WeightScale:
    """How many parts a weight of 1 is, and how many its square."""

    weight: float = float(MICRO)
    square: float = float(MILLI)


MILLIONTHS: Final = WeightScale()


@dataclass(frozen=True)
class Contribution:
    """What a record adds: columns of whole numbers, nothing where the record is not counted.

    ``square`` is the squared weight of a survey's answer. ``scale`` is 1 where records are counted, a million
    where amounts are added, and for answers what their weights need.
    """

    numerator: Any
    denominator: Any
    square: Any
    numerator_scale: float
    denominator_scale: float


def weight_scale(definition: Definition, table: ir.Table) -> WeightScale:
    """The parts in which a survey's weights are added, by one look at those that it counts."""
    if definition.indicator.kind != "survey":
        return MILLIONTHS
    rows = table if definition.where is None else table.filter(definition.where.run(table))
    weight = rows["weight"]
    found = rows.aggregate(
        least=weight.nullif(0.0).min(), total=weight.sum(), squares=(weight * weight).sum()
    ).execute()
    least, total, squares = (float(found[name].iloc[0] or 0.0) for name in ("least", "total", "squares"))
    if not 0.0 < least < LEAST_WEIGHT:
        return MILLIONTHS
    return WeightScale(_finest(total, MICRO), _finest(squares, MILLI))


def _finest(total: float, coarsest: int) -> float:
    return max(float(coarsest), 10.0 ** min(FINEST, math.floor(math.log10(ROOM / total))))


def contribution(definition: Definition, table: ir.Table, weights: WeightScale | None = None) -> Contribution:
    """The columns of one indicator over the records of its table; without ``weights`` those are looked up."""
    told = definition.indicator
    scale = weight_scale(definition, table) if weights is None else weights
    where = None if definition.where is None else definition.where.run(table)
    weight = table["weight"] if told.kind == "survey" else None
    numerator, above = _amount(definition.numerator, table, weight, scale)
    denominator, below = _whole(definition, table, weight, scale)
    if denominator is not None and (definition.denominator is None or definition.denominator.kind == "truth"):
        # A share, or a mean, is of the records under it: no other adds to the numerator.
        numerator = ibis.ifelse(denominator.notnull(), numerator, ibis.null("int64"))
    if where is not None:
        numerator = ibis.ifelse(where, numerator, ibis.null("int64"))
        denominator = None if denominator is None else ibis.ifelse(where, denominator, ibis.null("int64"))
    square = None
    if weight is not None:
        square = ibis.ifelse(
            denominator.notnull(), _scaled(weight * weight, scale.square), ibis.null("int64")
        )
    return Contribution(numerator, denominator, square, above, below)


def _whole(definition: Definition, table: ir.Table, weight: Any, scale: WeightScale) -> tuple[Any, float]:
    """The denominator's column; ``None`` for kinds that have none in the facts."""
    if definition.denominator is not None:
        return _amount(definition.denominator, table, weight, scale)
    if weight is not None:
        known = table["answer"].notnull()
        return ibis.ifelse(known, _scaled(weight, scale.weight), ibis.null("int64")), scale.weight
    return None, 1


def _amount(part: Compiled, table: ir.Table, weight: Any, scale: WeightScale) -> tuple[Any, float]:
    value = part.run(table)
    if part.kind == "number":
        return _scaled(value, MICRO), MICRO
    one = ibis.literal(1, "int64") if weight is None else _scaled(weight, scale.weight)
    return ibis.ifelse(value, one, ibis.null("int64")), 1 if weight is None else scale.weight


def _scaled(value: Any, scale: float) -> Any:
    """A number as a whole number of its parts; ``NaN``, as some writers put for nothing, is nothing."""
    if value.type().is_floating():
        value = ibis.ifelse(value.isnan(), ibis.null("float64"), value)
        return (value * float(scale)).round().cast("int64")
    return value.cast("int64") * int(scale)


def record_id(name: str, table: ir.Table) -> Any:
    """What a record is called in evidence; a dimension's rows are called by their key."""
    facts = fact_tables()[name]
    if facts.kind == "fact":
        return table["record_id"]
    parts = [table[column].fill_null("-") for column in facts.key]
    joined = ibis.literal(f"{name}:")
    for position, part in enumerate(parts):
        joined = joined.concat(part) if position == 0 else joined.concat(":", part)
    return joined


def select(table: ir.Table, first: str, last: str) -> ir.Table:
    """The records from one month to another, both included."""
    return table.filter((table["month"] >= first) & (table["month"] <= last))


def counted(
    definitions: Sequence[Definition], table: ir.Table, weights: Mapping[int, WeightScale], *, by_post: bool
) -> pd.DataFrame:
    """Sums by month, station and beat (and post) for all indicators of one table, in one pass.

    Columns ``n0``, ``d0``, ``s0``, ``r0``, … : numerator, denominator, squared weights and the number of
    records counted of the first indicator, and so on in the order given; ``rows``: all records there.
    ``weights`` are the parts of each survey's weights, by its place.
    """
    keys = [*SMALLEST, "post"] if by_post else list(SMALLEST)
    columns: dict[str, Any] = {"rows": table.count()}
    for place, definition in enumerate(definitions):
        columns.update(_sums(place, contribution(definition, table, weights.get(place, MILLIONTHS))))
    frame: pd.DataFrame = table.group_by(keys).aggregate(**columns).execute()
    return frame


def _sums(place: int, part: Contribution) -> Mapping[str, Any]:
    counts = part.numerator if part.denominator is None else part.denominator
    either = counts.notnull() if part.denominator is None else counts.notnull() | part.numerator.notnull()
    found = {f"n{place}": part.numerator.sum(), f"r{place}": either.sum()}
    if part.denominator is not None:
        found[f"d{place}"] = part.denominator.sum()
    if part.square is not None:
        found[f"s{place}"] = part.square.sum()
    return {name: total.fill_null(0) for name, total in found.items()}


def distribution(definition: Definition, table: ir.Table, *, by_post: bool) -> pd.DataFrame:
    """How often each value occurs, by month and smallest area: from it any percentile is exact."""
    keys = [*SMALLEST, "post"] if by_post else list(SMALLEST)
    part = contribution(definition, table, MILLIONTHS)
    valued = table.mutate(value=part.numerator).filter(lambda t: t["value"].notnull())
    frame: pd.DataFrame = valued.group_by([*keys, "value"]).aggregate(count=lambda t: t.count()).execute()
    return frame
