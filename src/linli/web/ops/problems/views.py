"""Pages of problem places: the list, one file a place, its plan, the counts around it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from linli.io.sheets import Cell
from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.border.moments import day_of
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import history, row, rows, shown_values
from linli.web.foundation.casework.selectors import Cursor, Filters, case_for, case_page
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.types.versions import spec_of
from linli.web.foundation.casework.views.requests import carry_out, to_case
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.problems.actions.measures import (
    KIND,
    DropMeasure,
    PlanMeasure,
    PostponeMeasure,
    ReportProgress,
    say,
)
from linli.web.ops.problems.models import Measure
from linli.web.ops.problems.presenting import DEFAULT_RADIUS, plan_rows
from linli.web.ops.problems.selectors import RADII, nearby, plans_of

__all__ = ["drop", "export", "file", "near", "place", "plan", "postpone", "problems", "progress"]

STATUSES: Final = ("", "open", "late", "closed")


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    status = asked.get("status", "")
    return Filters(
        kinds=(KIND,),
        states=tuple(filter(None, asked.getlist("state"))),
        categories=tuple(filter(None, asked.getlist("category"))),
        stations=tuple(filter(None, asked.getlist("station"))),
        status=status if status in STATUSES else "",  # type: ignore[arg-type]
    )


@require_GET
@login_required
def problems(request: HttpRequest) -> HttpResponse:
    """The problem places that the actor may see, each with how far its plan is."""
    who, at = actor(request), now(request)
    _may_see(who)
    page = case_page(who, _filters(request), at=at, after=Cursor.parse(request.GET.get("after", "")))
    plans = plans_of(page.cases, at)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "lines": [
            (line, plans.get(case.pk)) for case, line in zip(page.cases, rows(page.cases, at), strict=True)
        ],
        "next_url": "" if page.next is None else f"?{_with(query.urlencode(), str(page.next))}",
        "query": query.urlencode(),
        "choices": _choices(request),
        "may_open": may_anywhere(who, "open", KIND),
        "may_export": may_anywhere(who, "export", KIND),
    }
    return render(request, "problems/list.html", context)


def _may_see(who: Actor) -> None:
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("may_not_see"))


def _with(query: str, cursor: str) -> str:
    return "&".join(filter(None, (query, f"after={cursor}")))


def _choices(request: HttpRequest) -> dict[str, Any]:
    spec, asked, places = case_type(KIND), request.GET, current_map()
    return {
        "states": [(s.id, said(s.name), s.id in asked.getlist("state")) for s in spec.states],
        "categories": [(c.id, said(c.name), c.id in asked.getlist("category")) for c in spec.categories],
        "statuses": [
            (s, said(phrase(f"problems:status.{s or 'any'}")), s == asked.get("status", "")) for s in STATUSES
        ],
        "stations": [
            (code, one.name, code in asked.getlist("station"))
            for code, one in (places.stations if places else {}).items()
        ],
        "active": any(asked.get(key) for key in ("state", "category", "status", "station")),
    }


_COLUMNS: Final = (
    "number", "title", "category", "state", "place", "opened",
    "measure", "owner", "due", "percent", "measure_state",
)  # fmt: skip


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered list, one line a measure, as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=request.GET.urlencode()))
    header = [said(phrase(f"problems:column.{name}")) for name in _COLUMNS]
    lines = _lines(actor(request), _filters(request), now(request))
    return download(
        form, f"problem-places-{file_stamp(now(request))}", said(phrase("problems:nav")), header, lines
    )


def _lines(who: Actor, filters: Filters, at: dt.datetime) -> Iterator[list[Cell]]:
    cursor: Cursor | None = None
    while True:
        page = case_page(who, filters, at=at, after=cursor, size=200, way="export")
        of_case: dict[int, list[Measure]] = {}
        measures = Measure.objects.filter(case__in=[case.pk for case in page.cases]).select_related(
            "organisation"
        )
        for one in measures:
            of_case.setdefault(one.case_id, []).append(one)
        for case, line in zip(page.cases, rows(page.cases, at), strict=True):
            opened = timezone.localtime(line.opened_at).date()
            start: list[Cell] = [
                line.number, line.title, line.category_label, line.state_label, line.place_label, opened,
            ]  # fmt: skip
            for one in of_case.get(case.pk, ()):
                yield [*start, one.text, one.organisation.name, one.due, one.percent, _word(one, at)]
            if case.pk not in of_case:
                yield [*start, None, None, None, None, None]
        cursor = page.next
        if cursor is None:
            return


def _word(measure: Measure, at: dt.datetime) -> str:
    late = measure.is_open and measure.due < timezone.localtime(at).date()
    key = "dropped" if measure.dropped_at else "done" if measure.done_at else "late" if late else "open"
    return said(phrase(f"problems:measure_state.{key}"))


def _case(request: HttpRequest, number: str) -> Case:
    case = case_for(actor(request), number, at=now(request))
    if case.case_type != KIND:
        raise Missing(say("not_a_problem", number=number))
    return case


def _radius(request: HttpRequest) -> int:
    given = request.GET.get("metres", "")
    metres = whole_of(given)
    return metres if metres in RADII else DEFAULT_RADIUS


@require_GET
@login_required
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The whole file of a place on paper: what was found, the plan, the progress, the history."""
    case, at = _case(request, number), now(request)
    spec = spec_of(case)
    context = {
        "case": case,
        "row": row(case, at),
        "values": shown_values(case, spec),
        "plan": plan_rows(case, actor(request), at),
        "near": nearby(case, actor(request), at, _radius(request)),
        "history": history(case, spec, actor(request), at),
        "result": spec.result_by_id.get(case.result),
    }
    return render(request, "problems/file.html", context)


