"""Who takes what is queued: told right after it was committed, so that it becomes a case at once.

Where that fails, or the process dies in between, the entry stays queued and the periodic job takes it.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction

__all__ = ["Receiver", "register_receiver", "tell_receivers"]

Receiver = Callable[[dt.datetime], int]
"""Takes what is queued at a moment and says how much that was."""

_RECEIVERS: list[Receiver] = []
_log = logging.getLogger(__name__)


def register_receiver(receiver: Receiver) -> None:
    """Add one; called by an app's ``ready``."""
    if receiver not in _RECEIVERS:
        _RECEIVERS.append(receiver)


def tell_receivers(at: dt.datetime) -> None:
    """Tell everybody once the transaction that is open now has been committed."""
    transaction.on_commit(lambda: _told(at))


def _told(at: dt.datetime) -> None:
    for receiver in _RECEIVERS:
        try:
            receiver(at)
        except Exception:
            # The sender has been promised nothing but that it was received; the job comes round.
            _log.exception("a receiver failed; the entry stays queued")
