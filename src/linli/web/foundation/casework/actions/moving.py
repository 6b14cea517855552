"""A case takes one of the steps that its type allows."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.casework import clocks
from linli.web.foundation.casework.actions.base import (
    CaseAction,
    date_personal_values,
    notify,
    say,
    write_event,
)
from linli.web.foundation.casework.filling import filled
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.foundation.casework.receivers import assignee_of
from linli.web.foundation.casework.subjects import may_case, own_subject
from linli.web.foundation.casework.types.model import Transition, TypeSpec

__all__ = [
    "DEADLINE_FIELDS",
    "Move",
    "allowed_steps",
    "deadline_columns",
    "deadlines_of",
    "may_close",
    "save_deadlines",
]


def allowed_steps(case: Case, spec: TypeSpec, context: Context) -> tuple[Transition, ...]:
    """The steps that an actor who may work on the case can take from its state."""
    return tuple(
        step
        for step in spec.from_state(case.state)
        if _role_allows(step, case, context) and _may_decide(step, spec, case, context)
    )


def may_close(case: Case, spec: TypeSpec, context: Context) -> bool:
    """Whether an actor may take a step that closes the case: one from its state, where that has any."""
    closing = [step for step in spec.transitions if spec.state_by_id[step.target].kind == "closed"]
    here = [step for step in closing if case.state in step.source]
    return any(
        # Who takes a step without roles is said by the feature whose action takes it, for those who may work.
        (not step.roles or _role_allows(step, case, context)) and _may_decide(step, spec, case, context)
        for step in here or closing
    )


def _role_allows(step: Transition, case: Case, context: Context) -> bool:
    actor = context.actor
    return actor.is_system or bool(actor.roles & set(step.roles)) or _raised(step, case, actor)


def _raised(step: Transition, case: Case, actor: Actor) -> bool:
    return "reporter" in step.roles and actor.user_id is not None and actor.user_id == case.opened_by_id


def _may_decide(step: Transition, spec: TypeSpec, case: Case, context: Context) -> bool:
    """Whether who closes or answers comes to the case by more than a share, or the type lets the share do.

    A share is help: how a case ends and what its reporter is told is said by those who answer for it.
    """
    actor, closes = context.actor, spec.state_by_id[step.target].kind == "closed"
    if not (closes or step.answers) or _raised(step, case, actor):
        return True
    # Steps without roles are taken by a feature's action, which has asked for the role itself.
    acting = _only(actor, step.roles) if step.roles else actor
    verbs = ("work", "answer") if step.answers else ("work",)
    if all(may(acting, verb, own_subject(case)) for verb in verbs):
        return True
    return bool(step.by_share) and may_case(_only(actor, step.by_share), "work", case, context.at)


def _only(actor: Actor, roles: Iterable[str]) -> Actor:
    return replace(actor, held=tuple(held for held in actor.held if held.role in set(roles)))


DEADLINE_FIELDS: Final = (
    "state_due_at",
    "state_from",
    "state_for",
    "case_due_at",
    "case_from",
    "case_for",
    "case_stopped_at",
    "due_at",
    "remaining_seconds",
    "next_check_at",
)
"""What ``save_deadlines`` writes."""


def save_deadlines(case: Case, spec: TypeSpec, deadlines: clocks.Deadlines) -> None:
    """Put deadlines on a case, and what they were reckoned from; the caller saves it."""
    for name, value in deadline_columns(deadlines).items():
        setattr(case, name, value)
    case.next_check_at = clocks.next_check(
        spec, deadlines, state_step=case.state_step, case_step=case.case_step, station=case.station_code
    )


def deadline_columns(deadlines: clocks.Deadlines) -> dict[str, Any]:
    """Deadlines as a case's columns hold them."""
    left, state, case = deadlines.remaining, deadlines.state_stretch, deadlines.case_stretch
    return {
        "state_due_at": deadlines.state_due,
        "state_from": None if state is None else state.start,
        "state_for": None if state is None else state.length,
        "case_due_at": deadlines.case_due,
        "case_from": None if case is None else case.start,
        "case_for": None if case is None else case.length,
        "case_stopped_at": deadlines.stopped,
        "due_at": deadlines.first,
        "remaining_seconds": None if left is None else max(0, int(left.total_seconds())),
    }


def deadlines_of(case: Case) -> clocks.Deadlines:
    """The deadlines that stand on a case."""
    left = case.remaining_seconds
    return clocks.Deadlines(
        case.state_due_at,
        case.case_due_at,
        None if left is None else dt.timedelta(seconds=left),
        _stretch(case.state_from, case.state_for),
        _stretch(case.case_from, case.case_for),
        case.case_stopped_at,
    )


def _stretch(start: dt.datetime | None, length: dt.timedelta | None) -> clocks.Stretch | None:
    return None if start is None or length is None else clocks.Stretch(start, length)


