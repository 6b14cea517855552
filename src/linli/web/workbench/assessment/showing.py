"""What assessment shows on the home page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.workbench.assessment.models import Area, Consequence
from linli.web.workbench.assessment.naming import area_name
from linli.web.workbench.assessment.reach import KIND
from linli.web.workbench.assessment.selectors import consequences

__all__ = ["home_card"]

MOST = 5


def home_card(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """What is proposed for the own office and can still be objected to; nothing for everybody else."""
    if not may_anywhere(actor, "open", KIND):
        return {}
    waiting = consequences(actor).filter(status=Consequence.Status.PROPOSED, object_until__gte=at)
    rows = list(waiting.order_by("object_until", "pk")[:MOST])
    return {"consequences": list(zip(rows, _names(rows), strict=True))} if rows else {}


def _names(rows: Sequence[Consequence]) -> list[str]:
    """The areas' names in one query; they are the reader's own areas."""
    areas = Area.objects.filter(version__in={one.version_id for one in rows}, code__in={r.area for r in rows})
    found = {(area.version_id, area.kind, area.code): area for area in areas}
    return [area_name(found.get((one.version_id, one.area_kind, one.area))) for one in rows]
