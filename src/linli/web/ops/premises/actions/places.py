"""Surveys of courtyards, points and presence at schools, joint meetings, incidents nearby told to a unit."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.spelling import case_number
from linli.kernel.texts import Text
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Missing
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.subjects import may_case
from linli.web.ops.premises.actions.base import PremisesAction, checked, happened, local_day, refuse_if, say
from linli.web.ops.premises.kinds import BASES, COURTYARD, POINTS, SCHOOL
from linli.web.ops.premises.models import (
    CourtyardSurvey,
    IncidentsTold,
    JointMeeting,
    Premises,
    Presence,
    SchoolPoint,
)
from linli.web.ops.premises.nearby import lines_to_tell
from linli.web.ops.premises.scheduling import months_in_force, next_due
from linli.web.ops.premises.telling import managers_of, put_notices

__all__ = [
    "HOURS",
    "AddPoint",
    "RecordMeeting",
    "RecordPresence",
    "RemovePoint",
    "SurveyCourtyard",
    "TellIncidents",
]

HOURS: Final = ("opening", "closing")
MOST: Final = 100_000
LONGEST_TOLD: Final = dt.timedelta(days=92)


@dataclass(frozen=True, kw_only=True)
class SurveyCourtyard(PremisesAction):
    """Survey a courtyard and class it (N9); the schedule follows the class."""

    name: ClassVar[str] = "premises.survey"
    surveyed_on: dt.date | None
    basis: str
    staffed: bool
    volunteers: int | None
    doors: int | None
    security_doors: int | None

    def check_premises(self, premises: Premises, context: Context) -> None:
        """It is a courtyard; the class is known and the numbers can be."""
        if premises.kind != COURTYARD:
            raise Conflict(say("title_courtyards"))
        wrong: dict[str, Text] = {}
        if self.surveyed_on is None or self.surveyed_on > local_day(context.at):
            wrong["surveyed_on"] = say("in_future")
        if self.basis not in BASES:
            wrong["basis"] = say("no_basis")
        for name in ("volunteers", "doors", "security_doors"):
            value = getattr(self, name)
            if value is None or not 0 <= value <= MOST:
                wrong[name] = say("no_number", least=0, most=MOST)
        if not wrong and (self.security_doors or 0) > (self.doors or 0):
            wrong["security_doors"] = say("too_many_doors")
        if not wrong and self.basis == "guarded" and not self.staffed:
            wrong["staffed"] = say("guarded_is_staffed")
        refuse_if(wrong)

    def change(self, context: Context) -> Premises:
        """Keep the survey; the newest decides the class."""
        premises = self.locked()
        CourtyardSurvey.objects.create(
            premises=premises,
            surveyed_on=checked(self.surveyed_on),
            basis=self.basis,
            staffed=self.staffed,
            volunteers=checked(self.volunteers),
            doors=checked(self.doors),
            security_doors=checked(self.security_doors),
        )
        premises.basis = premises.surveys.all()[0].basis
        premises.due_on = next_due(premises, months_in_force(), local_day(premises.registered_at))
        happened(premises, "surveyed", context, basis=self.basis)
        premises.save()
        return premises

    def detail(self) -> Mapping[str, Any]:
        """The class."""
        return {"basis": self.basis}


class _SchoolAction(PremisesAction):
    def check_premises(self, premises: Premises, context: Context) -> None:
        """It is a school."""
        if premises.kind != SCHOOL:
            raise Conflict(say("schools_only"))


@dataclass(frozen=True, kw_only=True)
class AddPoint(_SchoolAction):
    """Name a gate, main road or side street at a school and the organisation that owns it (N14)."""

    name: ClassVar[str] = "premises.point_add"
    kind: str
    point: str
    owner_id: int | None

    def check_premises(self, premises: Premises, context: Context) -> None:
        """A known kind, a name, and an active organisation."""
        super().check_premises(premises, context)
        wrong: dict[str, Text] = {}
        if self.kind not in POINTS:
            wrong["kind"] = say("no_kind")
        if not self.point.strip() or len(self.point.strip()) > 80:
            wrong["point"] = say("no_text", most=80)
        if (
            self.owner_id is not None
            and not Organisation.objects.filter(pk=self.owner_id, active=True).exists()
        ):
            wrong["owner"] = say("no_organisation")
        refuse_if(wrong)

    def change(self, context: Context) -> Premises:
        """Add it."""
        premises = self.locked()
        SchoolPoint.objects.create(
            premises=premises, kind=self.kind, name=self.point.strip(), owner_id=self.owner_id
        )
        happened(premises, "point_added", context, point=self.point.strip())
        premises.save()
        return premises


@dataclass(frozen=True, kw_only=True)
class RemovePoint(_SchoolAction):
    """Say that a point is no longer one; what was recorded of it stays."""

    name: ClassVar[str] = "premises.point_remove"
    point_id: int

    def check_premises(self, premises: Premises, context: Context) -> None:
        """It is there."""
        super().check_premises(premises, context)
        if not premises.points.filter(pk=self.point_id, removed_on__isnull=True).exists():
            raise Missing(say("point_missing"))

    def change(self, context: Context) -> Premises:
        """From today."""
        premises = self.locked()
        premises.points.filter(pk=self.point_id).update(removed_on=local_day(context.at))
        happened(premises, "point_removed", context)
        premises.save()
        return premises


@dataclass(frozen=True, kw_only=True)
class RecordPresence(_SchoolAction):
    """Record whether somebody stood at each point when a school opened or closed (N14)."""

    name: ClassVar[str] = "premises.presence"
    verb: ClassVar[str] = "open"
    day: dt.date | None
    hour: str
    present: Mapping[int, bool]
    """By id of the point."""

    def check_premises(self, premises: Premises, context: Context) -> None:
        """The day has come, and every point is the school's."""
        super().check_premises(premises, context)
        wrong: dict[str, Text] = {}
        if self.day is None or self.day > local_day(context.at):
            wrong["day"] = say("in_future")
        if self.hour not in HOURS:
            wrong["hour"] = say("no_hour")
        refuse_if(wrong)
        known = set(premises.points.filter(removed_on__isnull=True).values_list("pk", flat=True))
        if not self.present or not set(self.present) <= known:
            raise Missing(say("point_missing"))

    def change(self, context: Context) -> Premises:
        """One row a point, day and hour; recorded again, the last one counts."""
        premises = self.locked()
        for point, present in sorted(self.present.items()):
            Presence.objects.update_or_create(
                point_id=point, day=checked(self.day), hour=self.hour, defaults={"present": present}
            )
        return premises

    def detail(self) -> Mapping[str, Any]:
        """Which day and hour, and at how many points somebody stood."""
        day = checked(self.day).isoformat()
        return {"day": day, "hour": self.hour, "present": sum(self.present.values()), "of": len(self.present)}


