"""A request that came by telephone, at the counter or on a visit is taken down, and its receipt printed."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.presenting import place_label, rows, shown_caution
from linli.web.foundation.casework.selectors import case_for
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out, need_sent_before
from linli.web.foundation.places.fields import own_first
from linli.web.foundation.places.villages import the_only_one, villages
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.requests.five import KIND
from linli.web.ops.requests.forms import IntakeForm
from linli.web.ops.requests.selectors import near
from linli.web.ops.requests.wording import say

__all__ = ["near_by", "open_request", "receipt"]


@require_http_methods(["GET", "POST"])
@login_required
def open_request(request: HttpRequest) -> HttpResponse:
    """The form, and the receipt that comes of it."""
    if not may_anywhere(actor(request), "open", KIND):
        raise Forbidden(say("intake.forbidden"))
    form = IntakeForm(request.POST) if request.method == "POST" else IntakeForm(initial=_initial(request))
    own_first(form, actor(request).stations)
    if request.method == "POST" and form.is_valid():
        number = _opened(request, form)
        if number is not None:
            return redirect("request_receipt", number=number)
    return render(request, "requests/open.html", {"form": form}, status=422 if form.errors else 200)


def _initial(request: HttpRequest) -> dict[str, str]:
    return {"submission": uuid.uuid4().hex, "channel": request.GET.get("channel", "phone")}


def _opened(request: HttpRequest, form: IntakeForm) -> str | None:
    try:
        case = carry_out(request, OpenCase(**form.values()))
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    except AlreadyDone as before:
        messages.info(request, said(phrase("casework:done.before")))
        case = need_sent_before(request, before)
    return case.number or ""


@require_POST
@login_required
def near_by(request: HttpRequest) -> HttpResponse:
    """Requests that may be the same as what is being typed: a part of the form.

    By POST though nothing is changed: where somebody lives would stay in every log on the way.
    """
    village = the_only_one(request.POST.get("place", "")[:80], villages())
    found = near(
        actor(request),
        now(request),
        category=request.POST.get("category", ""),
        place="" if village is None else village.code,
        longitude=_degrees(request.POST.get("longitude", ""), 180),
        latitude=_degrees(request.POST.get("latitude", ""), 90),
    )
    return render(request, "requests/_near.html", {"rows": rows(found, now(request))})


def _degrees(text: str, most: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) <= most else None


@require_GET
@login_required
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What the person takes home: the number to ask by, and when the answer is due.

    It holds no tracking code: who prints it would have read it, and could speak in the person's name.
    """
    case = case_for(actor(request), number, at=now(request))
    own = case.opened_by_id == actor(request).user_id
    if case.case_type != KIND or not (own or may_case(actor(request), "work", case, now(request))):
        raise Forbidden(say("receipt.forbidden"))
    spec = case_type(KIND)
    category = spec.category_by_id.get(case.category)
    context = {
        "case": case,
        "category": said(category.name) if category is not None else case.category,
        "place": place_label(case),
        "caution": shown_caution(case, case.promised_at),
        "track_url": request.build_absolute_uri(reverse("public_home")),
        "reopen_days": spec.reopen_days,
        "personal": case.personal_values.filter(erased_at__isnull=True).exists(),
        "kept": [(f.name, f.personal) for f in spec.fields if f.personal is not None and f.on_opening],
    }
    response = render(request, "requests/receipt.html", context)
    response["Cache-Control"] = "no-store"
    return response
