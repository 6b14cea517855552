"""Who may do what in assessment: the county opens, computes and locks; stations approve; offices object.

Verbs of the kind ``assessment``: view; open (object, for one's own office); edit (open periods, compute,
propose); approve (a station's figures, or the county's lock and consequences); answer (decide an objection);
export.
"""

from typing import Final, Protocol

from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.actor import Actor

__all__ = ["COUNTY", "KIND", "Placed", "is_county", "is_own", "may_place", "place_subject"]

KIND: Final = "assessment"
COUNTY: Final = Subject(kind=KIND)
"""The county's own: only a role that reaches everything reaches it."""


class Placed(Protocol):
    """Something that belongs to an office: a figure, a consequence."""

    station_code: str
    beat_code: str


def place_subject(thing: Placed) -> Subject:
    """A figure or consequence as permission sees it."""
    return Subject(kind=KIND, station=thing.station_code, beat=thing.beat_code)


def may_place(actor: Actor, verb: str, thing: Placed) -> bool:
    """Whether an actor may do something to what belongs to an office."""
    return may(actor, verb, place_subject(thing))


def is_county(actor: Actor, verb: str = "view") -> bool:
    """Whether the actor may do it for the whole county."""
    return may(actor, verb, COUNTY)


def is_own(actor: Actor, thing: Placed) -> bool:
    """Whether it is about the actor's own office: the only ones who object."""
    return may_place(actor, "open", thing)
