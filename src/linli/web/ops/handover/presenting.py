"""The home page's part: notes that are unread."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from linli.web.foundation.accounts.actor import Actor
from linli.web.ops.handover.selectors import unread

__all__ = ["card_context"]


def card_context(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """How many notes the actor has not confirmed, and the newest."""
    count, notes = unread(actor, at)
    return {"count": count, "notes": notes} if count else {}
