"""Which cases a request has loaded to show them: kept until its answer leaves, for the log."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Case

__all__ = ["Look", "looking", "note_look"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody was given a case."""

    actor: Actor
    case: Case
    at: dt.datetime


_looks: ContextVar[dict[int, Look] | None] = ContextVar("looks", default=None)


@contextmanager
def looking() -> Iterator[dict[int, Look]]:
    """Collect the looks of a request, one a case, by the case's id."""
    found: dict[int, Look] = {}
    token = _looks.set(found)
    try:
        yield found
    finally:
        _looks.reset(token)


def note_look(actor: Actor, case: Case, at: dt.datetime) -> None:
    """Remember that a case was given to an actor; outside a request nothing is shown to anybody."""
    found = _looks.get()
    if found is not None and actor.user_id is not None:
        found.setdefault(case.pk, Look(actor=actor, case=case, at=at))
