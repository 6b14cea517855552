"""An account is handed out anew: whatever let somebody in before lets nobody in any more."""

import datetime as dt
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from linli.web.foundation.accounts.credentials import end_credentials
from linli.web.foundation.accounts.lockout import forget_failures
from linli.web.foundation.accounts.models import User

__all__ = ["TEMPORARY", "renew_entry"]

TEMPORARY: Final = dt.timedelta(days=3)
"""How long a password that an administrator gave can be used."""


def renew_entry(user: User, password: str, at: dt.datetime, *, factors: bool = False) -> None:
    """Set a temporary password, end every session, forget wrong passwords; second factors go if asked."""
    user.set_password(password)
    user.temporary_until = at + TEMPORARY
    user.save(update_fields=["password", "temporary_until"])
    # Whoever the provider of single sign-on knows by this name is linked anew.
    SocialAccount.objects.filter(user=user).delete()
    if factors:
        Authenticator.objects.filter(user=user).delete()
    end_credentials(user.pk, at)
    forget_failures(user)
