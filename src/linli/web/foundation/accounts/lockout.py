"""Whom wrong passwords lock out, what is kept of them, and what somebody sees who is locked out.

A stranger's wrong passwords count against the account in the stranger's network; those from a known
device against that device alone. So nobody locks somebody else out of the device they work with.
"""

import datetime as dt
import time
from collections.abc import Iterator
from math import ceil
from typing import Any

from allauth.core.internal import ratelimit
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset as forget_attempts
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from linli.web.foundation.accounts.devices import device_of
from linli.web.foundation.accounts.models import User

__all__ = [
    "counted_as",
    "counted_by",
    "forget_failures",
    "is_locked",
    "locked_out",
    "strangers_key",
    "typed_name",
]

_Credentials = dict[str, Any] | None


def typed_name(request: Any, credentials: _Credentials = None) -> str:
    """What was typed as a user name."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(given).replace("\0", "").strip().lower()[:128]


def counted_as(request: Any, credentials: _Credentials = None) -> str:
    """The name under which wrong passwords are counted and kept.

    Of an account its user name; of a known device its number; of whatever else was typed, which may be
    a password, a keyed hash from which nothing can be read.
    """
    name = typed_name(request, credentials)
    device = device_of(request, name)
    if device:
        return device
    user = User.objects.filter(username__iexact=name).first()
    if user is not None:
        return user.username
    return f"unknown:{salted_hmac('linli.accounts.typed', name, algorithm='sha256').hexdigest()[:40]}"


def counted_by(request: Any, credentials: _Credentials = None) -> list[str | list[str]]:
    """What makes two wrong passwords count together: the device, or account and network."""
    if device_of(request, typed_name(request, credentials)):
        return ["username"]
    return [["username", "ip_address"]]


def strangers_key(username: str) -> str:
    """What the wrong passwords for an account from all unknown devices together are counted by."""
    return f"account:{username.strip().lower()}"


def forget_failures(user: User) -> None:
    """Let strangers' devices try again at once: of all networks, and however often they tried."""
    forget_attempts(username=user.username)
    for _, key in _limits_of_all(user):
        cache.delete(key)


def is_locked(user: User) -> bool:
    """Whether wrong passwords keep strangers' devices out now: those of one network, or all together."""
    cool_off = get_cool_off() or dt.timedelta()
    lately = AccessAttempt.objects.filter(username=user.username, attempt_time__gt=timezone.now() - cool_off)
    if lately.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists():
        return True
    return any(
        sum(moment > time.time() - rate.duration for moment in cache.get(key, [])) >= rate.amount
        for rate, key in _limits_of_all(user)
    )


def _limits_of_all(user: User) -> Iterator[tuple[ratelimit.Rate, str]]:
    """What all strangers together may try of an account, and where it is counted."""
    limit = {"app": "allauth.account", "action": "login_failed"}
    for rate in ratelimit.get_rates(**limit):
        if rate.per == "key":
            key = strangers_key(user.username)
            yield rate, ratelimit.get_cache_key(None, **limit, rate=rate, key=key)


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """The sign-in page says that it is locked, for how long, and whom to ask."""
    wait = get_cool_off(request)
    minutes = ceil(wait.total_seconds() / 60) if wait is not None else 0
    response = render(request, "accounts/locked.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    response["Cache-Control"] = "no-store"
    return response
