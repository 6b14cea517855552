"""What the steps of an inspection share: which case and premises, who may, and taking the case's step.

An inspection is not passed without a sheet nor closed without a re-check: the case type gives those steps to
no role, and only the actions here take them, after they have written the rows that the step follows from.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Missing
from linli.web.foundation.casework.actions.base import CaseAction, notify, write_event
from linli.web.foundation.casework.actions.moving import (
    DEADLINE_FIELDS,
    Move,
    deadlines_of,
    save_deadlines,
)
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Attachment, Case, Share
from linli.web.foundation.casework.types.versions import spec_of
from linli.web.ops.premises.actions.base import checked, say
from linli.web.ops.premises.models import Inspection, Premises
from linli.web.ops.premises.telling import managers_of

__all__ = [
    "CHECKERS",
    "INSPECTION",
    "INSPECTORS",
    "InspectionAction",
    "TakeStep",
    "end_of",
    "newest_file",
    "set_state_due",
    "share_with_unit",
]

INSPECTION: Final = "inspection"
INSPECTORS: Final = frozenset({"officer", "auxiliary", "chief"})
"""Who fills in a sheet."""
CHECKERS: Final = frozenset({"officer", "chief"})
"""Who re-checks and hands up."""


@dataclass(frozen=True, kw_only=True)
class InspectionAction(CaseAction):
    """A change to an inspection in some states, by some roles."""

    who: ClassVar[frozenset[str]] = INSPECTORS
    states: ClassVar[tuple[str, ...]]

    def check_case(self, case: Case, context: Context) -> None:
        """It is an inspection, the role may, and it stands where this can be done."""
        if case.case_type != INSPECTION:
            raise Missing(say("inspection_missing"))
        if not context.actor.roles & self.who:
            raise Forbidden(say("not_this_role"))
        if case.state not in self.states:
            raise Conflict(say("wrong_state", state=self.spec().state_by_id[case.state].name))
        self.check_inspection(self.inspection(), context)

    def check_inspection(self, inspection: Inspection, context: Context) -> None:
        """More reasons to refuse."""

    def inspection(self) -> Inspection:
        """What the case is about, read once."""
        found = self.__dict__.get("_inspection")
        if found is None:
            rows = Inspection.objects.select_related("premises", "checklist")
            found = rows.filter(case_id=self.case_id).first()
            if found is None:
                raise Missing(say("inspection_unlinked"))
            object.__setattr__(self, "_inspection", found)
        inspection: Inspection = found
        return inspection


@dataclass(frozen=True, kw_only=True)
class TakeStep(Move):
    """A step that follows from rows of this feature; who may take it is decided by the action around it."""

    def check_case(self, case: Case, context: Context) -> None:
        """The step leads out of the state and has what it requires."""
        spec = self.spec()
        step = spec.transition_by_id[self.step]
        if case.state not in step.source:
            raise Conflict(say("wrong_state", state=spec.state_by_id[case.state].name))
        self.check_decides(step, case, context)
        self._check_given(spec, step, case)


def end_of(day: dt.date) -> dt.datetime:
    """The last second of a day in the territory's zone."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), zone()).astimezone(dt.UTC)


def set_state_due(case: Case, due: dt.datetime) -> None:
    """Give the state a deadline of its own: the day that was planned, or the day to mend by."""
    set_by_hand = replace(deadlines_of(case), state_due=due, state_stretch=None)
    save_deadlines(case, spec_of(case), set_by_hand)
    case.save(update_fields=DEADLINE_FIELDS)


def share_with_unit(case: Case, premises: Premises, context: Context) -> None:
    """Let the unit that is responsible see the inspection and answer, from the moment something was found."""
    unit = premises.organisation
    if unit is None or case.shares.filter(organisation=unit, ended_at__isnull=True).exists():
        return
    reason = say("share_reason", name=premises.name).zh
    Share.objects.create(
        case=case,
        organisation=unit,
        kind=Share.Kind.RULE,
        reason=reason[:300],
        opened_at=case.opened_at,
        since=context.at,
    )
    write_event(
        case,
        "shared",
        context,
        text=reason,
        detail={"organisation": unit.name, "kind": "rule", "until": None},
    )
    case.save(update_fields=["revision"])
    notify(managers_of(premises, context.at), case, "shared", context.at)


def newest_file(case_id: int) -> Attachment:
    """The file that was attached last."""
    # Called right after a file was attached, inside the same transaction.
    return checked(Attachment.objects.filter(case_id=case_id).order_by("-pk").first())
