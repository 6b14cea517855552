"""Guarded reads: incidents near a place as counts, measures of the files on a page, and what is late."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import h3

from linli.web.foundation.accounts.access import today
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import about_seen, visible
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.screens.wording import said
from linli.web.ops.problems.models import Measure

__all__ = ["DAYS", "RADII", "Nearby", "PlanState", "late_measures", "nearby", "plans_of"]

DAYS: Final = 90
RADII: Final = (100, 200, 500, 1000)
_CELL_METRES: Final = 200.0
"""Smallest distance between two opposite sides of a cell of resolution 9, with a margin."""


@dataclass(frozen=True)
class Nearby:
    """How many incidents of each category lay within some metres in the last days; counts alone."""

    metres: int
    counts: tuple[tuple[str, int], ...]
    total: int
    opened_from: dt.date


def nearby(case: Case, actor: Actor, at: dt.datetime, metres: int) -> Nearby | None:
    """The counts around a problem place, of the incidents in the actor's own territory; one query."""
    spec = case_types().get("incident")
    if spec is None or case.longitude is None or case.latitude is None:
        return None
    since = at - dt.timedelta(days=DAYS)
    rings = math.ceil(metres / _CELL_METRES) + 1
    centre = h3.latlng_to_cell(case.latitude, case.longitude, 9)
    rows = visible(actor, kinds=("incident",)).filter(
        cell__in=h3.grid_disk(centre, rings),
        opened_at__gte=since,
        opened_at__lte=at,
        merged_into__isnull=True,
    )
    found = Counter(
        category
        for category, longitude, latitude in rows.values_list("category", "longitude", "latitude")
        if longitude is not None
        and latitude is not None
        and _metres(case.longitude, case.latitude, longitude, latitude) <= metres
    )
    counts = tuple(
        (said(spec.category_by_id[id_].name) if id_ in spec.category_by_id else id_, n)
        for id_, n in found.most_common()
    )
    return Nearby(metres, counts, found.total(), today(since, zone()))


def _metres(west: float, south: float, longitude: float, latitude: float) -> float:
    across = (longitude - west) * math.cos(math.radians(south)) * 111_320
    return math.hypot(across, (latitude - south) * 111_320)


@dataclass(frozen=True)
class PlanState:
    """How far a plan is: measures that count, done, late, the next day, and the mean of progress."""

    count: int
    done: int
    late: int
    percent: int
    next_due: dt.date | None


def plans_of(cases: Iterable[Case], at: dt.datetime) -> Mapping[int, PlanState]:
    """The state of each case's plan; one query."""
    day = today(at, zone())
    of_case: dict[int, list[Measure]] = {}
    for one in Measure.objects.filter(case__in=[case.pk for case in cases], dropped_at__isnull=True):
        of_case.setdefault(one.case_id, []).append(one)
    return {pk: _state(measures, day) for pk, measures in of_case.items()}


def _state(measures: list[Measure], day: dt.date) -> PlanState:
    left = [one.due for one in measures if one.is_open]
    return PlanState(
        count=len(measures),
        done=len(measures) - len(left),
        late=sum(due < day for due in left),
        percent=round(sum(one.percent for one in measures) / len(measures)),
        next_due=min(left, default=None),
    )


def late_measures(actor: Actor, at: dt.datetime, *, most: int = 10) -> list[Measure]:
    """Open measures of the actor's organisations, late or due within three days; one query."""
    if not actor.organisation_ids:
        return []
    soon = today(at, zone()) + dt.timedelta(days=3)
    found = Measure.objects.filter(
        about_seen(actor, at),
        organisation_id__in=actor.organisation_ids,
        due__lte=soon,
        done_at__isnull=True,
        dropped_at__isnull=True,
        case__closed_at__isnull=True,
    )
    return list(found.select_related("case", "organisation").order_by("due")[:most])
