"""What every page of the residents asks of a request: when it came in, from where, and what the menu is."""

import datetime as dt
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linli.web.foundation.screens.wording import phrase, said

__all__ = ["moment", "own_code", "page", "remember_code", "sender"]

_COOKIE: Final = "linli_sent"
_HOUR: Final = 3600

_MENU = (("public_home", "public:nav.home"), ("public_find", "public:nav.find"))


def moment(request: HttpRequest) -> dt.datetime:
    """When the request came in."""
    at: dt.datetime = request.at  # type: ignore[attr-defined]
    return at


def sender(request: HttpRequest) -> str:
    """The network that it came from, behind trusted proxies; only ever counted by a hash."""
    address: str = request.counted_address  # type: ignore[attr-defined]
    return address


def remember_code(response: HttpResponse, code_hash: str) -> None:
    """Let this browser see the code it was just given, whatever others behind the same network do."""
    response.set_signed_cookie(
        _COOKIE,
        code_hash,
        salt=_COOKIE,
        max_age=_HOUR,
        path="/residents/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def own_code(request: HttpRequest) -> str:
    """The digest of the code that this browser was given within the hour; empty where there is none."""
    return request.get_signed_cookie(_COOKIE, default="", salt=_COOKIE, max_age=_HOUR) or ""


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page with the residents' menu, kept by no cache."""
    menu = [
        {"label": said(phrase(key)), "url": reverse(name), "active": request.path == reverse(name)}
        for name, key in _MENU
    ]
    response = render(request, template, {"public_navigation": menu, **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response
