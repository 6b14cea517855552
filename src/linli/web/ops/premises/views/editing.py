"""Premises are entered and corrected."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.fields import own_first
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.premises.actions.base import say
from linli.web.ops.premises.actions.register import CorrectPremises, RegisterPremises
from linli.web.ops.premises.forms import PremisesForm, initial_of, show_refusal
from linli.web.ops.premises.models import Premises
from linli.web.ops.premises.selectors import premises_for
from linli.web.ops.premises.subjects import KIND, may_premises

__all__ = ["correct", "register"]


def _units(request: HttpRequest) -> list[Organisation]:
    kinds = (Organisation.Kind.UNIT, Organisation.Kind.COMMITTEE)
    return list(Organisation.objects.filter(active=True, kind__in=kinds).order_by("kind", "name")[:1000])


@require_http_methods(["GET", "POST"])
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """Enter premises."""
    if not may_anywhere(actor(request), "open", KIND):
        raise Forbidden(say("forbidden"))
    data = request.POST if request.method == "POST" else None
    form = PremisesForm(_units(request), data, new=True, initial={"submission": uuid.uuid4().hex})
    if data is not None and form.is_valid():
        premises = _registered(request, form)
        if premises is not None:
            return redirect("premises_page", code=premises.code)
    return _form(request, form, None)


def _registered(request: HttpRequest, form: PremisesForm) -> Premises | None:
    try:
        premises = carry_out(
            request, RegisterPremises(details=form.details(), code=form.cleaned_data["code"])
        )
    except AlreadyDone as before:
        messages.info(request, said(phrase("casework:done.before")))
        known = Premises.objects.filter(pk=before.number(KIND)).first()
        if known is None or not may_premises(actor(request), "view", known):
            raise before.gone() from None
        return known
    except Invalid as refusal:
        show_refusal(form, refusal)
        return None
    except Conflict as refusal:
        form.add_error(None, said(refusal.text))
        return None
    messages.success(request, said(phrase("premises:done_registered", code=premises.code)))
    return premises


@require_http_methods(["GET", "POST"])
@login_required
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Correct what the register says."""
    premises = premises_for(actor(request), code, verb="edit")
    data = request.POST if request.method == "POST" else None
    form = PremisesForm(_units(request), data, new=False, initial=initial_of(premises))
    if data is not None and form.is_valid() and _corrected(request, premises, form):
        return redirect("premises_page", code=premises.code)
    return _form(request, form, premises)


def _corrected(request: HttpRequest, premises: Premises, form: PremisesForm) -> bool:
    action = CorrectPremises(
        premises_id=premises.pk, revision=form.cleaned_data["revision"], details=form.details()
    )
    try:
        carry_out(request, action)
    except AlreadyDone:
        messages.info(request, said(phrase("casework:done.before")))
        return True
    except Invalid as refusal:
        show_refusal(form, refusal)
        return False
    except Conflict as refusal:
        form.add_error(None, said(refusal.text))
        return False
    messages.success(request, said(phrase("premises:done_corrected")))
    return True


def _form(request: HttpRequest, form: PremisesForm, premises: Premises | None) -> HttpResponse:
    own_first(form, actor(request).stations)
    context = {"form": form, "premises": premises}
    return render(request, "premises/edit.html", context, status=422 if form.errors else 200)
