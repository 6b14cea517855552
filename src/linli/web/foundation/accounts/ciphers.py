"""Encryption of what the database keeps and must not tell: second factors, and what other apps add.

Keys follow from the secret key. What a former key (``LINLI_OLD_SECRET_KEYS``) encrypted is
still read, and a command rewrites it.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["SECOND_FACTOR", "Rewriter", "cipher", "encrypt_anew", "register_rewriter"]

SECOND_FACTOR = "second-factor"
_ENCRYPTED = ("secret", "seed")

Rewriter = Callable[[], tuple[int, int]]
"""Encrypts what it keeps with the key in use; says how many, and how many no key here can read."""

_REWRITERS: dict[str, Rewriter] = {}


def register_rewriter(purpose: str, rewriter: Rewriter) -> None:
    """Have what an app encrypts for a purpose written anew with the rest; called once by its ``ready``."""
    _REWRITERS[purpose] = rewriter


def cipher(purpose: str) -> MultiFernet:
    """Encrypts with the key in use, and reads what former keys encrypted too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_with(str(key), purpose) for key in keys])


def _with(key: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}|{key}".encode()).digest()))


def encrypt_anew() -> Mapping[str, tuple[int, int]]:
    """Write everything with the key in use; by purpose how many, and how many no key here can read."""
    return {SECOND_FACTOR: _factors_anew(), **{one: rewrite() for one, rewrite in _REWRITERS.items()}}


def _factors_anew() -> tuple[int, int]:
    ring, done, unread = cipher(SECOND_FACTOR), 0, 0
    for one in Authenticator.objects.select_for_update().order_by("pk"):
        held = [name for name in _ENCRYPTED if isinstance(one.data.get(name), str)]
        try:
            fresh = {name: ring.rotate(one.data[name].encode()).decode() for name in held}
        except InvalidToken:
            unread += 1
            continue
        if fresh:
            one.data = {**one.data, **fresh}
            one.save(update_fields=["data"])
            done += 1
    return done, unread
