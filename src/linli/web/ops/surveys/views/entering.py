"""Staff go through their addresses: what each came to, and the answers of those who gave some."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.surveys.actions.entering import EnterAnswers, MarkOutcome
from linli.web.ops.surveys.answering import answers_of, say
from linli.web.ops.surveys.forms import EntryForm, OutcomeForm
from linli.web.ops.surveys.models import Invitation, Wave
from linli.web.ops.surveys.reach import invitation_for, invitations, may_enter, wave_for

__all__ = ["addresses", "enter", "outcome"]

PAGE = 50
TONES = {
    "open": "neutral", "answered": "good", "refused": "warning", "not_met": "info", "not_eligible": "neutral",
}  # fmt: skip


@require_GET
@login_required
def addresses(request: HttpRequest, pk: int) -> HttpResponse:
    """The addresses of a wave in the actor's area, those still open first asked for."""
    who = actor(request)
    wave = wave_for(who, pk)
    if not may_enter(who):
        raise Forbidden(say("may_not_work"))
    chosen = request.GET.get("outcome", "open")
    found = invitations(who, wave).order_by("pk")
    if chosen in Invitation.Outcome.values:
        found = found.filter(outcome=chosen)
    after = request.GET.get("after", "")
    if (last := whole_of(after)) is not None:
        found = found.filter(pk__gt=last)
    page = list(found[: PAGE + 1])
    rest = f"?outcome={chosen}&after={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    context = {
        "wave": wave,
        "rows": [{"row": one, "tone": TONES[one.outcome]} for one in page[:PAGE]],
        "outcomes": [
            (one, said(phrase(f"surveys:outcome.{one}")), one == chosen) for one in Invitation.Outcome.values
        ],
        "takes": wave.status == Wave.Status.OPEN,
        "next_url": rest,
    }
    return render(request, "surveys/addresses.html", context)


def _page(request: HttpRequest, one: Invitation, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    fresh = {"submission": uuid.uuid4().hex}
    questions = one.wave.questionnaire.questions
    context = {
        "one": one,
        "entry_form": forms.get("entry") or EntryForm(questions, initial=fresh),
        "outcome_form": forms.get("outcome") or OutcomeForm(initial={**fresh, "outcome": one.outcome}),
        "answered": one.outcome == Invitation.Outcome.ANSWERED,
        "takes": one.wave.status == Wave.Status.OPEN,
    }
    return render(request, "surveys/enter.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions for one address."""
    one = invitation_for(actor(request), pk)
    if request.method == "GET":
        return _page(request, one, {})
    form = EntryForm(one.wave.questionnaire.questions, request.POST)
    if form.is_valid():
        entry = EnterAnswers(invitation_id=pk, channel=form.cleaned_data["channel"], answers=answers_of(form))
        try:
            carry_out(request, entry)
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            form.add_error(None, said(refusal.text))
        except AlreadyDone:
            return redirect("survey_addresses", pk=one.wave_id)
        else:
            messages.success(request, said(phrase("surveys:done.entered")))
            return redirect("survey_addresses", pk=one.wave_id)
    return _page(request, one, {"entry": form}, 422)


@require_POST
@login_required
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What an address came to when nobody answered."""
    one = invitation_for(actor(request), pk)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            carry_out(request, MarkOutcome(invitation_id=pk, outcome=form.cleaned_data["outcome"]))
        except Conflict as refusal:
            messages.error(request, said(refusal.text))
            return redirect("survey_addresses", pk=one.wave_id)
        except AlreadyDone:
            return redirect("survey_addresses", pk=one.wave_id)
        else:
            messages.success(request, said(phrase("surveys:done.outcome")))
            return redirect("survey_addresses", pk=one.wave_id)
    return _page(request, one, {"outcome": form}, 422)
