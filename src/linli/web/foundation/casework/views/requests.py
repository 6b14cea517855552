"""What pages of cases do with a request: who asks and when, one sending done once, a way back."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import Action, AlreadyDone, perform
from linli.web.foundation.actions.sending import form_sending
from linli.web.foundation.casework.actions.reading import case_sent_before
from linli.web.foundation.casework.models import Case
from linli.web.foundation.screens.knocking import note_refused_request
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["carry_out", "done", "need_sent_before", "sent_before", "to_case"]

Result = TypeVar("Result")


def carry_out(request: HttpRequest, action: Action[Result]) -> Result:
    """Perform an action for the one who asks; ``submission`` in the form makes sending it twice harmless."""
    return perform(action, actor(request), now(request), key=form_sending(request))


def sent_before(request: HttpRequest, before: AlreadyDone) -> Case | None:
    """The case that came of an earlier sending, read as any case; ``None`` for who may not see it now."""
    return case_sent_before(before, actor(request), now(request))


def need_sent_before(request: HttpRequest, before: AlreadyDone) -> Case:
    """As ``sent_before``, refused to whoever may not see it now."""
    known = sent_before(request, before)
    if known is None:
        raise before.gone()
    return known


def to_case(case: Case) -> HttpResponseRedirect:
    """The page of a case."""
    return redirect("case", number=case.number)


def done(request: HttpRequest, case: Case, act: Callable[[], object], said_key: str) -> HttpResponse:
    """Do something to a case and go back to its page, with a word on how it went."""
    try:
        act()
    except AlreadyDone:
        messages.info(request, said(phrase("casework:done.before")))
    except LinliError as refusal:
        # A page that shows why it was refused is not the end of it: the log says who tried.
        note_refused_request(request, refusal, actor(request))
        messages.error(request, said(refusal.text))
        for text in getattr(refusal, "fields", {}).values():
            messages.error(request, said(text))
        for finding in getattr(refusal, "findings", ()):
            messages.error(request, finding.sentence("en" if request.LANGUAGE_CODE == "en" else "zh"))
    else:
        messages.success(request, said(phrase(f"casework:done.{said_key}")))
    return to_case(case)
