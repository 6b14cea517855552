"""Lots: the list, one lot with its payments and steps, the finance office's sheet, one's own payments."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.selectors import Cursor
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.stipends.actions.deciding import ApproveLot, PayLot, RefuseLot
from linli.web.ops.stipends.forms import FilterForm, StepForm
from linli.web.ops.stipends.models import Lot, Payment
from linli.web.ops.stipends.reach import KIND, areas_of, lot_for, lots, may_lot
from linli.web.ops.stipends.wording import named, record_name, say, yuan

__all__ = ["TONES", "export", "export_lot", "lot_list", "lot_page", "mine", "show_lot", "step"]

PAGE: Final = 30
TONES: Final = {"proposed": "info", "approved": "progress", "paid": "good", "refused": "neutral"}


def _say(key: str) -> str:
    return said(phrase(f"stipends:{key}"))


def _station_names() -> dict[str, str]:
    current = current_map()
    return {} if current is None else {code: one.name for code, one in current.stations.items()}


def _found(request: HttpRequest, verb: str = "view") -> QuerySet[Lot]:
    found, asked = lots(actor(request), verb), request.GET
    if asked.get("status") in Lot.Status.values:
        found = found.filter(status=asked["status"])
    if asked.get("rule"):
        found = found.filter(line__rule=asked["rule"][:80])
    if asked.get("station"):
        found = found.filter(station_code=asked["station"][:32])
    return found.order_by("-proposed_at", "-pk")


@require_GET
@login_required
def lot_list(request: HttpRequest) -> HttpResponse:
    """The lots of the actor's area, the latest first."""
    who = actor(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("may_not_see"))
    found, after = _found(request), Cursor.parse(request.GET.get("after", ""))
    if after is not None:
        later = Q(proposed_at__lt=after.moment) | Q(proposed_at=after.moment, pk__lt=after.id)
        found = found.filter(later, proposed_at__lte=after.moment)
    page = list(found[: PAGE + 1])
    query = request.GET.copy()
    query.pop("after", None)
    names = _station_names()
    following = Cursor(page[PAGE - 1].proposed_at, page[PAGE - 1].pk) if len(page) > PAGE else None
    context = {
        "lines": [_line(lot, names) for lot in page[:PAGE]],
        "filter": FilterForm(list(names.items()), request.GET),
        "next_url": f"?{query.urlencode()}&after={following}" if following is not None else "",
        "query": query.urlencode(),
        "may_propose": bool(areas_of(who)),
        "may_export": may_anywhere(who, "export", KIND),
    }
    return render(request, "stipends/list.html", context)


def _area(lot: Lot, names: dict[str, str]) -> str:
    current = current_map()
    beat = None if current is None else current.beats.get(lot.beat_code)
    station = names.get(lot.station_code, lot.station_code)
    return station if beat is None else f"{station} · {beat.name}"


def _line(lot: Lot, names: dict[str, str]) -> dict[str, Any]:
    return {
        "lot": lot,
        "title": named(lot.line.title),
        "station": _area(lot, names),
        "total": yuan(lot.total_cents),
        "tone": TONES[lot.status],
    }


_COLUMNS: Final = (
    "number", "kind", "status", "rule", "clause", "source", "station", "starts", "ends", "count", "total",
    "proposed_by", "proposed_at", "voucher",
)  # fmt: skip


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered lots as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=request.GET.urlencode()))
    header = [_say(f"label.{name}") for name in _COLUMNS]
    name = f"stipends-{file_stamp(now(request))}"
    return download(form, name, _say("nav"), header, _rows(_found(request, "export")))


def _rows(found: QuerySet[Lot]) -> Iterator[list[Cell]]:
    names = _station_names()
    for lot in found.iterator(chunk_size=500):
        yield [
            lot.number, _say(f"kind.{lot.kind}"), _say(f"status.{lot.status}"), said(named(lot.line.title)),
            lot.line.clause, _say(f"source.{lot.line.budget.source}"),
            _area(lot, names), lot.starts, lot.ends, lot.count,
            Decimal(lot.total_cents) / 100, lot.proposed_by.display_name,
            timezone.localtime(lot.proposed_at).replace(tzinfo=None), lot.voucher,
        ]  # fmt: skip


@require_GET
@login_required
def lot_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One lot: what it pays, who did what, what can be done next."""
    return show_lot(request, lot_for(actor(request), pk))


def show_lot(
    request: HttpRequest, lot: Lot, bound: dict[str, StepForm] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a lot, with a form as it was sent where it was refused."""
    who, bound = actor(request), bound or {}
    payments = list(lot.payments.select_related("reverses__lot", "user", "organisation"))
    back = Payment.objects.filter(reverses__lot=lot, live=True).select_related("lot")
    taken = {one.reverses_id: one for one in back}
    context = {
        "lot": lot,
        "line": _line(lot, _station_names()),
        "budget": lot.line.budget,
        "payments": [_paid(one, taken, may_see=may_anywhere(who, "view", "dispute")) for one in payments],
        "forms": {name: bound.get(name) or form for name, form in _steps(request, lot).items()},
        "reversible": lot.kind == Lot.Kind.PAYMENT
        and lot.status == Lot.Status.PAID
        and may_lot(who, "open", lot),
        "reverse_form": bound.get("reverse") or StepForm("reason", initial=_fresh()),
        "may_export": may_lot(who, "export", lot),
        "waits": _waits(request, lot),
    }
    return render(request, "stipends/lot.html", context, status=status)


