"""An incident as a recommendation sees it, and the recommendation for it."""

import datetime as dt
import json
from functools import lru_cache

from linli.kernel.measures import KilometresPerHour, Ratio
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Deployment
from linli.web.ops.incidents.models import Dispatch
from linli.web.ops.incidents.recommendation import Point, Recommendation, Scene, recommend
from linli.web.ops.incidents.standards import Travel, standards
from linli.web.ops.incidents.units import active, units_for, units_now

__all__ = ["on_it", "recommended", "scene_of", "travel_now"]


def on_it(case: Case) -> list[Dispatch]:
    """The units that are on an incident now; one query."""
    return list(Dispatch.objects.filter(active(), case=case).select_related("unit"))


def scene_of(case: Case, there: list[Dispatch]) -> Scene:
    """Where an incident is and what it needs, with the people who are on it already."""
    at, exact = _position(case)
    return Scene(
        need=standards().need_of(case.category),
        station=case.station_code,
        beat=case.beat_code,
        at=at,
        exact=exact,
        people_there=sum(one.unit.capacity for one in there),
    )


def _position(case: Case) -> tuple[Point | None, bool]:
    if case.longitude is not None and case.latitude is not None:
        return (case.longitude, case.latitude), True
    places = current_map()
    place = None if places is None else places.places.get(case.place_code)
    return (None, True) if place is None else ((place.longitude, place.latitude), False)


def recommended(case: Case, actor: Actor, at: dt.datetime) -> Recommendation:
    """Which of the units that the actor knows of to send, as things are now; four queries."""
    known = standards()
    return recommend(
        scene_of(case, on_it(case)),
        [one.candidate for one in units_now(units_for(actor), actor, at)],
        travel=travel_now(),
        handicap=known.handicap,
        warn_minutes=known.shift.warn_minutes,
        at=at,
    )


def travel_now() -> Travel:
    """The travel assumptions; a car's are those that the deployment in force was planned with."""
    places = current_map()
    detour, speed = (None, None) if places is None else _planned(places.version)
    own = standards().travel
    speeds = own.speed if speed is None else {**own.speed, "patrol_car": speed}
    return Travel(detour=own.detour if detour is None else detour, speed=speeds)


@lru_cache(maxsize=4)
def _planned(version: int) -> tuple[Ratio | None, KilometresPerHour | None]:
    document = json.loads(Deployment.objects.values_list("document", flat=True).get(pk=version))
    territory = document.get("territory", {})
    detour, speed = territory.get("detour"), territory.get("speed")
    return (
        Ratio(float(detour)) if detour is not None else None,
        KilometresPerHour(float(speed)) if speed is not None else None,
    )
