"""A household answers by the code of its letter. Nobody signs in, no name is asked, nothing leads back."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from linli.web.foundation.accounts.actor import ANONYMOUS
from linli.web.foundation.accounts.middleware import now
from linli.web.foundation.actions.action import AlreadyDone, perform
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing, TooMany
from linli.web.foundation.actions.sending import form_sending
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.screens.wording import said
from linli.web.intake.limits import count, refuse_beyond
from linli.web.ops.surveys.actions.entering import AnswerByCode, invitation_of
from linli.web.ops.surveys.answering import AnswerForm, answers_of
from linli.web.ops.surveys.models import Invitation

__all__ = ["answer"]


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """First the code, then the questions, then thanks. The code is sent as a form: it stands in no log."""
    if request.method == "GET":
        return _code_page(request, "")
    typed = request.POST.get("code", "")[:20]
    try:
        invitation = _known(request, typed)
    except (Missing, TooMany) as refusal:
        return _code_page(request, typed, said(refusal.text), refusal.status)
    if "answers" not in request.POST:
        form = AnswerForm(invitation.wave.questionnaire.questions, initial={"submission": uuid.uuid4().hex})
        return _questions_page(request, invitation, typed, form)
    form = AnswerForm(invitation.wave.questionnaire.questions, request.POST)
    if form.is_valid() and _sent(request, typed, form):
        return render(request, "surveys/thanks.html", {})
    return _questions_page(request, invitation, typed, form, 422)


def _sender(request: HttpRequest) -> str:
    return str(getattr(request, "counted_address", ""))


def _known(request: HttpRequest, typed: str) -> Invitation:
    at, sender = now(request), _sender(request)
    refuse_beyond("wrong_code", sender, at)
    try:
        return invitation_of(typed)
    except Missing:
        count("wrong_code", sender, at)
        raise


def _sent(request: HttpRequest, typed: str, form: AnswerForm) -> bool:
    action = AnswerByCode(code=typed, answers=answers_of(form))
    try:
        perform(action, ANONYMOUS, now(request), key=form_sending(request))
    except AlreadyDone:
        return True
    except Invalid as refusal:
        add_refusal(form, refusal)
    except (Conflict, Missing) as refusal:
        form.add_error(None, said(refusal.text))
    else:
        return True
    return False


def _code_page(request: HttpRequest, typed: str, error: str = "", status: int = 200) -> HttpResponse:
    return render(request, "surveys/code.html", {"typed": typed, "error": error}, status=status)


def _questions_page(
    request: HttpRequest, invitation: Invitation, typed: str, form: AnswerForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"wave": invitation.wave, "code": typed, "form": form}
    response = render(request, "surveys/questions.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response
