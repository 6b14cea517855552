"""Joint meetings are recorded with what they decided, and what was decided is done."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing, missing
from linli.web.foundation.audit.chain import Record
from linli.web.ops.jointwork.models import Agreement, JointMeeting, Task
from linli.web.ops.jointwork.parties import may_agreement, may_for

__all__ = ["Decision", "FinishTask", "RecordMeeting"]

say = catalogue("linli.web.ops.jointwork")

MOST_TASKS: Final = 20


def _who(context: Context) -> int:
    if context.actor.user_id is None:
        raise Forbidden(say("may_not_work"))
    return context.actor.user_id


@dataclass(frozen=True)
class Decision:
    """Who does what by when."""

    text: str
    organisation_id: int
    due: dt.date


@dataclass(frozen=True, kw_only=True)
class RecordMeeting(Action[JointMeeting]):
    """Keep the minutes of a meeting and its decisions."""

    name: ClassVar[str] = "agreement.meeting"
    agreement_id: int
    held_at: dt.datetime | None
    place: str
    topics: str
    minutes: str
    attendance: int = 0
    decisions: tuple[Decision, ...] = ()

    def check(self, context: Context) -> None:
        """Somebody who works under the agreement; held, with minutes; decisions have owners."""
        agreement = Agreement.objects.filter(pk=self.agreement_id).first()
        parties = [] if agreement is None else list(agreement.parties.select_related("organisation"))
        if agreement is None or not may_agreement(context.actor, "view", agreement, parties):
            raise missing(say("missing"), hidden=agreement is not None)
        if not may_agreement(context.actor, "work", agreement, parties):
            raise Forbidden(say("may_not_work"))
        if agreement.in_force_at is None:
            raise Conflict(say("not_in_force"))
        wrong = self._wrong(context, {one.organisation_id for one in parties})
        if wrong:
            raise Invalid(say("refused", count=len(wrong)), wrong)

    def _wrong(self, context: Context, offices: set[int]) -> dict[str, Text]:
        wrong: dict[str, Text] = {}
        if self.held_at is None or self.held_at > context.at:
            wrong["held_at"] = say("meeting.not_held")
        for field, text, most in (("place", self.place, 200), ("topics", self.topics, 300)):
            if not text.strip() or len(text) > most:
                wrong[field] = say("meeting.text", most=most)
        if not self.minutes.strip() or len(self.minutes) > 20_000:
            wrong["minutes"] = say("meeting.text", most=20_000)
        if not 0 <= self.attendance <= 10_000:
            wrong["attendance"] = say("meeting.attendance")
        for one in self.decisions:
            if one.organisation_id not in offices or not one.text.strip() or len(one.text) > 300:
                wrong["decisions"] = say("meeting.decision")
        if len(self.decisions) > MOST_TASKS:
            wrong["decisions"] = say("meeting.many", most=MOST_TASKS)
        return wrong

    def change(self, context: Context) -> JointMeeting:
        """Keep both."""
        assert self.held_at is not None  # noqa: S101 - checked
        meeting = JointMeeting.objects.create(
            agreement_id=self.agreement_id,
            held_at=self.held_at,
            place=self.place.strip(),
            topics=self.topics.strip(),
            minutes=self.minutes.strip(),
            attendance=self.attendance,
            recorded_by_id=_who(context),
            recorded_at=context.at,
        )
        Task.objects.bulk_create(
            Task(meeting=meeting, text=one.text.strip(), organisation_id=one.organisation_id, due=one.due)
            for one in self.decisions
        )
        return meeting

    def record(self, result: JointMeeting) -> Record:
        """Which meeting, how many decisions."""
        detail = {"agreement": self.agreement_id, "decisions": len(self.decisions)}
        return Record(
            action=self.name, subject_kind="joint_meeting", subject_id=str(result.pk), detail=detail
        )


@dataclass(frozen=True, kw_only=True)
class FinishTask(Action[Task]):
    """Say that something decided is done."""

    name: ClassVar[str] = "agreement.task_done"
    task_id: int
    remark: str

    def check(self, context: Context) -> None:
        """Its owner's people, or those of the owner's station; in words what was done."""
        task = self._task()
        agreement = task.meeting.agreement
        if not may_agreement(
            context.actor, "view", agreement, list(agreement.parties.select_related("organisation"))
        ):
            raise Hidden(say("missing"))
        own = task.organisation_id in context.actor.organisation_ids
        if not own and not may_for(context.actor, "work", task.organisation):
            raise Forbidden(say("task.not_yours", name=task.organisation.name))
        if task.done_at is not None:
            raise Conflict(say("task.done"))
        if not self.remark.strip() or len(self.remark) > 500:
            raise Invalid(say("task.remark"), {"remark": say("task.remark")})

    def _task(self) -> Task:
        tasks = Task.objects.select_related("meeting__agreement", "organisation").select_for_update(
            of=("self",)
        )
        found = tasks.filter(pk=self.task_id).first()
        if found is None:
            raise Missing(say("missing"))
        return found

    def change(self, context: Context) -> Task:
        """Keep who did it."""
        task = self._task()
        task.done_at, task.done_by_id = context.at, context.actor.user_id
        task.remark = self.remark.strip()
        task.save(update_fields=["done_at", "done_by", "remark"])
        return task

    def record(self, result: Task) -> Record:
        """Which."""
        return Record(action=self.name, subject_kind="joint_task", subject_id=str(result.pk))
