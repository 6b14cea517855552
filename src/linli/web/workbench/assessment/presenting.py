"""Figures as people read them: rounded, with their unit and interval, under the name of their clause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.urls import reverse
from django.utils.http import urlencode

from linli.report.wording import unit_words
from linli.web.foundation.screens.wording import phrase, said
from linli.web.workbench.assessment.evidence import Point
from linli.web.workbench.assessment.models import Area, Consequence, Figure, Version
from linli.web.workbench.assessment.naming import area_name
from linli.web.workbench.assessment.telling import text_of

__all__ = [
    "TONES",
    "VERSION_TONES",
    "ClauseGroup",
    "FigureRow",
    "Shown",
    "clause_text",
    "consequence_row",
    "figure_url",
    "grouped",
    "interval",
    "number",
    "row_of",
    "unit",
]

TONES: Mapping[str, str] = {
    "drafted": "neutral",
    "proposed": "warning",
    "objected": "progress",
    "upheld": "good",
    "confirmed": "danger",
    "dropped": "neutral",
    "lapsed": "neutral",
}
VERSION_TONES: Mapping[str, str] = {
    "waiting": "progress",
    "failed": "danger",
    "computed": "info",
    "approved": "progress",
    "locked": "good",
}


Shown: TypeAlias = Figure | Point
"""A figure, from the database or from a version's files."""


@dataclass(frozen=True)
class FigureRow:
    """One line of a scorecard."""

    indicator: str
    title: str
    value: str
    unit: str
    interval: str
    records: int
    token: str
    url: str
    marks: tuple[str, ...]
    known: bool
    area: str = ""
    area_url: str = ""


@dataclass(frozen=True)
class ClauseGroup:
    """A clause and its figures."""

    clause: str
    title: str
    asks: str
    rows: tuple[FigureRow, ...]


def number(value: float | None, unit_: str = "") -> str:
    """A number for people; a dash where it is not known."""
    if value is None:
        return "—"
    if unit_ == "%":
        return f"{value:.1f}"
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.1f}"


def unit(told: Mapping[str, Any]) -> str:
    """The unit in the language of the request."""
    return "%" if told["unit"] == "%" else said(unit_words(told["unit"]))


def interval(shown: Shown, unit_: str) -> str:
    """The 95 % interval; a dash where none is defined."""
    if shown.low is None or shown.high is None:
        return "—"
    return f"{number(shown.low, unit_)} – {number(shown.high, unit_)}"


def figure_url(version: Version, indicator: str, area: str, token: str, name: str = "figure") -> str:
    """The address at which a figure is explained."""
    query = urlencode({"indicator": indicator, "area": area, "period": token})
    return f"{reverse(f'assessment_{name}', args=[version.pk])}?{query}"


def row_of(version: Version, shown: Shown) -> FigureRow:
    """One figure as a line."""
    told = version.told["indicators"][shown.indicator]
    marks = []
    if told["met_by_not_recording"]:
        marks.append(said(phrase("assessment:mark.silence")))
    if told["linked"]:
        titles = version.told["indicators"]
        names = "、".join(said(text_of(titles[one]["title"])) for one in told["linked"] if one in titles)
        marks.append(said(phrase("assessment:mark.linked", linked=names)))
    if told["level"] == "enforcement":
        marks.append(said(phrase("assessment:mark.enforcement")))
    return FigureRow(
        indicator=shown.indicator,
        title=said(text_of(told["title"])),
        value=number(shown.value, told["unit"]),
        unit=unit(told),
        interval=interval(shown, told["unit"]),
        records=shown.records,
        token=shown.token,
        url=figure_url(version, shown.indicator, shown.area, shown.token),
        marks=tuple(marks),
        known=shown.value is not None,
    )


def clause_text(version: Version, clause: str) -> tuple[str, str]:
    """Title and wording of a clause as the version keeps them."""
    told = version.told.get("clauses", {}).get(clause)
    if told is None:
        return clause, ""
    return said(text_of(told["title"])), said(text_of(told["asks"]))


def grouped(version: Version, figures: Iterable[Shown]) -> list[ClauseGroup]:
    """Figures under their clauses, in the pack's order."""
    found: dict[str, list[FigureRow]] = {}
    order = list(version.told.get("indicators", {}))
    for shown in sorted(figures, key=lambda one: (order.index(one.indicator), one.token)):
        clause = version.told["indicators"][shown.indicator]["clause"]
        found.setdefault(clause, []).append(row_of(version, shown))
    return [ClauseGroup(clause, *clause_text(version, clause), tuple(rows)) for clause, rows in found.items()]


def consequence_row(one: Consequence, names: Mapping[tuple[str, str], Area | None]) -> dict[str, Any]:
    """One line of the list of consequences."""
    return {
        "one": one,
        "title": said(text_of(one.told.get("title"))),
        "area": area_name(names.get((one.area_kind, one.area))),
        "reason": said(text_of(one.told.get("reason"))),
        "tone": TONES[one.status],
    }
