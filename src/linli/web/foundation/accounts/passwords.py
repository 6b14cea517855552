"""What a password must be beside Django's own checks, and temporary ones that can be read aloud."""

import secrets
from typing import Any, Final

from django.core.exceptions import ValidationError

from linli.kernel.texts import catalogue
from linli.web.foundation.screens.wording import said

__all__ = ["LONGEST", "LongestValidator", "PlainValidator", "new_temporary_password"]

say = catalogue("linli.web.foundation.accounts")

LONGEST: Final = 128
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_OBVIOUS: Final = (
    "linli",
    "mima",
    "password",
    "jingwu",
    "paichusuo",
    "gongan",
    "qwert",
    "asdf",
    "1234",
    "1qaz",
    "abcd",
    "5201314",
)
"""Beginnings of passwords that are tried first here: Django's list of common ones is English."""


class LongestValidator:
    """Refuses passwords so long that hashing them becomes an attack."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse it where it is too long."""
        if len(password) > LONGEST:
            raise ValidationError(said(say("password.long", most=LONGEST)), code="password_too_long")

    def get_help_text(self) -> str:
        """What is allowed."""
        return said(say("password.long", most=LONGEST))


class PlainValidator:
    """Refuses what is guessed first: a piece repeated, neighbouring keys, words of the trade with digits."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse it where it is easily guessed."""
        if _repeated(password) or _obvious(password):
            raise ValidationError(said(say("password.plain")), code="password_plain")

    def get_help_text(self) -> str:
        """What is asked."""
        return said(say("password.plain"))


def _repeated(password: str) -> bool:
    return any(
        password == password[:size] * (len(password) // size) + password[: len(password) % size]
        for size in range(1, 5)
        if len(password) >= 2 * size
    )


def _obvious(password: str) -> bool:
    rest = password.lower()
    for word in _OBVIOUS:
        rest = rest.replace(word, "")
    letters = "".join(one for one in rest if not one.isdigit())
    return rest != password.lower() and len(letters) <= 3


def new_temporary_password() -> str:
    """Sixteen signs in four groups (79 bits), none of which is mistaken for another when read aloud."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
