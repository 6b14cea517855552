"""Pages of the auditor: search the log, see who read a record, review emergency accesses."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.errors import LinliError
from linli.kernel.spelling import case_number
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.actions.sending import form_sending
from linli.web.foundation.audit import selectors
from linli.web.foundation.audit.actions import ReviewEmergency
from linli.web.foundation.audit.forms import LogFilter
from linli.web.foundation.audit.presenting import Line, line, lines, station_names
from linli.web.foundation.audit.selectors import After, Wanted
from linli.web.foundation.audit.verifying import heads
from linli.web.foundation.audit.witness import breaks, read_witness
from linli.web.foundation.border.moments import day_of, midnight
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.types.versions import spec_or_none
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import said

__all__ = ["case_record", "emergencies", "log", "log_file", "log_heads", "review"]

say = selectors.say


def _allowed(request: HttpRequest) -> None:
    if not may_anywhere(actor(request), "view", "audit"):
        raise Forbidden(say("forbidden"))


def _wanted(query: QueryDict) -> Wanted:
    def text(name: str) -> str:
        return query.get(name, "").strip()[:64]

    return Wanted(
        person=text("person"),
        number=case_number(text("number")),
        action=text("action"),
        station=text("station"),
        since=midnight(day_of(text("since"))),
        until=midnight(day_of(text("until")), days=1),
    )


@require_GET
@login_required
def log(request: HttpRequest) -> HttpResponse:
    """One page of the log."""
    _allowed(request)
    page = selectors.entries_page(
        actor(request), _wanted(request.GET), after=After.parse(request.GET.get("after", ""))
    )
    query = request.GET.copy()
    query.pop("after", None)
    here = query.urlencode()
    if page.next is not None:
        query["after"] = str(page.next)
    context = {
        "form": LogFilter(request.GET),
        "lines": lines(page.entries),
        "next_url": f"?{query.urlencode()}" if page.next is not None else "",
        "query": here,
        "may_export": may_anywhere(actor(request), "export", "audit"),
        "waiting": len(selectors.emergencies(actor(request), reviewed=False)),
    }
    return render(request, "audit/log.html", context)


@require_GET
@login_required
def log_heads(request: HttpRequest) -> HttpResponse:
    """Where the log stands, to be copied and kept elsewhere, and whether it is as the witnesses say."""
    _allowed(request)
    known = read_witness()
    context = {
        "heads": heads(),
        "at": now(request),
        "written_at": known.at,
        "broken": any(breaks(known)),
        "lost": known.lost,
    }
    return render(request, "audit/heads.html", context)


@require_GET
@login_required
def log_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The whole filtered log, as CSV or a workbook; that it was taken out is logged too."""
    _allowed(request)
    if form not in FORMS:
        raise Missing(say("no_form"))
    wanted, who, at = _wanted(request.GET), actor(request), now(request)
    perform(LogExport(what="audit", filters=request.GET.urlencode()), who, at)
    names = ("at", "person", "via", "address", "action", "subject", "station", "detail")
    header = [said(say(f"column.{name}")) for name in names]
    return download(
        form, f"audit-{file_stamp(at, minutes=True)}", said(say("log.title")), header, _rows(request, wanted)
    )


def _rows(request: HttpRequest, wanted: Wanted) -> Iterator[list[str]]:
    stations = station_names()
    for entry in selectors.all_entries(actor(request), wanted):
        yield _row(line(entry, stations))


def _row(one: Line) -> list[str]:
    at = timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M:%S")
    return [at, one.who, one.via, one.address, one.action, one.subject, one.station, one.detail]


@require_GET
@login_required
def case_record(request: HttpRequest, number: str) -> HttpResponse:
    """Who read a case, and everything else that the log says of it."""
    _allowed(request)
    case, found = selectors.case_of_record(actor(request), number)
    exports = [] if case is None else selectors.perhaps_in_exports(actor(request), case)
    spec = None if case is None else spec_or_none(case)
    context: dict[str, Any] = {
        "number": number,
        "case": case,
        "kind": said(spec.name) if spec is not None else "",
        "reads": lines(selectors.entries_of_case(found, reads_only=True)),
        "exports": lines(exports),
        "all": lines(selectors.entries_of_case(found, reads_only=False)),
    }
    return render(request, "audit/case.html", context)


@require_GET
@login_required
def emergencies(request: HttpRequest) -> HttpResponse:
    """Times the glass was broken: those that wait for a verdict, and those that have one."""
    _allowed(request)
    return _emergencies(request)


def _emergencies(request: HttpRequest, *, failed: int = 0, error: str = "", typed: str = "") -> HttpResponse:
    who = actor(request)
    context = {
        "waiting": selectors.emergencies(who, reviewed=False),
        "reviewed": selectors.emergencies(who, reviewed=True, most=50),
        "may_review": may_anywhere(who, "approve", "audit"),
        "failed": failed,
        "error": error,
        "typed": typed,
    }
    return render(request, "audit/emergencies.html", context, status=422 if error else 200)


@require_POST
@login_required
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a verdict."""
    _allowed(request)
    verdict = request.POST.get("verdict", "")
    action = ReviewEmergency(emergency_id=pk, justified=request.POST.get("justified") == "1", verdict=verdict)
    try:
        perform(action, actor(request), now(request), key=form_sending(request))
    except Forbidden:
        raise
    except LinliError as refusal:
        return _emergencies(request, failed=pk, error=said(refusal.text), typed=verdict)
    messages.success(request, said(say("review.done")))
    return redirect("audit_emergencies")
