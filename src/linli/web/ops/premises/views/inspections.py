"""The inspector's list, the sheet on site, and what follows: service, evidence, re-check, handing up."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.errors import InputRefused
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.selectors import Cursor, case_for
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.premises.actions.base import local_day, say
from linli.web.ops.premises.actions.notices import (
    SERVED,
    Escalate,
    GiveEvidence,
    Recheck,
    ServeNotice,
    escalation_targets,
)
from linli.web.ops.premises.actions.planning import LinkPremises
from linli.web.ops.premises.actions.sheets import MOST_PHOTOS, VALUES, Given, SaveSheet
from linli.web.ops.premises.actions.steps import CHECKERS, INSPECTION, INSPECTORS
from linli.web.ops.premises.forms import SentForm, choice, day, show_refusal, text, uploads
from linli.web.ops.premises.models import Inspection, Rectification
from linli.web.ops.premises.presenting import inspection_rows, sheet_items
from linli.web.ops.premises.printing import paper, paper_response
from linli.web.ops.premises.selectors import inspection_for, inspections_page, open_inspections
from linli.web.ops.premises.telling import MANAGER

__all__ = ["all_inspections", "begin", "follow_up", "inspections", "link", "notice_paper", "sheet"]


@require_GET
@login_required
def inspections(request: HttpRequest) -> HttpResponse:
    """What an inspector does today, or what a unit has to mend: the earliest day first, made for a thumb."""
    who, at = actor(request), now(request)
    _may_look(request)
    after = Cursor.parse(request.GET.get("after", ""))
    works = bool(who.roles & INSPECTORS)
    states = (
        ("planned", "on_site", "recheck", "escalated") if works else ("rectifying", "recheck", "escalated")
    )
    found, following = open_inspections(who, at=at, states=states, after=after)
    rows, today = inspection_rows(found, at), local_day(at)
    context = {
        "groups": [
            (said(phrase(f"premises:day.{name}")), name, chosen)
            for name, chosen in (
                ("late", [row for row in rows if row.late]),
                ("today", [row for row in rows if not row.late and row.planned_for <= today]),
                ("later", [row for row in rows if not row.late and row.planned_for > today]),
            )
            if chosen
        ],
        "works": works,
        "checks": bool(who.roles & CHECKERS),
        "manages": MANAGER in who.roles,
        "next_url": f"?after={following}" if following else "",
    }
    return render(request, "premises/day.html", context)


def _may_look(request: HttpRequest) -> None:
    if not may_anywhere(actor(request), "view", INSPECTION):
        raise Forbidden(say("forbidden"))


@require_GET
@login_required
def all_inspections(request: HttpRequest) -> HttpResponse:
    """All inspections that the actor may see, newest first."""
    _may_look(request)
    spec = case_type(INSPECTION)
    wanted = [state for state in request.GET.getlist("state") if state in spec.state_by_id]
    after = Cursor.parse(request.GET.get("after", ""))
    found, following = inspections_page(actor(request), at=now(request), states=wanted, after=after)
    query = request.GET.copy()
    query["after"] = str(following or "")
    context = {
        "rows": inspection_rows(found, now(request)),
        "works": bool(actor(request).roles & INSPECTORS),
        "states": [(one.id, said(one.name), one.id in wanted) for one in spec.states],
        "next_url": f"?{query.urlencode()}" if following else "",
    }
    return render(request, "premises/inspections.html", context)


@require_POST
@login_required
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Begin on site and open the sheet."""
    inspection = inspection_for(actor(request), number, at=now(request), verb="work")
    try:
        carry_out(request, Move(case_id=inspection.case_id, step="begin"))
    except AlreadyDone:
        pass
    except Conflict as refusal:
        messages.error(request, said(refusal.text))
    return redirect("inspection_sheet", number=number)


@require_POST
@login_required
def link(request: HttpRequest, number: str) -> HttpResponse:
    """Link an inspection that was opened elsewhere to the premises whose code it names."""
    case = case_for(actor(request), number, at=now(request), verb="work")
    try:
        carry_out(request, LinkPremises(case_id=case.pk))
    except Refusal as refusal:
        messages.error(request, said(refusal.text))
    return redirect("case", number=number)


