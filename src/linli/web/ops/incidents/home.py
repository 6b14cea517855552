"""What the home page says of incidents: how many wait, are under way, are late."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.selectors import visible
from linli.web.ops.incidents.board import LANES
from linli.web.ops.incidents.units import KIND

__all__ = ["board_card"]


def board_card(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """Three counts in one query; nothing for those who work on no incidents."""
    if not may_anywhere(actor, "work", KIND):
        return {}
    open_ = visible(actor, kinds=(KIND,)).filter(closed_at__isnull=True, state__in=LANES)
    counts = open_.aggregate(
        waiting=Count("pk", filter=Q(state="received")),
        under_way=Count("pk", filter=~Q(state="received")),
        late=Count("pk", filter=Q(due_at__lt=at)),
    )
    return {**counts, "may_assign": may_anywhere(actor, "assign", KIND)}
