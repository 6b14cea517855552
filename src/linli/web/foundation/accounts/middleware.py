"""Puts the actor on every request, ends idle and old sessions, asks for passwords and second factors."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import ANONYMOUS, Actor
from linli.web.foundation.accounts.addresses import client_address, counted_address
from linli.web.foundation.accounts.devices import keep_device
from linli.web.foundation.accounts.factors import needs_second_factor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.accounts.sessions import BEGAN, SEEN

__all__ = ["ActorMiddleware", "actor", "now"]

SECOND_FACTOR: Final = "mfa"
LIVE: Final = "Linli-Live"
"""The header of what a page asks for by itself."""
_ALWAYS_FREE: Final = ("/static/", "/health/", "/language/", "/accounts/logout/", "/accounts/reauthenticate/")
_FREE: Final = (*_ALWAYS_FREE, "/accounts/2fa/", "/accounts/password/change/")
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
        """Work out who asks, or end the session that has been idle or open for too long."""
        request.at = clock.now()  # type: ignore[attr-defined]
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
        # For those who may not reach accounts: the residents' pages count senders by it.
        request.counted_address = counted_address(request)  # type: ignore[attr-defined]
        response = self._answer(request)
        keep_device(request, response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        if self._over(request):
            logout(request)
            return redirect(settings.LOGIN_URL)
        request.actor = self._actor(request, user)  # type: ignore[attr-defined]
        response = self._detour(request, user) or self.get_response(request)
        if not request.user.is_authenticated:
            # Signed out by this request: what the browser keeps of it goes too.
            response["Clear-Site-Data"] = '"cache", "storage"'
        # What somebody who is signed in has seen stays in no cache and behind no "back" button.
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response

    def _over(self, request: HttpRequest) -> bool:
        seconds = int(now(request).timestamp())
        seen, began = request.session.get(SEEN), request.session.get(BEGAN)
        # Written once a minute, so that reading a page costs no write.
        # A board that asks by itself is no sign of somebody before it.
        if seen is None or (seconds - seen >= 60 and LIVE not in request.headers):
            request.session[SEEN] = seconds
        if began is None:
            request.session[BEGAN] = began = seconds
        idle = seen is not None and seconds - seen > settings.SESSION_IDLE_SECONDS
        return idle or seconds - int(began) > settings.SESSION_LONGEST_SECONDS

    def _actor(self, request: HttpRequest, user: User) -> Actor:
        methods = get_authentication_records(request, user)
        strong = any(method.get("method") == SECOND_FACTOR for method in methods)
        return actor_of(user, now(request), address=client_address(request), second_factor=strong)

    def _detour(self, request: HttpRequest, user: User) -> HttpResponse | None:
        change = reverse("account_change_password")
        if user.temporary_until is not None and not request.path.startswith((change, *_ALWAYS_FREE)):
            return redirect(change)
        if self._lacks_second_factor(request) and not request.path.startswith(_FREE):
            return redirect("mfa_index")
        return None

    def _lacks_second_factor(self, request: HttpRequest) -> bool:
        who = actor(request)
        return not settings.DEMO and not who.second_factor and needs_second_factor(who.held)
