"""``explain``: from a figure down to the records: clause, formula, the areas below, and what was counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir

from linli.assessment.facts.schema import fact_tables
from linli.assessment.indicators.areas import Areas
from linli.assessment.indicators.computing import areas_of, compute
from linli.assessment.indicators.evidence import evidence
from linli.assessment.indicators.model import AreaKind, Definition
from linli.assessment.indicators.periods import ReportPeriod
from linli.assessment.indicators.results import Result
from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue, plain

__all__ = ["Explanation", "Record", "explain", "sentences"]

say = catalogue("linli.assessment.indicators")

BELOW: Final[Mapping[AreaKind, tuple[AreaKind, ...]]] = {
    "territory": ("station", "beat", "post"),
    "station": ("beat", "post"),
    "beat": ("post",),
    "post": (),
}
MOST: Final = 1000
UPWARDS: Final[tuple[AreaKind, ...]] = ("post", "beat", "station", "territory")


@dataclass(frozen=True)
class Record:
    """A record counted: what it added to the numerator and to the denominator; ``None`` where it did not."""

    id: str
    station: str | None
    beat: str | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One result opened.

    ``parts`` are the same figure for the areas directly below, of the nearest kind that the indicator is
    worked out for; ``elsewhere`` is how many of the records lie in none of them. ``records`` are the first
    ``most`` of the records counted, by id; ``result.records`` is how many there are.
    """

    result: Result
    definition: Definition
    name: Text
    names: Mapping[str, Text]
    parts: tuple[Result, ...]
    elsewhere: int
    records: tuple[Record, ...]


def explain(
    definition: Definition,
    tables: Mapping[str, ir.Table],
    area: str,
    period: ReportPeriod,
    *,
    facts: str = "",
    most: int = MOST,
) -> Explanation:
    """Open the result of an indicator for an area and a period.

    Raises
    ------
    LinliError
        The indicator is not worked out for this period, or not for this area.
    """
    areas = areas_of(tables)
    results = [one for one in compute([definition], tables, [period], facts=facts) if one.period == period]
    found = [one for one in results if one.area == area]
    if not found:
        raise LinliError(_nothing(definition, results, area, period))
    result = max(found, key=lambda one: UPWARDS.index(one.area_kind))
    parts = _parts(definition, results, result, areas)
    names = {one.area: areas.name(one.area) for one in parts}
    elsewhere = result.records - sum(one.records for one in parts) if parts else 0
    return Explanation(
        result=result,
        definition=definition,
        name=areas.name(area),
        names=names,
        parts=parts,
        elsewhere=elsewhere,
        records=_records(definition, tables, result, most),
    )


def _nothing(definition: Definition, results: Sequence[Result], area: str, period: ReportPeriod) -> Text:
    told = definition.indicator
    if not results:
        key = f"length.{told.period}"
        return say("explain.period", indicator=told.id, given=period, length=say(key))
    known = ", ".join(dict.fromkeys(one.area for one in results))
    return say("explain.area", indicator=told.id, given=area, known=known)


def _parts(
    definition: Definition, results: Sequence[Result], result: Result, areas: Areas
) -> tuple[Result, ...]:
    for kind in BELOW[result.area_kind]:
        if kind in definition.indicator.scope:
            own = [one for one in results if one.area_kind == kind]
            return tuple(one for one in own if _under(areas, kind, one.area, result))
    return ()


def _under(areas: Areas, kind: AreaKind, area: str, above: Result) -> bool:
    """Whether an area lies in another, by the table of areas."""
    if above.area_kind == "territory":
        return True
    at: str | None = area
    for level in UPWARDS[UPWARDS.index(kind) : UPWARDS.index(above.area_kind)]:
        at = None if at is None else areas.parent(level, at)
    return at == above.area


def _records(
    definition: Definition, tables: Mapping[str, ir.Table], result: Result, most: int
) -> tuple[Record, ...]:
    rows = evidence(definition, tables, result.area_kind, result.area, result.period)
    frame = rows.order_by("record_id").limit(most).execute().astype(object)
    frame = frame.where(frame.notna(), None)
    columns = ("record_id", "station", "beat", "numerator", "denominator")
    return tuple(Record(*(getattr(row, name) for name in columns)) for row in frame.itertuples(index=False))


def sentences(explanation: Explanation) -> tuple[Text, ...]:
    """The explanation of a figure in sentences, without its parts and records."""
    told, result = explanation.definition.indicator, explanation.result
    where = {"area": explanation.name, "period": result.period, "title": told.title}
    value = plain(_number(result.value)) if result.value is not None else say("explain.unknown")
    lines = [say("explain.value", value=value, unit=told.unit, **where)]
    if result.interval is not None:
        low, high = result.interval
        lines.append(say("explain.interval", low=_number(low), high=_number(high), unit=told.unit))
    if result.numerator is not None and result.denominator is not None:
        lines.append(
            say("explain.division", above=_number(result.numerator), below=_number(result.denominator))
        )
    lines.append(_formula(explanation.definition))
    if told.clause:
        pack = explanation.definition.pack or "–"
        lines.append(say("explain.clause", clause=told.clause, pack=pack))
    if told.met_by_not_recording:
        lines.append(say("explain.mark"))
    if told.linked:
        lines.append(say("explain.linked", linked="、".join(told.linked)))
    lines.append(say("explain.trace", records=result.records, key=result.evidence, code=result.code_version))
    return tuple(lines)


def _formula(definition: Definition) -> Text:
    """The computation in words around the definition's own texts; ``Result.formula`` is the short form."""
    told = definition.indicator
    source = fact_tables()[told.source].title
    parts = [say("formula.numerator", text=definition.numerator.text)]
    if definition.denominator is not None:
        parts.append(say("formula.denominator", text=definition.denominator.text))
    if told.exposure is not None:
        parts.append(say("formula.exposure", per=f"{told.per:g}", exposure=say(f"exposure.{told.exposure}")))
    if told.quantile is not None:
        parts.append(say("formula.quantile", quantile=f"{told.quantile:g}"))
    if definition.where is not None:
        parts.append(say("formula.where", text=definition.where.text))
    if told.since != "period":
        parts.append(say(f"formula.since_{told.since}"))
    joined = Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
    return say("explain.formula", kind=say(f"formula.{told.kind}"), source=source, parts=joined)


def _number(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
