"""What comes round: inspections planned by the schedule, reminders, telephones whose time is over."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.models import Case
from linli.web.foundation.jobs.timekeeping import trusted
from linli.web.ops.premises.actions.base import happened, local_day
from linli.web.ops.premises.actions.planning import plan_due
from linli.web.ops.premises.models import (
    Drill,
    DutyTelephone,
    EmergencyPlan,
    Letter,
    Premises,
    Rectification,
    Reminder,
)
from linli.web.ops.premises.subjects import KIND
from linli.web.ops.premises.telling import managers_of, officers_of, put_notices

__all__ = ["BATCH", "DRILL_EVERY", "EraseTelephone", "Remind", "remind", "run"]

BATCH: Final = 200
LETTER_AHEAD: Final = dt.timedelta(days=30)
NOTICE_AHEAD: Final = dt.timedelta(days=3)
DRILL_EVERY: Final = dt.timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Remind(Action[Reminder]):
    """Tell a unit's managers and the beat's officers of a day that comes or has passed; once."""

    name: ClassVar[str] = "premises.remind"
    kind: str
    subject_id: int
    premises_id: int
    due_on: dt.date
    case_id: int | None = None

    def check(self, context: Context) -> None:
        """Only the job does this."""

    def change(self, context: Context) -> Reminder:
        """Put the lines and remember that they were put."""
        premises = Premises.objects.get(pk=self.premises_id)
        case = None if self.case_id is None else Case.objects.get(pk=self.case_id)
        people = [*managers_of(premises, context.at), *officers_of(premises, context.at)]
        told = put_notices(people, "reminder", context.at, who=premises.name, case=case)
        happened(premises, "reminded", context, what=self.kind, day=self.due_on.isoformat())
        premises.save(update_fields=["revision"])
        return Reminder.objects.create(
            premises=premises,
            kind=self.kind,
            subject_id=self.subject_id,
            due_on=self.due_on,
            at=context.at,
            told=told,
        )

    def record(self, result: Reminder) -> Record:
        """Of what, and how many were told."""
        detail: Mapping[str, Any] = {"kind": self.kind, "told": result.told}
        return Record(action=self.name, subject_kind=KIND, subject_id=str(self.premises_id), detail=detail)


@dataclass(frozen=True, kw_only=True)
class EraseTelephone(Action[int]):
    """Empty a duty telephone whose time is over; the row stays as a tombstone."""

    name: ClassVar[str] = "premises.erase_telephone"
    premises_id: int

    def check(self, context: Context) -> None:
        """Only the job does this."""

    def change(self, context: Context) -> int:
        """Empty it."""
        return DutyTelephone.objects.filter(premises_id=self.premises_id, erased_at__isnull=True).update(
            value="", erased_at=context.at
        )

    def record(self, result: int) -> Record:
        """Whose."""
        return Record(action=self.name, subject_kind=KIND, subject_id=str(self.premises_id))


def remind(at: dt.datetime, *, most: int = BATCH) -> int:
    """Send the reminders that have not been sent: notices, letters, drills."""
    wanted = [*_notices(at), *_letters(at), *_drills(at)]
    sent = set(
        Reminder.objects.filter(premises_id__in={one.premises_id for one in wanted}).values_list(
            "kind", "subject_id", "due_on"
        )
    )
    fresh = [one for one in wanted if (one.kind, one.subject_id, one.due_on) not in sent][:most]
    for one in fresh:
        perform(one, SYSTEM, at)
    return len(fresh)


def _notices(at: dt.datetime) -> Iterable[Remind]:
    """Twice for each notice: some days before its day, and when that has passed."""
    today = local_day(at)
    open_ones = Rectification.objects.filter(ended_at__isnull=True, inspection__case__closed_at__isnull=True)
    for one in open_ones.filter(fix_by__lte=today + NOTICE_AHEAD).select_related("inspection"):
        kind = "overdue" if one.fix_by < today else "fix_by"
        yield Remind(
            kind=kind,
            subject_id=one.pk,
            premises_id=one.inspection.premises_id,
            due_on=one.fix_by,
            case_id=one.inspection.case_id,
        )


def _letters(at: dt.datetime) -> Iterable[Remind]:
    today = local_day(at)
    soon = Letter.objects.filter(expires_on__lte=today + LETTER_AHEAD, premises__closed_on__isnull=True)
    newer = Letter.objects.filter(expires_on__gt=today + LETTER_AHEAD).values("premises_id")
    for one in soon.exclude(premises_id__in=newer):
        if one.expires_on is not None:
            yield Remind(kind="letter", subject_id=one.pk, premises_id=one.premises_id, due_on=one.expires_on)


def _drills(at: dt.datetime) -> Iterable[Remind]:
    """For key units: a plan whose last drill, or else its filing, is a year back."""
    today = local_day(at)
    lately = Drill.objects.filter(held_on__gt=today - DRILL_EVERY)
    old = EmergencyPlan.objects.filter(dated__lte=today - DRILL_EVERY, premises__closed_on__isnull=True)
    newest = {one.premises_id: one for one in old.order_by("dated", "pk").exclude(premises__key_clause="")}
    filed = EmergencyPlan.objects.filter(dated__gt=today - DRILL_EVERY).values_list("premises_id", flat=True)
    quiet = {*lately.values_list("plan__premises_id", flat=True), *filed}
    for one in (plan for premises, plan in newest.items() if premises not in quiet):
        yield Remind(
            kind="drill", subject_id=one.pk, premises_id=one.premises_id, due_on=one.dated + DRILL_EVERY
        )


def run(at: dt.datetime) -> int:
    """Everything of this feature that comes round; cut short, it goes on where it stopped."""
    expired = DutyTelephone.objects.filter(keep_until__lte=at, erased_at__isnull=True)
    ids = list(expired.values_list("premises_id", flat=True)[:BATCH]) if trusted(at) else []
    for pk in ids:
        perform(EraseTelephone(premises_id=pk), SYSTEM, at)
    return len(ids) + plan_due(at, most=BATCH) + remind(at)
