"""A dispute is taken down with its parties on one page."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid
from linli.web.foundation.casework.actions.base import say as say_case
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out, sent_before, to_case
from linli.web.foundation.places.fields import own_first
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.disputes.actions.base import KIND
from linli.web.ops.disputes.actions.opening import OpenDispute
from linli.web.ops.disputes.actions.parties import PERSONAL, NewParty
from linli.web.ops.disputes.forms import IntakeForm, PartyRow, PartyRows, why

__all__ = ["open_dispute"]


@require_http_methods(["GET", "POST"])
@login_required
def open_dispute(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it; who may only take down is told the number and sees no more."""
    spec = case_type(KIND)
    if not may_anywhere(actor(request), "open", KIND):
        raise Forbidden(say_case("open.forbidden", name=spec.name))
    if request.method == "POST":
        form, rows = IntakeForm(request.POST), PartyRows(request.POST, prefix="parties")
        if form.is_valid() and rows.is_valid():
            opened = _opened(request, form, rows)
            if opened is not None:
                return opened
    else:
        form, rows = IntakeForm(initial={"submission": uuid.uuid4().hex}), PartyRows(prefix="parties")
    own_first(form, actor(request).stations)
    context = {
        "form": form,
        "parties": rows,
        "personal": [(said(spec.field_by_id[id_].name), why(id_)) for id_ in PERSONAL],
    }
    return render(request, "disputes/open.html", context, status=422 if request.method == "POST" else 200)


def _opened(request: HttpRequest, form: IntakeForm, rows: BaseFormSet[PartyRow]) -> HttpResponse | None:
    filled = [row for row in rows.forms if row.has_changed()]
    office = form.cleaned_data["from_office"]
    action = OpenDispute(
        opening=OpenCase(**form.values()),
        parties=[NewParty(**row.cleaned_data) for row in filled],
        from_id=int(office) if office else None,
        reference=form.cleaned_data["reference"],
    )
    try:
        case = carry_out(request, action)
    except Invalid as refusal:
        _tell(form, filled, refusal)
        return None
    except AlreadyDone as before:
        messages.info(request, said(phrase("casework:done.before")))
        known = sent_before(request, before)
        return redirect("home") if known is None else to_case(known)
    messages.success(request, said(phrase("casework:done.opened", number=case.number)))
    if may_case(actor(request), "view", case, now(request)):
        return to_case(case)
    return redirect("home")


def _tell(form: IntakeForm, rows: list[PartyRow], refusal: Invalid) -> None:
    own: dict[str, Text] = {}
    for name, text in refusal.fields.items():
        if name.startswith("parties-"):
            _, index, field = name.split("-", 2)
            rows[int(index)].add_error(field, said(text))
        else:
            own[name] = text
    add_refusal(form, Invalid(refusal.text, own))
