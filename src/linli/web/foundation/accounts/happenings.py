"""What allauth and axes do to accounts by themselves, written into the audit log.

Signing in and out, wrong passwords, passwords and second factors changed: they offer only signals for
it. Nothing else of Linli uses signals.
"""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.signals import social_account_added, social_account_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in as session_began
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest

from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import ANONYMOUS, Actor
from linli.web.foundation.accounts.addresses import client_address
from linli.web.foundation.accounts.credentials import end_credentials, stay_signed_in
from linli.web.foundation.accounts.devices import remember_device
from linli.web.foundation.accounts.lockout import typed_name
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.sessions import ADDRESS, AGENT, BEGAN, SEEN, end_idlest
from linli.web.foundation.audit.chain import Record, append

__all__ = ["listen"]


def _log(action: str, user: User | None, request: HttpRequest | None, **detail: Any) -> None:
    address = client_address(request) if request is not None else ""
    by = ANONYMOUS
    if user is not None:
        by = Actor(user_id=user.pk, name=user.display_name, address=address)
    elif address:
        by = Actor(user_id=None, name="", via="public", address=address)
    subject = str(user.pk) if user is not None else ""
    with transaction.atomic():
        append(
            Record(action=action, subject_kind="account", subject_id=subject, detail=detail),
            by,
            clock.now(),
        )


def _session_began(request: HttpRequest, **_: Any) -> None:
    seconds = int(clock.now().timestamp())
    request.session[BEGAN] = request.session[SEEN] = seconds
    request.session[ADDRESS] = client_address(request)
    request.session[AGENT] = request.META.get("HTTP_USER_AGENT", "")[:200]


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    methods = [one.get("method") for one in request.session.get("account_authentication_methods", [])]
    remember_device(request, user)
    end_idlest(user.pk, clock.now(), keep=request.session.session_key)
    _log("account.sign_in", user, request, methods=[one for one in methods if one])


def _signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if isinstance(user, User):
        _log("account.sign_out", user, request)


def _wrong_password(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # What was typed as a user name may be a password: only that of an account is written down.
    user = User.objects.filter(username=str(credentials.get("username", ""))[:64]).first()
    _log("account.sign_in_failed", user, request)


def _locked(request: HttpRequest, **_: Any) -> None:
    _log("account.locked", User.objects.filter(username=typed_name(request)).first(), request)


def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    User.objects.filter(pk=user.pk).update(temporary_until=None)
    user.temporary_until = None
    end_credentials(user.pk, clock.now(), keep=request.session.session_key)
    stay_signed_in(request, user)
    _log("account.password_changed", user, request)


def _factor_added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    # Whoever has just confirmed the new factor has used it: no second sign-in is asked.
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=str(authenticator.type))
    _log("account.factor_added", user, request, type=str(authenticator.type))


def _factor_removed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    _log("account.factor_removed", user, request, type=str(authenticator.type))


def _factor_reset(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    _log("account.factor_reset", user, request, type=str(authenticator.type))


def _wrong_code(request: HttpRequest, user: User, **_: Any) -> None:
    _log("account.code_failed", user, request)


def _linked(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    _log("account.sso_linked", sociallogin.user, request, provider=sociallogin.account.provider)


def _unlinked(request: HttpRequest, socialaccount: Any, **_: Any) -> None:
    _log("account.sso_unlinked", socialaccount.user, request, provider=socialaccount.provider)


def listen() -> None:
    """Begin to write; called once by the app's ``ready``."""
    pairs = (
        (session_began, _session_began),
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _wrong_password),
        (user_locked_out, _locked),
        (password_changed, _password_changed),
        (password_set, _password_changed),
        (authenticator_added, _factor_added),
        (authenticator_removed, _factor_removed),
        (authenticator_reset, _factor_reset),
        (authentication_failed, _wrong_code),
        (social_account_added, _linked),
        (social_account_removed, _unlinked),
    )
    for signal, handler in pairs:
        signal.connect(handler, dispatch_uid=f"linli.accounts.{handler.__name__}.{id(signal)}")
