"""Planning a wave: questionnaires, the draw, letters with codes, reserves, the end."""

import secrets
import uuid
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.intake.codes import spaced
from linli.web.ops.surveys.actions.planning import KeepQuestionnaire, PlanWave
from linli.web.ops.surveys.actions.running import CallReserves, CloseWave, PrintLetters
from linli.web.ops.surveys.answering import say
from linli.web.ops.surveys.forms import QuestionnaireForm, ReserveForm, WaveForm
from linli.web.ops.surveys.models import Questionnaire
from linli.web.ops.surveys.reach import must_plan, must_see, wave_for
from linli.web.ops.surveys.shipped import template
from linli.web.ops.surveys.views.waves import show_wave, stratum_name
from linli.web.ops.surveys.xlsforms import MOST_BYTES

__all__ = [
    "close",
    "letters",
    "plan",
    "questionnaire_file",
    "questionnaires",
    "reserves",
    "template_file",
]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _say(key: str, **values: object) -> str:
    return said(phrase(f"surveys:{key}", **values))


def _fresh() -> dict[str, Any]:
    return {"submission": uuid.uuid4().hex}


@require_http_methods(["GET", "POST"])
@login_required
def questionnaires(request: HttpRequest) -> HttpResponse:
    """The questionnaires that are kept, the one that is shipped, and a file to take in."""
    must_plan(actor(request))
    form = QuestionnaireForm(request.POST or None, request.FILES or None, initial=_fresh())
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = content_of(file, most=MOST_BYTES)
        keep = KeepQuestionnaire(title=form.cleaned_data["title"], file_name=file.name or "", content=content)
        if _kept(request, keep, form):
            return redirect("survey_questionnaires")
    context = {"form": form, "rows": Questionnaire.objects.all()[:50], "tab": "questionnaires"}
    return render(request, "surveys/questionnaires.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, keep: KeepQuestionnaire, form: QuestionnaireForm) -> bool:
    try:
        kept = carry_out(request, keep)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return False
    except AlreadyDone:
        return True
    messages.success(request, _say("done.validated" if kept.validated else "done.not_validated"))
    return True


@require_GET
@login_required
def template_file(request: HttpRequest) -> HttpResponse:
    """The shipped questionnaire, to change and to take in again."""
    must_see(actor(request))
    return _file(template(), "linli-survey.xlsx", XLSX)


@require_GET
@login_required
def questionnaire_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """A questionnaire as the workbook that was given, or as the XForm for a device."""
    must_see(actor(request))
    found = Questionnaire.objects.filter(pk=pk).first()
    if found is None or form not in ("xlsx", "xml"):
        raise Missing(say("missing"))
    if form == "xml":
        return _file(found.xform.encode(), f"questionnaire-{pk}.xml", "application/xml")
    return _file(bytes(found.workbook), f"questionnaire-{pk}.xlsx", XLSX)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
@login_required
def plan(request: HttpRequest) -> HttpResponse:
    """The form for a wave, and its draw."""
    must_plan(actor(request))
    known = list(Questionnaire.objects.all()[:50])
    first = {**WaveForm.first(local_day(now(request))), **_fresh()}
    form = WaveForm(known, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = carry_out(request, _planned(form))
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            form.add_error(None, said(refusal.text))
        except AlreadyDone as before:
            return redirect("survey", pk=before.number("survey"))
        else:
            messages.success(request, _say("done.drawn"))
            return redirect("survey", pk=made.pk)
    context = {"form": form, "known": known}
    return render(request, "surveys/plan.html", context, status=422 if form.errors else 200)


def _planned(form: WaveForm) -> PlanWave:
    given = {name: value for name, value in form.cleaned_data.items() if name != "submission"}
    questionnaire, kinds = int(given.pop("questionnaire")), tuple(given.pop("kinds"))
    seed = secrets.randbits(62)
    return PlanWave(**given, questionnaire_id=questionnaire, kinds=kinds, seed=seed)


@require_POST
@login_required
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Letters with new codes, to be printed now: the codes are shown this once."""
    wave = wave_for(actor(request), pk)
    try:
        made = carry_out(request, PrintLetters(wave_id=pk))
    except AlreadyDone:
        messages.info(request, _say("letters.before"))
        return redirect("survey", pk=pk)
    context = {
        "wave": wave,
        "letters": [(one.address, spaced(one.code)) for one in made],
        "site": request.build_absolute_uri(reverse("survey_answer")),
    }
    response = render(request, "surveys/letters.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
@login_required
def reserves(request: HttpRequest, pk: int) -> HttpResponse:
    """Reserves are called up."""
    wave = wave_for(actor(request), pk)
    strata = [(code, stratum_name(code)) for code in wave.strata]
    form = ReserveForm(strata, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            carry_out(request, CallReserves(wave_id=pk, stratum=given["stratum"], count=given["count"]))
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone:
            return redirect("survey", pk=pk)
        else:
            messages.success(request, _say("done.reserves", count=given["count"]))
            return redirect("survey", pk=pk)
    return show_wave(request, wave, form, 422)


@require_POST
@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The wave takes no more answers."""
    wave_for(actor(request), pk)
    try:
        carry_out(request, CloseWave(wave_id=pk))
    except AlreadyDone:
        pass
    except Conflict as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, _say("done.closed"))
    return redirect("survey", pk=pk)
