"""Whoever changes how somebody gets in, or what somebody may do, does not do it unseen.

The person and every auditor are told of each change to an account; the other administrators too, where
something waits for a second one.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.urls import reverse

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import holders

__all__ = ["tell", "tell_of_account", "watchers"]

AUDITOR: Final = "auditor"


def watchers(at: dt.datetime) -> set[int]:
    """The auditors."""
    return set(holders({AUDITOR}, at))


def tell_of_account(kind: str, user: User, by: Actor, at: dt.datetime, *, also: Iterable[int] = ()) -> None:
    """Tell the person and the auditors, but nobody of what they did themselves."""
    told = {user.pk} | watchers(at) | set(also)
    tell(kind, (one for one in told if one != by.user_id), user, at)


def tell(kind: str, told: Iterable[int], user: User, at: dt.datetime) -> None:
    """Put a line about an account into the lists of some people."""
    # Casework knows accounts: its models are there only when both are loaded.
    from linli.web.foundation.casework.models import Notice

    page = reverse("person", args=[user.pk])
    Notice.objects.bulk_create(
        Notice(
            user_id=one,
            kind=f"account_{kind}",
            at=at,
            detail={"who": user.display_name, "path": reverse("me") if one == user.pk else page},
        )
        for one in sorted(set(told))
    )
