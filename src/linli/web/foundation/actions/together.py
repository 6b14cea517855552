"""Changes that are made together, and the tries among them that were refused.

An entry of a try must outlive the transaction that is rolled back because of it. So a try waits until the
outermost change has ended, whichever way, and is written then: once, as what the person asked for, with what
the inner change was about beside it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import Refusal
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.audit.refusing import note_refused

__all__ = ["note_when_over", "together", "tries_told"]


@dataclass(frozen=True)
class _Try:
    refusal: Refusal
    tried: Record
    actor: Actor
    at: dt.datetime
    named: tuple[str, ...]

    def beside(self, outer: Record) -> tuple[str, ...]:
        """What it was about, as the entry of an outer change names it."""
        about = f"{self.tried.subject_kind} {self.tried.subject_id}"
        same = (self.tried.subject_kind, self.tried.subject_id) == (outer.subject_kind, outer.subject_id)
        return self.named if same or not self.tried.subject_id else (about, *self.named)


_WAITING: Final[ContextVar[list[_Try] | None]] = ContextVar("tries that wait to be written", default=None)


@contextmanager
def tries_told() -> Iterator[None]:
    """Write what was refused within, once the outermost of these has ended and its transaction with it."""
    if _WAITING.get() is not None:
        yield
        return
    waiting: list[_Try] = []
    token = _WAITING.set(waiting)
    try:
        yield
    finally:
        _WAITING.reset(token)
        for one in waiting:
            note_refused(one.tried, one.refusal.status, one.actor, one.at, named=one.named)


@contextmanager
def together() -> Iterator[None]:
    """Several actions as one: all or nothing, and what was refused among them is in the log all the same.

    Whoever performs actions within a transaction of their own takes this for it.
    """
    with tries_told(), transaction.atomic():
        yield


def note_when_over(
    refusal: Refusal, tried: Record, actor: Actor, at: dt.datetime, *, named: Sequence[str]
) -> None:
    """Keep a try for the log; the outer change that is refused by it takes the inner one's place."""
    waiting = _WAITING.get()
    assert waiting is not None  # noqa: S101 - only called while changes are carried out
    inner = [one for one in waiting if one.refusal is refusal]
    waiting[:] = [one for one in waiting if one.refusal is not refusal]
    beside = [name for one in inner for name in one.beside(tried)]
    waiting.append(_Try(refusal, tried, actor, at, (*named, *beside)))
    refusal.noted = True
