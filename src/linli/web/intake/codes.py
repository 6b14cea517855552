"""Tracking codes: ten signs that cannot be guessed (50 bits) and are not confused when read aloud.

A code is shown once, to whoever sent something. What is kept is a keyed digest of it, by which it is found
when its holder types it: nobody can read it in a page, an export or the database.
"""

import secrets
from typing import Final

from linli.kernel.spelling import code
from linli.web.foundation.actions.keys import keyed_digest, keyed_digests

__all__ = ["LENGTH", "code_of", "hashed", "hashes", "new_code", "read_code", "spaced"]

LENGTH: Final = 10
_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    """A code that nobody has yet."""
    return "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))


def code_of(*sending: str) -> str:
    """The code of one sending of a form: sent twice, it is the same code, though none is kept."""
    number = int(keyed_digest("tracking-code-of", *sending), 16)
    signs = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(_SIGNS))
        signs += _SIGNS[rest]
    return signs


def hashed(code: str) -> str:
    """What is kept of a code."""
    return keyed_digest("tracking-code", code)


def hashes(code: str) -> list[str]:
    """What may have been kept of it: the key can have changed since."""
    return keyed_digests("tracking-code", code)


def read_code(text: str) -> str:
    """A code as somebody typed it, without spaces and in capitals; empty where it cannot be one."""
    plain = "".join(sign for sign in code(text) if sign.isalnum())
    return plain if len(plain) == LENGTH and set(plain) <= set(_SIGNS) else ""


def spaced(code: str) -> str:
    """A code in two halves, as it is read aloud and printed."""
    return f"{code[:5]} {code[5:]}"