def _fresh() -> dict[str, str]:
    return {"submission": uuid.uuid4().hex}


def _paid(one: Payment, back: dict[int | None, Payment], *, may_see: bool) -> dict[str, Any]:
    reversal = back.get(one.pk)
    record = record_name(one.record)
    case = record.zh if may_see and one.record.startswith("case:") else ""
    return {
        "row": one,
        "record": record,
        "case": case,
        "amount": yuan(one.amount_cents),
        "back": None if reversal is None else reversal.lot,
    }


def _acted(lot: Lot) -> set[int | None]:
    return {lot.proposed_by_id, lot.decided_by_id} - {None}


def _steps(request: HttpRequest, lot: Lot) -> dict[str, StepForm]:
    """The forms of what the actor can do with a lot now, by step."""
    who, forms = actor(request), {}
    mine = lot.payments.filter(user_id=who.account).exists()
    if lot.status == Lot.Status.PROPOSED and may_lot(who, "approve", lot):
        if who.user_id != lot.proposed_by_id and not mine:
            forms["approve"] = StepForm("note", required=False, initial=_fresh())
        forms["refuse"] = StepForm("note", initial=_fresh())
    if lot.status == Lot.Status.APPROVED:
        if may_lot(who, "pay", lot) and who.user_id not in _acted(lot) and not mine:
            forms["pay"] = StepForm("voucher", most=60, initial=_fresh())
        if may_lot(who, "approve", lot):
            forms["refuse"] = StepForm("note", initial=_fresh())
    return forms


def _waits(request: HttpRequest, lot: Lot) -> str:
    """Why somebody whose role could go on cannot: they had a hand in it."""
    verb = {"proposed": "approve", "approved": "pay"}.get(lot.status, "")
    who = actor(request)
    if verb and may_lot(who, verb, lot) and who.user_id in _acted(lot):
        return said(say("lot.same_person"))
    return ""


_FIELDS: Final = {"approve": "note", "refuse": "note", "pay": "voucher"}


@require_POST
@login_required
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """A lot is approved, refused or paid."""
    lot, field = lot_for(actor(request), pk), _FIELDS.get(step)
    if field is None:
        raise Missing(say("missing"))
    form = StepForm(field, request.POST, required=step != "approve", most=60 if step == "pay" else 300)
    if form.is_valid():
        given = form.cleaned_data[field]
        actions: dict[str, Action[Lot]] = {
            "approve": ApproveLot(lot_id=pk, note=given),
            "refuse": RefuseLot(lot_id=pk, note=given),
            "pay": PayLot(lot_id=pk, voucher=given),
        }
        try:
            carry_out(request, actions[step])
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            messages.error(request, said(refusal.text))
            return redirect("stipends_lot", pk=pk)
        except AlreadyDone:
            return redirect("stipends_lot", pk=pk)
        else:
            messages.success(request, _say(f"done.{step}"))
            return redirect("stipends_lot", pk=pk)
    return show_lot(request, lot, {step: form}, 422)


_SHEET: Final = ("lot", "payee", "office", "rule", "clause", "record", "on", "amount")


@require_GET
@login_required
def export_lot(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """A lot's payments for the finance office, name and amount; logged first."""
    lot = lot_for(actor(request), pk)
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    if not may_lot(actor(request), "export", lot):
        raise Forbidden(say("export.forbidden"))
    carry_out(request, LogExport(what=KIND, filters=f"lot={lot.number}"))
    header = [_say(f"label.{name}") for name in _SHEET]
    return download(form, f"{lot.number}", f"{lot.number}", header, _payment_rows(lot))


def _payment_rows(lot: Lot) -> Iterator[list[Cell]]:
    offices = dict(Organisation.objects.filter(station_code=lot.station_code).values_list("pk", "name"))
    station, title = _station_names().get(lot.station_code, lot.station_code), said(named(lot.line.title))
    for one in lot.payments.order_by("payee", "on", "pk").iterator(chunk_size=500):
        yield [
            lot.number, one.payee, offices.get(one.organisation_id or 0, station), title, lot.line.clause,
            said(record_name(one.record)), one.on, Decimal(one.amount_cents) / 100,
        ]  # fmt: skip


@require_GET
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What the actor was paid or is to be paid, whatever their role."""
    found = Payment.objects.filter(user_id=actor(request).account).exclude(lot__status=Lot.Status.REFUSED)
    rows = list(found.select_related("lot__line").order_by("-on", "-pk")[:200])
    paid = sum(one.amount_cents for one in rows if one.lot.status == Lot.Status.PAID)
    context = {
        "payments": [
            {
                "row": one,
                "record": record_name(one.record),
                "amount": yuan(one.amount_cents),
                "title": named(one.lot.line.title),
                "tone": TONES[one.lot.status],
            }
            for one in rows
        ],
        "paid": yuan(paid),
    }
    return render(request, "stipends/mine.html", context)
