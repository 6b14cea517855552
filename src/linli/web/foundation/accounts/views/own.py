"""One's own account: roles, password, second factor, sessions; and the tree of organisations."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.access import local_day, may_anywhere
from linli.web.foundation.accounts.actions.base import say
from linli.web.foundation.accounts.actions.entry import EndSession
from linli.web.foundation.accounts.credentials import stay_signed_in
from linli.web.foundation.accounts.directory import organisation_page
from linli.web.foundation.accounts.factors import needs_second_factor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Grant, Session, User
from linli.web.foundation.accounts.reauthentication import need_password_again
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.accounts.selectors import second_factors
from linli.web.foundation.accounts.sessions import session_name, sessions_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.selectors import own_entries
from linli.web.foundation.screens.wording import said

__all__ = ["end_session", "me", "organisation", "organisations"]


@require_GET
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """What I may do and until when, how I sign in, and where I am signed in."""
    who, at = actor(request), now(request)
    assert who.user_id is not None  # noqa: S101 - signed in
    grants = Grant.objects.filter(user_id=who.user_id).select_related("organisation").order_by("-starts")
    day = local_day(at)
    context = {
        "grants": [_role(grant) for grant in grants if grant.ends is None or grant.ends >= day],
        "factors": second_factors(who.user_id).count(),
        "must_have_factor": needs_second_factor(who.held),
        "sessions": [_session(one, request) for one in sessions_of(who.user_id, at)],
        "entries": own_entries(who.user_id),
    }
    return render(request, "accounts/me.html", context)


def _role(grant: Grant) -> dict[str, Any]:
    role = role_of(grant.role)
    name = said(role.name) if role else grant.role
    return {"role": name, "organisation": grant.organisation, "starts": grant.starts, "ends": grant.ends}


def _session(one: Session, request: HttpRequest) -> dict[str, Any]:
    return {
        "name": session_name(one.session_key),
        "began_at": one.began_at,
        "address": one.address,
        "agent": one.agent,
        "current": one.session_key == request.session.session_key,
    }


@require_POST
@login_required
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of my other sessions, or all of them."""
    need_password_again(request)
    key = request.session.session_key or ""
    try:
        perform(
            EndSession(keep=key, session=request.POST.get("session", "")[:16]), actor(request), now(request)
        )
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
    else:
        stay_signed_in(request, cast(User, request.user))
        messages.success(request, said(say("done.session_ended")))
    return redirect("me")


@require_GET
@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    """The top of the tree."""
    return _organisation(request, None)


@require_GET
@login_required
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: what is below it and who works there."""
    return _organisation(request, pk)


def _organisation(request: HttpRequest, pk: int | None) -> HttpResponse:
    if not may_anywhere(actor(request), "view", "account"):
        raise Forbidden(say("account.forbidden"))
    page = organisation_page(actor(request), pk, at=now(request))
    shown = []
    for grant in page.grants:
        role = role_of(grant.role)
        shown.append(
            {"user": grant.user, "role": said(role.name) if role else grant.role, "ends": grant.ends}
        )
    return render(request, "accounts/organisations.html", {"page": page, "people": shown})