@dataclass(frozen=True, kw_only=True)
class RecordMeeting(_SchoolAction):
    """Record a joint meeting, and link the case that has its minutes."""

    name: ClassVar[str] = "premises.meeting"
    held_on: dt.date | None
    subject: str
    case_number: str = ""

    def check_premises(self, premises: Premises, context: Context) -> None:
        """It was held, about something; the case, where one is named, is one the actor may see."""
        super().check_premises(premises, context)
        wrong: dict[str, Text] = {}
        hidden: tuple[str, ...] = ()
        if self.held_on is None or self.held_on > local_day(context.at):
            wrong["held_on"] = say("in_future")
        if not self.subject.strip() or len(self.subject.strip()) > 120:
            wrong["subject"] = say("no_text", most=120)
        if self.case_number.strip():
            case = self._case()
            if case is None or not may_case(context.actor, "view", case, context.at):
                wrong["case_number"] = say("no_case")
                hidden = () if case is None else (case.number or "",)
        refuse_if(wrong, hidden=hidden)

    def _case(self) -> Case | None:
        number = case_number(self.case_number)
        return Case.objects.filter(number=number).first() if number else None

    def change(self, context: Context) -> Premises:
        """Write it down."""
        premises = self.locked()
        JointMeeting.objects.create(
            premises=premises, held_on=checked(self.held_on), subject=self.subject.strip(), case=self._case()
        )
        happened(premises, "met", context, subject=self.subject.strip())
        premises.save()
        return premises


@dataclass(frozen=True, kw_only=True)
class TellIncidents(PremisesAction):
    """Tell a unit of the incidents in its place during some days (N3), with a word of advice."""

    name: ClassVar[str] = "premises.tell"
    since: dt.date | None
    until: dt.date | None
    advice: str = ""

    def check_premises(self, premises: Premises, context: Context) -> None:
        """A period that has begun and is not too long."""
        wrong: dict[str, Text] = {}
        if (
            self.since is None
            or self.until is None
            or not (
                self.since <= self.until <= local_day(context.at) and self.until - self.since <= LONGEST_TOLD
            )
        ):
            wrong["until"] = say("told_period", days=LONGEST_TOLD.days)
        if len(self.advice.strip()) > 500:
            wrong["advice"] = say("long_text", most=500)
        refuse_if(wrong)

    def change(self, context: Context) -> Premises:
        """Keep what was told, as it was told."""
        premises, since, until = self.locked(), checked(self.since), checked(self.until)
        lines = lines_to_tell(premises, since, until)
        IncidentsTold.objects.create(
            premises=premises,
            at=context.at,
            since=since,
            until=until,
            lines=lines,
            advice=self.advice.strip(),
        )
        happened(premises, "told", context, count=len(lines))
        put_notices(managers_of(premises, context.at), "shared", context.at, who=premises.name)
        premises.save()
        return premises
