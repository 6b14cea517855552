"""Pages of figures: a place's scorecard, one figure explained, the records behind it, all of it as a file."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from linli.assessment.indicators import period
from linli.assessment.scoring.chart_choice import NoChart
from linli.io.sheets import Cell
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.refusals import Missing, missing
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.selectors import visible
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.downloads import FORMS, download
from linli.web.foundation.screens.wording import phrase, said
from linli.web.workbench.assessment import evidence
from linli.web.workbench.assessment.actions.reading import ReadRecords
from linli.web.workbench.assessment.charts import run_data
from linli.web.workbench.assessment.comparing import RunChart, charted
from linli.web.workbench.assessment.models import Area, Version
from linli.web.workbench.assessment.naming import area_name
from linli.web.workbench.assessment.presenting import (
    clause_text,
    figure_url,
    grouped,
    interval,
    number,
    row_of,
    unit,
)
from linli.web.workbench.assessment.reach import KIND, may_place
from linli.web.workbench.assessment.selectors import area_for, areas_for, figures, version_for
from linli.web.workbench.assessment.telling import text_of

__all__ = ["export", "figure", "place", "records"]

say = catalogue("linli.web.workbench.assessment")

MOST_RECORDS: Final = 500
BELOW: Final = {"territory": ("station", "beat", "post"), "station": ("beat", "post"), "beat": ("post",)}


def _area(request: HttpRequest, version: Version) -> Area:
    found = area_for(actor(request), version, request.GET.get("area", ""))
    if found is None:
        there = version.areas.filter(code=request.GET.get("area", "")).exists()
        raise missing(say("missing.figure"), hidden=there)
    return found


def _above(request: HttpRequest, version: Version, area: Area) -> list[Area]:
    """The areas that an area lies in, the widest first, as far as the actor may see them."""
    known = {(one.kind, one.code): one for one in areas_for(actor(request), version)}
    whole = [one for one in known.values() if one.kind == "territory" and area.kind != "territory"]
    found = [*whole]
    if area.kind in ("beat", "post") and ("station", area.station_code) in known:
        found.append(known["station", area.station_code])
    if area.kind == "post" and ("beat", area.beat_code) in known:
        found.append(known["beat", area.beat_code])
    return found


def _crumbs(request: HttpRequest, version: Version, area: Area) -> list[dict[str, str]]:
    here = reverse("assessment_version", args=[version.pk])
    crumbs = [{"label": version.period.month, "url": here}]
    places = (*_above(request, version, area), area)
    return crumbs + [{"label": area_name(one), "url": _place_url(version, one)} for one in places]


def _place_url(version: Version, area: Area) -> str:
    return f"{reverse('assessment_place', args=[version.pk])}?area={area.code}"


@require_GET
@login_required
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """The scorecard of one place, and the places below it."""
    version = version_for(actor(request), pk)
    area = _area(request, version)
    shown = figures(actor(request), version).filter(area_kind=area.kind, area=area.code)
    below = [
        (one, area_name(one), _place_url(version, one))
        for one in areas_for(actor(request), version)
        if one.parent == area.code and one.kind in BELOW.get(area.kind, ())
    ]
    context = {
        "version": version,
        "area": area,
        "name": area_name(area),
        "crumbs": _crumbs(request, version, area),
        "groups": grouped(version, shown),
        "below": below,
    }
    return render(request, "assessment/place.html", context)


def _figure(request: HttpRequest, pk: int) -> tuple[Version, Area, evidence.Point, dict[str, Any]]:
    version = version_for(actor(request), pk)
    area = _area(request, version)
    name, token = request.GET.get("indicator", ""), request.GET.get("period", "")
    told = version.told.get("indicators", {}).get(name)
    point = None if told is None else evidence.figure(version, name, area.code, token)
    if told is None or point is None:
        raise Missing(say("missing.figure"))
    return version, area, point, told


@require_GET
@login_required
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """One figure opened: clause, formula, what was divided, the places below, the months before."""
    version, area, point, told = _figure(request, pk)
    series = evidence.history(version, point.indicator, point.area_kind, point.area)
    length = period(point.token).length
    series = [one for one in series if period(one.token).length == length and one.token <= point.token]
    origins = evidence.origins(version, told, series)
    found = charted(told, series, origins)
    run = None if isinstance(found, NoChart) else found
    title, asks = clause_text(version, told["clause"])
    context = {
        "version": version,
        "area": area,
        "name": area_name(area),
        "crumbs": _crumbs(request, version, area),
        "row": row_of(version, point),
        "told": told,
        "point": point,
        "unit": unit(told),
        "direction": said(phrase(f"assessment:direction.{told['direction']}")),
        "missing": said(phrase(f"assessment:missing_as.{told['missing']}")),
        "note": said(text_of(told["note"])),
        "formula": said(text_of(told.get("formula"))) or point.formula,
        "clause_title": title,
        "clause_asks": asks,
        "numerator": number(point.numerator),
        "denominator": number(point.denominator),
        "parts": _parts(request, version, area, point),
        "series": [(one, number(one.value, told["unit"]), interval(one, told["unit"])) for one in series],
        "run": run,
        "no_chart": said(phrase(f"assessment:run.why.{found.why}")) if isinstance(found, NoChart) else "",
        "imported": [one.token for one, origin in zip(series, origins, strict=True) if origin == "import"]
        if set(origins) > {"import"}
        else [],
        "chart": None if run is None else run_data(run, _run_unit(run, told)),
        "run_kind": "" if run is None else said(phrase(f"assessment:run.kind.{run.kind}")),
        "limits": [] if run is None else _limits(run),
        "records_url": may_place(actor(request), "view", area)
        and figure_url(version, point.indicator, point.area, point.token, "records"),
        "compare_url": f"{reverse('assessment_compare', args=[version.pk])}"
        f"?indicator={point.indicator}&kind={point.area_kind}&period={point.token}",
        "may_compare": area.kind in ("station", "beat"),
    }
    return render(request, "assessment/figure.html", context)


def _run_unit(run: RunChart, told: dict[str, Any]) -> str:
    """The unit of what is drawn: of rare events the months between them."""
    return said(phrase("assessment:run.unit.g")) if run.kind == "g" else unit(told)


def _limits(run: Any) -> list[tuple[str, str, str, str, str, bool]]:
    chart = run.chart
    columns = (chart.values, chart.centre, chart.low, chart.high)
    return [
        (token, *(f"{float(column[i]):.2f}" for column in columns), token in run.outside)
        for i, token in enumerate(run.tokens)
    ]


def _parts(request: HttpRequest, version: Version, area: Area, point: evidence.Point) -> list[Any]:
    """The same figure of the nearest places below that have one, each with its own explanation."""
    known = [one for one in areas_for(actor(request), version) if _lies_in(one, area)]
    for kind in BELOW.get(area.kind, ()):
        wanted = {(one.kind, one.code): one for one in known if one.kind == kind}
        found = evidence.children(version, point.indicator, tuple(wanted), point.token)
        if found:
            return [(area_name(wanted[one.area_kind, one.area]), row_of(version, one)) for one in found]
    return []


def _lies_in(one: Area, area: Area) -> bool:
    if area.kind == "territory":
        return one.kind != "territory"
    column = "station_code" if area.kind == "station" else "beat_code"
    return getattr(one, column) == area.code and one.kind in BELOW.get(area.kind, ())


@require_GET
@login_required
def records(request: HttpRequest, pk: int) -> HttpResponse:
    """The records that a figure counts; whoever may see a case can open it. The reading is logged."""
    version, area, point, told = _figure(request, pk)
    carry_out(
        request,
        ReadRecords(version_id=pk, indicator=point.indicator, area=point.area, token=point.token),
    )
    after = request.GET.get("after", "")[:200]
    found = evidence.records(version, told, point, most=MOST_RECORDS, after=after)
    open_ = _cases(request, found.rows)
    rows = [
        (one, open_.get(one.id, ""), number(one.numerator), number(one.denominator)) for one in found.rows
    ]
    context = {
        "version": version,
        "area": area,
        "name": area_name(area),
        "crumbs": [
            *_crumbs(request, version, area),
            {"label": said(text_of(told["title"])), "url": row_of(version, point).url},
        ],
        "row": row_of(version, point),
        "rows": rows,
        "count": found.count,
        "shown": len(found.rows),
        "sums": _sums(told, found),
        "next_url": _following(version, point, found),
    }
    return render(request, "assessment/records.html", context)


def _following(version: Version, point: evidence.Point, found: evidence.Found) -> str:
    """Where the list goes on."""
    if len(found.rows) < MOST_RECORDS:
        return ""
    here = figure_url(version, point.indicator, point.area, point.token, "records")
    return f"{here}&{urlencode({'after': found.rows[-1].id})}"


def _sums(told: dict[str, Any], found: evidence.Found) -> tuple[str, str] | None:
    """What the records add up to, where all of them are shown."""
    if found.count > len(found.rows) or told["kind"] == "percentile":
        return None
    above = sum(one.numerator or 0.0 for one in found.rows)
    below = sum(one.denominator or 0.0 for one in found.rows)
    return number(above), number(below) if told["denominator"] or told["kind"] == "survey" else "—"


def _cases(request: HttpRequest, rows: Sequence[evidence.Record]) -> dict[str, str]:
    """Addresses of the cases among the records that lie in the actor's own territory."""
    numbers = {parts[1] for one in rows if len(parts := one.id.split(":")) >= 2 and parts[0] in CASES}
    if not numbers:
        return {}
    seen = set(visible(actor(request)).filter(number__in=numbers).values_list("number", flat=True))
    found = {}
    for one in rows:
        kind, _, rest = one.id.partition(":")
        own = rest.partition(":")[0]
        if kind in CASES and own in seen:
            found[one.id] = reverse("case", args=[own])
    return found


