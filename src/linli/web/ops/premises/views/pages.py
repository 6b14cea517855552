"""The page of premises: register, papers, inspections, history, and everything that can be done."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.errors import InputRefused
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing, Refusal
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import seen_numbers
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.premises.actions.base import local_day, say
from linli.web.ops.premises.actions.register import ReadDutyTelephone
from linli.web.ops.premises.acts import ACTS, Act, Known, title
from linli.web.ops.premises.forms import SentForm, show_refusal, uploads
from linli.web.ops.premises.kinds import COURTYARD, LETTER_KINDS, SCHOOL
from linli.web.ops.premises.models import DutyTelephone, Happening, JointMeeting, Letter, Premises, Presence
from linli.web.ops.premises.nearby import INCIDENT
from linli.web.ops.premises.presenting import happening_lines, inspection_rows, premises_rows
from linli.web.ops.premises.printing import paper, paper_response
from linli.web.ops.premises.selectors import inspections_of, premises_for
from linli.web.ops.premises.subjects import may_premises

__all__ = ["act", "kept_file", "letter_paper", "premises_page_of", "telephone"]

SHOWN = 30


@require_GET
@login_required
def premises_page_of(request: HttpRequest, code: str) -> HttpResponse:
    """The page of premises."""
    premises = premises_for(actor(request), code)
    return render(request, "premises/detail.html", page_context(request, premises))


def page_context(
    request: HttpRequest, premises: Premises, *, bound: Mapping[str, SentForm] | None = None
) -> dict[str, Any]:
    """Everything that the page shows; a constant number of queries."""
    at = now(request)
    inspections = inspections_of(actor(request), premises, at=at)
    told = list(premises.told.all()[:3])
    return {
        "premises": premises,
        "row": premises_rows([premises], at)[0],
        "beat": _beat(premises),
        "inspections": inspection_rows(inspections[:SHOWN], at),
        "letters": list(premises.letters.select_related("scan")[:SHOWN]),
        "signs": premises.kind in LETTER_KINDS,
        "plans": list(premises.plans.select_related("file").prefetch_related("drills")[:5]),
        "honours": list(premises.honours.all()[:SHOWN]),
        "surveys": list(premises.surveys.all()[:5]) if premises.kind == COURTYARD else [],
        "school": _school(request, premises) if premises.kind == SCHOOL else None,
        "told": [{"row": one, "lines": _lines(one.lines)} for one in told],
        "telephone": getattr(premises, "duty_telephone", None),
        "purpose": DutyTelephone.PURPOSE,
        "history": _told_history(request, premises),
        "can": {verb: may_premises(actor(request), verb, premises) for verb in ("open", "edit")},
        "acts": _acts(request, premises, bound or {}),
    }


def _history(request: HttpRequest, premises: Premises) -> QuerySet[Happening]:
    """What happened; a unit does not learn of an inspection before it is there."""
    found = premises.happenings.all()
    ahead = may_premises(actor(request), "open", premises)
    return found if ahead else found.exclude(kind__in=("planned", "reminded"))


def _told_history(request: HttpRequest, premises: Premises) -> list[dict[str, Any]]:
    found = list(_history(request, premises)[:SHOWN])
    numbers = {one.detail["number"] for one in found if one.detail.get("number")}
    named = Case.objects.filter(number__in=numbers).values_list("number", flat=True) if numbers else ()
    cases = {number for number in named if number}
    hidden = cases - seen_numbers(cases, actor(request), now(request))
    return happening_lines(found, hidden=hidden)


def _beat(premises: Premises) -> str:
    places = current_map()
    beat = places.beats.get(premises.beat_code) if places else None
    if beat is None:
        return premises.beat_code
    return beat.name_en if language() == "en" and beat.name_en else beat.name


def _lines(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    names = case_type(INCIDENT).category_by_id
    return [
        {
            "day": one["day"],
            "what": said(names[one["category"]].name) if one["category"] in names else one["category"],
        }
        for one in lines
    ]


def _school(request: HttpRequest, premises: Premises) -> dict[str, Any]:
    points = list(premises.points.filter(removed_on__isnull=True).select_related("owner"))
    latest = list(Presence.objects.filter(point__in=points).select_related("point")[:SHOWN])
    return {
        "present": sum(one.present for one in latest),
        "points": points,
        "presences": latest,
        "meetings": _meetings(request, premises),
    }


def _meetings(request: HttpRequest, premises: Premises) -> list[tuple[JointMeeting, str]]:
    """Joint meetings, each with the number of its case, for whoever sees that."""
    found = list(premises.joint_meetings.select_related("case")[:10])
    numbers = [one.case.number or "" if one.case is not None else "" for one in found]
    seen = seen_numbers(numbers, actor(request), now(request))
    return [(one, number if number in seen else "") for one, number in zip(found, numbers, strict=True)]


def _known(request: HttpRequest, premises: Premises) -> Known:
    """What the forms offer; asked of the database for schools alone."""
    today = local_day(now(request))
    if premises.kind != SCHOOL:
        return Known(premises, today)
    owners = Organisation.objects.filter(active=True, station_code=premises.station_code)
    points = premises.points.filter(removed_on__isnull=True).values_list("pk", "name")
    return Known(premises, today, list(owners), list(points))


def _acts(request: HttpRequest, premises: Premises, bound: Mapping[str, SentForm]) -> dict[str, Any]:
    known, found = _known(request, premises), {}
    for name, one in ACTS.items():
        if one.suits(premises) and may_premises(actor(request), one.verb, premises):
            form = bound.get(name) or SentForm(one.fields(known), auto_id=f"{name}_%s")
            found[name] = {"form": form, "title": title(name), "icon": one.icon, "open": name in bound}
    return found


@require_POST
@login_required
def act(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Do one of the things of the page; refused, the page comes back with what was typed."""
    premises, one = premises_for(actor(request), code), ACTS.get(what)
    if one is None or not one.suits(premises):
        raise Missing(say("missing", code=code))
    known = _known(request, premises)
    form = SentForm(one.fields(known), request.POST, request.FILES, auto_id=f"{what}_%s")
    if form.is_valid() and _done(request, premises, one, form, known):
        messages.success(request, said(phrase("premises:done", what=title(what))))
        return redirect("premises_page", code=premises.code)
    return render(
        request, "premises/detail.html", page_context(request, premises, bound={what: form}), status=422
    )


