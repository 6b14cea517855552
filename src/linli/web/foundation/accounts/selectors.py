"""Reads of accounts: the actor behind a user."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Final, cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q, QuerySet

from linli.kernel.texts import Language
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import Actor, Held, ScopeLevel, Via
from linli.web.foundation.accounts.factors import asking_factor
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.roles import KEEPERS, are_apart, fits, role_of, takes_two

__all__ = [
    "REMEMBERED",
    "actor_of",
    "has_privileged_role",
    "has_second_factor",
    "held_apart",
    "holders",
    "lasting_holders",
    "misplaced",
    "reads_stations",
    "second_factors",
    "usable",
]

REMEMBERED: Final = dt.timedelta(days=90)
"""How long an account counts as privileged after its last privileged role: taking it changes nothing."""
AHEAD: Final = dt.timedelta(days=30)
"""Who keeps the platform must hold the role for this long at least: there is time to appoint another."""


def actor_of(
    user: User, at: dt.datetime, *, via: Via = "web", address: str = "", second_factor: bool = False
) -> Actor:
    """The actor behind an account, with the roles it holds at a moment; one query."""
    day = local_day(at)
    grants = Grant.objects.filter(user=user, starts__lte=day).select_related("organisation")
    held = tuple(_held(grant) for grant in grants if grant.holds_on(day) and grant.organisation.active)
    return Actor(
        user_id=user.pk,
        name=user.display_name,
        held=held,
        language=cast(Language, user.language),
        via=via,
        address=address,
        second_factor=second_factor,
        organisation_ids=frozenset(one.organisation_id for one in held),
    )


def has_second_factor(user: User) -> bool:
    """Whether an account can sign in with a second factor now; recovery codes alone are none.

    Whoever keeps that something was made with one asks this at each use: it may have been given up since.
    """
    return bool(second_factors(user.pk).exists())


def second_factors(account_id: int) -> QuerySet[Authenticator]:
    """What an account can sign in with besides its password; recovery codes only stand in for one."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=account_id)
    return found.exclude(type=Authenticator.Type.RECOVERY_CODES)


def usable(actor: Actor) -> Actor:
    """The actor with those roles alone that may be used so: without a second factor none that asks for it.

    For whoever comes without a session; a page sends such a person to set the factor up instead.
    """
    if actor.second_factor or settings.DEMO:
        return actor
    asking = asking_factor(actor.held)
    held = tuple(one for one in actor.held if one not in asking)
    return replace(actor, held=held, organisation_ids=frozenset(one.organisation_id for one in held))


def _held(grant: Grant) -> Held:
    organisation = grant.organisation
    return Held(
        role=grant.role,
        organisation_id=organisation.pk,
        organisation=organisation.name,
        level=cast(ScopeLevel, organisation.level),
        codes=frozenset(organisation.codes),
        stations=organisation.stations,
    )


def has_privileged_role(user: User, at: dt.datetime) -> bool:
    """Whether an account holds what only two people give, will hold it, or held it not long ago.

    Two stations together count as the county does: what is given in parts is as much.
    """
    day = local_day(at)
    lately = Grant.objects.filter(user=user).exclude(ends__lt=day - REMEMBERED)
    grants = list(lately.select_related("organisation"))
    if any(takes_two(one.role, one.organisation.level) for one in grants):
        return True
    weighing = [one for one in grants if _weighs_by_reach(one)]
    together = [_stations(one for one in weighing if _held_on(one, first.starts)) for first in weighing]
    return any(len(codes) > 1 for codes in (reads_stations(user, at), *together))


def _weighs_by_reach(grant: Grant) -> bool:
    role = role_of(grant.role)
    return role is not None and role.weighs_by_reach


def _held_on(grant: Grant, day: dt.date) -> bool:
    """Whether it was held at some time of a day: one that was taken on its first day was held on that."""
    return grant.starts == day or grant.holds_on(day)


def _stations(grants: Iterable[Grant]) -> set[str]:
    return {code for one in grants for code in one.organisation.stations}


def reads_stations(user: User, at: dt.datetime) -> set[str]:
    """The stations whose cases an account sees or works on, now or by a role that begins later."""
    day = local_day(at)
    grants = Grant.objects.filter(user=user).exclude(ends__lt=day).select_related("organisation")
    return _stations(one for one in grants if _weighs_by_reach(one))


def holders(roles: set[str], at: dt.datetime, *, organisation_ids: set[int] | None = None) -> list[int]:
    """Ids of the active accounts that hold one of some roles now, in some organisations or anywhere.

    A keeper's role counts only where it reaches every account: elsewhere it keeps nothing.
    """
    day = local_day(at)
    found = Grant.objects.filter(role__in=roles, starts__lte=day, user__is_active=True).exclude(ends__lt=day)
    found = found.filter(organisation__active=True)
    found = found.exclude(~Q(organisation__level="county"), role__in=KEEPERS)
    if organisation_ids is not None:
        found = found.filter(organisation_id__in=organisation_ids)
    return sorted(set(found.values_list("user_id", flat=True)))


def held_apart(at: dt.datetime) -> list[str]:
    """User names of the active accounts that hold two roles now which nobody is given together any more."""
    day = local_day(at)
    grants = Grant.objects.filter(starts__lte=day, user__is_active=True).exclude(ends__lt=day)
    held: dict[str, set[str]] = {}
    for name, role in grants.filter(organisation__active=True).values_list("user__username", "role"):
        held.setdefault(name, set()).add(role)
    return sorted(
        name
        for name, ids in held.items()
        if any(are_apart(one, other) for one, other in combinations(sorted(ids), 2))
    )


def misplaced(at: dt.datetime) -> list[str]:
    """Roles that active accounts hold, or will, in an organisation where nobody is given them any more.

    Each as the user name, the role's id and the organisation's code.
    """
    day = local_day(at)
    grants = Grant.objects.filter(user__is_active=True, organisation__active=True).exclude(ends__lt=day)
    rows = grants.values_list(
        "user__username", "role", "organisation__code", "organisation__kind", "organisation__level"
    )
    return sorted(
        f"{name} ({role} @ {code})" for name, role, code, kind, level in rows if not fits(role, kind, level)
    )


def lasting_holders(role: str, at: dt.datetime) -> set[int]:
    """Ids of the active accounts that hold a role now and will for a while yet."""
    return set(holders({role}, at)) & set(holders({role}, at + AHEAD))