CASES: Final = ("case", "dispute", "inspection", "transition", "step")
"""Kinds of records whose ids go on with the number of a case."""

HEADER: Final = (
    "indicator", "title", "clause", "area_kind", "area", "name", "period", "value", "unit", "low", "high",
    "numerator", "denominator", "records", "formula", "code_version",
)  # fmt: skip


@require_GET
@login_required
def export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """All figures that the actor may see, as a workbook or as CSV; logged."""
    version = version_for(actor(request), pk)
    if form not in FORMS:
        raise Missing(say("missing.version"))
    carry_out(request, LogExport(what=KIND, filters=f"version={pk}"))
    header = [said(phrase(f"assessment:column.{name}")) for name in HEADER]
    title = said(phrase("assessment:nav"))
    file = f"assessment-{version.period.month}-v{version.number}"
    return download(form, file, title, header, _lines(request, version))


def _lines(request: HttpRequest, version: Version) -> Iterator[list[Cell]]:
    names = {(one.kind, one.code): area_name(one) for one in areas_for(actor(request), version)}
    for one in figures(actor(request), version).iterator(chunk_size=2000):
        told = version.told["indicators"][one.indicator]
        yield [
            one.indicator,
            said(text_of(told["title"])),
            one.clause,
            said(phrase(f"assessment:area.{one.area_kind}")),
            one.area,
            names.get((one.area_kind, one.area), ""),
            one.token,
            one.value,
            unit(told),
            one.low,
            one.high,
            one.numerator,
            one.denominator,
            one.records,
            one.formula,
            one.code_version,
        ]
