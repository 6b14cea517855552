"""Whose board is whose: a post's people and those of its villages, a station's, the bureau's.

A board is narrower than the table of roles: not everybody whose territory reaches a post reads its notes,
only who works there, and the chief of its station. Grid workers and assistants work for the post of their
beat: officers, auxiliaries, grid workers and assistants have one place (L14).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.db.models import Q

from linli.web.foundation.accounts.access import local_day, may_anywhere
from linli.web.foundation.accounts.actor import Actor, Held
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.places.locating import current_map

__all__ = ["boards", "members"]

KIND: Final = "message"
_KINDS: Final = (Organisation.Kind.POST, Organisation.Kind.STATION, Organisation.Kind.BUREAU)


def boards(actor: Actor, verb: str = "view") -> list[Organisation]:
    """The boards that an actor may read, or write on; two queries."""
    held = [one for one in actor.held if may_anywhere(replace(actor, held=(one,)), verb, KIND)]
    if not held:
        return []
    own = {one.organisation_id for one in held}
    chiefs = {code for one in held if one.role == "chief" and one.level == "station" for code in one.codes}
    beats = _beats_of(held)
    found = Organisation.objects.filter(
        Q(pk__in=own) | Q(kind=Organisation.Kind.POST), active=True, kind__in=_KINDS
    ).order_by("kind", "code")
    return [one for one in found if one.pk in own or one.station_code in chiefs or beats & set(one.codes)]


def _beats_of(held: Iterable[Held]) -> set[str]:
    """The beats whose post the people of villages work for."""
    codes = {code for one in held if one.level == "place" for code in one.codes}
    places = current_map() if codes else None
    if places is None:
        return set()
    return {places.places[code].beat_code for code in codes if code in places.places}


def members(organisation: Organisation, at: dt.datetime) -> list[User]:
    """Everybody whose board it is now, without the chief above; two queries."""
    codes = {organisation.code}
    places = current_map() if organisation.kind == Organisation.Kind.POST else None
    if places is not None:
        beats = set(organisation.codes)
        codes |= {f"committee:{code}" for code, one in places.places.items() if one.beat_code in beats}
    day = local_day(at)
    grants = Grant.objects.filter(organisation__code__in=codes, starts__lte=day, user__is_active=True)
    found: dict[int, User] = {}
    for grant in grants.exclude(ends__lt=day).select_related("user"):
        role = role_of(grant.role)
        if role is not None and "view" in role.verbs(KIND):
            found[grant.user_id] = grant.user
    return sorted(found.values(), key=lambda user: user.username)
