"""What is done on a case's page: steps, notes, answers, assignment, sharing, files, merging, contacts."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.kernel.spelling import case_number
from linli.web.foundation.accounts.access import kinds_with
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.border.moments import day_of
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.base import say
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.actions.sharing import BreakGlass, EndShare, ShareCase, refused_reason
from linli.web.foundation.casework.actions.working import AddNote, Assign, Describe, GiveAnswer
from linli.web.foundation.casework.forms import StepForm, add_refusal
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.naming import field_name
from linli.web.foundation.casework.selectors import case_for
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.casework.types.versions import spec_of
from linli.web.foundation.casework.views.detail import detail_context
from linli.web.foundation.casework.views.requests import carry_out, done, to_case
from linli.web.foundation.screens.knocking import note_refused_request
from linli.web.foundation.screens.wording import said

__all__ = [
    "answer",
    "assign",
    "attach",
    "describe",
    "emergency",
    "feedback",
    "merge",
    "note",
    "personal",
    "share",
    "step",
    "unshare",
]


def _case(request: HttpRequest, number: str) -> Case:
    return case_for(actor(request), number, at=now(request))


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return whole_of(given)


def _whole(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    number = whole_of(given)
    if number is None:
        raise Invalid(say("form.incomplete", name=name))
    return number


def _until(request: HttpRequest) -> dt.datetime | None:
    given = request.POST.get("until", "")
    if not given:
        return None
    day = day_of(given)
    if day is None:
        raise Invalid(say("share.past"))
    return dt.datetime.combine(day, dt.time(23, 59), timezone.get_default_timezone())


@require_POST
@login_required
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Take a step; what is wrong is shown in the form, with everything that was written still in it."""
    case = _case(request, number)
    spec = spec_of(case)
    chosen = spec.transition_by_id.get(step)
    if chosen is None:
        raise Missing(say("case.missing", number=step))
    form = StepForm(spec, chosen, case.data, request.POST)
    if form.is_valid():
        try:
            carry_out(request, Move(case_id=case.pk, **form.values()))
        except (Invalid, Conflict) as refusal:
            if isinstance(refusal, Invalid):
                add_refusal(form, refusal)
            else:
                form.add_error(None, said(refusal.text))
        except AlreadyDone:
            return to_case(case)
        else:
            return done(request, case, lambda: None, "moved")
    case = _case(request, number)
    # Sending again is meant for the case as it is now.
    again = request.POST.copy()
    again["revision"] = str(case.revision)
    form.data = again
    context = detail_context(request, case, bound={step: form})
    return render(request, "casework/detail.html", {**context, "failed": form}, status=422)


@require_POST
@login_required
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Write a note."""
    case = _case(request, number)
    action = AddNote(case_id=case.pk, text=request.POST.get("text", ""))
    return done(request, case, lambda: carry_out(request, action), "noted")


@require_POST
@login_required
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Tell the reporter something."""
    case = _case(request, number)
    action = GiveAnswer(case_id=case.pk, text=request.POST.get("text", ""))
    return done(request, case, lambda: carry_out(request, action), "answered")


