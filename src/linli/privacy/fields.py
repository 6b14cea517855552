"""What each personal field declares: what it is for, by what right, and for how long it is kept."""

from dataclasses import dataclass
from typing import Final

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue

__all__ = ["LONGEST_KEPT", "Purpose"]

say = catalogue("linli.privacy")

LONGEST_KEPT: Final = 30 * 366
"""Days; the longest term that Chinese rules set for an archived case file short of for ever."""


@dataclass(frozen=True)
class Purpose:
    """Why a personal field exists.

    Parameters
    ----------
    purpose : Text
        What the field is used for, as the person is told.
    legal_basis : Text
        The article of law, or the consent, that allows it.
    keep_days : int
        Days from the end of the matter until the field is erased: 1 to ``LONGEST_KEPT``.

    Raises
    ------
    LinliError
        Something is missing, or the time is out of range.
    """

    purpose: Text
    legal_basis: Text
    keep_days: int

    def __post_init__(self) -> None:
        for part, text in (("purpose", self.purpose), ("legal_basis", self.legal_basis)):
            if not (text.zh.strip() and text.en.strip()):
                raise LinliError(say(f"fields.{part}"))
        days = self.keep_days
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= LONGEST_KEPT:
            raise LinliError(say("fields.keep_days", given=days, most=LONGEST_KEPT))
