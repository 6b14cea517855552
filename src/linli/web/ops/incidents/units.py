"""Units as they are now: what each is doing follows from duty and from the incident that it was sent to."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from django.db.models import Q

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.casework.selectors import seen_numbers
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.places.models import Post
from linli.web.ops.incidents.models import Dispatch, Unit
from linli.web.ops.incidents.recommendation import Candidate, Status
from linli.web.ops.incidents.standards import Kind

__all__ = [
    "KIND",
    "UNDER_WAY",
    "UnitNow",
    "active",
    "by_status",
    "may_unit",
    "post_of_unit",
    "unit_for",
    "units_for",
    "units_now",
]

say = catalogue("linli.web.ops.incidents")

KIND: Final = "incident"
"""Units are seen and changed by whoever may see and work on incidents in their area."""
UNDER_WAY: Final = ("dispatched", "on_scene")
"""States of an incident that a unit is on."""


@dataclass(frozen=True, kw_only=True)
class UnitNow:
    """A unit and what it is doing."""

    unit: Unit
    status: Status
    dispatch: Dispatch | None
    """What it is on, with its incident."""
    number: str = ""
    """The incident's number; empty where whoever asks may not see the incident."""

    @property
    def candidate(self) -> Candidate:
        """As a recommendation sees it."""
        unit = self.unit
        at = None if unit.longitude is None or unit.latitude is None else (unit.longitude, unit.latitude)
        return Candidate(
            id=unit.pk,
            call_sign=unit.call_sign,
            kind=cast(Kind, unit.kind),
            capacity=unit.capacity,
            status=self.status,
            station=unit.station_code,
            beats=frozenset(unit.beat_codes),
            at=at,
            shift_until=unit.shift_until,
            busy_with=self.number,
        )


def active() -> Q:
    """Dispatches that hold their unit: not cleared, and the incident still in a state that a unit is on."""
    return Q(
        cleared_at__isnull=True,
        case__state__in=UNDER_WAY,
        case__closed_at__isnull=True,
        case__merged_into__isnull=True,
    )


def units_now(units: Iterable[Unit], actor: Actor, at: dt.datetime) -> list[UnitNow]:
    """What some units are doing, as far as an actor learns of it; two queries."""
    listed = list(units)
    held = Dispatch.objects.filter(active(), unit__in=[one.pk for one in listed]).select_related("case")
    by_unit = {one.unit_id: one for one in held}
    seen = seen_numbers([one.case.number or "" for one in held], actor, at)
    return [_now(one, by_unit.get(one.pk), seen, at) for one in listed]


def _now(unit: Unit, on: Dispatch | None, seen: Collection[str], at: dt.datetime) -> UnitNow:
    number = "" if on is None else on.case.number or ""
    return UnitNow(
        unit=unit, status=_status(unit, on, at), dispatch=on, number=number if number in seen else ""
    )


def _status(unit: Unit, on: Dispatch | None, at: dt.datetime) -> Status:
    if on is not None:
        return Status.ASSIGNED if on.arrived_at is None else Status.ON_SCENE
    over = unit.shift_until is not None and unit.shift_until <= at
    return Status.FREE if unit.on_duty and not over else Status.OFF_DUTY


def may_unit(actor: Actor, verb: str, unit: Unit, places: Map | None) -> bool:
    """Whether an actor may do something with a unit.

    It is seen by everybody who sees incidents somewhere in its station; changed by those who work on
    incidents in its own beats.
    """
    beats: Collection[str] = unit.beat_codes
    if (verb == "view" or not beats) and places is not None and unit.station_code:
        beats = [code for code, beat in places.beats.items() if beat.station_code == unit.station_code]
    return any(may(actor, verb, _subject(unit, beat)) for beat in beats or [""])


def _subject(unit: Unit, beat: str) -> Subject:
    return Subject(kind=KIND, station=unit.station_code, beat=beat, organisation_id=unit.organisation_id)


def units_for(actor: Actor, *, verb: str = "view", retired: bool = False) -> list[Unit]:
    """The units that an actor may see, by call sign; two queries. There are hundreds of them at most."""
    found = Unit.objects.select_related("organisation")
    places = current_map()
    return [
        one for one in (found if retired else found.filter(active=True)) if may_unit(actor, verb, one, places)
    ]


def unit_for(actor: Actor, pk: int, *, verb: str = "view") -> Unit:
    """A unit that the actor may see (or whatever ``verb`` says).

    Raises
    ------
    Missing
        There is none, or the actor may not know of it.
    """
    found = Unit.objects.select_related("organisation").filter(pk=pk).first()
    if found is None or not may_unit(actor, verb, found, current_map()):
        raise missing(say("unit.missing"), hidden=found is not None)
    return found


def post_of_unit(organisation: Organisation) -> Post | None:
    """The post of an organisation under the deployment in force."""
    places = current_map()
    if organisation.kind != Organisation.Kind.POST or places is None:
        return None
    code = organisation.code.removeprefix("post:")
    return Post.objects.filter(deployment_id=places.version, code=code).first()


def by_status(units: Iterable[UnitNow]) -> Mapping[Status, int]:
    """How many units do what."""
    listed = list(units)
    return {status: sum(one.status is status for one in listed) for status in Status}
