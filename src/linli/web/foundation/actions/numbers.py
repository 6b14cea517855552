"""Numbers by which people call a case, a lot or a paper: six digits drawn at random behind a stem.

Whoever holds two numbers learns from them nothing of how many there are, which a running number tells: these
leave the house on papers, in answers to residents and in exports. Numbers from before, that ran, stay as they
are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import SystemRandom
from typing import Final, Protocol, TypeVar

from django.db import IntegrityError, models, transaction

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.refusals import Conflict

__all__ = ["DIGITS", "TRIES", "numbered", "numbers_from"]

say = catalogue("linli.web.foundation.actions")

Row = TypeVar("Row", bound=models.Model)

DIGITS: Final = 6
TRIES: Final = 50
"""Draws before it is given up: with half of all numbers taken, one in 10**15 comes to that."""


class Source(Protocol):
    """Where digits come from; a generator of known numbers is one too."""

    def randrange(self, stop: int, /) -> int:
        """A whole number from 0 to below ``stop``."""
        ...


# One action performs others, and observers more: a parameter of each would be handed through all of them.
_SOURCE: Final[ContextVar["Source | None"]] = ContextVar("numbers_from", default=None)
_UNKNOWN: Final = SystemRandom()


@contextmanager
def numbers_from(source: Source) -> Iterator[None]:
    """Draw from a source whose numbers are known, for what is made up, to the end of the block."""
    token = _SOURCE.set(source)
    try:
        yield
    finally:
        _SOURCE.reset(token)


def numbered(model: type[Row], stem: str, make: Callable[[str], Row], *, field: str = "number") -> Row:
    """The new row that ``make`` writes with a number that no other row of the model has.

    Parameters
    ----------
    stem
        What stands before the digits, such as ``SQ260310-``.
    make
        Writes the row with the number it is given; called again, with another, where somebody was faster.
    field
        The unique field that holds the number.

    Raises
    ------
    Conflict
        So many numbers behind the stem are taken that none was found.
    """
    source = _SOURCE.get() or _UNKNOWN
    for _ in range(TRIES):
        number = f"{stem}{source.randrange(10**DIGITS):0{DIGITS}d}"
        if _taken(model, field, number):
            continue
        try:
            with transaction.atomic():
                return make(number)
        except IntegrityError:
            # Another constraint than the number's is not mended by another number.
            if not _taken(model, field, number):
                raise
    raise Conflict(say("number.none", stem=stem))


def _taken(model: type[models.Model], field: str, number: str) -> bool:
    return bool(model._default_manager.filter(**{field: number}).exists())
