"""Everything that lets an account in is ended in one place: sessions, known devices, and what others keep.

A changed or reset password, a reset second factor, a stop and "sign out everywhere" all call
``end_credentials``; an app that keeps credentials of its own (tokens, secret addresses) registers how
it ends them.
"""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import F
from django.http import HttpRequest

from linli.web.foundation.accounts.devices import remember_device
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.sessions import end_sessions

__all__ = ["Ender", "end_credentials", "register_ender", "stay_signed_in"]

Ender = Callable[[int, dt.datetime], int]
"""Ends what it keeps for an account at a moment, and says how many it ended."""

_ENDERS: list[Ender] = []


def register_ender(ender: Ender) -> Ender:
    """Have something ended whenever an account's credentials are; called once by an app's ``ready``."""
    if ender not in _ENDERS:
        _ENDERS.append(ender)
    return ender


def end_credentials(account_id: int, at: dt.datetime, *, keep: str | None = None) -> int:
    """End whatever lets an account in, all or all but the session ``keep``; says how many were ended.

    The account's epoch moves on: a sign-in that is under way in another process ends with a session
    that is not valid. Whoever keeps a session calls ``stay_signed_in`` with its request.
    """
    User.objects.filter(pk=account_id).update(epoch=F("epoch") + 1)
    return end_sessions(account_id, keep=keep) + sum(ender(account_id, at) for ender in _ENDERS)


def stay_signed_in(request: HttpRequest, user: User) -> None:
    """Let the session of a request live on after the credentials of its account were ended."""
    user.refresh_from_db(fields=["epoch"])
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    remember_device(request, user)
