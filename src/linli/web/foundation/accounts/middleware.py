"""Puts the actor on every request, ends idle sessions, and keeps privileged roles to a second factor."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import ANONYMOUS, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.accounts.selectors import actor_of

__all__ = ["ActorMiddleware", "actor", "now"]

SECOND_FACTOR: Final = "mfa"
_SEEN: Final = "seen_at"
_FREE: Final = ("/accounts/", "/static/", "/health/", "/language/")
"""Where somebody who must still set up a second factor may go."""


def actor(request: HttpRequest) -> Actor:
    """The actor of a request."""
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def now(request: HttpRequest) -> dt.datetime:
    """The moment at which a request came in, the same wherever it is asked during that request."""
    at: dt.datetime = request.at  # type: ignore[attr-defined]
    return at


class ActorMiddleware:
    """``request.actor`` and ``request.at`` for every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Work out who asks, or end the session that has been idle for too long."""
        request.at = clock.now()  # type: ignore[attr-defined]
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
        user = request.user
        if isinstance(user, User):
            if self._idle(request):
                logout(request)
                return redirect(settings.LOGIN_URL)
            request.actor = self._actor(request, user)  # type: ignore[attr-defined]
            if self._lacks_second_factor(request):
                return redirect("mfa_index")
        return self.get_response(request)

    def _idle(self, request: HttpRequest) -> bool:
        seconds = int(now(request).timestamp())
        seen = request.session.get(_SEEN)
        # Written once a minute, so that reading a page costs no write.
        if seen is None or seconds - seen >= 60:
            request.session[_SEEN] = seconds
        return seen is not None and seconds - seen > settings.SESSION_IDLE_SECONDS

    def _actor(self, request: HttpRequest, user: User) -> Actor:
        methods = request.session.get("account_authentication_methods", [])
        strong = any(method.get("method") == SECOND_FACTOR for method in methods)
        return actor_of(
            user, now(request), address=request.META.get("REMOTE_ADDR", ""), second_factor=strong
        )

    def _lacks_second_factor(self, request: HttpRequest) -> bool:
        if settings.DEMO or actor(request).second_factor or request.path.startswith(_FREE):
            return False
        return any((role := role_of(id_)) is not None and role.privileged for id_ in actor(request).roles)
