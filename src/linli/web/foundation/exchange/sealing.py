"""Secrets that must be read again are encrypted in the database, with a key that is not in it."""

from typing import Final

from cryptography.fernet import InvalidToken

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.ciphers import cipher

__all__ = ["WEBHOOK", "seal_anew", "sealed", "unsealed"]

say = catalogue("linli.web.foundation.exchange")


WEBHOOK: Final = "webhook"


def sealed(text: str) -> str:
    """As it is kept."""
    return cipher(WEBHOOK).encrypt(text.encode()).decode()


def unsealed(kept: str) -> str:
    """As it was.

    Raises
    ------
    LinliError
        It was sealed with a key that the settings do not name any more.
    """
    try:
        return cipher(WEBHOOK).decrypt(kept.encode()).decode()
    except InvalidToken:
        raise LinliError(say("webhook.sealed")) from None


def seal_anew() -> tuple[int, int]:
    """Seal every secret with the key in use; how many, and how many no key here can read."""
    # The models open what is sealed here.
    from linli.web.foundation.exchange.models import Subscription

    done = unread = 0
    for one in Subscription.objects.select_for_update().order_by("pk"):
        try:
            one.sealed_secret = cipher(WEBHOOK).rotate(one.sealed_secret.encode()).decode()
        except InvalidToken:
            # Of one that has ended nobody needs the secret any more.
            unread += one.active
            continue
        one.save(update_fields=["sealed_secret"])
        done += 1
    return done, unread
