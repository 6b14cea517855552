"""Checklists and the schedule: seen by who inspects, edited by who keeps them for the county."""

import re
import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.premises.actions.base import say
from linli.web.ops.premises.actions.checklists import PublishChecklist, SetInterval, may_edit
from linli.web.ops.premises.checklists import MOST_ITEMS, Item, items_of, shipped_checklist
from linli.web.ops.premises.kinds import KINDS, classes_of
from linli.web.ops.premises.models import Checklist
from linli.web.ops.premises.presenting import kind_label
from linli.web.ops.premises.scheduling import months_in_force
from linli.web.ops.premises.subjects import KIND

__all__ = ["checklist", "checklists", "edit_checklist", "interval"]

BLANK = 3
"""Empty lines at the end of the editor, for what is added."""
PARTS = ("text_zh", "text_en", "rule_zh", "rule_en", "clause")


def _look(request: HttpRequest) -> None:
    if not may_anywhere(actor(request), "view", KIND):
        raise Forbidden(say("forbidden"))


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise Missing(say("no_kind"))
    return kind


@require_GET
@login_required
def checklists(request: HttpRequest) -> HttpResponse:
    """All kinds with their checklist's version and how often they are inspected."""
    _look(request)
    versions: dict[str, Checklist] = {}
    for one in Checklist.objects.order_by("version"):
        versions[one.kind] = one
    months = months_in_force()
    rows = [
        {
            "kind": kind,
            "label": kind_label(kind),
            "version": versions[kind].version if kind in versions else 1,
            "items": len(versions[kind].items if kind in versions else shipped_checklist(kind)),
            "classes": [
                (one, said(phrase(f"premises:class.{one}")), months[kind, one]) for one in classes_of(kind)
            ],
        }
        for kind in KINDS
    ]
    context = {"rows": rows, "edits": may_edit(actor(request)), "submission": uuid.uuid4().hex}
    return render(request, "premises/checklists.html", context)


@require_POST
@login_required
def interval(request: HttpRequest, kind: str, schedule_class: str) -> HttpResponse:
    """Set how often a class is inspected."""
    given = request.POST.get("months", "")
    action = SetInterval(
        kind=kind,
        schedule_class=schedule_class,
        months=int(given) if re.fullmatch(r"[0-9]{1,3}", given) else None,
    )
    try:
        moved = carry_out(request, action)
    except Invalid as refusal:
        for reason in refusal.fields.values():
            messages.error(request, said(reason))
    except AlreadyDone:
        messages.info(request, said(phrase("casework:done.before")))
    else:
        messages.success(request, said(phrase("premises:interval_done", count=moved)))
    return redirect("checklists")


def _version(kind: str, version: str) -> tuple[int, tuple[Item, ...], Checklist | None]:
    """A version's number and items, and its row where it has one; the newest where none is asked for."""
    rows = Checklist.objects.filter(kind=kind).order_by("-version")
    row = (
        rows.filter(version=int(version)).first()
        if version.isdecimal() and len(version) < 6
        else rows.first()
    )
    if row is not None:
        return row.version, items_of(row.items), row
    if version not in ("", "1"):
        raise Missing(say("no_kind"))
    return 1, shipped_checklist(kind), None


@require_GET
@login_required
def checklist(request: HttpRequest, kind: str) -> HttpResponse:
    """One checklist; ``?version=`` shows an earlier one."""
    _look(request)
    number, items, row = _version(_known(kind), request.GET.get("version", ""))
    context = {
        "kind": kind,
        "label": kind_label(kind),
        "version": number,
        "row": row,
        "items": items,
        "versions": list(Checklist.objects.filter(kind=kind)),
        "edits": may_edit(actor(request)),
    }
    return render(request, "premises/checklist.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def edit_checklist(request: HttpRequest, kind: str) -> HttpResponse:
    """Edit a checklist: lines changed, emptied to take them out, or added; published as the next version."""
    if not may_edit(actor(request)):
        raise Forbidden(say("forbidden_county"))
    number, items, _row = _version(_known(kind), "")
    lines = [_line(item) for item in items]
    errors: Mapping[str, str] = {}
    if request.method == "POST":
        lines = _typed(request.POST)
        errors = _published(request, kind, lines)
        if not errors:
            messages.success(request, said(phrase("premises:checklist_done")))
            return redirect("checklist", kind=kind)
    lines += [{"id": "", **dict.fromkeys(PARTS, "")} for _ in range(BLANK)]
    context = {
        "kind": kind,
        "label": kind_label(kind),
        "based_on": request.POST.get("based_on", number),
        "lines": list(enumerate(lines[: MOST_ITEMS + BLANK], 1)),
        "note": request.POST.get("note", ""),
        "errors": tuple(errors.values()),
        "submission": uuid.uuid4().hex,
    }
    return render(request, "premises/checklist_edit.html", context, status=422 if errors else 200)


def _line(item: Item) -> dict[str, str]:
    return {
        "id": item.id,
        "text_zh": item.text.zh,
        "text_en": item.text.en,
        "rule_zh": item.rule.zh,
        "rule_en": item.rule.en,
        "clause": item.clause,
    }


def _typed(sent: QueryDict) -> list[dict[str, str]]:
    """The lines that hold something; a new one is given an id of its own."""
    columns = [sent.getlist(part)[: MOST_ITEMS + BLANK] for part in PARTS]
    lines = [
        {"id": id_, **{part: value.strip() for part, value in zip(PARTS, values, strict=True)}}
        for id_, *values in zip(sent.getlist("id"), *columns, strict=False)
    ]
    kept = [line for line in lines if line["text_zh"] or line["text_en"]]
    taken = {line["id"] for line in kept}
    for line in kept:
        if not line["id"]:
            line["id"] = next(f"own_{n}" for n in range(1, 1000) if f"own_{n}" not in taken)
            taken.add(line["id"])
    return kept


def _published(request: HttpRequest, kind: str, lines: list[dict[str, str]]) -> Mapping[str, str]:
    based_on = request.POST.get("based_on", "")
    items = [
        {
            "id": line["id"],
            "text": {"zh": line["text_zh"], "en": line["text_en"]},
            "rule": {"zh": line["rule_zh"], "en": line["rule_en"]},
            "clause": line["clause"],
        }
        for line in lines
    ]
    action = PublishChecklist(
        kind=kind,
        based_on=whole_of(based_on, most=99_999) or 0,
        items=items,
        note=request.POST.get("note", ""),
    )
    try:
        carry_out(request, action)
    except AlreadyDone:
        return {}
    except Invalid as refusal:
        return {name: said(reason) for name, reason in refusal.fields.items()}
    except Conflict as refusal:
        return {"": said(refusal.text)}
    return {}
