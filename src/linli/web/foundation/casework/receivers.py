"""Who can be given a case, or told of one: organisations where somebody who works there could deal with it.

Owner, sight and notices are one thing: an organisation is offered and accepted as a case's owner only if
some active account there holds a role that may work on such a case and is not kept from it by its ceiling.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Final, cast

from django.db.models import Q, QuerySet

from linli.web.foundation.accounts.access import Subject, local_day, reached
from linli.web.foundation.accounts.actor import Actor, Held, ScopeLevel
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.roles import roles
from linli.web.foundation.accounts.selectors import actor_of, holders
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.subjects import own_subject

__all__ = [
    "assignee_of",
    "can_see",
    "can_take",
    "colleagues",
    "handlers_of",
    "in_charge",
    "lapsed",
    "lies_in_territory",
    "lies_with",
    "people_of",
    "seers",
    "station_of_owner",
    "takers",
    "watchers",
    "workers",
    "works_still",
    "works_there",
]

_WHERE: Final = (
    "case_type",
    "confidentiality",
    "station_code",
    "beat_code",
    "place_code",
    "organisation_id",
    "assignee_id",
    "opened_by_id",
)
"""What of a case says whose it can be."""


def workers(kind: str, confidentiality: int = 0) -> frozenset[str]:
    """The roles that see and work on cases of a kind, held so closely, by their office alone."""
    return frozenset(
        role.id for role in roles().values() if role.takes(kind) and confidentiality <= role.ceiling
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


def takers(kind: str, confidentiality: int, at: dt.datetime) -> QuerySet[Organisation]:
    """The organisations that cases of a kind, held so closely, can be given to."""
    grants = _held(workers(kind, confidentiality), at).values("organisation_id")
    return Organisation.objects.filter(active=True, pk__in=grants)


def can_take(organisation_id: int, case: Case, at: dt.datetime) -> bool:
    """Whether a case can be given to an organisation."""
    return takers(case.case_type, case.confidentiality, at).filter(pk=organisation_id).exists()


def watchers(kind: str, at: dt.datetime) -> QuerySet[Organisation]:
    """The organisations where somebody would see cases of a kind that are shared with them."""
    grants = _held(seers(kind), at).values("organisation_id")
    return Organisation.objects.filter(active=True, pk__in=grants)


def can_see(organisation_id: int, case: Case, at: dt.datetime) -> bool:
    """Whether somebody at an organisation would see a case that is shared with it."""
    return watchers(case.case_type, at).filter(pk=organisation_id).exists()


def works_there(user_id: int, organisation_id: int, case: Case, at: dt.datetime) -> bool:
    """Whether a person holds a role at an organisation that works on such cases, once given one."""
    grants = _held(workers(case.case_type), at)
    return grants.filter(user_id=user_id, organisation_id=organisation_id).exists()


def colleagues(case: Case, at: dt.datetime) -> list[Grant]:
    """Who can be given a case in person: those at the offices of its station who work on such cases."""
    grants = _held(workers(case.case_type), at).filter(organisation__station_code=case.station_code)
    return list(grants.select_related("user", "organisation"))


def people_of(organisation_id: int, case: Case, at: dt.datetime) -> list[int]:
    """The accounts at an organisation that work on a case which it owns."""
    grants = _held(workers(case.case_type, case.confidentiality), at)
    found = grants.filter(organisation_id=organisation_id).values_list("user_id", flat=True)
    return sorted(set(found))


def lies_with(organisation: Organisation, case: Case) -> bool:
    """Whether a case lies in an organisation's own territory or belongs to it."""
    return organisation.pk == case.organisation_id or lies_in_territory(organisation, case)


def lies_in_territory(organisation: Organisation, case: Case) -> bool:
    """Whether a case lies in an organisation's own territory."""
    held = Held(
        role="",
        organisation_id=organisation.pk,
        organisation=organisation.name,
        level=cast(ScopeLevel, organisation.level),
        codes=frozenset(organisation.codes),
    )
    return reached(held, replace(own_subject(case), organisation_id=None))


def station_of_owner(case: Case) -> str:
    """The station that answers for a case: its owner's, else the one in whose area it lies."""
    owner = case.organisation
    return case.station_code if owner is None or not owner.station_code else owner.station_code


def in_charge(case: Case, names: set[str], at: dt.datetime) -> list[int]:
    """The holders of some roles who answer for a case: at its owner's station, else where it lies."""
    actors = [actor_of(user, at) for user in User.objects.filter(pk__in=holders(names, at))]
    here = own_subject(case)
    if station_of_owner(case) != case.station_code:
        there = replace(here, station=station_of_owner(case), beat="", place="")
        return _reaching(actors, names, there) or _reaching(actors, names, here)
    return _reaching(actors, names, here)


def _reaching(actors: list[Actor], names: set[str], subject: Subject) -> list[int]:
    return [
        actor.account
        for actor in actors
        if any(held.role in names and reached(held, subject) for held in actor.held)
    ]


def handlers_of(case: Case, at: dt.datetime) -> list[int]:
    """Whoever has a case in hand: its assignee, else the chiefs who answer for its owner."""
    assignee = assignee_of(case, at)
    return in_charge(case, {"chief"}, at) if assignee is None else [assignee]


def assignee_of(case: Case, at: dt.datetime) -> int | None:
    """The account that has a case in person, for as long as it can work on such cases.

    Whose account was stopped, whose role ended or who works elsewhere by now is no assignee: what is told to
    them is told to nobody, or to somebody whom it does not concern any more.
    """
    return case.assignee_id if works_still(case.assignee_id, case, at) else None


def works_still(user_id: int | None, case: Case, at: dt.datetime) -> bool:
    """Whether an account is active and works on such cases by a role where this one lies or belongs."""
    if user_id is None:
        return False
    grants = _held(workers(case.case_type), at).filter(user_id=user_id)
    return any(lies_with(grant.organisation, case) for grant in grants.select_related("organisation"))


def lapsed(at: dt.datetime, *, user_id: int | None = None) -> list[int]:
    """The open cases whose assignee cannot work on them any more, all or one account's; two queries."""
    cases = Case.objects.filter(closed_at__isnull=True, assignee_id__isnull=False)
    if user_id is not None:
        cases = cases.filter(assignee_id=user_id)
    held: dict[int, list[Grant]] = {}
    for grant in (
        _held(roles(), at).filter(user_id__in=cases.values("assignee_id")).select_related("organisation")
    ):
        held.setdefault(grant.user_id, []).append(grant)
    taken_by = cache(workers)
    return [
        case.pk
        for case in cases.order_by("pk").only(*_WHERE).iterator(chunk_size=2000)
        if not any(
            grant.role in taken_by(case.case_type) and lies_with(grant.organisation, case)
            for grant in held.get(case.assignee_id or 0, [])
        )
    ]
