"""Waves, addresses and checks as permission sees them."""

from django.db.models import QuerySet

from linli.web.foundation.accounts.access import Subject, may, may_anywhere, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.actions.refusals import Forbidden, Missing, missing
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Place
from linli.web.ops.surveys.answering import say
from linli.web.ops.surveys.models import Invitation, Response, StreetCheck, Wave

__all__ = [
    "KIND",
    "checks",
    "county",
    "invitation_for",
    "invitations",
    "may_enter",
    "may_work",
    "must_plan",
    "must_see",
    "places_of",
    "responses",
    "stations_of",
    "wave_for",
]

KIND = "survey"


def county() -> Subject:
    """Surveys are the county's: only who reaches all of it plans and closes them."""
    return Subject(kind=KIND)


def must_see(actor: Actor) -> None:
    """Refuse roles that have nothing to do with surveys."""
    if not (may_anywhere(actor, "view", KIND) or may_anywhere(actor, "work", KIND)):
        raise Forbidden(say("may_not_see"))


def must_plan(actor: Actor, verb: str = "open") -> None:
    """Refuse whoever may not plan surveys."""
    if not may(actor, verb, county()):
        raise Forbidden(say("may_not_plan"))


def wave_for(actor: Actor, pk: int) -> Wave:
    """A wave for those whom surveys concern."""
    must_see(actor)
    found = Wave.objects.select_related("questionnaire").filter(pk=pk).first()
    if found is None:
        raise Missing(say("missing"))
    return found


def _subject(one: Invitation) -> Subject:
    return Subject(kind=KIND, station=one.station_code, beat=one.beat_code, place=one.place_code)


def stations_of(actor: Actor) -> frozenset[str]:
    """The stations at which an actor holds a role, in a post, a beat or a village of theirs too.

    Those are assessed by what is answered and checked there: whoever works there enters nothing for it.
    """
    held = [one for one in actor.held if one.level != "county"]
    inside = {one.organisation_id for one in held if (role := role_of(one.role)) is None or not role.outside}
    if not inside:
        return frozenset()
    rows = Organisation.objects.filter(pk__in=inside).exclude(station_code="")
    return frozenset(rows.values_list("station_code", flat=True))


def may_enter(actor: Actor) -> bool:
    """Whether an actor may enter answers or checks at all: a role of the county's that works on surveys."""
    return any(
        held.level == "county" and (role := role_of(held.role)) is not None and "work" in role.verbs(KIND)
        for held in actor.held
    )


def may_work(actor: Actor, one: Invitation) -> bool:
    """Whether an actor may enter what an address came to. Who is assessed by the answers may not."""
    return may(actor, "work", _subject(one)) and one.station_code not in stations_of(actor)


def invitations(actor: Actor, wave: Wave) -> QuerySet[Invitation]:
    """The addresses of a wave that an actor may enter answers for."""
    scope = scopes(actor, "work", [KIND], organisation=None)
    if scope is None:
        return Invitation.objects.none()
    return wave.invitations.filter(scope, used=True).exclude(station_code__in=stations_of(actor))


def invitation_for(actor: Actor, pk: int) -> Invitation:
    """One address.

    Raises
    ------
    Missing
        There is none, it is an unused reserve, or it lies elsewhere.
    """
    found = Invitation.objects.select_related("wave__questionnaire").filter(pk=pk).first()
    if found is None or not may_work(actor, found):
        raise missing(say("missing"), hidden=found is not None)
    if not found.used:
        raise Missing(say("missing"))
    return found


def responses(actor: Actor, wave: Wave, verb: str = "export") -> QuerySet[Response]:
    """The answers of a wave in the actor's area, without any address."""
    scope = scopes(actor, verb, [KIND], place=None, organisation=None)
    return Response.objects.none() if scope is None else wave.responses.filter(scope)


def checks(actor: Actor) -> QuerySet[StreetCheck]:
    """Street checks in the actor's area, whether they may see or make them."""
    scope = scopes(actor, "view", [KIND], organisation=None)
    own = StreetCheck.objects.filter(checked_by_id=actor.user_id)
    return own if scope is None else StreetCheck.objects.filter(scope) | own


def places_of(actor: Actor) -> list[Place]:
    """Places in which an actor may make street checks."""
    current = current_map()
    if current is None:
        return []
    assessed = stations_of(actor)
    return [
        one
        for one in current.places.values()
        if one.station_code not in assessed
        and may(
            actor,
            "work",
            Subject(kind=KIND, station=one.station_code, beat=one.beat_code, place=one.code),
        )
    ]
