"""The home page's part: what neighbours share with us, and what joint meetings left to us."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from linli.web.foundation.accounts.access import today
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.neighbours import shares_with
from linli.web.ops.jointwork.selectors import due_tasks

__all__ = ["card_context"]


def card_context(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """How many open cases are shared with the actor's offices, and decisions that fall due."""
    shared = shares_with(actor, at).filter(case__closed_at__isnull=True)[:100].count()
    tasks, day = due_tasks(actor, at), today(at, zone())
    return {"shared": shared, "tasks": [(one, one.due < day) for one in tasks]} if shared or tasks else {}
