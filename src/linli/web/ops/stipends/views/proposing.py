"""Proposing a lot: choose line, station and days, tick what is to be paid, send; or take payments back."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.stipends.actions.proposing import ProposeLot, ProposeReversal
from linli.web.ops.stipends.candidates import Candidate, candidates, left
from linli.web.ops.stipends.forms import ChooseForm, StepForm
from linli.web.ops.stipends.models import Line
from linli.web.ops.stipends.reach import areas_of, lot_for
from linli.web.ops.stipends.views.lots import show_lot
from linli.web.ops.stipends.wording import named, record_name, say, yuan

__all__ = ["propose", "reverse"]


def _lines(today: dt.date) -> list[Line]:
    found = Line.objects.filter(budget__year__in=(today.year - 1, today.year))
    return list(found.select_related("budget").order_by("-budget__year", "rule"))


def _last_month(today: dt.date) -> dict[str, dt.date]:
    ends = today.replace(day=1) - dt.timedelta(days=1)
    return {"starts": ends.replace(day=1), "ends": ends}


@require_http_methods(["GET", "POST"])
@login_required
def propose(request: HttpRequest) -> HttpResponse:
    """Choose by GET; send what was ticked by POST."""
    areas, today = areas_of(actor(request)), local_day(now(request))
    if not areas:
        raise Forbidden(say("lot.forbidden"))
    lines = _lines(today)
    given = request.POST if request.method == "POST" else request.GET if "line" in request.GET else None
    form = ChooseForm(lines, list(areas.items()), given, initial=_last_month(today))
    refused: list[Text] = []
    status = 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            lot = carry_out(request, _lot(form, request))
        except AlreadyDone as before:
            return redirect("stipends_lot", pk=before.number("lot"))
        except Invalid as refusal:
            refused, status = list(refusal.fields.values()) or [refusal.text], 422
        except (Conflict, Forbidden) as refusal:
            refused, status = [refusal.text], refusal.status
        else:
            messages.success(request, said(phrase("stipends:done.propose")))
            return redirect("stipends_lot", pk=lot.pk)
    context = {"form": form, "lines": lines, "refused": refused, **_shown(request, form, lines)}
    return render(request, "stipends/propose.html", context, status=status)


def _lot(form: ChooseForm, request: HttpRequest) -> ProposeLot:
    given = form.cleaned_data
    return ProposeLot(
        line_id=int(given["line"]),
        station=given["area"].partition("/")[0],
        beat=given["area"].partition("/")[2],
        starts=given["starts"],
        ends=given["ends"],
        records=tuple(request.POST.getlist("record")),
    )


def _shown(request: HttpRequest, form: ChooseForm, lines: list[Line]) -> dict[str, Any]:
    """What could be paid in the days that were chosen."""
    if not form.is_bound or not form.is_valid():
        return {}
    given = form.cleaned_data
    line = next(one for one in lines if str(one.pk) == given["line"])
    days = given["ends"] - given["starts"]
    if not dt.timedelta(0) <= days <= dt.timedelta(days=366):
        return {"wrong_days": True}
    ticked = set(request.POST.getlist("record")) if request.method == "POST" else None
    station, _, beat = given["area"].partition("/")
    found = candidates(line, station, beat, given["starts"], given["ends"])
    return {
        "chosen": line,
        "title": named(line.title),
        "left": yuan(left(line)),
        "rows": [_row(one, ticked) for one in found],
        "total": yuan(sum(one.cents for one in found if one.problem is None)),
        "submission": uuid.uuid4().hex,
        "given": given,
        "searched": True,
    }


def _row(one: Candidate, ticked: set[str] | None) -> dict[str, Any]:
    return {
        "record": one.payable.record,
        "name": record_name(one.payable.record),
        "on": one.payable.on,
        "payee": one.payee,
        "amount": yuan(one.cents) if one.cents else "",
        "problem": one.problem,
        "lot": None if one.taken is None else one.taken.lot,
        "ticked": one.problem is None and (ticked is None or one.payable.record in ticked),
    }


@require_POST
@login_required
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Payments of a paid lot are to be taken back."""
    lot = lot_for(actor(request), pk)
    form = StepForm("reason", request.POST)
    payments = tuple(one for one in map(whole_of, request.POST.getlist("payment")) if one is not None)
    if form.is_valid():
        reversal = ProposeReversal(lot_id=pk, payments=payments, reason=form.cleaned_data["reason"])
        try:
            made = carry_out(request, reversal)
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            messages.error(request, said(refusal.text))
            return redirect("stipends_lot", pk=pk)
        except AlreadyDone as before:
            return redirect("stipends_lot", pk=before.number("lot"))
        else:
            messages.success(request, said(phrase("stipends:done.reverse")))
            return redirect("stipends_lot", pk=made.pk)
    return show_lot(request, lot, {"reverse": form}, 422)
