"""A mediator is found, the mediation begins, the parties meet."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing
from linli.web.foundation.casework.actions.base import notify, write_event
from linli.web.foundation.casework.models import Case
from linli.web.ops.disputes.actions.base import (
    WORKERS,
    DisputeAction,
    local_day,
    refuse,
    say,
    short,
    step,
    tell,
)
from linli.web.ops.disputes.models import Party, Session

__all__ = [
    "ATTENDEES",
    "FEWEST_PARTIES",
    "Appoint",
    "Begin",
    "CancelSession",
    "HoldSession",
    "PlanSession",
    "SetLevel",
    "TakeOn",
    "mediators",
]

FEWEST_PARTIES: Final = 2
ATTENDEES: Final = ("parties", "mediators", "officers", "committee", "experts", "helpers")
"""Who can come to a session: counted by what they are, never by name."""
MOST_ATTENDEES: Final = 99
OPEN: Final = ("found", "accepted", "mediating", "waiting", "agreed")


def mediators(case: Case, day: dt.date) -> list[Grant]:
    """Who can mediate a dispute: mediators and officers of its station's area, one line a grant."""
    grants = Grant.objects.filter(
        role__in=WORKERS, organisation__station_code=case.station_code, user__is_active=True
    ).select_related("user", "organisation")
    order = {"mediator": 0, "officer": 1, "chief": 2}
    return sorted((g for g in grants if g.holds_on(day)), key=lambda g: (order[g.role], g.user.username))


def _give(case: Case, user_id: int, context: Context) -> None:
    user = User.objects.get(pk=user_id)
    grant = next(g for g in mediators(case, local_day(context.at)) if g.user_id == user_id)
    before = case.organisation.name if case.organisation else ""
    case.assignee_id, case.organisation = user_id, grant.organisation
    detail = {"from": before, "to": grant.organisation.name, "who": user.display_name}
    write_event(case, "assigned", context, detail=detail)
    case.save(update_fields=["assignee", "organisation", "revision"])
    if user_id != context.actor.user_id:
        notify([user_id], case, "assigned", context.at)


@dataclass(frozen=True, kw_only=True)
class Appoint(DisputeAction):
    """Ask a mediator or an officer of the area to mediate."""

    name: ClassVar[str] = "dispute.appoint"
    verb: ClassVar[str] = "assign"
    states: ClassVar[tuple[str, ...]] = OPEN
    mediator_id: int

    def check_dispute(self, case: Case, context: Context) -> None:
        """The person mediates in this area."""
        if self.mediator_id not in {g.user_id for g in mediators(case, local_day(context.at))}:
            raise Invalid(say("mediator.not_here"), {"mediator": say("mediator.not_here")})

    def change(self, context: Context) -> Case:
        """Give the dispute to the mediator and say so."""
        case = self.locked()
        _give(case, self.mediator_id, context)
        return case

    def detail(self) -> Mapping[str, Any]:
        """To whom."""
        return {"mediator": self.mediator_id}


@dataclass(frozen=True, kw_only=True)
class TakeOn(DisputeAction):
    """Take on a dispute that nobody mediates yet."""

    name: ClassVar[str] = "dispute.take_on"
    states: ClassVar[tuple[str, ...]] = OPEN

    def check_dispute(self, case: Case, context: Context) -> None:
        """Nobody has it, and the actor mediates here."""
        if case.assignee_id is not None:
            raise Conflict(say("mediator.taken"))
        if context.actor.user_id not in {g.user_id for g in mediators(case, local_day(context.at))}:
            raise Conflict(say("mediator.not_here"))

    def change(self, context: Context) -> Case:
        """Give it to the actor."""
        case = self.locked()
        assert context.actor.user_id is not None  # noqa: S101 - checked
        _give(case, context.actor.user_id, context)
        return case


@dataclass(frozen=True, kw_only=True)
class SetLevel(DisputeAction):
    """Take a dispute to another level: village, township, county (Q5)."""

    name: ClassVar[str] = "dispute.set_level"
    states: ClassVar[tuple[str, ...]] = OPEN
    level: str
    reason: str

    def check_dispute(self, case: Case, context: Context) -> None:
        """A known level, another one than now, and a reason."""
        wrong: dict[str, Text] = {}
        if self.level not in dict(self.spec().field_by_id["level"].choices) or self.level == case.data.get(
            "level"
        ):
            wrong["level"] = say("level.same")
        reason = short(self.reason, 300)
        if reason is not None:
            wrong["reason"] = reason
        refuse(wrong)

    def change(self, context: Context) -> Case:
        """Note the level and why."""
        case = self.locked()
        case.data = {**case.data, "level": self.level}
        case.save(update_fields=["data"])
        name = dict(self.spec().field_by_id["level"].choices)[self.level]
        tell(case, "level", context, text=self.reason, level=name)
        return case

    def detail(self) -> Mapping[str, Any]:
        """To which level."""
        return {"level": self.level}


