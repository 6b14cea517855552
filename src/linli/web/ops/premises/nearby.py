"""Incidents near premises: their number, and what a unit may be told of them (N3): kind, day, place."""

import datetime as dt
from math import cos, radians
from typing import Final

from django.db.models import Q, QuerySet

from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case
from linli.web.ops.premises.models import Premises

__all__ = ["INCIDENT", "MOST_LINES", "NEAR_METRES", "incidents_near", "lines_to_tell"]

INCIDENT: Final = "incident"
"""The case type; where it is not installed there are no such cases."""
NEAR_METRES: Final = 60
MOST_LINES: Final = 50
METRES_A_DEGREE: Final = 111_320.0
UNFOUNDED: Final = "unfounded"


def _in_period(since: dt.date, until: dt.date) -> QuerySet[Case]:
    begin = dt.datetime.combine(since, dt.time(), zone())
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone())
    found = Case.objects.filter(
        case_type=INCIDENT, merged_into__isnull=True, opened_at__gte=begin, opened_at__lt=end
    )
    return found.exclude(result=UNFOUNDED)


def incidents_near(premises: Premises, since: dt.date, until: dt.date) -> int | None:
    """How many incidents there were within ``NEAR_METRES``, both days included; ``None`` without a position.

    Counted in a square, which holds the circle: no incident within the distance is missed.
    """
    if premises.longitude is None or premises.latitude is None:
        return None
    up = NEAR_METRES / METRES_A_DEGREE
    across = up / max(0.01, cos(radians(premises.latitude)))
    box = Q(longitude__range=(premises.longitude - across, premises.longitude + across))
    box &= Q(latitude__range=(premises.latitude - up, premises.latitude + up))
    return _in_period(since, until).filter(box).count()


def lines_to_tell(premises: Premises, since: dt.date, until: dt.date) -> list[dict[str, str]]:
    """Kind and day of the incidents in the premises' place, newest first: no address, number or person."""
    if not premises.place_code:
        return []
    found = _in_period(since, until).filter(place_code=premises.place_code).order_by("-opened_at", "-id")
    return [
        {"category": category, "day": opened.astimezone(zone()).date().isoformat()}
        for category, opened in found.values_list("category", "opened_at")[:MOST_LINES]
    ]
