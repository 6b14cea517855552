"""Who is told when somebody holds a role no longer: work that hung on it is given to others at once."""

import datetime as dt
from collections.abc import Callable

__all__ = ["Leaving", "register_leaving", "tell_leaving"]

Leaving = Callable[[int, dt.datetime], None]
"""Given an account that has just lost a role, or everything, and the moment; inside the transaction.

What ends by its date ends with nobody there: whoever is told looks for that in a job of their own."""

_TOLD: list[Leaving] = []


def register_leaving(told: Leaving) -> None:
    """Add somebody to tell; called by an app's ``ready``."""
    if told not in _TOLD:
        _TOLD.append(told)


def tell_leaving(account_id: int, at: dt.datetime) -> None:
    """Tell everybody, in the order in which they were added."""
    for told in _TOLD:
        told(account_id, at)
