"""Open incidents near a call in place and time: shown while it is taken, never merged in silence."""

import datetime as dt

import h3
from django.db.models import Q, QuerySet

from linli.kernel.spelling import spoken
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.actions.merging import CELL_EDGE, metres_between
from linli.web.foundation.casework.actions.opening import CELL_RESOLUTION
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.searching import matching
from linli.web.foundation.casework.selectors import visible
from linli.web.foundation.casework.types.register import case_type
from linli.web.ops.incidents.units import KIND
from linli.web.ops.incidents.where import Where

__all__ = ["nearby"]

MOST = 5
Near = tuple[Case, int | None]
"""An incident, and how many metres away; ``None`` where it has the same words for its address."""


def nearby(actor: Actor, where: Where, category: str, at: dt.datetime) -> list[Near]:
    """Those of the same category first, then the nearest; two queries at most."""
    rule = case_type(KIND).duplicates
    if rule is None:
        return []
    here = _here(where, rule.metres)
    if here is None:
        return []
    since = at - dt.timedelta(hours=rule.hours)
    recent = visible(actor, kinds=(KIND,)).filter(
        opened_at__gte=since, opened_at__lte=at, merged_into__isnull=True
    )
    point = Case(longitude=where.longitude, latitude=where.latitude)
    found = recent.filter(here | Q(pk__in=_same_words(recent, where.text)))
    listed = [(case, _metres(case, point)) for case in found.order_by("-opened_at")[:50]]
    near = [(case, away) for case, away in listed if away is None or away <= rule.metres]
    return sorted(near, key=lambda one: (one[0].category != category, one[1] or 0, -one[0].pk))[:MOST]


def _here(where: Where, metres: float) -> Q | None:
    if where.longitude is not None and where.latitude is not None:
        cell = h3.latlng_to_cell(where.latitude, where.longitude, CELL_RESOLUTION)
        return Q(cell__in=h3.grid_disk(cell, int(metres // CELL_EDGE) + 1))
    if where.text:
        return Q(pk__in=[])
    if where.place:
        return Q(place_code=where.place)
    return None


def _same_words(recent: QuerySet[Case], text: str) -> list[int]:
    """Those whose address is the same as it is said, however each was written down."""
    said = spoken(text)
    if not said:
        return []
    rows = matching(recent, text).order_by("-opened_at").values_list("pk", "address")[:50]
    return [pk for pk, address in rows if spoken(address) == said]


def _metres(case: Case, point: Case) -> int | None:
    away = metres_between(case, point)
    return None if away is None else round(away)
