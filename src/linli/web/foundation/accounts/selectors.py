"""Reads of accounts: the actor behind a user."""

import datetime as dt
from dataclasses import replace
from typing import cast

from django.conf import settings
from django.utils import timezone

from linli.kernel.texts import Language
from linli.web.foundation.accounts.access import today
from linli.web.foundation.accounts.actor import Actor, Held, ScopeLevel, Via
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.roles import is_privileged, needs_second_factor

__all__ = ["actor_of", "has_privileged_role", "holders", "usable"]


def actor_of(
    user: User, at: dt.datetime, *, via: Via = "web", address: str = "", second_factor: bool = False
) -> Actor:
    """The actor behind an account, with the roles it holds at a moment; one query."""
    day = today(at, timezone.get_default_timezone())
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


def usable(actor: Actor) -> Actor:
    """The actor with those roles alone that may be used so: without a second factor none that asks for it.

    For whoever comes without a session; a page sends such a person to set the factor up instead.
    """
    if actor.second_factor or settings.DEMO:
        return actor
    held = tuple(one for one in actor.held if not needs_second_factor([one.role]))
    return replace(actor, held=held, organisation_ids=frozenset(one.organisation_id for one in held))


def _held(grant: Grant) -> Held:
    organisation = grant.organisation
    return Held(
        role=grant.role,
        organisation_id=organisation.pk,
        organisation=organisation.name,
        level=cast(ScopeLevel, organisation.level),
        codes=frozenset(organisation.codes),
    )


def has_privileged_role(user: User, at: dt.datetime) -> bool:
    """Whether an account holds a privileged role now, or will."""
    day = today(at, timezone.get_default_timezone())
    grants = Grant.objects.filter(user=user).exclude(ends__lt=day)
    return is_privileged(grants.values_list("role", flat=True))


def holders(roles: set[str], at: dt.datetime, *, organisation_ids: set[int] | None = None) -> list[int]:
    """Ids of the active accounts that hold one of some roles now, in some organisations or anywhere."""
    day = today(at, timezone.get_default_timezone())
    found = Grant.objects.filter(role__in=roles, starts__lte=day, user__is_active=True).exclude(ends__lt=day)
    if organisation_ids is not None:
        found = found.filter(organisation_id__in=organisation_ids)
    return sorted(set(found.values_list("user_id", flat=True)))
