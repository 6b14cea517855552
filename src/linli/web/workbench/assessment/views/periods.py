"""Pages of periods and versions: opening, computing, approving, locking, proposing."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import Action, AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.workbench.assessment.actions.consequences import Propose
from linli.web.workbench.assessment.actions.periods import (
    NOTHING,
    STALE,
    ApproveStation,
    LockVersion,
    OpenPeriod,
    OrderVersion,
    approves,
)
from linli.web.workbench.assessment.forms import OpenForm, OrderForm
from linli.web.workbench.assessment.models import Area, Consequence, Period, Version
from linli.web.workbench.assessment.naming import area_name
from linli.web.workbench.assessment.presenting import VERSION_TONES, grouped
from linli.web.workbench.assessment.reach import KIND, is_county
from linli.web.workbench.assessment.selectors import areas_for, consequences, figures, periods, version_for
from linli.web.workbench.assessment.telling import text_of

__all__ = ["approve", "compute", "lock", "open_period", "period_list", "propose", "version"]

say = catalogue("linli.web.workbench.assessment")


@require_GET
@login_required
def period_list(request: HttpRequest) -> HttpResponse:
    """Every period with its versions."""
    if not may_anywhere(actor(request), "view", KIND):
        raise Forbidden(say("forbidden.view"))
    rows = [
        {
            "period": one,
            "versions": [{"version": v, "tone": VERSION_TONES[v.status]} for v in one.versions.all()],
        }
        for one in periods(actor(request))
    ]
    context = {"rows": rows, "may_edit": is_county(actor(request), "edit"), "order_key": uuid.uuid4().hex}
    return render(request, "assessment/list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def open_period(request: HttpRequest) -> HttpResponse:
    """Open a month."""
    if not is_county(actor(request), "edit"):
        raise Forbidden(say("forbidden.edit"))
    form = OpenForm(request.POST or None, initial={"submission": uuid.uuid4().hex})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        action = OpenPeriod(pack=given["pack"], month=given["month"], objection_days=given["objection_days"])
        try:
            carry_out(request, action)
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone:
            return redirect("assessment")
        else:
            messages.success(request, said(phrase("assessment:done.opened")))
            return redirect("assessment")
    return render(request, "assessment/open.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@login_required
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: how far it has come, the whole territory's figures, its areas, its consequences."""
    return _version_page(request, version_for(actor(request), pk), None)


def _version_page(
    request: HttpRequest, found: Version, order: OrderForm | None, status: int = 200
) -> HttpResponse:
    who = actor(request)
    latest = not found.period.versions.filter(number__gt=found.number).exists()
    ready = found.computed_at is not None
    whole = figures(who, found).filter(area_kind="territory") if ready else []
    drafts = found.consequences.filter(status=Consequence.Status.DRAFTED)
    context: dict[str, Any] = {
        "version": found,
        "tone": VERSION_TONES[found.status],
        "versions": found.period.versions.all(),
        "latest": latest,
        "ready": ready,
        "failure": said(text_of(found.failure)) if found.failure else "",
        "notes": [said(text_of(note)) for note in found.told.get("notes", [])],
        "groups": grouped(found, whole),
        "areas": [(one, area_name(one)) for one in _topmost(who, found)],
        "stations": _stations(request, found, latest=latest),
        "consequences": consequences(who).filter(version=found).count(),
        "drafted": drafts.count() if is_county(who) else 0,
        "may_order": latest and is_county(who, "edit") and not _is_busy(found, request),
        "may_lock": latest and is_county(who, "approve") and found.status == Version.Status.APPROVED,
        "may_propose": latest
        and is_county(who, "edit")
        and found.status == Version.Status.LOCKED
        and found.proposed_at is None,
        "may_export": may_anywhere(who, "export", KIND) and ready,
        "order_form": order or OrderForm(initial={"submission": uuid.uuid4().hex}),
        "submission": uuid.uuid4().hex,
    }
    return render(request, "assessment/version.html", context, status=status)


def _topmost(who: Actor, found: Version) -> list[Area]:
    """The stations that the actor sees, and beats whose station is not among them: its page lists its own."""
    areas = [one for one in areas_for(who, found) if one.kind in ("station", "beat")]
    stations = {one.code for one in areas if one.kind == "station"}
    topmost = [one for one in areas if one.kind == "station" or one.parent not in stations]
    return sorted(topmost, key=lambda one: (one.station_code, one.code))


def _is_busy(found: Version, request: HttpRequest) -> bool:
    return found.status == Version.Status.WAITING and now(request) < found.ordered_at + STALE


def _stations(request: HttpRequest, found: Version, *, latest: bool) -> list[dict[str, Any]]:
    """Each station with its approval, and whether the one who looks speaks for it."""
    given = {one.station_code: one for one in found.approvals.select_related("by")}
    open_ = latest and found.status == Version.Status.COMPUTED
    return [
        {
            "code": area.code,
            "name": area_name(area),
            "approval": given.get(area.code),
            "may": open_ and area.code not in given and approves(actor(request), area.code, now(request)),
        }
        for area in found.areas.filter(kind="station")
    ]


def _act(request: HttpRequest, action: Action[Any], word: str) -> bool:
    """Carry out, and say how it went."""
    try:
        carry_out(request, action)
    except AlreadyDone:
        return False
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
        return False
    messages.success(request, said(phrase(f"assessment:done.{word}")))
    return True


@require_POST
@login_required
def compute(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a period computed: the first time at once, later as a correction with its reason."""
    period = periods(actor(request)).filter(pk=pk).first()
    if period is None or not is_county(actor(request), "edit"):
        raise Forbidden(say("forbidden.edit"))
    former = period.versions.order_by("-number").first()
    form = OrderForm(request.POST)
    action = OrderVersion(period_id=pk, reason=request.POST.get("reason", "")[:500])
    if former is not None and former.status not in NOTHING:
        try:
            carry_out(request, action)
        except Invalid as refusal:
            form.is_valid()
            add_refusal(form, refusal)
            return _version_page(request, former, form, 422)
        except AlreadyDone:
            return redirect("assessment")
        messages.success(request, said(phrase("assessment:done.ordered")))
    else:
        _act(request, action, "ordered")
    return _to_latest(period)


def _to_latest(period: Period) -> HttpResponse:
    latest = Version.objects.filter(period=period).order_by("-number").first()
    return redirect("assessment") if latest is None else redirect("assessment_version", pk=latest.pk)


@require_POST
@login_required
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """A station approves."""
    version_for(actor(request), pk)
    given = request.POST
    station, note = given.get("station", "")[:80], given.get("note", "")[:500]
    _act(request, ApproveStation(version_id=pk, station=station, note=note), "approved")
    return redirect("assessment_version", pk=pk)


@require_POST
@login_required
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """The county locks."""
    version_for(actor(request), pk)
    _act(request, LockVersion(version_id=pk), "locked")
    return redirect("assessment_version", pk=pk)


@require_POST
@login_required
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """The county puts what the rules propose before those assessed."""
    version_for(actor(request), pk)
    if _act(request, Propose(version_id=pk), "proposed"):
        return redirect("consequences")
    return redirect("assessment_version", pk=pk)
