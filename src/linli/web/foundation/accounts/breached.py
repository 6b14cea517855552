"""Refuses passwords known from breaches, by a file that the installation keeps; no other server is asked.

The file is the one that Have I Been Pwned gives out "ordered by hash": lines of a SHA-1 sum in capitals, a
colon, a count. It is 35 GB and more, so it is searched on the disk by halving, in about 35 reads.
"""

import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError

from linli.kernel.texts import catalogue
from linli.web.foundation.screens.wording import said

__all__ = ["BreachedValidator", "is_breached"]

say = catalogue("linli.web.foundation.accounts")


class BreachedValidator:
    """Looks a new password up in the file that LINLI_BREACHED_PASSWORDS names, if it names one."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse it where it is in the file."""
        if settings.BREACHED_PASSWORDS and is_breached(password, Path(settings.BREACHED_PASSWORDS)):
            raise ValidationError(said(say("password.breached")), code="password_breached")

    def get_help_text(self) -> str:
        """What is asked."""
        return said(say("password.breached"))


def is_breached(password: str, file: Path) -> bool:
    """Whether the sum of a password stands in a sorted file of sums.

    Raises
    ------
    OSError
        The file cannot be read: a check that was asked for is never passed over in silence.
    """
    # SHA-1 is what the file is made of; nothing is protected by it.
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as sums:
        low, high = 0, sums.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            found = _line_from(sums, middle)
            if found[:40].upper() == wanted:
                return True
            if found and found[:40].upper() < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_from(sums, low)[:40].upper() == wanted


def _line_from(sums: BinaryIO, position: int) -> bytes:
    """The first whole line that begins at a position or later."""
    sums.seek(max(position - 1, 0))
    if position > 0:
        sums.readline()
    return sums.readline()