def _done(request: HttpRequest, premises: Premises, one: Act, form: SentForm, known: Known) -> bool:
    files = {name: uploads([found])[0] for name, found in request.FILES.items()}
    given = {k: v for k, v in form.cleaned_data.items() if k != "submission" and k not in files}
    if "present" in given:
        given["points"] = [id_ for id_, _ in known.points]
    try:
        carry_out(request, one.make(premises.pk, given, files))
    except AlreadyDone:
        return True
    except Invalid as refusal:
        show_refusal(form, refusal)
    except InputRefused as refusal:
        for finding in refusal.findings:
            form.add_error(None, finding.sentence(language()))
    except Refusal as refusal:
        if isinstance(refusal, Forbidden | Missing):
            raise
        form.add_error(None, said(refusal.text))
    return not form.errors


@require_POST
@login_required
def telephone(request: HttpRequest, code: str) -> HttpResponse:
    """Show the duty telephone; the log says who read it."""
    premises = premises_for(actor(request), code)
    carry_out(request, ReadDutyTelephone(premises_id=premises.pk))
    found = DutyTelephone.objects.filter(premises=premises, erased_at__isnull=True).first()
    context = {"value": found.value if found else "", "premises": premises}
    if request.headers.get("HX-Request"):
        return render(request, "premises/_telephone.html", context)
    return render(request, "premises/telephone.html", context)


@require_GET
@login_required
def kept_file(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """A file of premises, as a download that no browser runs."""
    premises = premises_for(actor(request), code)
    found = premises.files.filter(pk=pk).first()
    if found is None or not default_storage.exists(found.path):
        raise Missing(say("no_file"))
    response = FileResponse(
        default_storage.open(found.path),
        as_attachment=not found.media_type.startswith("image/"),
        filename=found.name,
        content_type=found.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@login_required
def letter_paper(request: HttpRequest, code: str, letter: str) -> HttpResponse:
    """A responsibility letter as PDF, to be signed; ``?language=en`` prints it in English."""
    premises = premises_for(actor(request), code)
    # Links of before led to the row's id.
    key = whole_of(letter)
    named = Q(number=letter) if key is None else Q(pk=key)
    found = Letter.objects.filter(named, premises=premises).first()
    if found is None:
        raise Missing(say("letter_missing"))
    spoken = request.GET.get("language") or language()
    station = Organisation.objects.filter(code=f"station:{premises.station_code}").first()
    context = {"premises": premises, "letter": found, "station": station}
    return paper_response(paper("letter.html", context, language=spoken), found.number or "letter")