@require_POST
@login_required
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Hand over to an organisation, or to a person of one (``organisation:person``)."""
    case = _case(request, number)

    def act() -> None:
        office, _, person = request.POST.get("to", "").partition(":")
        organisation, assignee = whole_of(office), whole_of(person)
        if organisation is None or (person and assignee is None):
            raise Invalid(say("assign.no_organisation"))
        carry_out(
            request,
            Assign(
                case_id=case.pk,
                organisation_id=organisation,
                assignee_id=assignee,
                note=request.POST.get("note", ""),
                revision=_revision(request),
            ),
        )

    return done(request, case, act, "assigned")


@require_POST
@login_required
def describe(request: HttpRequest, number: str) -> HttpResponse:
    """Correct title, category, priority."""
    case = _case(request, number)

    def act() -> None:
        carry_out(
            request,
            Describe(
                case_id=case.pk,
                title=request.POST.get("title", ""),
                category=request.POST.get("category", ""),
                priority=_whole(request, "priority"),
                note=request.POST.get("note", ""),
                revision=_revision(request),
            ),
        )

    return done(request, case, act, "described")


@require_POST
@login_required
def share(request: HttpRequest, number: str) -> HttpResponse:
    """Share with another organisation, for good or for a time with consent."""
    case = _case(request, number)

    def act() -> None:
        kind = "consent" if request.POST.get("kind") == "consent" else "case"
        carry_out(
            request,
            ShareCase(
                case_id=case.pk,
                organisation_id=_whole(request, "organisation"),
                reason=request.POST.get("reason", ""),
                kind=kind,  # type: ignore[arg-type]
                until=_until(request),
                consent=request.POST.get("consent", ""),
            ),
        )

    return done(request, case, act, "shared")


@require_POST
@login_required
def unshare(request: HttpRequest, number: str) -> HttpResponse:
    """Stop sharing."""
    case = _case(request, number)

    def act() -> None:
        carry_out(request, EndShare(case_id=case.pk, organisation_id=_whole(request, "organisation")))

    return done(request, case, act, "unshared")


@require_POST
@login_required
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Add a file."""
    case = _case(request, number)

    def act() -> None:
        file = request.FILES.get("file")
        if file is None:
            raise Invalid(say("attach.none"))
        content = content_of(file)
        carry_out(
            request,
            Attach(
                case_id=case.pk,
                file_name=file.name or "",
                content=content,
                text=request.POST.get("text", ""),
                public=request.POST.get("public") == "1",
            ),
        )

    return done(request, case, act, "attached")


@require_POST
@login_required
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Say that this case is the same as another."""
    case = _case(request, number)

    def act() -> None:
        other = case_for(actor(request), request.POST.get("into", ""), at=now(request))
        carry_out(request, Merge(case_id=case.pk, into_id=other.pk, revision=_revision(request)))

    return done(request, case, act, "merged")


@require_POST
@login_required
def emergency(request: HttpRequest, number: str) -> HttpResponse:
    """Break the glass; a wanting reason is answered alike for every number, there or not."""
    who, reason, number = actor(request), request.POST.get("reason", ""), case_number(number)
    case = Case.objects.filter(number=number).first()
    wrong = refused_reason(reason)
    if wrong is not None and kinds_with(who, "emergency", case_types()):
        if case is not None and not may_case(who, "view", case, now(request)):
            note_refused_request(request, Forbidden(say("case.forbidden")), who)
        context = {"number": number, "error": said(wrong)}
        return render(request, "casework/locked.html", context, status=422)
    if case is None:
        raise Missing(say("case.missing", number=number))
    carry_out(request, BreakGlass(case_id=case.pk, reason=reason))
    return to_case(case)


@require_POST
@login_required
def personal(request: HttpRequest, number: str) -> HttpResponse:
    """Show what people said about themselves; the reading is logged first."""
    case = _case(request, number)
    spec = spec_of(case)
    action = ReadPersonal(case_id=case.pk, reason=request.POST.get("reason", ""))
    carry_out(request, action)
    shown = []
    for value in action.values():
        name = said(field_name(spec, value.field))
        shown.append({"role": value.role, "name": name, "value": value.value})
    context = {"case": case, "shown": shown}
    template = "casework/_personal.html" if request.headers.get("HX-Request") else "casework/personal.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def feedback(request: HttpRequest, number: str) -> HttpResponse:
    """What a reporter with an account says of how it went."""
    case = _case(request, number)

    def act() -> None:
        rating = request.POST.get("rating", "")
        carry_out(
            request,
            GiveFeedback(
                case_id=case.pk,
                solved=request.POST.get("solved") == "1",
                rating=whole_of(rating),
                comment=request.POST.get("comment", ""),
                reopen=request.POST.get("reopen") == "1",
            ),
        )

    return done(request, case, act, "feedback")
