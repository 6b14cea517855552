"""The month's numbers of each post (E4): shown, added to, taken out as a list."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import Subject, may, may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.downloads import FORMS, download
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.meetings.actions import CountDeeds, say
from linli.web.ops.meetings.forms import DeedsForm
from linli.web.ops.meetings.reach import KIND
from linli.web.ops.meetings.selectors import MEASURES, MonthRow, counts, totals

__all__ = ["export", "year"]


def _posts(who: Actor) -> list[Organisation]:
    if not may_anywhere(who, "edit", KIND):
        return []
    found = Organisation.objects.filter(kind=Organisation.Kind.POST, active=True).order_by("code")
    return [
        one
        for one in found
        if may(who, "edit", Subject(kind=KIND, station=one.station_code, beat=str(one.codes[0])))
    ]


def _year(request: HttpRequest) -> int:
    given, current = request.GET.get("year", ""), timezone.localtime(now(request)).year
    return whole_of(given, least=2000, most=current) or current


@require_http_methods(["GET", "POST"])
@login_required
def year(request: HttpRequest) -> HttpResponse:
    """The numbers of a year, and the form for those that nothing else tells."""
    who = actor(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("may_not_see"))
    posts, local = _posts(who), timezone.localtime(now(request))
    start = {"submission": uuid.uuid4().hex, "month": f"{local:%Y-%m}"}
    form = DeedsForm(posts, request.POST or None, initial=start) if posts else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            carry_out(request, CountDeeds(**form.values()))
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone:
            return redirect("meeting_counts")
        else:
            messages.success(request, said(phrase("meetings:done.counted")))
            return redirect("meeting_counts")
    rows = counts(who, _year(request))
    context: dict[str, Any] = {
        "rows": [(row.month, row.post, list(zip(_labels(), row.cells(), strict=True))) for row in rows],
        "labels": _labels(),
        "totals": list(zip(_labels(), totals(rows), strict=True)),
        "year": _year(request),
        "years": range(local.year, local.year - 5, -1),
        "form": form,
        "may_export": may_anywhere(who, "export", KIND),
    }
    failed = form is not None and bool(form.errors)
    return render(request, "meetings/counts.html", context, status=422 if failed else 200)


def _labels() -> list[str]:
    return [said(phrase(f"meetings:measure.{name}")) for name in MEASURES]


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The numbers of a year as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=request.GET.urlencode()))
    header = [said(phrase("meetings:label.month")), said(phrase("meetings:label.post")), *_labels()]
    title, name = said(phrase("meetings:counts")), f"activity-{_year(request)}"
    return download(form, name, title, header, _lines(counts(actor(request), _year(request))))


def _lines(rows: list[MonthRow]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [f"{row.month:%Y-%m}", row.post, *row.cells()]
