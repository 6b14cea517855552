"""Checks, posts and groups as permission sees them."""

from linli.web.foundation.accounts.access import Subject, may, may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.ops.supervision.models import Check, Group

__all__ = ["KIND", "county_subject", "may_check", "may_keep", "may_look", "may_state", "supervises"]

KIND = "supervision"


def county_subject() -> Subject:
    """The county as a whole."""
    return Subject(kind=KIND)


def supervises(actor: Actor) -> bool:
    """Whether an actor draws and makes checks: the county's, never a station's of its own work."""
    return may(actor, "edit", county_subject())


def may_check(actor: Actor, check: Check) -> bool:
    """Whether an actor may see a check: who makes checks all of them, a station those that are done."""
    if supervises(actor):
        return True
    subject = Subject(kind=KIND, station=check.station_code, beat=check.beat_code, place=check.place_code)
    return check.status == Check.Status.DONE and may(actor, "view", subject)


def may_state(actor: Actor, station: str, beat: str) -> bool:
    """Whether an actor may say how long a room was staffed: its station, never those who check it."""
    own = may(actor, "work", Subject(kind=KIND, station=station, beat=beat))
    return own and not actor.is_system and not supervises(actor)


def may_keep(actor: Actor, level: str, station: str) -> bool:
    """Whether an actor may keep the record of a leading group: the county's, or that of the own station."""
    if level == Group.Level.COUNTY or not station:
        return supervises(actor)
    return may(actor, "assign", Subject(kind=KIND, station=station)) or supervises(actor)


def may_look(actor: Actor) -> bool:
    """Whether the pages of supervision are for an actor at all."""
    return may_anywhere(actor, "view", KIND)
