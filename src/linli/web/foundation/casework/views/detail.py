"""One case: where it stands, what happened, and what may be done with it now."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel.spelling import case_number
from linli.web.foundation.accounts.access import Subject, local_day, may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Forbidden, Missing, missing
from linli.web.foundation.casework.actions.base import say
from linli.web.foundation.casework.actions.merging import suggestions
from linli.web.foundation.casework.actions.moving import allowed_steps
from linli.web.foundation.casework.forms import StepForm
from linli.web.foundation.casework.models import Attachment, Case, Notice
from linli.web.foundation.casework.naming import field_name
from linli.web.foundation.casework.panels import panels_of
from linli.web.foundation.casework.presenting import (
    history,
    may_open_file,
    row,
    rows,
    shown_caution,
    shown_values,
)
from linli.web.foundation.casework.receivers import colleagues, takers, watchers
from linli.web.foundation.casework.selectors import case_for, seen_of
from linli.web.foundation.casework.subjects import may_own, own_subject, subject_of
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.versions import spec_of
from linli.web.foundation.screens.knocking import note_refused_request
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["attachment", "case_page_of", "detail_context"]


@require_http_methods(["GET"])
@login_required
def case_page_of(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a case; somebody who may only see it in an emergency is offered that."""
    try:
        case = case_for(actor(request), number, at=now(request))
    except Missing:
        return _locked(request, number)
    Notice.objects.filter(user_id=actor(request).account, case=case, read_at__isnull=True).update(
        read_at=now(request)
    )
    return render(request, "casework/detail.html", detail_context(request, case))


def _locked(request: HttpRequest, number: str) -> HttpResponse:
    number = case_number(number)
    case = Case.objects.filter(number=number).first()
    if case is None or not may(actor(request), "emergency", own_subject(case)):
        raise missing(say("case.missing", number=number), hidden=case is not None)
    note_refused_request(request, Forbidden(say("case.forbidden")), actor(request))
    return render(
        request, "casework/locked.html", {"number": number, "submission": uuid.uuid4().hex}, status=403
    )


def detail_context(
    request: HttpRequest, case: Case, *, bound: Mapping[str, StepForm] | None = None
) -> dict[str, Any]:
    """Everything that the page shows; a constant number of queries."""
    who, at, spec = actor(request), now(request), spec_of(case)
    subject = subject_of(case, at)
    can = {verb: _may(request, verb, subject, case) for verb in _VERBS}
    state = spec.state_by_id[case.state]
    return {
        "case": case,
        "row": row(case, at),
        "cautions": {
            "case": shown_caution(case, case.case_due_at),
            "state": shown_caution(case, case.state_due_at),
        },
        "spec": spec,
        "state": state,
        "result": spec.result_by_id.get(case.result),
        "values": shown_values(case, spec),
        "history": history(case, spec, who, at),
        "steps": _steps(request, case, spec, bound or {}) if can["work"] else [],
        "can": can,
        "own": can["work"] and may_own(who, "work", case),
        "personal": [
            (v.role, said(field_name(spec, v.field)), v.erased_at) for v in case.personal_values.all()
        ],
        "shares": [s for s in case.shares.select_related("organisation") if s.ended_at is None],
        **_beside(case, who, at),
        "duplicates": rows(suggestions(case, who, at), at) if can["merge"] and case.is_open else [],
        "panels": panels_of(case, who, at),
        "takers": _organisations(takers(case.case_type, case.confidentiality, at), case)
        if can["assign"]
        else [],
        "watchers": _organisations(watchers(case.case_type, at), case) if can["share"] else [],
        "colleagues": colleagues(case, at) if can["assign"] else [],
        "answers": [(a.id, said(a.name), _template(a.text, case, spec)) for a in spec.answers],
        "feedback": list(case.feedback.order_by("-at")),
        "submission": uuid.uuid4().hex,
    }


def _beside(case: Case, who: Actor, at: dt.datetime) -> dict[str, Any]:
    """The cases beside one, as far as the actor sees them; the others are not there, not even as a number."""
    children = case.children.select_related("organisation", "assignee")
    near = [id_ for id_ in (case.parent_id, case.merged_into_id) if id_ is not None]
    seen: set[int] = set()
    if near:
        seen = set(seen_of(Case.objects.filter(pk__in=near), who, at).values_list("pk", flat=True))
    return {
        "children": rows(seen_of(children, who, at).order_by("pk"), at),
        "merged": list(seen_of(case.merged.all(), who, at).order_by("pk").values_list("number", flat=True)),
        "parent": case.parent if case.parent_id in seen else None,
        "goes_on": case.merged_into if case.merged_into_id in seen else None,
    }


_VERBS = ("work", "assign", "answer", "share", "merge", "personal", "export")


def _may(request: HttpRequest, verb: str, subject: Subject, case: Case) -> bool:
    return case.merged_into_id is None and may(actor(request), verb, subject)


def _steps(
    request: HttpRequest, case: Case, spec: TypeSpec, bound: Mapping[str, StepForm]
) -> list[dict[str, Any]]:
    there = dict(case.data)
    initial = {"revision": case.revision, "submission": uuid.uuid4().hex}
    return [
        {
            "id": step.id,
            "name": said(step.name),
            "form": bound.get(step.id) or StepForm(spec, step, there, initial=initial),
            "open": step.id in bound,
        }
        for step in allowed_steps(case, spec, Context(actor(request), now(request)))
    ]


def _organisations(found: QuerySet[Organisation], case: Case) -> list[Organisation]:
    """Of some, those that are offered: the bureau, all stations, the own station's offices, partners."""
    kind = Organisation.Kind
    wide = Q(kind__in=(kind.BUREAU, kind.STATION, kind.COURT, kind.PARTNER))
    own = Q(kind__in=(kind.POST, kind.COMMITTEE), station_code=case.station_code)
    return list(found.filter(wide | own).only("id", "name", "name_en"))


def _template(text: Any, case: Case, spec: TypeSpec) -> str:
    state = spec.state_by_id[case.state]
    office = case.organisation.name if case.organisation else ""
    due = "" if case.case_due_at is None else local_day(case.case_due_at).isoformat()
    moves = shown_caution(case, case.case_due_at)
    if moves:
        due = said(phrase("casework:answer.due_may_move", due=due, caution=moves))
    return said(text).format(
        number=case.number, title=case.title, state=said(state.name), due=due, office=office
    )


@require_GET
@login_required
def attachment(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """A file of a case, as a download that no browser runs."""
    case = case_for(actor(request), number, at=now(request))
    found = Attachment.objects.filter(case=case, pk=pk, waiting=False).select_related("event").first()
    if found is None or not may_open_file(found, actor(request)):
        raise missing(say("attach.missing"), hidden=Attachment.objects.filter(pk=pk).exists())
    if not default_storage.exists(found.path):
        raise Missing(say("attach.missing"))
    inline = found.media_type.startswith("image/")
    response = FileResponse(
        default_storage.open(found.path),
        as_attachment=not inline,
        filename=found.name,
        content_type=found.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
