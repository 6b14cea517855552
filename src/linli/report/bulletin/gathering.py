"""From computed figures to the items of a bulletin: one an indicator, areas compared, series judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pandas as pd

from linli.assessment.indicators import Definition, period
from linli.assessment.indicators.formulas import formula_words
from linli.assessment.ranking.league import LeagueRow
from linli.assessment.scoring.chart_choice import nature_of
from linli.kernel.texts import Text
from linli.report.bulletin.comparing import Shape, judged, placed, ranked_by_rate
from linli.report.bulletin.content import Item, Moment, Origin, Spot

__all__ = ["Told", "gather"]

LONGEST_SERIES: Final = 24
"""Periods of one run chart: two years of months."""
PREFERRED: Final = ("beat", "station")
"""The kinds of area that are set side by side: the smallest that an indicator is worked out for."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What figures alone do not say: the areas' names, and their residents where they are known."""

    name: Callable[[str], Text]
    residents: Mapping[str, float]
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)
    """Where the records of an indicator's month are from, over the whole territory; nothing: not known."""


def gather(
    frame: pd.DataFrame, definitions: Mapping[str, Definition], token: str, told: Told
) -> tuple[Item, ...]:
    """The items of a period, in the order of the indicators.

    Parameters
    ----------
    frame : DataFrame
        Figures with the columns of ``linli.assessment.indicators.COLUMNS``.
    token : str
        A period such as ``2026-03``; indicators of quarters and years come in where the period ends one.
    """
    rows = frame.assign(
        **{name: frame[name].astype(str) for name in ("indicator", "area_kind", "area", "period")}
    )
    items = []
    for name, definition in definitions.items():
        own_token = token_for(definition.indicator.period, token)
        own = rows[rows["indicator"] == name]
        if own_token is not None and (own["period"] == own_token).any():
            items.append(_item(own, definition, own_token, told))
    return tuple(items)


def token_for(length: str, token: str) -> str | None:
    """The period of some length that ends with a month; the period itself where it is no month.

    Examples
    --------
    >>> token_for("quarter", "2026-03"), token_for("quarter", "2026-04"), token_for("year", "2026-12")
    ('2026-Q1', None, '2026')
    >>> token_for("month", "2026-Q1")
    """
    given = period(token)
    if given.length != "month":
        return token if given.length == length else None
    year, month = token.split("-")
    if length == "month":
        return token
    if length == "quarter":
        return f"{year}-Q{int(month) // 3}" if int(month) % 3 == 0 else None
    return year if month == "12" else None


def _item(rows: pd.DataFrame, definition: Definition, token: str, told: Told) -> Item:
    indicator = definition.indicator
    now = rows[rows["period"] == token]
    whole = [_spot(row, told) for row in now[now["area_kind"] == "territory"].itertuples(index=False)]
    series = _series(rows, token, definition, told)
    nature = nature_of(indicator.kind, indicator.source, indicator.since)
    centre, shifted, unjudged = judged(series, shape_of(definition), nature)
    areas, by_rate = _areas(now, definition, token, told)
    version = str(now["code_version"].iloc[0])
    return Item(
        indicator=indicator.id,
        clause=str(indicator.clause),
        title=indicator.title,
        unit=str(indicator.unit),
        direction=indicator.direction,
        formula=definition.formula,
        code_version=version,
        whole=whole[0] if whole else None,
        areas=areas,
        series=series,
        centre=centre,
        moved=shifted,
        unjudged=unjudged,
        by_rate=by_rate,
        formula_words=formula_words(definition),
        by_silence=indicator.met_by_not_recording,
        linked=indicator.linked,
    )


def _areas(
    now: pd.DataFrame, definition: Definition, token: str, told: Told
) -> tuple[tuple[Spot, ...], bool]:
    """The areas in the order of their places, and whether those are by the rate of their residents."""
    kinds = set(now["area_kind"])
    kind = next((one for one in PREFERRED if one in kinds), None)
    if kind is None:
        return (), False
    spots = [_spot(row, told) for row in now[now["area_kind"] == kind].itertuples(index=False)]
    residents = [told.residents.get(spot.area) for spot in spots]
    label = f"{definition.indicator.id}|{token}"
    shape = shape_of(definition)
    ordered = _ordered(spots, placed(spots, shape, residents, label=label))
    by_rate = ranked_by_rate(spots, shape, residents) and any(spot.places is not None for spot in ordered)
    return ordered, by_rate


def _ordered(spots: Sequence[Spot], league: Sequence[LeagueRow]) -> tuple[Spot, ...]:
    by_area = {spot.area: spot for spot in spots}
    first = [
        replace(by_area.pop(row.area), places=(row.low, row.high), standing=row.standing) for row in league
    ]
    # What is not ranked stands in the order of its codes: an order by figures would be a ranking too.
    rest = sorted(by_area.values(), key=lambda spot: spot.area)
    return (*first, *rest)


def shape_of(definition: Definition) -> Shape:
    """How figures of an indicator may be compared."""
    indicator = definition.indicator
    if indicator.kind == "survey":
        return "share" if str(indicator.unit) == "%" else "amount"
    if definition.numerator.kind != "truth" or indicator.kind == "percentile":
        return "amount"
    if indicator.kind == "ratio":
        counted = definition.denominator is not None and definition.denominator.kind == "truth"
        return "share" if counted and str(indicator.unit) == "%" else "amount"
    return "rate" if indicator.kind == "rate" else "count"


def _series(rows: pd.DataFrame, token: str, definition: Definition, told: Told) -> tuple[Moment, ...]:
    whole = rows[(rows["area_kind"] == "territory") & (rows["period"] <= token)]
    length = period(token).length
    alike = whole[whole["period"].map(lambda one: period(one).length == length)]
    alike = alike.sort_values("period").tail(LONGEST_SERIES)
    return tuple(
        Moment(
            token=row.period,
            value=_known(row.value),
            low=_known(row.low),
            high=_known(row.high),
            numerator=_known(row.numerator),
            origin=_origin(definition.indicator.id, row.period, told),
        )
        for row in alike.itertuples(index=False)
    )


def _origin(indicator: str, token: str, told: Told) -> Origin | None:
    own = period(token)
    months = [f"{n // 12}-{n % 12 + 1:02}" for n in range(own.first, own.last + 1)]
    found = {told.origins[indicator, month] for month in months if (indicator, month) in told.origins}
    return None if not found else "both" if len(found) > 1 else found.pop()


def _spot(row: Any, told: Told) -> Spot:
    area = str(row.area)
    return Spot(
        area=area,
        name=told.name(area),
        value=_known(row.value),
        low=_known(row.low),
        high=_known(row.high),
        numerator=_known(row.numerator),
        denominator=_known(row.denominator),
        records=int(row.records),
        evidence=str(row.evidence),
        residents=told.residents.get(area),
    )


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
