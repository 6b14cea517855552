"""Premises as permission sees them."""

from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.actor import Actor
from linli.web.ops.premises.models import Premises

__all__ = ["KIND", "may_premises", "subject_of"]

KIND = "premises"


def subject_of(premises: Premises) -> Subject:
    """Where the premises lie and whose they are."""
    return Subject(
        kind=KIND,
        station=premises.station_code,
        beat=premises.beat_code,
        place=premises.place_code,
        organisation_id=premises.organisation_id,
    )


def may_premises(actor: Actor, verb: str, premises: Premises) -> bool:
    """Whether an actor may do something to premises."""
    return may(actor, verb, subject_of(premises))
