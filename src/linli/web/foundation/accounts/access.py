"""Who may do what: the one place where it is decided, for pages, API, devices and scripts alike.

A role reaches a subject when its kind allows the verb *and* one of these holds: the subject lies in
the role's territory or belongs to its organisation, and is not held more closely than the role's ceiling;
it is assigned to the actor, who works on such cases there by this role; it was shared with the actor's
organisation; or the actor broke the glass. A share lets the subject be seen and worked on, never passed
on; who broke the glass only reads. Whoever it came from sees it for good, and does more only where a role
reaches it, however closely it is held. A role that stands alone (a resident) reaches nothing but its own.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q
from django.utils import timezone

from linli.web.foundation.accounts.actor import Actor, Held
from linli.web.foundation.accounts.roles import Confidentiality, Role, role_of

__all__ = [
    "OPENED_VERBS",
    "RAISED_VERBS",
    "SHARED_VERBS",
    "Subject",
    "assigned_scope",
    "kinds_shared",
    "kinds_with",
    "local_day",
    "may",
    "may_anywhere",
    "reached",
    "scopes",
    "today",
]

SHARED_VERBS: Final = frozenset({"view", "work", "personal"})
OPENED_VERBS: Final = frozenset({"view", "personal"})
"""What breaking the glass lets do: read."""


RAISED_VERBS: Final = frozenset({"view"})
"""What having raised it lets do outside the territories of the own roles: see how it goes."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What something is done to, as far as permission cares."""

    kind: str
    confidentiality: Confidentiality = Confidentiality.NORMAL
    station: str = ""
    beat: str = ""
    place: str = ""
    organisation_id: int | None = None
    people: frozenset[int] = field(default=frozenset())
    """Accounts that it is assigned to: counts for those who hold a role there that takes such subjects."""
    raised_by: int | None = None
    """The account that it came from: sees it wherever it goes, and does more only where a role reaches it."""
    shared_with: frozenset[int] = field(default=frozenset())
    """Organisations that it is shared with now."""
    opened_for: frozenset[int] = field(default=frozenset())
    """Accounts that broke the glass and whose hour has not passed."""


def reached(held: Held, subject: Subject) -> bool:
    """Whether a subject lies in a role's territory or belongs to its organisation."""
    if subject.organisation_id is not None and subject.organisation_id == held.organisation_id:
        return True
    match held.level:
        case "county":
            return True
        case "station":
            return subject.station in held.codes
        case "beat":
            return subject.beat in held.codes
        case "place":
            return subject.place in held.codes
        case "own":
            return False


def may(actor: Actor, verb: str, subject: Subject) -> bool:
    """Whether an actor may do something to a subject; jobs of the system may."""
    if actor.is_system:
        return True
    return any(_allows(actor, held, verb, subject) for held in actor.held)


def _allows(actor: Actor, held: Held, verb: str, subject: Subject) -> bool:
    role = role_of(held.role)
    if role is None:
        return False
    verbs = role.verbs(subject.kind)
    if verb == "emergency":
        # Somebody who must break the glass cannot see the subject yet: only the role counts.
        return verb in verbs
    if verb in verbs and _reaches(actor, held, role, verb, subject):
        return True
    if role.alone or verb not in SHARED_VERBS or held.organisation_id not in subject.shared_with:
        return False
    return (verb in verbs or verb == "view") and bool(verbs)


def _reaches(actor: Actor, held: Held, role: Role, verb: str, subject: Subject) -> bool:
    """Whether an actor comes to a subject by anything but a share, with a role that has a use for it."""
    # An assignment hangs on the role that it was given to: it holds however closely the subject is held, but
    # not for somebody who works elsewhere by now. What is shared with that place is no more than shared.
    if actor.user_id in subject.people and role.takes(subject.kind) and reached(held, subject):
        return True
    raised = actor.user_id is not None and actor.user_id == subject.raised_by
    # What one raised oneself is not held too closely for oneself; elsewhere it is only seen.
    if raised and (verb in RAISED_VERBS or reached(held, subject)):
        return True
    if actor.user_id in subject.opened_for and verb in OPENED_VERBS:
        return True
    return not role.alone and subject.confidentiality <= role.ceiling and reached(held, subject)


