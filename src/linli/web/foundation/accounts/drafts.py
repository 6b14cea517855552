"""What a browser keeps of half-written forms belongs to one account, and only that account can read it."""

import base64
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from linli.web.foundation.accounts.models import User

__all__ = ["DraftKey", "draft_key"]


@dataclass(frozen=True)
class DraftKey:
    """Handed to the pages of one account."""

    owner: str
    """A name of the account that tells nobody which it is."""
    key: str
    """256 bits, base64."""


def draft_key(user: User) -> DraftKey:
    """The account's own, the same in each of its sessions until its credentials are ended."""
    return DraftKey(
        owner=salted_hmac("linli.drafts.owner", str(user.pk), algorithm="sha256").hexdigest()[:24],
        key=base64.b64encode(
            salted_hmac("linli.drafts.key", f"{user.pk}:{user.epoch}", algorithm="sha256").digest()
        ).decode(),
    )
