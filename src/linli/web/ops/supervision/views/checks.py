"""Pages of checks: the list, one check with its sheet, calling it off, the list as a file."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.border.moments import day_of
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.presenting import rows
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.supervision.actions.base import say
from linli.web.ops.supervision.actions.checking import CancelCheck, RecordCheck
from linli.web.ops.supervision.forms import CancelForm, SheetForm
from linli.web.ops.supervision.models import Check, Round
from linli.web.ops.supervision.presenting import TONES
from linli.web.ops.supervision.reach import KIND, supervises
from linli.web.ops.supervision.selectors import PAGE, check_for, checks
from linli.web.ops.supervision.sheets import sheets
from linli.web.ops.supervision.views.sending import fresh, must_look, sent, station_names

__all__ = ["cancel", "check", "check_list", "export", "record"]


def _found(request: HttpRequest) -> QuerySet[Check]:
    found, asked = checks(actor(request)), request.GET
    if asked.get("kind") in Round.Kind.values:
        found = found.filter(round__kind=asked["kind"])
    if asked.get("status") in Check.Status.values:
        found = found.filter(status=asked["status"])
    if asked.get("station"):
        found = found.filter(station_code=asked["station"])
    return found.annotate(found=Count("findings")).order_by("-due_on", "-pk")


@require_GET
@login_required
def check_list(request: HttpRequest) -> HttpResponse:
    """The checks that the actor may see, the latest first."""
    must_look(request)
    who, query = actor(request), request.GET.copy()
    query.pop("after", None)
    page = list(_after(_found(request), request.GET.get("after", ""))[: PAGE + 1])
    names = station_names()
    context = {
        "lines": [
            (one, names.get(one.station_code, one.station_code), TONES[one.status]) for one in page[:PAGE]
        ],
        "next_url": f"?{query.urlencode()}&after={_cursor(page[PAGE - 1])}" if len(page) > PAGE else "",
        "query": query.urlencode(),
        "kinds": _choices("kind", Round.Kind.values, query.get("kind")),
        "statuses": _choices("status", Check.Status.values, query.get("status")) if supervises(who) else [],
        "stations": [(code, name, code == query.get("station")) for code, name in names.items()],
        "supervises": supervises(who),
        "may_export": may_anywhere(who, "export", KIND),
    }
    return render(request, "supervision/checks.html", context)


def _cursor(last: Check) -> str:
    return f"{last.due_on.isoformat()}_{last.pk}"


def _after(found: QuerySet[Check], cursor: str) -> QuerySet[Check]:
    """What comes after a line of the list; everything for a cursor that is none."""
    day, _, pk = cursor.partition("_")
    start, key = day_of(day), whole_of(pk)
    if start is None or key is None:
        return found
    return found.filter(Q(due_on__lt=start) | Q(due_on=start, pk__lt=key), due_on__lte=start)


def _choices(name: str, values: list[str], chosen: str | None) -> list[tuple[str, str, bool]]:
    return [(one, said(phrase(f"supervision:{name}.{one}")), one == chosen) for one in values]


_COLUMNS: Final = (
    "due_on", "kind", "round", "target", "station", "status", "done_at", "findings", "asked", "know_officer",
    "see_patrols", "remark",
)  # fmt: skip


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered list as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=request.GET.urlencode()))
    header = [said(phrase(f"supervision:label.{name}")) for name in _COLUMNS]
    title, name = said(phrase("supervision:checks")), f"checks-{file_stamp(now(request))}"
    return download(form, name, title, header, _lines(_found(request)))


def _lines(found: QuerySet[Check]) -> Iterator[list[Cell]]:
    names = station_names()
    for one in found.iterator(chunk_size=500):
        done = None if one.done_at is None else timezone.localtime(one.done_at).replace(tzinfo=None)
        yield [
            one.due_on,
            said(phrase(f"supervision:kind.{one.round.kind}")),
            one.round.title,
            one.target_name,
            names.get(one.station_code, one.station_code),
            said(phrase(f"supervision:status.{one.status}")),
            done,
            one.found,  # type: ignore[attr-defined]
            one.asked,
            one.know_officer,
            one.see_patrols,
            one.remark,
        ]


@require_GET
@login_required
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: where, its sheet, what came of it."""
    return _page(request, check_for(actor(request), pk), {})


def _page(
    request: HttpRequest, found: Check, bound: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    sheet = sheets()[found.round.kind]
    to_make = supervises(actor(request)) and found.status == Check.Status.PLANNED
    findings = [one.case for one in found.findings.select_related("case__organisation", "case__assignee")]
    context: dict[str, Any] = {
        "check": found,
        "tone": TONES[found.status],
        "station": station_names().get(found.station_code, found.station_code),
        "asks": sheet.asks,
        "lines": [(said(line.name), line.clause, found.answers.get(line.id, "")) for line in sheet.lines],
        "supervises": supervises(actor(request)),
        "sheet_form": (bound.get("sheet") or SheetForm(sheet, initial=fresh())) if to_make else None,
        "cancel_form": (bound.get("cancel") or CancelForm(initial=fresh())) if to_make else None,
        "cases": rows(findings, now(request)),
    }
    return render(request, "supervision/check.html", context, status=status)


@require_POST
@login_required
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet is filled in."""
    found = check_for(actor(request), pk)
    form = SheetForm(sheets()[found.round.kind], request.POST)
    answer = sent(
        request,
        form,
        lambda: RecordCheck(check_id=pk, **form.values()),
        "recorded",
        lambda _: redirect("supervision_check", pk=pk),
    )
    return answer or _page(request, found, {"sheet": form}, 422)


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It is called off."""
    found, form = check_for(actor(request), pk), CancelForm(request.POST)
    answer = sent(
        request,
        form,
        lambda: CancelCheck(check_id=pk, remark=form.given()["remark"]),
        "cancelled",
        lambda _: redirect("supervision_check", pk=pk),
    )
    return answer or _page(request, found, {"cancel": form}, 422)
