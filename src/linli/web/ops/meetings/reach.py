"""Meetings and offices as permission sees them."""

from linli.web.foundation.accounts.access import Subject, may, may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Place
from linli.web.ops.meetings.models import Meeting

__all__ = ["KIND", "may_hold", "may_meeting", "offices_of", "place_subject", "places_of"]

KIND = "meeting"


def place_subject(place: Place) -> Subject:
    """A meeting that is held in a place."""
    return Subject(kind=KIND, station=place.station_code, beat=place.beat_code, place=place.code)


def may_meeting(actor: Actor, verb: str, meeting: Meeting) -> bool:
    """Whether an actor may do something to a meeting."""
    subject = Subject(
        kind=KIND,
        station=meeting.station_code,
        beat=meeting.beat_code,
        place=meeting.place_code,
        organisation_id=meeting.organisation_id,
        raised_by=meeting.planned_by_id,
    )
    return may(actor, verb, subject)


def may_hold(actor: Actor, meeting: Meeting) -> bool:
    """Whether an actor may say how a meeting went: who may change meetings here, and who planned this one."""
    own = meeting.planned_by_id == actor.user_id and may_meeting(actor, "open", meeting)
    return own or may_meeting(actor, "edit", meeting)


def places_of(actor: Actor) -> list[Place]:
    """The places in which an actor may plan a meeting."""
    current = current_map()
    if current is None or not may_anywhere(actor, "open", KIND):
        return []
    return [one for one in current.places.values() if may(actor, "open", place_subject(one))]


def offices_of(actor: Actor) -> list[Organisation]:
    """The actor's own offices that hold meetings; one query."""
    held = [one.organisation_id for one in actor.held]
    return list(Organisation.objects.filter(pk__in=held, active=True).order_by("code"))