@require_GET
@login_required
def near(request: HttpRequest, number: str) -> HttpResponse:
    """The counts around the place within as many metres as asked for."""
    case = _case(request, number)
    found = nearby(case, actor(request), now(request), _radius(request))
    return render(request, "problems/_near.html", {"case": case, "near": found, "radii": RADII})


@require_GET
@login_required
def place(request: HttpRequest, number: str) -> JsonResponse:
    """The place itself as GeoJSON."""
    case = _case(request, number)
    if case.longitude is None:
        return JsonResponse({"type": "FeatureCollection", "features": []})
    line = row(case, now(request))
    told = {"id": line.number, "title": line.title, "text": line.category_label}
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [case.longitude, case.latitude]},
        "properties": {**told, "tone": line.tone, "tone_label": line.state_label},
    }
    return JsonResponse({"type": "FeatureCollection", "features": [feature]})


def _done(request: HttpRequest, case: Case, action: Any, key: str) -> HttpResponse:
    try:
        carry_out(request, action)
    except AlreadyDone:
        messages.info(request, said(phrase("problems:done.before")))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
        for text in getattr(refusal, "fields", {}).values():
            if text != refusal.text:
                messages.error(request, said(text))
    else:
        messages.success(request, said(phrase(f"problems:done.{key}")))
    return to_case(case)


@require_POST
@login_required
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """Add a measure."""
    case, sent = _case(request, number), request.POST
    owner = sent.get("organisation", "")
    action = PlanMeasure(
        case_id=case.pk,
        text=sent.get("text", ""),
        organisation_id=whole_of(owner),
        due=day_of(sent.get("due", "")),
    )
    return _done(request, case, action, "planned")


@require_POST
@login_required
def progress(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Report on a measure."""
    case, percent = _case(request, number), request.POST.get("percent", "")
    action = ReportProgress(
        case_id=case.pk,
        measure_id=pk,
        percent=-1 if (part := whole_of(percent, most=100)) is None else part,
        text=request.POST.get("text", ""),
    )
    return _done(request, case, action, "reported")


@require_POST
@login_required
def postpone(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Give a measure another day."""
    case, sent = _case(request, number), request.POST
    due = day_of(sent.get("due", ""))
    action = PostponeMeasure(case_id=case.pk, measure_id=pk, due=due, reason=sent.get("reason", ""))
    return _done(request, case, action, "postponed")


@require_POST
@login_required
def drop(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Give a measure up."""
    case = _case(request, number)
    action = DropMeasure(case_id=case.pk, measure_id=pk, reason=request.POST.get("reason", ""))
    return _done(request, case, action, "dropped")
