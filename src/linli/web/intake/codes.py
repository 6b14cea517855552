"""Tracking codes: ten signs that cannot be guessed (50 bits) and are not confused when read aloud."""

import secrets
from typing import Final

__all__ = ["LENGTH", "new_code", "read_code", "spaced"]

LENGTH: Final = 10
_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    """A code that nobody has yet."""
    return "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))


def read_code(text: str) -> str:
    """A code as somebody typed it, without spaces and in capitals; empty where it cannot be one."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    return plain if len(plain) == LENGTH and set(plain) <= set(_SIGNS) else ""


def spaced(code: str) -> str:
    """A code in two halves, as it is read aloud and printed."""
    return f"{code[:5]} {code[5:]}"
