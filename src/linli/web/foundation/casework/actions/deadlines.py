"""What Linli does by itself: deadlines that run out, cases whose time has come to be deleted."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework import clocks
from linli.web.foundation.casework.actions.base import CaseAction, notify, say, write_event
from linli.web.foundation.casework.actions.moving import deadlines_of
from linli.web.foundation.casework.models import Case, EmergencyAccess, PersonalValue, Tombstone
from linli.web.foundation.casework.observers import tell_observers
from linli.web.foundation.casework.receivers import assignee_of, can_take, in_charge, station_of_owner
from linli.web.foundation.casework.types.model import Escalation
from linli.web.foundation.casework.types.versions import spec_or_none
from linli.web.foundation.jobs.batches import for_each
from linli.web.foundation.places.importing import BUREAU

__all__ = ["ErasePersonal", "Escalate", "Shred", "run_deadlines", "run_retention"]


def _only_jobs(context: Context) -> None:
    if not context.actor.is_system:
        raise Forbidden(say("case.forbidden"))


@dataclass(frozen=True, kw_only=True)
class Escalate(CaseAction):
    """Carry out the escalations of a case whose moments have passed."""

    name: ClassVar[str] = "case.escalate"

    def check(self, context: Context) -> None:
        """Only the job of deadlines does this."""
        _only_jobs(context)
        super().check(context)

    def change(self, context: Context) -> Case:
        """Each step once: tell people, raise the priority, hand the case up."""
        case, spec = self.locked(), self.spec()
        deadlines = deadlines_of(case)
        for clock, due in (("state", deadlines.state_due), ("case", deadlines.case_due)):
            steps = clocks.steps(spec, clock)
            done = case.state_step if clock == "state" else case.case_step
            while due is not None and done < len(steps) and self._moment(due, steps[done]) <= context.at:
                self._carry_out(case, clock, steps[done], context)
                done += 1
            if clock == "state":
                case.state_step = done
            else:
                case.case_step = done
        case.next_check_at = clocks.next_check(
            spec,
            deadlines,
            state_step=case.state_step,
            case_step=case.case_step,
            station=case.station_code,
        )
        case.save()
        return case

    def _moment(self, due: dt.datetime, step: Escalation) -> dt.datetime:
        time = clocks.time_of(self.spec().calendar, self.locked().station_code)
        return time.after(due, dt.timedelta(hours=step.after_hours))

    def _carry_out(self, case: Case, clock: str, step: Escalation, context: Context) -> None:
        if step.priority is not None:
            case.priority = max(case.priority, Case.Priority[step.priority.upper()])
        if step.to is not None:
            code = BUREAU if step.to == "bureau" else f"station:{station_of_owner(case)}"
            up = Organisation.objects.filter(code=code, active=True).first()
            # Handed up to where nobody could work on it, it would be nobody's: it stays, and people are told.
            if up is not None and can_take(up.pk, case, context.at):
                case.organisation, case.assignee_id = up, None
        people = in_charge(case, set(step.notify), context.at)
        assignee = assignee_of(case, context.at)
        if assignee is not None:
            people.append(assignee)
        detail = {
            "clock": clock,
            "after_hours": step.after_hours,
            "told": len(set(people)),
            "to": step.to or "",
        }
        write_event(case, "escalated", context, detail=detail)
        notify(people, case, "late", context.at, clock=clock)


@dataclass(frozen=True, kw_only=True)
class ErasePersonal(CaseAction):
    """Empty the personal values of a case whose time is over; each leaves its row as a tombstone."""

    name: ClassVar[str] = "case.erase_personal"

    def check(self, context: Context) -> None:
        """Only the retention job does this; a merged case is no exception."""
        _only_jobs(context)
        self.locked()

    def change(self, context: Context) -> Case:
        """Empty what is due."""
        case = self.locked()
        due = case.personal_values.filter(keep_until__lte=context.at, erased_at__isnull=True)
        if due.update(value="", erased_at=context.at):
            write_event(case, "erased", context)
            case.save(update_fields=["revision"])
        return case


@dataclass(frozen=True, kw_only=True)
class Shred(Action[Tombstone]):
    """Delete a closed case with everything that hangs on it, and leave a tombstone."""

    name: ClassVar[str] = "case.shred"
    case_id: int

    def check(self, context: Context) -> None:
        """Only the retention job does this, and not while an auditor has yet to judge a broken glass."""
        _only_jobs(context)
        if EmergencyAccess.objects.filter(case_id=self.case_id, reviewed_at__isnull=True).exists():
            raise Conflict(say("shred.unjudged"))

    def change(self, context: Context) -> Tombstone:
        """Rows go with the transaction, and their files once it is done (``jobs.files``)."""
        case = Case.objects.select_for_update(of=("self",)).get(pk=self.case_id)
        spec = spec_or_none(case)
        result = spec.result_by_id.get(case.result) if spec is not None else None
        assert case.closed_at is not None  # noqa: S101 - only closed cases have a day to be shredded
        stone = Tombstone.objects.create(
            number=case.number or "",
            case_type=case.case_type,
            station_code=case.station_code,
            opened_at=case.opened_at,
            closed_at=case.closed_at,
            result=case.result,
            keep_days=result.keep_days if result is not None else 0,
            shredded_at=context.at,
        )
        tell_observers(case, self.name, context)
        Case.objects.filter(merged_into=case).update(merged_into=None)
        case.children.update(parent=None)
        case.delete()
        return stone

    def record(self, result: Tombstone) -> Record:
        """Which case was deleted."""
        detail: Mapping[str, Any] = {"number": result.number, "keep_days": result.keep_days}
        return Record(
            action=self.name,
            subject_kind="case",
            subject_id=str(self.case_id),
            station=result.station_code,
            detail=detail,
        )


def run_deadlines(at: dt.datetime, *, most: int = 500) -> int:
    """Escalate every case whose moment has come; each in a transaction of its own."""
    due = list(
        Case.objects.filter(next_check_at__lte=at)
        .order_by("next_check_at")
        .values_list("pk", flat=True)[:most]
    )
    return for_each(due, lambda pk: perform(Escalate(case_id=pk), SYSTEM, at))


def run_retention(at: dt.datetime, *, most: int = 500) -> int:
    """Erase personal values and shred cases whose time is over."""
    expired = PersonalValue.objects.filter(keep_until__lte=at, erased_at__isnull=True)
    cases = sorted(set(expired.values_list("case_id", flat=True)[:most]))
    # With the case would go who broke its glass and why: it waits for the verdict, what is personal does not.
    unjudged = EmergencyAccess.objects.filter(case_id=OuterRef("pk"), reviewed_at__isnull=True)
    over = Case.objects.filter(~Exists(unjudged), shred_at__lte=at).order_by("shred_at")
    old = list(over.values_list("pk", flat=True)[:most])
    actions: list[Action[Any]] = [ErasePersonal(case_id=pk) for pk in cases]
    actions += [Shred(case_id=pk) for pk in old]
    return for_each(actions, lambda action: perform(action, SYSTEM, at))
