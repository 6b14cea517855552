"""What acts for an account without a session, such as a token or a secret address, listed for its page.

The apps that keep such things register how they are listed; how they are ended with everything else of the
account is registered with ``credentials``.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["Program", "programs_of", "register_programs"]


@dataclass(frozen=True, kw_only=True)
class Program:
    """One of them. ``kind`` and ``pk`` name it to whoever ends it; its secret is nowhere."""

    kind: str
    pk: int
    name: str
    made_at: dt.datetime
    expires_at: dt.datetime | None = None
    used_on: dt.date | None = None
    may_write: bool = False


Lister = Callable[[int, dt.datetime], Iterable[Program]]
_LISTERS: list[Lister] = []


def register_programs(lister: Lister) -> None:
    """Add what an app keeps for an account; called once by its ``ready``."""
    if lister not in _LISTERS:
        _LISTERS.append(lister)


def programs_of(account_id: int, at: dt.datetime) -> tuple[Program, ...]:
    """All that can act for an account at a moment, the newest first."""
    found = [one for lister in _LISTERS for one in lister(account_id, at)]
    return tuple(sorted(found, key=lambda one: one.made_at, reverse=True))
