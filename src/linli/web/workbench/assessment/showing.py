"""What assessment shows on the home page."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.workbench.assessment.models import Consequence
from linli.web.workbench.assessment.naming import area_name
from linli.web.workbench.assessment.reach import KIND
from linli.web.workbench.assessment.selectors import areas_of, consequences

__all__ = ["home_card"]

MOST = 5


def home_card(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """What is proposed for the own office and can still be objected to; nothing for everybody else."""
    if not may_anywhere(actor, "open", KIND):
        return {}
    waiting = consequences(actor).filter(status=Consequence.Status.PROPOSED, object_until__gte=at)
    rows = list(waiting.order_by("object_until", "pk")[:MOST])
    names = map(area_name, areas_of(rows))
    return {"consequences": list(zip(rows, names, strict=True))} if rows else {}
