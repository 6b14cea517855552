"""Pages of where things stand: rooms against their hours, dated norms against their day."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import local_day, may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Invalid, Missing, missing
from linli.web.foundation.border.moments import month_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import FORMS, download
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.supervision.actions.base import say
from linli.web.ops.supervision.actions.keeping import PublishProgress, StateHours
from linli.web.ops.supervision.forms import HoursForm
from linli.web.ops.supervision.models import Publication
from linli.web.ops.supervision.presenting import TONES, shown_rows
from linli.web.ops.supervision.reach import KIND, may_state, supervises
from linli.web.ops.supervision.rooms import Room
from linli.web.ops.supervision.selectors import publications, rooms
from linli.web.ops.supervision.standing import kept_rows
from linli.web.ops.supervision.views.sending import fresh, must_look, sent, station_names

__all__ = ["progress", "progress_export", "publication", "publish", "room_page", "rooms_export"]

FEWEST_YEAR: Final = 2000


def _month(request: HttpRequest) -> dt.date:
    """The month asked for; else the one before, of which all hours are known."""
    given = month_of(request.GET.get("month", ""))
    today = local_day(now(request))
    if given is not None and given.year >= FEWEST_YEAR and given <= today:
        return given
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


@require_http_methods(["GET", "POST"])
@login_required
def room_page(request: HttpRequest) -> HttpResponse:
    """The rooms of a month, those that want attention first; a post's statement."""
    must_look(request)
    who, month = actor(request), _month(request)
    found = rooms(who, month)
    posts = [(one.code, one.name) for one in found if may_state(who, one.station, one.beat)]
    form = HoursForm(posts, request.POST or None, initial=fresh(month=f"{month:%Y-%m}")) if posts else None
    answer = None
    if request.method == "POST" and form is not None:
        make = form
        answer = sent(
            request,
            form,
            lambda: StateHours(**make.given()),
            "stated",
            lambda _: redirect("supervision_rooms"),
        )
    names = station_names()
    context: dict[str, Any] = {
        "rooms": [(one, names.get(one.station, one.station), TONES[one.state]) for one in found],
        "month": month,
        "token": f"{month:%Y-%m}",
        "counts": [
            (said(phrase(f"supervision:room.{state}")), sum(one.state == state for one in found))
            for state in ("empty", "short", "unknown", "staffed")
        ],
        "synthetic": any(one.synthetic for one in found),
        "form": form,
        "supervises": supervises(who),
        "may_export": may_anywhere(who, "export", KIND),
    }
    failed = form is not None and bool(form.errors)
    return answer or render(request, "supervision/rooms.html", context, status=422 if failed else 200)


_ROOM_COLUMNS: Final = (
    "post", "station", "month", "room", "planned_hours", "hours", "missing", "source_of", "stated_hours",
    "reason",
)  # fmt: skip


@require_GET
@login_required
def rooms_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The rooms of a month as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=request.GET.urlencode()))
    month = _month(request)
    header = [said(phrase(f"supervision:label.{name}")) for name in _ROOM_COLUMNS]
    found = rooms(actor(request), month)
    synthetic = ".synthetic" if any(one.synthetic for one in found) else ""
    title = said(phrase("supervision:rooms"))
    return download(form, f"rooms-{month:%Y%m}{synthetic}", title, header, _room_lines(found, month))


def _room_lines(found: list[Room], month: dt.date) -> Iterator[list[Cell]]:
    names = station_names()
    for one in found:
        yield [
            one.name,
            names.get(one.station, one.station),
            f"{month:%Y-%m}",
            said(phrase(f"supervision:room.{one.state}")),
            one.planned,
            one.staffed,
            one.missing,
            said(phrase(f"supervision:source_of.{one.source}")),
            None if one.stated is None else one.stated.staffed,
            one.reason,
        ]


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    current = current_map()
    return [] if current is None else kept_rows(current.version, local_day(now(request)))


@require_GET
@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """The dated norms and who is late: the same for every station."""
    must_look(request)
    who = actor(request)
    context = {
        "rows": shown_rows(_rows(request), station_names()),
        "day": local_day(now(request)),
        "publications": list(publications(who)[:12]),
        "supervises": supervises(who),
        "submission": fresh()["submission"],
        "may_export": may_anywhere(who, "export", KIND),
    }
    return render(request, "supervision/progress.html", context)


@require_GET
@login_required
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress as it was made known on a day."""
    found = publications(actor(request)).filter(pk=pk).first()
    if found is None:
        raise missing(say("publication.missing"), hidden=Publication.objects.filter(pk=pk).exists())
    rows = shown_rows(found.rows, station_names())
    context = {"publication": found, "rows": rows, "supervises": supervises(actor(request))}
    return render(request, "supervision/publication.html", context)


@require_POST
@login_required
def publish(request: HttpRequest) -> HttpResponse:
    """It is made known to all stations."""
    try:
        made = carry_out(request, PublishProgress(remark=request.POST.get("remark", "")))
    except AlreadyDone:
        return redirect("supervision_progress")
    except Invalid as refusal:
        for text in refusal.fields.values():
            messages.error(request, said(text))
        return redirect("supervision_progress")
    messages.success(request, said(phrase("supervision:done.published")))
    return redirect("supervision_publication", pk=made.pk)


_NORM_COLUMNS: Final = (
    "clause",
    "norm",
    "asked_for",
    "due_on",
    "progress",
    "met",
    "checked",
    "late_stations",
)


@require_GET
@login_required
def progress_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The dated norms as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters="progress"))
    header = [said(phrase(f"supervision:label.{name}")) for name in _NORM_COLUMNS]
    rows = shown_rows(_rows(request), station_names())
    title, name = said(phrase("supervision:progress")), f"progress-{local_day(now(request)):%Y%m%d}"
    return download(form, name, title, header, _norm_lines(rows))


def _norm_lines(rows: list[dict[str, Any]]) -> Iterator[list[Cell]]:
    comma = said(phrase("supervision:comma"))
    for row in rows:
        yield [
            row["clause"],
            row["title"],
            comma.join(row["asked"]),
            row["due"],
            said(phrase(f"supervision:progress.{row['progress']}")),
            row["met"],
            row["checked"],
            comma.join(row["late"]),
        ]
