"""A case is opened from a form made of its type."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid
from linli.web.foundation.casework.actions.base import say
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.forms import OpeningForm, add_refusal
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import case_for
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out, sent_before, to_case
from linli.web.foundation.places.fields import own_first
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["open_case", "register_opening_page"]

_PAGES: dict[str, str] = {}


def register_opening_page(kind: str, name: str) -> None:
    """Say that a case type is opened on a page of its feature's own; called by an app's ``ready``."""
    _PAGES[kind] = name


@require_http_methods(["GET", "POST"])
@login_required
def open_case(request: HttpRequest, kind: str) -> HttpResponse:
    """The form, and what comes of it. ``?parent=`` opens a sub-case."""
    spec = case_type(kind)
    if not may_anywhere(actor(request), "open", kind):
        raise Forbidden(say("open.forbidden", name=spec.name))
    parent = _parent(request)
    if request.method == "GET" and parent is None and kind in _PAGES:
        return redirect(_PAGES[kind])
    if request.method == "POST":
        form = OpeningForm(spec, request.POST)
        if form.is_valid():
            opened = _opened(request, form, parent)
            if opened is not None:
                return opened
    else:
        form = OpeningForm(
            spec, initial={"submission": uuid.uuid4().hex, "category": request.GET.get("category")}
        )
    own_first(form, actor(request).stations)
    context = {"form": form, "spec": spec, "parent": parent}
    return render(request, "casework/open.html", context, status=422 if form.errors else 200)


def _parent(request: HttpRequest) -> Case | None:
    number = request.GET.get("parent", "")
    return case_for(actor(request), number, at=now(request), verb="work") if number else None


def _opened(request: HttpRequest, form: OpeningForm, parent: Case | None) -> HttpResponse | None:
    try:
        case = carry_out(request, OpenCase(**form.values(), parent_id=parent.pk if parent else None))
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    except AlreadyDone as before:
        messages.info(request, said(phrase("casework:done.before")))
        known = sent_before(request, before)
        return redirect("cases") if known is None else to_case(known)
    messages.success(request, said(phrase("casework:done.opened", number=case.number)))
    if not _sees(request, case):
        return redirect("cases")
    return to_case(case)


def _sees(request: HttpRequest, case: Case) -> bool:
    return may_case(actor(request), "view", case, now(request))