def may_anywhere(actor: Actor, verb: str, kind: str) -> bool:
    """Whether some role of the actor allows the verb for the kind at all: for menus and buttons."""
    return any((role := role_of(held.role)) is not None and verb in role.verbs(kind) for held in actor.held)


def kinds_with(actor: Actor, verb: str, kinds: Iterable[str]) -> tuple[str, ...]:
    """Of some kinds, those for which the actor may do something somewhere."""
    return tuple(kind for kind in kinds if may_anywhere(actor, verb, kind))


def kinds_shared(actor: Actor, kinds: Iterable[str]) -> dict[frozenset[int], tuple[str, ...]]:
    """The kinds that an actor sees by a share, by the organisations that such a share can be with."""
    with_: dict[str, set[int]] = {kind: set() for kind in kinds}
    for held in actor.held:
        role = role_of(held.role)
        if role is None or role.alone:
            continue
        for kind, organisations in with_.items():
            if role.verbs(kind):
                organisations.add(held.organisation_id)
    found: dict[frozenset[int], tuple[str, ...]] = {}
    for kind, organisations in with_.items():
        if organisations:
            key = frozenset(organisations)
            found[key] = (*found.get(key, ()), kind)
    return found


def scopes(
    actor: Actor,
    verb: str,
    kinds: Iterable[str],
    *,
    kind_field: str | None = None,
    station: str | None = "station_code",
    beat: str | None = "beat_code",
    place: str | None = "place_code",
    organisation: str | None = "organisation_id",
    confidentiality: str | None = None,
) -> Q | None:
    """The part of a list in the actor's own territory or of the own organisation; ``None`` for nothing.

    A table without one of the columns says ``None`` for it: who reaches by it reaches nothing there.

    Agrees with ``may`` for subjects that are neither assigned, shared nor opened in an emergency; a
    property test holds the two against each other.
    """
    named = tuple(kinds)
    found: Q | None = None
    for held in actor.held:
        role = role_of(held.role)
        allowed = [] if role is None else [kind for kind in named if verb in role.verbs(kind)]
        if role is None or not allowed:
            continue
        condition = None
        if not role.alone:
            condition = _territory(held, station=station, beat=beat, place=place, organisation=organisation)
        if condition is None:
            continue
        if kind_field is not None and len(allowed) < len(named):
            condition &= Q(**{f"{kind_field}__in": allowed})
        if confidentiality is not None and role.ceiling < Confidentiality.SENSITIVE:
            condition &= Q(**{f"{confidentiality}__lte": int(role.ceiling)})
        if not condition:
            # Everything; "or" with an empty condition would be the other condition alone.
            return condition
        found = condition if found is None else found | condition
    return found


def assigned_scope(
    actor: Actor, verb: str, kinds: Iterable[str], *, kind_field: str = "case_type"
) -> Q | None:
    """What is assigned to an actor and counts, however closely it is held; ``None`` for nothing."""
    named = tuple(kinds)
    found: Q | None = None
    for held in actor.held:
        role = role_of(held.role)
        allowed = [] if role is None else [k for k in named if role.takes(k) and verb in role.verbs(k)]
        here = _territory(
            held, station="station_code", beat="beat_code", place="place_code", organisation="organisation_id"
        )
        if not allowed or here is None:
            continue
        condition = Q(assignee_id=actor.user_id) & here
        if len(allowed) < len(named):
            condition &= Q(**{f"{kind_field}__in": allowed})
        found = condition if found is None else found | condition
    return found


def _territory(
    held: Held, *, station: str | None, beat: str | None, place: str | None, organisation: str | None
) -> Q | None:
    if held.level == "county":
        return Q()
    owned = None if organisation is None else Q(**{organisation: held.organisation_id})
    column = {"station": station, "beat": beat, "place": place, "own": None}[held.level]
    codes = sorted(held.codes)
    if column is None or not codes:
        return owned
    here = Q(**{column: codes[0]}) if len(codes) == 1 else Q(**{f"{column}__in": codes})
    return here if owned is None else here | owned


def today(at: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """The day in the territory's zone, by which grants begin and end."""
    return at.astimezone(zone).date()


def local_day(at: dt.datetime) -> dt.date:
    """The day in the territory's own zone."""
    return today(at, timezone.get_default_timezone())