@dataclass(frozen=True, kw_only=True)
class Begin(DisputeAction):
    """Begin the mediation: two parties at least, all told their rights and willing, and a mediator."""

    name: ClassVar[str] = "dispute.begin"
    states: ClassVar[tuple[str, ...]] = ("accepted",)

    def check_dispute(self, case: Case, context: Context) -> None:
        """Nobody is mediated who did not ask for it or agree to it (D3)."""
        parties = list(Party.objects.filter(case=case))
        if len(parties) < FEWEST_PARTIES:
            raise Conflict(say("begin.too_few", fewest=FEWEST_PARTIES))
        without = [p.number for p in parties if p.consent != Party.Consent.AGREED or p.told_rights_at is None]
        if without:
            raise Conflict(say("begin.no_consent", numbers="、".join(map(str, without))))
        if case.assignee_id is None:
            raise Conflict(say("begin.no_mediator"))

    def change(self, context: Context) -> Case:
        """Take the step."""
        return step(self.locked(), "begin", context)


def _next_number(case: Case) -> int:
    last = Session.objects.filter(case=case).order_by("-number").first()
    return 1 if last is None else last.number + 1


def _plan(case: Case, at: dt.datetime, place: str) -> Session:
    return Session.objects.create(case=case, number=_next_number(case), planned_at=at, place=place.strip())


def _wrong_plan(at: dt.datetime | None, place: str, now: dt.datetime, prefix: str = "") -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if at is None or at <= now:
        wrong[f"{prefix}at"] = say("session.past")
    reason = short(place, 120)
    if reason is not None:
        wrong[f"{prefix}place"] = reason
    return wrong


def planned_session(case: Case, number: int) -> Session:
    """A session that is still to come off.

    Raises
    ------
    Missing, Conflict
        There is none of that number; it was held or cancelled already.
    """
    found = Session.objects.filter(case=case, number=number).first()
    if found is None:
        raise Missing(say("session.missing", number=number))
    if found.state != Session.State.PLANNED:
        raise Conflict(say("session.decided", number=number))
    return found


@dataclass(frozen=True, kw_only=True)
class PlanSession(DisputeAction):
    """Invite the parties to a session."""

    name: ClassVar[str] = "dispute.plan_session"
    states: ClassVar[tuple[str, ...]] = ("mediating",)
    at: dt.datetime
    place: str

    def check_dispute(self, case: Case, context: Context) -> None:
        """A time to come and a place."""
        refuse(_wrong_plan(self.at, self.place, context.at))

    def change(self, context: Context) -> Case:
        """Write it down."""
        case = self.locked()
        session = _plan(case, self.at, self.place)
        tell(case, "session_planned", context, number=session.number)
        return case


@dataclass(frozen=True, kw_only=True)
class CancelSession(DisputeAction):
    """Call a session off."""

    name: ClassVar[str] = "dispute.cancel_session"
    number: int
    reason: str

    def check_dispute(self, case: Case, context: Context) -> None:
        """It is still to come, and there is a reason."""
        planned_session(case, self.number)
        reason = short(self.reason, 300)
        refuse({} if reason is None else {"reason": reason})

    def change(self, context: Context) -> Case:
        """Note it."""
        case = self.locked()
        session = planned_session(case, self.number)
        session.state, session.decided_at, session.note = (
            Session.State.CANCELLED,
            context.at,
            self.reason.strip(),
        )
        session.save(update_fields=["state", "decided_at", "note"])
        tell(case, "session_cancelled", context, text=self.reason, number=self.number)
        return case


@dataclass(frozen=True, kw_only=True)
class HoldSession(DisputeAction):
    """Note what came of a session, who was there in numbers, and when the next one is."""

    name: ClassVar[str] = "dispute.hold_session"
    states: ClassVar[tuple[str, ...]] = ("mediating",)
    number: int
    outcome: str
    attended: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    next_at: dt.datetime | None = None
    next_place: str = ""

    def check_dispute(self, case: Case, context: Context) -> None:
        """It has begun, the outcome is known, the numbers make sense."""
        session = planned_session(case, self.number)
        wrong = self._wrong_attendance()
        if local_day(session.planned_at) > local_day(context.at):
            wrong["outcome"] = say("session.not_yet")
        if self.outcome not in Session.Outcome.values:
            wrong["outcome"] = say("session.no_outcome")
        reason = short(self.note, 2000, required=False)
        if reason is not None:
            wrong["note"] = reason
        if self.next_at is not None or self.next_place.strip():
            wrong |= _wrong_plan(self.next_at, self.next_place, context.at, "next_")
        refuse(wrong)

    def _wrong_attendance(self) -> dict[str, Text]:
        wrong: dict[str, Text] = {}
        for role, count in self.attended.items():
            if role not in ATTENDEES or not 0 <= count <= MOST_ATTENDEES:
                wrong[role] = say("session.number", most=MOST_ATTENDEES)
        if self.outcome != Session.Outcome.ABSENT:
            for role in ("parties", "mediators"):
                if self.attended.get(role, 0) < 1:
                    wrong[role] = say("session.nobody")
        return wrong

    def change(self, context: Context) -> Case:
        """Keep it; the next session is planned at once."""
        case = self.locked()
        session = planned_session(case, self.number)
        session.state, session.decided_at = Session.State.HELD, context.at
        session.outcome, session.note = self.outcome, self.note.strip()
        session.attended = {role: self.attended[role] for role in ATTENDEES if self.attended.get(role)}
        session.save()
        outcome = say(f"outcome.{self.outcome}")
        tell(case, "session_held", context, text=self.note, number=session.number, outcome=outcome)
        if self.next_at is not None:
            after = _plan(case, self.next_at, self.next_place)
            tell(case, "session_planned", context, number=after.number)
        return case

    def detail(self) -> Mapping[str, Any]:
        """Which session and what came of it."""
        return {"session": self.number, "outcome": self.outcome}
