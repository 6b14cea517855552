"""Measures of a plan: added, reported on, put off, given up, reminded of."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.accounts.access import today
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import Context, perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.actions.base import CaseAction, notify, write_event
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case, Share
from linli.web.foundation.casework.receivers import can_see, handlers_of, lies_with
from linli.web.foundation.casework.subjects import may_case
from linli.web.ops.problems.models import Measure, Progress

__all__ = [
    "DropMeasure",
    "PlanMeasure",
    "PostponeMeasure",
    "RemindMeasure",
    "ReportProgress",
    "run_reminders",
]

say = catalogue("linli.web.ops.problems")

KIND: Final = "problem_place"
_REMINDED: Final = {"chief", "officer", "auxiliary", "grid_worker", "assistant", "unit_manager", "partner"}


def _required(text: str, field: str, longest: int) -> str:
    found = text.strip()
    if not found or len(found) > longest:
        wrong = say("measure.text", most=longest)
        raise Invalid(wrong, {field: wrong})
    return found


@dataclass(frozen=True, kw_only=True)
class _OfPlan(CaseAction):
    def check_case(self, case: Case, context: Context) -> None:
        """An open problem place that has been surveyed."""
        if case.case_type != KIND:
            raise Missing(say("not_a_problem", number=case.number or ""))
        if not case.is_open:
            raise Conflict(say("closed"))
        if case.state == "found":
            raise Conflict(say("survey_first"))
        self.check_plan(case, context)

    def check_plan(self, case: Case, context: Context) -> None:
        """More reasons to refuse."""


@dataclass(frozen=True, kw_only=True)
class PlanMeasure(_OfPlan):
    """Add a measure to the plan. An owner who could not see the file gets it shared."""

    name: ClassVar[str] = "problem.plan_measure"
    text: str
    organisation_id: int | None
    due: dt.date | None

    def check_plan(self, case: Case, context: Context) -> None:
        """A text, an active owner, a day that has not passed; sharing needs the right to."""
        _required(self.text, "text", 300)
        wrong: dict[str, Text] = {}
        owner = self._owner(case, context.at)
        if owner is None:
            wrong["organisation"] = say("measure.no_owner")
        if self.due is None or self.due < today(context.at, zone()):
            wrong["due"] = say("measure.past")
        if wrong:
            raise Invalid(say("measure.refused", count=len(wrong)), wrong)
        assert owner is not None  # noqa: S101 - refused above
        if self._must_share(case, owner, context.at) and not may_case(
            context.actor, "share", case, context.at
        ):
            raise Forbidden(say("measure.may_not_share", owner=owner.name))

    def _owner(self, case: Case, at: dt.datetime) -> Organisation | None:
        found = Organisation.objects.filter(pk=self.organisation_id or 0, active=True).first()
        partner = found is not None and found.kind == Organisation.Kind.PARTNER
        return None if partner and found is not None and not can_see(found.pk, case, at) else found

    def _must_share(self, case: Case, owner: Organisation, at: dt.datetime) -> bool:
        if lies_with(owner, case):
            return False
        shares = Share.objects.filter(case=case, organisation=owner, ended_at__isnull=True)
        return not any(share.until is None or share.until > at for share in shares)

    def change(self, context: Context) -> Case:
        """Write the measure, share where needed, tell the owner's people."""
        case = self.locked()
        owner = self._owner(case, context.at)
        assert owner is not None and self.due is not None  # noqa: S101, PT018 - checked
        text = self.text.strip()
        Measure.objects.create(case=case, text=text, organisation=owner, due=self.due, planned_at=context.at)
        write_event(case, "note", context, text=f"{text}\n{owner.name} · {self.due.isoformat()}")
        if self._must_share(case, owner, context.at):
            self._share(case, owner, context)
        case.save(update_fields=["revision"])
        notify(holders(_REMINDED, context.at, organisation_ids={owner.pk}), case, "assigned", context.at)
        return case

    def _share(self, case: Case, owner: Organisation, context: Context) -> None:
        Share.objects.filter(case=case, organisation=owner, ended_at__isnull=True).update(ended_at=context.at)
        Share.objects.create(
            case=case,
            organisation=owner,
            kind=Share.Kind.CASE,
            reason=self.text.strip()[:300],
            opened_at=case.opened_at,
            since=context.at,
        )
        detail = {"organisation": owner.name, "kind": "case", "until": None}
        write_event(case, "shared", context, detail=detail)

    def detail(self) -> Mapping[str, Any]:
        """Whose and until when."""
        return {"organisation": self.organisation_id, "due": self.due and self.due.isoformat()}


