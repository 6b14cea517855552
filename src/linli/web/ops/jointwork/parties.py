"""Parties as permission and the map see them: who may sign for one, and which places are its own."""

from collections.abc import Iterable, Sequence

from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Place
from linli.web.ops.jointwork.models import Agreement, Party

__all__ = ["KIND", "can_be_party", "may_agreement", "may_for", "own_places", "subject_of"]

KIND = "joint_work"
_SIGNING = (Organisation.Kind.STATION, Organisation.Kind.POST, Organisation.Kind.COMMITTEE)


def can_be_party(organisation: Organisation) -> bool:
    """Stations, posts and villages: who has an area of its own."""
    return organisation.active and organisation.kind in _SIGNING


def subject_of(organisation: Organisation) -> Subject:
    """What belongs to an organisation, as permission sees it."""
    code = str(organisation.codes[0]) if organisation.codes else ""
    beat = code if organisation.level == "beat" else ""
    place = code if organisation.level == "place" else ""
    places = current_map() if place else None
    if places is not None and place in places.places:
        beat = places.places[place].beat_code
    return Subject(
        kind=KIND, station=organisation.station_code, beat=beat, place=place, organisation_id=organisation.pk
    )


def may_for(actor: Actor, verb: str, organisation: Organisation) -> bool:
    """Whether an actor may do something in an organisation's name."""
    return may(actor, verb, subject_of(organisation))


def may_agreement(actor: Actor, verb: str, agreement: Agreement, parties: Sequence[Party]) -> bool:
    """Whether an actor may see an agreement or work under it: a party, or whose area one lies in."""
    offices = frozenset(one.organisation_id for one in parties)
    if may(actor, verb, Subject(kind=KIND, shared_with=offices)):
        return True
    return any(may_for(actor, verb, one.organisation) for one in parties)


def own_places(organisation: Organisation, codes: Iterable[str]) -> list[str]:
    """Which of some places lie in an organisation's area, under the deployment in force."""
    places = current_map()
    if places is None:
        return []
    known = (places.places[code] for code in codes if code in places.places)
    return [place.code for place in known if _lies_in(place, organisation)]


def _lies_in(place: Place, organisation: Organisation) -> bool:
    match organisation.level:
        case "station":
            return place.station_code in organisation.codes
        case "beat":
            return place.beat_code in organisation.codes
        case "place":
            return place.code in organisation.codes
        case _:
            return False
