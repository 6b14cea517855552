"""One step of a dispute: its form, what is wrong with it, and the way back to the case."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from linli.kernel.errors import InputRefused
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.views.requests import carry_out, to_case
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.disputes.actions.base import local_day, say
from linli.web.ops.disputes.asking import STEPS, offered
from linli.web.ops.disputes.forms import FORMS, DisputeForm, TermForm, TermRows, add_texts
from linli.web.ops.disputes.models import Handover, Obligation
from linli.web.ops.disputes.views.reading import dispute_for

__all__ = ["step"]

WITH_RIGHTS = frozenset({"consent", "party", "agreement", "begin"})
"""Steps whose page repeats that the parties may always go to court or complain (D3)."""


@require_http_methods(["GET", "POST"])
@login_required
def step(request: HttpRequest, number: str, what: str, which: int = 0) -> HttpResponse:
    """Ask for what a step needs, and take it."""
    case = dispute_for(request, number)
    if what not in STEPS:
        raise Missing(say("step.missing"))
    if what not in offered(case, actor(request), now(request)):
        raise Conflict(say("step.not_now")) if _could(request, case, what) else Forbidden(say("refused.role"))
    form = _form(request, case, what)
    terms = _terms(request, case) if what == "agreement" else None
    if request.method == "POST" and form.is_valid() and (terms is None or terms.is_valid()):
        answer = _taken(request, case, what, which, form, terms)
        if answer is not None:
            return answer
    context = {
        "case": case,
        "what": what,
        "which": which,
        "form": form,
        "terms": terms,
        "rights": what in WITH_RIGHTS,
        "about": _about(case, what, which),
        "danger": what in ("remove", "cancel"),
    }
    return render(request, "disputes/step.html", context, status=422 if request.method == "POST" else 200)


def _could(request: HttpRequest, case: Case, what: str) -> bool:
    """Whether permission is not what is wanting; that somebody sees a case gives no right to act."""
    action, who = STEPS[what].action, actor(request)
    if not may_case(who, action.verb, case, now(request)):
        return False
    return not action.roles or bool(who.roles & action.roles)


def _form(request: HttpRequest, case: Case, what: str) -> DisputeForm:
    at, make = now(request), FORMS[what]
    if request.method == "POST":
        return make(case, at, request.POST, request.FILES)
    today = local_day(at)
    initial = {"submission": uuid.uuid4().hex, "on": today, "signed_on": today}
    return make(case, at, initial=initial)


def _terms(request: HttpRequest, case: Case) -> BaseFormSet[TermForm]:
    parties = [
        (str(p.number), said(phrase("disputes:party.numbered", number=p.number))) for p in case.parties.all()
    ]
    data = request.POST if request.method == "POST" else None
    return TermRows(data, prefix="terms", form_kwargs={"parties": parties})


def _taken(
    request: HttpRequest,
    case: Case,
    what: str,
    which: int,
    form: DisputeForm,
    terms: BaseFormSet[TermForm] | None,
) -> HttpResponse | None:
    given: dict[str, Any] = dict(form.cleaned_data)
    filled = [] if terms is None else [row for row in terms.forms if row.has_changed()]
    given["terms"] = [row.cleaned_data for row in filled]
    try:
        carry_out(request, STEPS[what].make(case.pk, which, given))
    except AlreadyDone:
        messages.info(request, said(phrase("casework:done.before")))
    except Invalid as refusal:
        _tell(form, filled, refusal)
        return None
    except InputRefused as refusal:
        for finding in refusal.findings:
            form.add_error("file" if "file" in form.fields else None, finding.sentence(language()))
        return None
    except Conflict as refusal:
        form.add_error(None, said(refusal.text))
        return None
    else:
        messages.success(request, said(phrase(f"disputes:done.{what}")))
    return to_case(case)


def _tell(form: DisputeForm, rows: list[TermForm], refusal: Invalid) -> None:
    own = dict(refusal.fields)
    for name, text in refusal.fields.items():
        if name.startswith("terms-"):
            _, index, field = name.split("-", 2)
            rows[int(index)].add_error(field, said(text))
            del own[name]
    if own:
        add_texts(form, own)
    else:
        form.add_error(None, said(refusal.text))


def _about(case: Case, what: str, which: int) -> str:
    """What row the step is about, in words."""
    if what in ("remove", "consent"):
        return said(phrase("disputes:party.numbered", number=which))
    if what in ("hold", "cancel"):
        return said(phrase("disputes:session.numbered", number=which))
    if what == "mark":
        term = Obligation.objects.filter(
            agreement__case=case, agreement__relapsed_on=None, number=which
        ).last()
        return "" if term is None else f"{which}. {term.text}"
    if what in ("acknowledge", "give_back"):
        over = Handover.objects.filter(case=case, pk=which).first()
        return "" if over is None else over.reason
    return ""
