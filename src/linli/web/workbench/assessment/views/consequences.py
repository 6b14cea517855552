"""Pages of consequences: what is proposed, seen first by those assessed; objections; decisions by name."""

import uuid
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.errors import InputRefused, LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import Action, AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.workbench.assessment.actions.consequences import (
    ConfirmConsequence,
    DecideObjection,
    DropConsequence,
    Object,
    See,
)
from linli.web.workbench.assessment.forms import DecideForm, ObjectForm, SettleForm
from linli.web.workbench.assessment.models import Consequence, Exhibit, Objection
from linli.web.workbench.assessment.naming import area_name
from linli.web.workbench.assessment.presenting import (
    TONES,
    clause_text,
    consequence_row,
    figure_url,
    number,
)
from linli.web.workbench.assessment.reach import KIND, is_county, is_own
from linli.web.workbench.assessment.selectors import consequence_for, consequences, visible_names
from linli.web.workbench.assessment.telling import text_of
from linli.web.workbench.assessment.views.comparisons import chance_rows

__all__ = ["confirm", "consequence", "consequence_list", "decide", "drop", "exhibit", "object_to"]

say = catalogue("linli.web.workbench.assessment")

PAGE: Final = 50
Status = Consequence.Status


@require_GET
@login_required
def consequence_list(request: HttpRequest) -> HttpResponse:
    """What is proposed for the areas that the actor reaches."""
    who = actor(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("forbidden.view"))
    found = consequences(who)
    status, month = request.GET.get("status", ""), request.GET.get("month", "")
    if status in Status.values:
        found = found.filter(status=status)
    if month:
        found = found.filter(version__period__month=month)
    after = request.GET.get("after", "")
    if (last := whole_of(after)) is not None:
        found = found.filter(pk__lt=last)
    page = list(found.order_by("-pk")[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    names = {one.version_id: visible_names(who, one.version) for one in page}
    months = sorted(set(consequences(who).values_list("version__period__month", flat=True)), reverse=True)
    context = {
        "rows": [consequence_row(one, names[one.version_id]) for one in page],
        "statuses": [(v, said(phrase(f"assessment:status.{v}")), v == status) for v in Status.values],
        "months": [(one, one == month) for one in months],
        "next_url": f"?status={status}&month={month}&after={page[-1].pk}" if more else "",
    }
    return render(request, "assessment/consequences.html", context)


@require_GET
@login_required
def consequence(request: HttpRequest, pk: int) -> HttpResponse:
    """One consequence with its explanation. Those assessed have seen it once they open it here."""
    found = consequence_for(actor(request), pk)
    if found.shown_at is not None and found.seen_at is None and is_own(actor(request), found):
        carry_out(request, See(consequence_id=pk))
        found = consequence_for(actor(request), pk)
    return _page(request, found, {})


def _page(
    request: HttpRequest, found: Consequence, bound: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    who, at = actor(request), now(request)
    objection = Objection.objects.select_related("by", "decided_by").filter(consequence=found).first()
    title, asks = clause_text(found.version, found.clause)
    names = visible_names(who, found.version)
    chance = [one for one in chance_rows(found.version.chance) if one["rule"] == found.rule and one["chosen"]]
    in_time = found.object_until is not None and at <= found.object_until
    county = is_county(who, "approve") and not is_own(who, found)
    context: dict[str, Any] = {
        "one": found,
        "tone": TONES[found.status],
        "title": said(text_of(found.told.get("title"))),
        "as_read": said(text_of(found.told.get("as_read"))),
        "reason": said(text_of(found.told.get("reason"))),
        "note": said(text_of(found.told.get("note"))),
        "clause_title": title,
        "clause_asks": asks,
        "area": area_name(names.get((found.area_kind, found.area))),
        "inputs": _inputs(found),
        "honest": _honest(found),
        "chance": chance[0] if chance else None,
        "yuan": "" if found.yuan is None else number(found.yuan),
        "objection": objection,
        "exhibits": [] if objection is None else list(objection.exhibits.order_by("pk")),
        "in_time": in_time,
        "object_form": _form(bound, "object", ObjectForm)
        if is_own(who, found) and found.status == Status.PROPOSED and objection is None and in_time
        else None,
        "decide_form": _form(bound, "decide", DecideForm)
        if found.status == Status.OBJECTED and _may_decide(who, found, objection)
        else None,
        "settle_form": _form(bound, "settle", SettleForm)
        if county and found.status == Status.PROPOSED
        else None,
    }
    return render(request, "assessment/consequence.html", context, status=status)


def _form(bound: dict[str, forms.Form], name: str, make: Callable[..., forms.Form]) -> forms.Form:
    return bound.get(name) or make(initial={"submission": uuid.uuid4().hex})


def _may_decide(who: Actor, found: Consequence, objection: Objection | None) -> bool:
    own = is_own(who, found) or who.user_id == found.proposed_by_id
    return is_county(who, "answer") and not own and objection is not None and who.user_id != objection.by_id


def _inputs(found: Consequence) -> list[dict[str, Any]]:
    told = found.version.told["indicators"]
    return [
        {
            **one,
            "title": said(text_of(told[one["indicator"]]["title"])),
            "shown": number(one["value"], told[one["indicator"]]["unit"]),
            "url": figure_url(found.version, one["indicator"], found.area, one["period"]),
        }
        for one in found.inputs
        if one["indicator"] in told
    ]


def _honest(found: Consequence) -> str:
    kept = found.honest or {"verdict": "unknown", "values": {}}
    return said(phrase(f"assessment:honest.{kept['verdict']}", **kept["values"]))


def _sent(
    request: HttpRequest, pk: int, key: str, form: forms.Form, action: Action[Consequence], word: str
) -> HttpResponse:
    found = consequence_for(actor(request), pk)
    form.is_valid()
    try:
        carry_out(request, action)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return _page(request, found, {key: form}, 422)
    except InputRefused as refusal:
        for finding in refusal.findings:
            messages.error(request, finding.sentence(language()))
    except AlreadyDone:
        pass
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(phrase(f"assessment:done.{word}")))
    return redirect("consequence", pk=pk)


def _given(request: HttpRequest, name: str, most: int = 4000) -> str:
    return request.POST.get(name, "")[:most]


@require_POST
@login_required
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """The office assessed objects."""
    consequence_for(actor(request), pk)
    # One that is too large is refused for it before the rest of it is read.
    files = tuple((file.name or "", content_of(file)) for file in request.FILES.getlist("file"))
    form = ObjectForm(request.POST, request.FILES)
    action = Object(consequence_id=pk, text=_given(request, "text", 5000), files=files)
    return _sent(request, pk, "object", form, action, "objected")


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else decides the objection."""
    form = DecideForm(request.POST)
    uphold = _given(request, "outcome") == "uphold"
    if _given(request, "outcome") not in ("uphold", "reject"):
        form.is_valid()
        return _page(request, consequence_for(actor(request), pk), {"decide": form}, 422)
    action = DecideObjection(consequence_id=pk, uphold=uphold, reason=_given(request, "reason"))
    return _sent(request, pk, "decide", form, action, "decided")


@require_POST
@login_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A named person confirms."""
    read = _given(request, "read") == "on"
    action = ConfirmConsequence(consequence_id=pk, reason=_given(request, "reason"), read=read)
    return _sent(request, pk, "settle", SettleForm(request.POST), action, "confirmed")


@require_POST
@login_required
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """A named person drops it."""
    action = DropConsequence(consequence_id=pk, reason=_given(request, "reason"))
    return _sent(request, pk, "settle", SettleForm(request.POST), action, "dropped")


@require_GET
@login_required
def exhibit(request: HttpRequest, pk: int, exhibit: int) -> FileResponse:
    """A file of an objection, as something that no browser runs."""
    found = consequence_for(actor(request), pk)
    file = Exhibit.objects.filter(pk=exhibit, objection__consequence=found).first()
    if file is None or not default_storage.exists(file.path):
        raise Missing(say("missing.consequence"))
    response = FileResponse(
        default_storage.open(file.path),
        as_attachment=not file.media_type.startswith("image/"),
        filename=file.name,
        content_type=file.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
