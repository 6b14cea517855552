"""Answers come in: from paper or a call by staff, by a letter's code from the household; street checks."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import Subject, local_day, may
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Place
from linli.web.ops.surveys.actions.running import digest_of
from linli.web.ops.surveys.answering import checked, keep_answers, say, take_back, wrong_answers
from linli.web.ops.surveys.models import Invitation, Response, StreetCheck, Wave
from linli.web.ops.surveys.reach import KIND, may_work, stations_of

__all__ = ["CHANNELS", "AnswerByCode", "EnterAnswers", "MakeCheck", "MarkOutcome", "invitation_of"]

CHANNELS: Final = ("paper", "phone", "visit")
MOST_ASKED: Final = 500


def _answered(action: str, wave: Wave, channel: str) -> Record:
    """That somebody answered, by which way; which address and what, the log is not told."""
    return Record(
        action=action,
        subject_kind="survey",
        subject_id=str(wave.pk),
        detail={"code": wave.code, "channel": channel},
    )


def _must_take(invitation: Invitation, context: Context, *, household: bool = False) -> None:
    """While answers are taken, once; the household's own word still comes after what staff entered for it."""
    wave, today = invitation.wave, local_day(context.at)
    if wave.status != Wave.Status.OPEN or not wave.opens_on <= today <= wave.closes_on:
        raise Conflict(say("wave.not_open", opens=wave.opens_on, closes=wave.closes_on))
    if invitation.outcome != Invitation.Outcome.ANSWERED:
        return
    if not (household and invitation.channel in CHANNELS):
        raise Conflict(say("answer.before"))


def _refuse(wrong: Mapping[str, Text]) -> None:
    if wrong:
        raise Invalid(say("refused", count=len(wrong)), wrong)


@dataclass(frozen=True, kw_only=True)
class _OfInvitation:
    invitation_id: int

    def invitation(self) -> Invitation:
        """The address, locked until the transaction ends."""
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("wave__questionnaire")
        found = rows.filter(pk=self.invitation_id, used=True).first()
        if found is None:
            raise Missing(say("missing"))
        return found

    def check_invitation(self, context: Context) -> Invitation:
        """The address, for those who may enter for it, while answers are taken."""
        found = self.invitation()
        if not may_work(context.actor, found):
            raise Hidden(say("missing"))
        _must_take(found, context)
        return found


@dataclass(frozen=True, kw_only=True)
class EnterAnswers(_OfInvitation, Action[Response]):
    """Enter what somebody answered on paper, on the telephone or at the door."""

    name: ClassVar[str] = "survey.enter"
    channel: str
    answers: Mapping[str, Any] = field(repr=False)

    def check(self, context: Context) -> None:
        """Of an address that has not answered yet, to the questions of the wave."""
        invitation = self.check_invitation(context)
        wrong = wrong_answers(invitation.wave, self.answers)
        if self.channel not in CHANNELS:
            wrong["channel"] = say("wave.choose")
        _refuse(wrong)

    def change(self, context: Context) -> Response:
        """Keep the answers apart from the address."""
        return keep_answers(self.invitation(), self.answers, self.channel)

    def record(self, result: Response) -> Record:
        """Only that somebody answered."""
        return _answered(self.name, result.wave, result.channel)


@dataclass(frozen=True, kw_only=True)
class MarkOutcome(_OfInvitation, Action[Invitation]):
    """Say that an address declined, that nobody was met, or that there is no household."""

    name: ClassVar[str] = "survey.outcome"
    outcome: str

    def check(self, context: Context) -> None:
        """Of an address that has not answered."""
        self.check_invitation(context)
        known = (*Invitation.Outcome.values,)
        if self.outcome not in known or self.outcome == Invitation.Outcome.ANSWERED:
            _refuse({"outcome": say("wave.choose")})

    def change(self, context: Context) -> Invitation:
        """Keep it; a code that was given still serves who changes their mind."""
        found = self.invitation()
        found.outcome = self.outcome
        found.save(update_fields=["outcome"])
        return found

    def record(self, result: Invitation) -> Record:
        """Which address came to what."""
        detail = {"code": result.wave.code, "outcome": result.outcome}
        return Record(
            action=self.name,
            subject_kind="survey",
            subject_id=str(result.wave_id),
            station=result.station_code,
            detail=detail,
        )