@dataclass(frozen=True, kw_only=True)
class _OfMeasure(_OfPlan):
    measure_id: int

    def check_plan(self, case: Case, context: Context) -> None:
        """The measure is there and still open."""
        if not self.measure().is_open:
            raise Conflict(say("measure.over"))
        self.check_measure(context)

    def check_measure(self, context: Context) -> None:
        """More reasons to refuse."""

    def measure(self) -> Measure:
        """The measure; the case's lock guards it."""
        found = Measure.objects.filter(pk=self.measure_id, case_id=self.case_id).first()
        if found is None:
            raise Missing(say("measure.missing"))
        return found

    def told(self, measure: Measure, text: str, context: Context) -> Case:
        """Write a line of progress and one of the case's history."""
        case = self.locked()
        Progress.objects.create(
            measure=measure,
            at=context.at,
            actor_id=context.actor.user_id,
            actor_name=context.actor.name[:64],
            percent=measure.percent,
            text=text,
        )
        write_event(case, "note", context, text=f"{measure.text} · {measure.percent} %\n{text}")
        case.save(update_fields=["revision"])
        return case

    def detail(self) -> Mapping[str, Any]:
        """Which measure."""
        return {"measure": self.measure_id}


@dataclass(frozen=True, kw_only=True)
class ReportProgress(_OfMeasure):
    """Say how far a measure is; at 100 % it is done."""

    name: ClassVar[str] = "problem.progress"
    by_share: ClassVar[bool] = True
    percent: int
    text: str

    def check_measure(self, context: Context) -> None:
        """From 0 to 100, and what was done in words."""
        if not 0 <= self.percent <= 100:
            raise Invalid(say("measure.percent"), {"percent": say("measure.percent")})
        _required(self.text, "text", 1000)

    def change(self, context: Context) -> Case:
        """Keep the new state and the old ones."""
        measure = self.measure()
        measure.percent = self.percent
        measure.done_at = context.at if self.percent == 100 else None
        measure.save(update_fields=["percent", "done_at"])
        return self.told(measure, self.text.strip(), context)


@dataclass(frozen=True, kw_only=True)
class PostponeMeasure(_OfMeasure):
    """Give a measure another day, with the reason."""

    name: ClassVar[str] = "problem.postpone"
    due: dt.date | None
    reason: str

    def check_measure(self, context: Context) -> None:
        """A day that has not passed and a reason."""
        if self.due is None or self.due < today(context.at, zone()):
            raise Invalid(say("measure.past"), {"due": say("measure.past")})
        _required(self.reason, "reason", 900)

    def change(self, context: Context) -> Case:
        """The old day stays in the progress."""
        measure = self.measure()
        assert self.due is not None  # noqa: S101 - checked
        text = f"{measure.due.isoformat()} → {self.due.isoformat()} {self.reason.strip()}"
        measure.due, measure.reminded_on = self.due, None
        measure.save(update_fields=["due", "reminded_on"])
        return self.told(measure, text, context)


@dataclass(frozen=True, kw_only=True)
class DropMeasure(_OfMeasure):
    """Give a measure up, with the reason."""

    name: ClassVar[str] = "problem.drop"
    reason: str

    def check_measure(self, context: Context) -> None:
        """A reason."""
        _required(self.reason, "reason", 1000)

    def change(self, context: Context) -> Case:
        """It stays in the plan, marked."""
        measure = self.measure()
        measure.dropped_at = context.at
        measure.save(update_fields=["dropped_at"])
        return self.told(measure, self.reason.strip(), context)


@dataclass(frozen=True, kw_only=True)
class RemindMeasure(_OfMeasure):
    """Remind of a measure that is late: its owner's people and whoever has the case."""

    name: ClassVar[str] = "problem.remind"

    def change(self, context: Context) -> Case:
        """Once a day."""
        case, measure = self.locked(), self.measure()
        measure.reminded_on = today(context.at, zone())
        measure.save(update_fields=["reminded_on"])
        people = holders(_REMINDED, context.at, organisation_ids={measure.organisation_id})
        people += handlers_of(case, context.at) if case.assignee_id else []
        notify(people, case, "reminder", context.at, measure=measure.text)
        return case


def run_reminders(at: dt.datetime, *, most: int = 500) -> int:
    """Remind of every late measure once a day, each in a transaction of its own."""
    day = today(at, zone())
    late = Measure.objects.filter(
        due__lt=day, done_at__isnull=True, dropped_at__isnull=True, case__closed_at__isnull=True
    ).exclude(reminded_on=day)
    rows = list(
        late.filter(case__merged_into__isnull=True).order_by("due", "pk").values_list("case_id", "pk")[:most]
    )
    for case_id, pk in rows:
        perform(RemindMeasure(case_id=case_id, measure_id=pk), SYSTEM, at)
    return len(rows)
