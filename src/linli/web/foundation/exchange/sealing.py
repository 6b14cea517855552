"""Secrets that must be read again are encrypted in the database, with a key that is not in it."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["sealed", "unsealed"]

say = catalogue("linli.web.foundation.exchange")


def _cipher() -> MultiFernet:
    """Sealed with the key of today; keys of before, where the settings still name them, open."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"webhook|{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def sealed(text: str) -> str:
    """As it is kept."""
    return _cipher().encrypt(text.encode()).decode()


def unsealed(kept: str) -> str:
    """As it was.

    Raises
    ------
    LinliError
        It was sealed with a key that the settings do not name any more.
    """
    try:
        return _cipher().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise LinliError(say("webhook.sealed")) from None
