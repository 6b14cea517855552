"""Budgets, lots and payments as permission sees them."""

from django.db.models import QuerySet

from linli.web.foundation.accounts.access import Subject, may, may_anywhere, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.places.locating import current_map
from linli.web.ops.stipends.models import Lot
from linli.web.ops.stipends.wording import say

__all__ = ["KIND", "areas_of", "budget_subject", "lot_for", "lots", "may_lot", "subject_of"]

KIND = "payment"


def subject_of(station: str, beat: str = "") -> Subject:
    """What is paid in a station's area, or in one of its beats."""
    return Subject(kind=KIND, station=station, beat=beat)


def budget_subject() -> Subject:
    """Budgets belong to the county: nobody reaches them who does not reach all of it."""
    return Subject(kind=KIND)


def may_lot(actor: Actor, verb: str, lot: Lot) -> bool:
    """Whether an actor may do something to a lot."""
    return may(actor, verb, subject_of(lot.station_code, lot.beat_code))


def lots(actor: Actor, verb: str = "view") -> QuerySet[Lot]:
    """The lots that an actor may see."""
    scope = scopes(actor, verb, [KIND], place=None, organisation=None)
    if scope is None:
        return Lot.objects.none()
    return Lot.objects.filter(scope).select_related("line", "line__budget", "proposed_by")


def lot_for(actor: Actor, pk: int) -> Lot:
    """One lot.

    Raises
    ------
    Missing
        There is none, or the actor may not see it.
    """
    found = Lot.objects.select_related("line__budget", "proposed_by", "decided_by", "paid_by")
    lot = found.filter(pk=pk).first()
    if lot is None or not may_lot(actor, "view", lot):
        raise missing(say("missing"), hidden=lot is not None)
    return lot


def areas_of(actor: Actor) -> dict[str, str]:
    """The areas that an actor may propose payments for, with their names: ``station`` or ``station/beat``."""
    current = current_map()
    if current is None or not may_anywhere(actor, "open", KIND):
        return {}
    whole = {code for code in current.stations if may(actor, "open", subject_of(code))}
    found = {code: current.stations[code].name for code in sorted(whole)}
    for code, beat in current.beats.items():
        if beat.station_code not in whole and may(actor, "open", subject_of(beat.station_code, code)):
            found[f"{beat.station_code}/{code}"] = beat.name
    return found
