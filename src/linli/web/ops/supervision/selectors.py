"""Guarded reads: rounds and checks, rooms with their hours, groups, findings."""

import datetime as dt
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import Subject, may, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import visible
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.places.models import Post
from linli.web.foundation.screens.wording import language
from linli.web.ops.supervision.hours import hours_of
from linli.web.ops.supervision.models import Check, Group, Publication, Round, Statement
from linli.web.ops.supervision.reach import KIND, may_check, may_look, supervises
from linli.web.ops.supervision.rooms import Hours, Room, room_of, rooms_of

__all__ = [
    "PAGE",
    "check_for",
    "checks",
    "findings",
    "groups",
    "publications",
    "rooms",
    "round_for",
    "rounds",
]

PAGE: Final = 30

say = catalogue("linli.web.ops.supervision")


def rounds(actor: Actor) -> QuerySet[Round]:
    """Every round for those who make checks; nobody else may know of what is still to come."""
    return Round.objects.all() if supervises(actor) else Round.objects.none()


def round_for(actor: Actor, pk: int) -> Round:
    """A round that the actor may see.

    Raises
    ------
    Missing
        There is none, or it is none of the actor's business.
    """
    found = rounds(actor).filter(pk=pk).select_related("drawn_by").first()
    if found is None:
        raise missing(say("round.missing"), hidden=Round.objects.filter(pk=pk).exists())
    return found


def checks(actor: Actor) -> QuerySet[Check]:
    """All checks for those who make them; for a station those of its own area that are done."""
    found = Check.objects.select_related("round", "done_by")
    if supervises(actor):
        return found
    scope = scopes(actor, "view", [KIND], organisation=None)
    return found.none() if scope is None else found.filter(scope, status=Check.Status.DONE)


def check_for(actor: Actor, pk: int) -> Check:
    """A check that the actor may see.

    Raises
    ------
    Missing
        There is none, or it is none of the actor's business.
    """
    found = Check.objects.select_related("round", "done_by").filter(pk=pk).first()
    if found is None or not may_check(actor, found):
        raise missing(say("check.missing"), hidden=found is not None)
    return found


def findings(actor: Actor) -> QuerySet[Case]:
    """The findings that the actor may see."""
    return visible(actor, kinds=(KIND,))


def groups(actor: Actor) -> QuerySet[Group]:
    """The county's groups and those of the actor's own stations."""
    found = Group.objects.prefetch_related("plans")
    if supervises(actor):
        return found
    scope = scopes(actor, "view", [KIND], beat=None, place=None, organisation=None)
    own = Q(station_code="") if may_look(actor) else Q(pk__in=())
    return found.filter(own if scope is None else own | scope)


def publications(actor: Actor) -> QuerySet[Publication]:
    """What was made known to all stations: everybody who has a use for supervision sees all of it."""
    found = Publication.objects.select_related("published_by")
    return found if may_look(actor) else found.none()


def rooms(actor: Actor, month: dt.date) -> list[Room]:
    """The rooms of the actor's area in a month, those that want attention first."""
    current = current_map()
    if current is None or not may_look(actor):
        return []
    hours = hours_of(Path(settings.DATA_DIR) / "facts", f"{month:%Y-%m}")
    stated = {one.post_code: one for one in Statement.objects.filter(month=month.replace(day=1))}
    found = []
    for post in _posts(actor, current):
        said = stated.get(post[0])
        known = hours.rooms.get(post[0])
        found.append(
            room_of(
                post,
                known,
                None if said is None else Hours(float(said.planned_hours), float(said.hours)),
                reason="" if said is None else said.reason,
                synthetic=known is not None and hours.synthetic,
            )
        )
    return rooms_of(found)


def _posts(actor: Actor, current: Map) -> list[tuple[str, str, str, str]]:
    english, found = language() == "en", []
    for post in Post.objects.filter(deployment_id=current.version):
        place = current.places.get(post.place_code)
        if place is None:
            continue
        subject = Subject(kind=KIND, station=place.station_code, beat=place.beat_code, place=place.code)
        if may(actor, "view", subject):
            name = post.name_en if english and post.name_en else post.name
            found.append((post.code, name, place.station_code, place.beat_code))
    return found