@dataclass(frozen=True, kw_only=True)
class Move(CaseAction):
    """Take a step."""

    name: ClassVar[str] = "case.move"
    by_share: ClassVar[bool] = True
    step: str
    note: str = ""
    answer: str = ""
    result: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def check_case(self, case: Case, context: Context) -> None:
        """The step leads out of the state, the role may take it, and what it requires is there."""
        spec = self.spec()
        step = spec.transition_by_id.get(self.step)
        if step is None or case.state not in step.source:
            state = spec.state_by_id[case.state].name
            steps = "、".join(one.name.zh for one in spec.from_state(case.state))
            steps_en = ", ".join(one.name.en for one in spec.from_state(case.state))
            raise Conflict(say("move.not_from_here", state=state, steps=Text(zh=steps, en=steps_en)))
        if not _role_allows(step, case, context):
            raise Forbidden(say("move.not_this_role", step=step.name))
        self.check_decides(step, case, context)
        self._check_given(spec, step, case)
        closes = spec.state_by_id[step.target].kind == "closed"
        if closes and case.children.filter(closed_at__isnull=True).exists():
            raise Conflict(say("move.open_children"))

    def check_decides(self, step: Transition, case: Case, context: Context) -> None:
        """Who closes or answers reaches the case by territory, office or assignment, not by a mere share."""
        if not _may_decide(step, self.spec(), case, context):
            raise Forbidden(say("move.not_by_share", step=step.name))

    def _check_given(self, spec: TypeSpec, step: Transition, case: Case) -> None:
        wrong: dict[str, Text] = {}
        if step.note == "required" and not self.note.strip():
            wrong["note"] = say("move.no_note")
        if step.answers and not self.answer.strip():
            wrong["answer"] = say("move.no_answer")
        if step.results and self.result not in step.results:
            wrong["result"] = say("move.no_result")
        if wrong:
            raise Invalid(say("field.refused", count=len(wrong)), wrong)
        self._filled(spec, step, case)

    def _filled(self, spec: TypeSpec, step: Transition, case: Case) -> tuple[dict[str, Any], dict[str, str]]:
        specs = [spec.field_by_id[id_] for id_ in dict.fromkeys((*step.requires, *step.asks))]
        there = set(case.data) | set(case.personal_values.values_list("field", flat=True))
        needed = [id_ for id_ in step.requires if id_ not in there]
        return filled(
            [one.model_copy(update={"required": False}) for one in specs], self.data, required=needed
        )

    def change(self, context: Context) -> Case:
        """Move the case, set its clocks, and close or reopen it where the step does."""
        case, spec = self.locked(), self.spec()
        step = spec.transition_by_id[self.step]
        # Asked here too: features take steps inside their own actions without this one's check.
        self.check_decides(step, case, context)
        target = spec.state_by_id[step.target]
        plain, personal = self._filled(spec, step, case)
        # What the case may use is in this version too: from now on it is its own.
        case.type_version, case.type_hash = spec.version, spec.digest
        before, was_closed = case.state, case.closed_at is not None
        case.state, case.state_since, case.state_step = target.id, context.at, 0
        if was_closed and target.kind != "closed":
            case.case_step = 0
            found = clocks.anew(spec, case.category, target, context.at, station=case.station_code)
        else:
            before_it = deadlines_of(case)
            found = clocks.enter(spec, target, before_it, context.at, station=case.station_code)
        save_deadlines(case, spec, found)
        self._close_or_open(case, spec, closed=target.kind == "closed", at=context.at)
        case.data = {**case.data, **plain}
        self._keep(case, spec, personal)
        self._events(case, step, before, plain, personal, context)
        case.save()
        assignee = assignee_of(case, context.at)
        if assignee is not None and assignee != context.actor.user_id:
            notify([assignee], case, "moved", context.at, state=case.state)
        return case

    def _close_or_open(self, case: Case, spec: TypeSpec, *, closed: bool, at: dt.datetime) -> None:
        if closed:
            result = spec.result_by_id[self.result]
            case.closed_at, case.result = at, result.id
            case.shred_at = at + dt.timedelta(days=result.keep_days)
            date_personal_values(case, at)
        elif case.closed_at is not None:
            case.closed_at, case.result, case.shred_at = None, "", None
            case.personal_values.update(keep_until=None)

    def _keep(self, case: Case, spec: TypeSpec, personal: Mapping[str, str]) -> None:
        for id_, value in personal.items():
            declared = spec.field_by_id[id_].personal
            PersonalValue.objects.update_or_create(
                case=case,
                role="reporter",
                field=id_,
                defaults={"value": value, "keep_days": declared.keep_days if declared else 30},
            )

    def _events(
        self,
        case: Case,
        step: Transition,
        before: str,
        plain: Mapping[str, Any],
        personal: Mapping[str, str],
        context: Context,
    ) -> None:
        detail: dict[str, Any] = {
            "step": step.id,
            "from": before,
            "to": case.state,
            "fields": sorted({*plain, *personal}),
        }
        if case.result:
            detail["result"] = case.result
        detail["due_at"] = None if case.due_at is None else case.due_at.isoformat()
        write_event(case, "moved", context, text=self.note.strip(), detail=detail)
        if step.answers:
            write_event(case, "answer", context, text=self.answer.strip(), public=True)

    def detail(self) -> Mapping[str, Any]:
        """Which step."""
        return {"step": self.step, "result": self.result}