def invitation_of(code: str) -> Invitation:
    """The address of a letter's code.

    Raises
    ------
    Missing
        No letter that still counts has this code.
    """
    digest = digest_of(code)
    rows = Invitation.objects.select_related("wave__questionnaire")
    found = rows.filter(code_digest=digest, used=True).first() if digest else None
    if found is None:
        raise Missing(say("answer.no_code"))
    return found


@dataclass(frozen=True, kw_only=True)
class AnswerByCode(Action[Response]):
    """A household answers by the code of its letter; nobody signs in and no name is asked."""

    name: ClassVar[str] = "survey.answer"
    code: str = field(repr=False)
    answers: Mapping[str, Any] = field(repr=False)

    def check(self, context: Context) -> None:
        """A code that still counts, answers to the questions."""
        invitation = self._invitation()
        _must_take(invitation, context, household=True)
        _refuse(wrong_answers(invitation.wave, self.answers))

    def _invitation(self) -> Invitation:
        found = invitation_of(self.code)
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("wave__questionnaire")
        return rows.get(pk=found.pk)

    def change(self, context: Context) -> Response:
        """Keep the answers apart from the address, instead of what staff had entered; the code ends."""
        invitation = self._invitation()
        take_back(invitation)
        return keep_answers(invitation, self.answers, "web")

    def record(self, result: Response) -> Record:
        """Only that somebody answered."""
        return _answered(self.name, result.wave, result.channel)


@dataclass(frozen=True, kw_only=True)
class MakeCheck(Action[StreetCheck]):
    """Say what an unannounced check in a place found (N18): numbers alone."""

    name: ClassVar[str] = "survey.check"
    place: str
    on: dt.date | None
    asked: int | None
    know_officer: int | None
    see_patrols: int | None
    feel_safe: int | None

    def check(self, context: Context) -> None:
        """In a place of the actor's area; never more yes than were asked."""
        place = self._place()
        subject = Subject(kind=KIND)
        if place is not None:
            subject = Subject(kind=KIND, station=place.station_code, beat=place.beat_code, place=place.code)
        if not may(context.actor, "work", subject):
            raise Forbidden(say("check.forbidden"))
        if place is not None and place.station_code in stations_of(context.actor):
            raise Forbidden(say("check.own_station"))
        wrong: dict[str, Text] = {}
        if place is None:
            wrong["place"] = say("wave.choose")
        if self.on is None or self.on > local_day(context.at):
            wrong["on"] = say("in_future")
        if self.asked is None or not 1 <= self.asked <= MOST_ASKED:
            wrong["asked"] = say("check.asked", most=MOST_ASKED)
        for name in ("know_officer", "see_patrols", "feel_safe"):
            value = getattr(self, name)
            if value is None or not 0 <= value <= (self.asked or 0):
                wrong[name] = say("check.yes")
        _refuse(wrong)

    def _place(self) -> Place | None:
        current = current_map()
        return None if current is None else current.places.get(self.place)

    def change(self, context: Context) -> StreetCheck:
        """Keep it."""
        place = self._place()
        assert place is not None  # noqa: S101 - checked
        return StreetCheck.objects.create(
            station_code=place.station_code,
            beat_code=place.beat_code,
            place_code=place.code,
            on=checked(self.on),
            asked=checked(self.asked),
            know_officer=checked(self.know_officer),
            see_patrols=checked(self.see_patrols),
            feel_safe=checked(self.feel_safe),
            checked_by_id=context.actor.account,
            checked_at=context.at,
        )

    def record(self, result: StreetCheck) -> Record:
        """Where, and how many were asked."""
        return Record(
            action=self.name,
            subject_kind="street_check",
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"place": result.place_code, "asked": result.asked},
        )
