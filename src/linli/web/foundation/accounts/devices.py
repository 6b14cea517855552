"""Known devices: a browser in which somebody signed in is told apart from strangers who try passwords.

After a sign-in the browser keeps a cookie that is signed, says nothing about whom, and holds a mark and
a number for each of the last few accounts (OWASP, "Slow Down Online Guessing Attacks with Device
Cookies"). Wrong passwords from unknown devices lock unknown devices out, wrong ones from a known device
that device. The cookie alone opens nothing, and ends with the credentials of its account.
"""

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from linli.web.foundation.accounts.models import User

__all__ = ["COOKIE_SECONDS", "device_of", "keep_device", "remember_device"]

COOKIE_SECONDS: Final = 180 * 86400
_SALT: Final = "linli.accounts.device"
_MOST: Final = 8
"""Accounts for which one browser is known: a computer at a counter is used by a shift."""
_OWNER: Final = "_device_owner"


def device_of(request: HttpRequest, username: str) -> str:
    """What a browser that is known for an account is counted by; ``""`` for one that is unknown."""
    kept = _kept(request)
    if not kept or not username:
        return ""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        return ""
    mark = _mark(user)
    number = next((number for one, number in kept if constant_time_compare(one, mark)), "")
    return f"device:{number}" if number else ""


def remember_device(request: HttpRequest, user: User) -> None:
    """Have the answer to a request make its browser known for an account."""
    setattr(request, _OWNER, user)


def keep_device(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write the cookie, if somebody signed in or kept a session in this request."""
    user = getattr(request, _OWNER, None)
    if user is None:
        return
    mark = _mark(user)
    others = [[one, number] for one, number in _kept(request) if one != mark]
    kept = [[mark, secrets.token_urlsafe(12)], *others][:_MOST]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt=_SALT),
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _mark(user: User) -> str:
    return salted_hmac(_SALT, f"{user.pk}:{user.epoch}", algorithm="sha256").hexdigest()[:32]


def _kept(request: HttpRequest) -> list[list[str]]:
    try:
        kept: list[list[str]] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=COOKIE_SECONDS
        )
    except signing.BadSignature:
        return []
    return kept
