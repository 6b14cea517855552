"""What requests add to a case's page and to the home page."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import seen_of, visible
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.requests.five import KIND, Mark, marks
from linli.web.ops.requests.models import Five

__all__ = ["TONES", "card", "channel_name", "panel", "shown_marks"]

TONES: Final[Mapping[str, str]] = {
    "in_time": "good",
    "late": "danger",
    "overdue": "danger",
    "running": "progress",
    "open": "neutral",
    "not_asked": "neutral",
}
_COUNTED_TO: Final = 100


def panel(case: Case, actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """The five moments of each round, newest first, and what whoever answers must know."""
    rounds = list(Five.objects.filter(case=case).order_by("-round"))
    return {
        "case": case,
        "rounds": [{"row": row, "marks": shown_marks(marks(row, at))} for row in rounds],
        # Of those that lie elsewhere nobody is told, not even how many.
        "merged_here": seen_of(case.merged.all(), actor, at).count(),
        "may_print": case.opened_by_id == actor.user_id or may_case(actor, "work", case, at),
    }


def shown_marks(found: tuple[Mark, ...]) -> list[dict[str, Any]]:
    """Marks with their words."""
    return [
        {
            "step": mark.step,
            "label": said(phrase(f"requests:five.{mark.step}")),
            "due": mark.due,
            "done": mark.done,
            "standing": said(phrase(f"requests:standing.{mark.standing}")),
            "tone": TONES[mark.standing],
        }
        for mark in found
    ]


def channel_name(channel: str) -> str:
    """By which way a request came; the bare word for one that has no name."""
    try:
        return said(phrase(f"casework:channel.{channel}"))
    except KeyError:
        return channel


def card(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """How many requests are open and how many are late, to a hundred."""
    if not may_anywhere(actor, "view", KIND):
        return {}
    # The newest first and no further than a hundred: more is "99+" on the screen.
    still_open = visible(actor, kinds=(KIND,)).filter(closed_at__isnull=True)
    return {
        "open_count": _shown(still_open.order_by()[:_COUNTED_TO].count()),
        "late_count": _shown(still_open.filter(due_at__lt=at).order_by()[:_COUNTED_TO].count()),
        "may_open": may_anywhere(actor, "open", KIND),
    }


def _shown(count: int) -> str:
    return str(count) if count < _COUNTED_TO else f"{_COUNTED_TO - 1}+"