@require_http_methods(["GET", "POST"])
@login_required
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet: answers, remarks, photos; kept half done, or finished."""
    inspection = inspection_for(actor(request), number, at=now(request))
    mending = {"fix_by": day("fix_by", required=False)}
    sent = request.POST if request.method == "POST" else None
    form = SentForm(mending, sent, initial={"revision": inspection.case.revision})
    items = sheet_items(inspection)
    if request.method == "POST":
        finish = request.POST.get("what") == "finish"
        form.is_valid()
        if not form.errors and _kept(request, inspection, form, finish=finish):
            return _after_sheet(request, number, finish=finish)
        _typed(request, form, items)
    context = {
        "inspection": inspection,
        "items": items,
        "form": form,
        "revision": request.POST.get("revision") or inspection.case.revision,
        "values": [(value, said(phrase(f"premises:value.{value}"))) for value in VALUES],
        "row": inspection_rows([inspection], now(request))[0],
        "writes": inspection.case.state == "on_site" and bool(actor(request).roles & INSPECTORS),
        "found": [item for item in items if item["value"] == "no"],
        "most_photos": MOST_PHOTOS,
    }
    return render(request, "premises/sheet.html", context, status=422 if form.errors else 200)


def _after_sheet(request: HttpRequest, number: str, *, finish: bool) -> HttpResponse:
    messages.success(request, said(phrase(f"premises:{'sheet_finished' if finish else 'sheet_kept'}")))
    return redirect("case", number=number) if finish else redirect("inspection_sheet", number=number)


def _kept(request: HttpRequest, inspection: Inspection, form: SentForm, *, finish: bool) -> bool:
    sent = request.POST
    answers = {
        key.removeprefix("value-"): Given(sent[key], sent.get(f"remark-{key.removeprefix('value-')}", ""))
        for key in sent
        if key.startswith("value-") and sent[key]
    }
    photos = tuple(
        (key.removeprefix("photo-"), upload)
        for key in request.FILES
        if key.startswith("photo-")
        for upload in uploads(request.FILES.getlist(key))
    )
    revision = sent.get("revision", "")
    action = SaveSheet(
        case_id=inspection.case_id,
        answers=answers,
        photos=photos,
        finish=finish,
        fix_by=form.cleaned_data.get("fix_by"),
        revision=whole_of(revision),
    )
    return _tried(request, form, action)


def _tried(request: HttpRequest, form: forms.Form, action: Action[Any]) -> bool:
    """Carry out an action; what it refuses stands on the form, but who may not is refused as anywhere."""
    try:
        carry_out(request, action)
    except AlreadyDone:
        return True
    except Invalid as refusal:
        show_refusal(form, refusal, elsewhere=True)
        form.refused = refusal.fields  # type: ignore[attr-defined]
    except InputRefused as refusal:
        for finding in refusal.findings:
            form.add_error(None, finding.sentence(language()))
    except (Forbidden, Missing):
        raise
    except Refusal as refusal:
        form.add_error(None, said(refusal.text))
    return not form.errors


def _typed(request: HttpRequest, form: SentForm, items: list[dict[str, Any]]) -> None:
    """Put what was typed, and what is wrong with it, back onto the items."""
    refused = getattr(form, "refused", {})
    for item in items:
        item["value"] = request.POST.get(f"value-{item['id']}", item["value"])
        item["remark"] = request.POST.get(f"remark-{item['id']}", item["remark"])
        item["error"] = said(refused[item["id"]]) if item["id"] in refused else ""


Made = Callable[[int, Mapping[str, Any], HttpRequest], Action[Any]]


def _serving(_inspection: Inspection, _at: dt.datetime) -> dict[str, forms.Field]:
    return {"served_on": day("served_on"), "how": choice("how", "served", SERVED, radio=True)}


def _evidence(_inspection: Inspection, _at: dt.datetime) -> dict[str, forms.Field]:
    return {"text": text("evidence", most=2000, long=True, help_key="evidence_help")}


def _rechecking(inspection: Inspection, _at: dt.datetime) -> dict[str, forms.Field]:
    found = [item for item in sheet_items(inspection) if item["value"] == "no" and not item["fixed"]]
    choices = [(value, said(phrase(f"premises:fixed.{value}"))) for value in ("yes", "no")]
    fields: dict[str, forms.Field] = {
        f"fixed-{item['id']}": forms.ChoiceField(
            label=item["text"], choices=choices, widget=forms.RadioSelect, help_text=item["remark"]
        )
        for item in found
    }
    return {
        **fields,
        "note": text("recheck_note", most=2000, required=False, long=True),
        "fix_by": day("fix_by_again", required=False),
    }


def _escalating(inspection: Inspection, at: dt.datetime) -> dict[str, forms.Field]:
    targets = escalation_targets(inspection.case, at)
    near = [o for o in targets if o.kind != "station" or o.station_code == inspection.premises.station_code]
    named = [("", "—"), *((str(one.pk), one.named(language())) for one in near)]
    return {
        "organisation": forms.ChoiceField(label=said(phrase("premises:label.escalate_to")), choices=named),
        "reason": text("escalate_reason", most=2000, long=True),
    }


def _make_recheck(pk: int, given: Mapping[str, Any], _request: HttpRequest) -> Action[Any]:
    fixed = {
        key.removeprefix("fixed-"): value == "yes" for key, value in given.items() if key.startswith("fixed-")
    }
    return Recheck(case_id=pk, fixed=fixed, note=given["note"], fix_by=given["fix_by"])


_FOLLOWING: Mapping[
    str, tuple[Callable[[Inspection, dt.datetime], dict[str, forms.Field]], Made, frozenset[str]]
] = {
    "serve": (
        _serving,
        lambda pk, given, _: ServeNotice(case_id=pk, served_on=given["served_on"], how=given["how"]),
        INSPECTORS,
    ),
    "answer": (
        _evidence,
        lambda pk, given, request: GiveEvidence(
            case_id=pk, text=given["text"], files=uploads(request.FILES.getlist("files"))
        ),
        INSPECTORS | {MANAGER},
    ),
    "recheck": (_rechecking, _make_recheck, CHECKERS),
    "escalate": (
        _escalating,
        lambda pk, given, _: Escalate(
            case_id=pk, organisation_id=int(given["organisation"]), reason=given["reason"]
        ),
        CHECKERS,
    ),
}


@require_http_methods(["GET", "POST"])
@login_required
def follow_up(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """One of the steps after the sheet, each with a page of its own."""
    fields, make, roles = _FOLLOWING[what]
    inspection = inspection_for(actor(request), number, at=now(request), verb="work")
    if not actor(request).roles & roles:
        raise Forbidden(say("not_this_role"))
    data = request.POST if request.method == "POST" else None
    form = SentForm(fields(inspection, now(request)), data)
    if (
        data is not None
        and form.is_valid()
        and _tried(request, form, make(inspection.case_id, form.cleaned_data, request))
    ):
        messages.success(request, said(phrase(f"premises:follow_done.{what}")))
        return redirect("case", number=number)
    context = {
        "inspection": inspection,
        "row": inspection_rows([inspection], now(request))[0],
        "notice": inspection.notices.filter(ended_at__isnull=True).order_by("-round").first(),
        "evidence": _shown_evidence(inspection) if what == "recheck" else [],
        "form": form,
        "what": what,
        "title": said(phrase(f"premises:follow.{what}")),
        "files": what == "answer",
    }
    return render(request, "premises/follow_up.html", context, status=422 if form.errors else 200)


def _shown_evidence(inspection: Inspection) -> list[dict[str, Any]]:
    notice = inspection.notices.order_by("-round").first()
    if notice is None:
        return []
    rows = notice.evidence.prefetch_related("photos__attachment")
    return [{"row": one, "files": [photo.attachment for photo in one.photos.all()]} for one in rows]


@require_GET
@login_required
def notice_paper(request: HttpRequest, number: str, notice: str) -> HttpResponse:
    """A rectification notice as PDF; ``?language=en`` prints it in English."""
    inspection = inspection_for(actor(request), number, at=now(request))
    found = Rectification.objects.filter(inspection=inspection, number=notice).first()
    if found is None:
        raise Missing(say("no_notice"))
    spoken = request.GET.get("language") or language()
    premises = inspection.premises
    context = {
        "inspection": inspection,
        "premises": premises,
        "notice": found,
        "findings": [
            {
                "text": one["en" if spoken == "en" else "zh"],
                "rule": one["rule_en" if spoken == "en" else "rule_zh"],
                "remark": one["remark"],
            }
            for one in found.findings
        ],
        "station": Organisation.objects.filter(code=f"station:{premises.station_code}").first(),
    }
    return paper_response(paper("notice.html", context, language=spoken), found.number or "notice")
