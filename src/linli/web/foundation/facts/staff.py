"""People in post by month, as numbers: who holds a role where on the month's last day; never who.

Planned are the people that the deployment asks for. Somebody without an account is not counted: the list
``linli facts import --table staff`` puts the personnel office's own numbers in the place of these.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from linli.io.deployment import parse_deployment
from linli.web.foundation.accounts.models import Grant, Organisation
from linli.web.foundation.facts.places import versions
from linli.web.foundation.facts.registry import Reading, Row
from linli.web.foundation.places.models import Beat, Deployment

__all__ = ["staff_rows"]

ROLES: Final[Mapping[str, str]] = {
    "officer": "officer",
    "chief": "officer",
    "auxiliary": "auxiliary",
    "grid_worker": "grid_worker",
    "assistant": "village_assistant",
}
"""Roles of accounts as roles of facts."""
NEEDS: Final[Mapping[str, str]] = {**ROLES, "community_officer": "officer"}
COUNTED: Final = ("officer", "auxiliary", "grid_worker", "village_assistant")

Place = tuple[str | None, str | None]
"""Station and beat."""


def staff_rows(reading: Reading) -> Iterator[Row]:
    """One row for each month, beat and role, and one for those of a station who are in no beat."""
    today = reading.at.astimezone(reading.zone).date()
    grants = _grants()
    planned: dict[int, Mapping[tuple[str, str], int]] = {}
    for day in _last_days(today):
        version = _in_force(day)
        if version is None:
            continue
        if version.pk not in planned:
            planned[version.pk] = _planned(version)
        beats = Beat.objects.filter(deployment=version).values_list("station_code", "code")
        yield from _month(day, list(beats), _actual(grants, day), planned[version.pk])


def _month(
    day: dt.date,
    beats: Iterable[tuple[str, str]],
    actual: Mapping[tuple[Place, str], int],
    planned: Mapping[tuple[str, str], int],
) -> Iterator[Row]:
    places: dict[Place, None] = {}
    for known, within in beats:
        places[known, None] = places[known, within] = None
    for station, beat in places:
        for role in COUNTED:
            yield {
                "month": f"{day:%Y-%m}",
                "station": station,
                "beat": beat,
                "role": role,
                "planned": planned.get((beat, role)) if beat is not None else None,
                "actual": actual.get(((station, beat), role), 0),
            }


def _grants() -> list[tuple[Place, str, int, dt.date, dt.date | None]]:
    kinds = (Organisation.Kind.POST, Organisation.Kind.STATION)
    rows = Grant.objects.filter(role__in=ROLES, organisation__kind__in=kinds, user__is_active=True)
    where = ("organisation__kind", "organisation__station_code", "organisation__codes")
    columns = (*where, "role", "user_id", "starts", "ends")
    found = []
    for kind, station, codes, role, user, starts, ends in rows.values_list(*columns):
        beat = str(codes[0]) if kind == Organisation.Kind.POST and codes else None
        found.append(((station or None, beat), ROLES[role], user, starts, ends))
    return found


def _actual(
    grants: Iterable[tuple[Place, str, int, dt.date, dt.date | None]], day: dt.date
) -> Mapping[tuple[Place, str], int]:
    """People by place and role on a day; somebody with two roles of one kind at a place is one."""
    held = {
        (place, role, user)
        for place, role, user, starts, ends in grants
        if starts <= day and (ends is None or day <= ends)
    }
    return Counter((place, role) for place, role, _ in held)


def _planned(version: Deployment) -> Mapping[tuple[str, str], int]:
    plan = parse_deployment(
        Deployment.objects.only("document").get(pk=version.pk).document, file="deployment"
    )
    needed: dict[tuple[str, str], int] = {}
    for need in plan.staffing:
        role = NEEDS.get(str(need.role))
        if need.scope == "beat" and role is not None:
            key = (need.scope_id, role)
            needed[key] = max(needed.get(key, 0), need.required)
    return needed


def _in_force(day: dt.date) -> Deployment | None:
    begun = [one for one in versions() if one.valid_from is not None and one.valid_from <= day]
    running = [one for one in begun if one.valid_until is None or day <= one.valid_until]
    return running[-1] if running else None


def _last_days(today: dt.date) -> Iterator[dt.date]:
    """The last day of every month from the first deployment's, and today for the month that runs."""
    first = next(iter(versions()), None)
    if first is None or first.valid_from is None:
        return
    month = first.valid_from.replace(day=1)
    while month <= today:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        yield min(following - dt.timedelta(days=1), today)
        month = following
