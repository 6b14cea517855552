"""Who can be given a case, or told of one: organisations where somebody who works there could deal with it.

Owner, sight and notices are one thing: an organisation is offered and accepted as a case's owner only if
some active account there holds a role that may work on such a case and is not kept from it by its ceiling.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.models import Grant, Organisation
from linli.web.foundation.accounts.roles import roles
from linli.web.foundation.casework.models import Case

__all__ = ["can_see", "can_take", "handlers_of", "people_of", "seers", "takers", "workers"]


def workers(kind: str, confidentiality: int) -> frozenset[str]:
    """The roles that see and work on cases of a kind, held so closely, by their office alone."""
    return frozenset(
        role.id
        for role in roles().values()
        if {"view", "work"} <= role.verbs(kind) and confidentiality <= role.ceiling and not role.alone
    )


def seers(kind: str) -> frozenset[str]:
    """The roles that see cases of a kind once they are shared with their office."""
    return frozenset(role.id for role in roles().values() if role.verbs(kind) and not role.alone)


def _held(names: Iterable[str], at: dt.datetime) -> QuerySet[Grant]:
    day = local_day(at)
    return Grant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=day),
        role__in=sorted(names),
        starts__lte=day,
        user__is_active=True,
        organisation__active=True,
    )


def takers(case: Case, at: dt.datetime) -> QuerySet[Organisation]:
    """The organisations that a case can be given to."""
    grants = _held(workers(case.case_type, case.confidentiality), at)
    return Organisation.objects.filter(active=True, pk__in=grants.values("organisation_id"))


def can_take(organisation_id: int, case: Case, at: dt.datetime) -> bool:
    """Whether a case can be given to an organisation."""
    return takers(case, at).filter(pk=organisation_id).exists()


def can_see(organisation_id: int, case: Case, at: dt.datetime) -> bool:
    """Whether somebody at an organisation would see a case that is shared with it."""
    return _held(seers(case.case_type), at).filter(organisation_id=organisation_id).exists()


def people_of(organisation_id: int, case: Case, at: dt.datetime) -> list[int]:
    """The accounts at an organisation that work on a case which it owns."""
    grants = _held(workers(case.case_type, case.confidentiality), at).filter(organisation_id=organisation_id)
    return sorted(set(grants.values_list("user_id", flat=True)))


def handlers_of(case: Case, at: dt.datetime) -> list[int]:
    """Whoever has a case in hand: its assignee, else the chiefs of the station that its owner belongs to."""
    if case.assignee_id is not None:
        return [case.assignee_id]
    owner = case.organisation
    if owner is None:
        return []
    station = owner.station_code or case.station_code
    of_owner = Q(organisation_id=owner.pk)
    of_station = Q(organisation__kind=Organisation.Kind.STATION, organisation__station_code=station)
    chiefs = _held({"chief"}, at).filter(of_owner | of_station if station else of_owner)
    return sorted(set(chiefs.values_list("user_id", flat=True)))
