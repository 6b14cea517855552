"""Reads of requests: those that may be the same as one that is being taken down, and the rounds of some."""

import datetime as dt
from collections.abc import Iterable

import h3

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.actions.merging import suggestions
from linli.web.foundation.casework.actions.opening import CELL_RESOLUTION
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import visible
from linli.web.foundation.casework.types.register import case_type
from linli.web.ops.requests.five import KIND
from linli.web.ops.requests.models import Five

__all__ = ["last_rounds", "near"]


def near(
    actor: Actor,
    at: dt.datetime,
    *,
    category: str,
    place: str,
    longitude: float | None,
    latitude: float | None,
    most: int = 5,
) -> list[Case]:
    """Open requests of the same category close by, or in the same village, that may be the same."""
    spec = case_type(KIND)
    if category not in spec.category_by_id or spec.duplicates is None:
        return []
    found: dict[int, Case] = {}
    if longitude is not None and latitude is not None:
        asked = Case(
            pk=0,
            case_type=KIND,
            state=spec.initial.id,
            category=category,
            opened_at=at,
            longitude=longitude,
            latitude=latitude,
            cell=h3.latlng_to_cell(latitude, longitude, CELL_RESOLUTION),
        )
        found.update((case.pk, case) for case in suggestions(asked, actor, at, most=most) if case.is_open)
    if place:
        since = at - dt.timedelta(hours=spec.duplicates.hours)
        same = visible(actor, kinds=(KIND,)).filter(
            place_code=place, category=category, closed_at__isnull=True, opened_at__gte=since
        )
        found.update((case.pk, case) for case in same.order_by("-opened_at")[:most])
    return list(found.values())[:most]


def last_rounds(cases: Iterable[Case]) -> dict[int, Five]:
    """The round that each case is in, by the case's id; one query."""
    rows = Five.objects.filter(case_id__in=[case.pk for case in cases]).order_by("round")
    return {row.case_id: row for row in rows}
