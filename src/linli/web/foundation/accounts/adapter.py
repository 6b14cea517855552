"""How allauth is used here: accounts are made by an administrator, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.web.foundation import clock
from linli.web.foundation.accounts.addresses import counted_address
from linli.web.foundation.accounts.ciphers import SECOND_FACTOR, cipher
from linli.web.foundation.accounts.devices import device_of
from linli.web.foundation.accounts.factors import needs_second_factor
from linli.web.foundation.accounts.lockout import strangers_key, typed_name
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of, second_factors

__all__ = ["AccountAdapter", "MFAAdapter", "SocialAccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed to sign-up; temporary passwords end; nothing is sent by e-mail, as no address is kept."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account of their own."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """What attempts are counted by: a known device by itself, a stranger by the network."""
        return device_of(request, typed_name(request)) or counted_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The device, or the account for all strangers together, whatever host they asked by."""
        name = typed_name(request, credentials)
        return device_of(request, name) or strangers_key(name)

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """No account has an e-mail address: what happened to it is on its own page."""

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse a temporary password whose days are over."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is not None:
            return refused
        if user.temporary_until is not None and user.temporary_until <= clock.now():
            return render(request, "accounts/temporary_over.html", status=403)
        return None


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are encrypted; who must have one keeps the last."""

    def encrypt(self, text: str) -> str:
        """As it is kept in the database."""
        return cipher(SECOND_FACTOR).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was before."""
        return cipher(SECOND_FACTOR).decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Somebody whose roles ask for a second factor has at least one."""
        user: AbstractBaseUser = authenticator.user
        if settings.DEMO or not isinstance(user, User):
            return True
        if not needs_second_factor(actor_of(user, clock.now()).held):
            return True
        kept: bool = second_factors(user.pk).exclude(pk=authenticator.pk).exists()
        return kept


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on opens the account of the same user name, and makes none; later that person's alone."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody makes an account of their own."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect to the account whose user name the identity provider states; keep nothing else it says."""
        account = sociallogin.account
        name = _stated_name(account.extra_data)
        account.extra_data = {"preferred_username": name}
        if sociallogin.is_existing:
            account.save(update_fields=["extra_data"])
            return
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        # A name may be given to somebody else later; what the provider calls ``sub`` never is.
        if (
            user is not None
            and not SocialAccount.objects.filter(user=user, provider=account.provider).exists()
        ):
            sociallogin.connect(request, user)


def _stated_name(stated: Any) -> str:
    """The user name in what the provider says, either in its own part or in that of the signed token."""
    for part in (stated, stated.get("userinfo") or {}, stated.get("id_token") or {}):
        name = part.get("preferred_username")
        if isinstance(name, str) and name:
            return name
    return ""
