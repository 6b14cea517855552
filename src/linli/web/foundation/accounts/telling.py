"""Whoever changes how somebody gets in, or what somebody may do, does not do it unseen.

The person and every auditor are told of each change to an account; the other administrators too, where
something waits for a second one. The chiefs of a station are told of whoever comes to work on its cases: one
administrator gives such a role alone, and a puppet is seen the same day by those whose colleague it would be.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db.models import Q
from django.urls import reverse

from linli.kernel.texts import Text
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.accounts.selectors import holders

__all__ = ["AUDITOR", "chiefs_over", "leaders", "tell", "tell_of_account", "watchers"]

AUDITOR: Final = "auditor"


def watchers(at: dt.datetime) -> set[int]:
    """The auditors."""
    return set(holders({AUDITOR}, at))


def chiefs_over(grants: Iterable[Grant], at: dt.datetime) -> set[int]:
    """The chiefs of the stations where somebody works on cases, or will, by some roles."""
    codes: set[str] = set()
    for grant in grants:
        role = role_of(grant.role)
        if role is not None and role.on_cases and not role.alone:
            codes |= grant.organisation.stations | {grant.organisation.station_code}
            if grant.organisation.level == "own":
                codes |= _brought_to(grant.organisation_id, at)
    of_them = Organisation.objects.filter(kind=Organisation.Kind.STATION, station_code__in=codes - {""})
    return set(holders({"chief"}, at, organisation_ids=set(of_them.values_list("pk", flat=True))))


def leaders(at: dt.datetime) -> set[int]:
    """Who leads in the county and keeps no accounts: planners and chiefs."""
    return set(holders({"planner", "chief"}, at))


def _brought_to(organisation_id: int, at: dt.datetime) -> set[str]:
    """The stations whose cases an office without a territory sees: as owner, by a share or by a rule."""
    from linli.web.foundation.casework.models import Case, Share, SharingRule

    now = Q(until__isnull=True) | Q(until__gt=at)
    shares = Share.objects.filter(now, organisation_id=organisation_id, ended_at__isnull=True)
    rules = SharingRule.objects.filter(organisation_id=organisation_id, active=True)
    codes = set(rules.values_list("station_code", flat=True))
    if "" in codes:
        codes |= set(Organisation.objects.filter(kind="station").values_list("station_code", flat=True))
    codes |= set(shares.order_by().values_list("case__station_code", flat=True).distinct())
    owned = Case.objects.filter(organisation_id=organisation_id).order_by()
    return codes | set(owned.values_list("station_code", flat=True).distinct())


def tell_of_account(
    kind: str,
    user: User,
    by: Actor,
    at: dt.datetime,
    *,
    also: Iterable[int] = (),
    more: Text | None = None,
) -> None:
    """Tell the person and the auditors, with ``more``, but nobody of what they did themselves."""
    told = {user.pk} | watchers(at) | set(also)
    tell(kind, (one for one in told if one != by.user_id), user, at, more=more)


def tell(kind: str, told: Iterable[int], user: User, at: dt.datetime, *, more: Text | None = None) -> None:
    """Put a line about an account into the lists of some people."""
    # Casework knows accounts: its models are there only when both are loaded.
    from linli.web.foundation.casework.models import Notice

    page = reverse("person", args=[user.pk])
    said = {} if more is None else {"more": {"zh": more.zh, "en": more.en}}
    Notice.objects.bulk_create(
        Notice(
            user_id=one,
            kind=f"account_{kind}",
            at=at,
            detail={"who": user.display_name, "path": reverse("me") if one == user.pk else page, **said},
        )
        for one in sorted(set(told))
    )
