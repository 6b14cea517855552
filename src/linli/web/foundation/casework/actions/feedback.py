"""The person who raised a case says how it went; what is not solved can be reopened."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.roles import is_outside
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.casework import clocks
from linli.web.foundation.casework.actions.base import CaseAction, notify, say, write_event
from linli.web.foundation.casework.actions.moving import save_deadlines
from linli.web.foundation.casework.models import Case, Feedback
from linli.web.foundation.casework.receivers import handlers_of

__all__ = ["GiveFeedback"]

TAKEN_FOR_ANOTHER: Final = frozenset({"phone", "counter", "visit"})
"""Channels by which staff open a case for whoever raised it."""


@dataclass(frozen=True, kw_only=True)
class GiveFeedback(CaseAction):
    """Say whether it is solved; if not, and not too late, the case is opened again in its first state.

    Comes from the reporter's own account, or from the intake queue, which has checked the tracking code.
    Staff only take down what the reporter says of a case that they took down for somebody, and it is marked.
    Of a case that was merged it is kept on that case alone: it is no word on the one that goes on. Whoever
    sent it may say that theirs is not the same, as long as the other is open and as long after as of any:
    then theirs is opened again on its own.
    """

    name: ClassVar[str] = "case.feedback"
    verb: ClassVar[str] = "view"
    merged_too: ClassVar[bool] = True
    solved: bool
    rating: int | None = None
    comment: str = ""
    reopen: bool = False

    def check_case(self, case: Case, context: Context) -> None:
        """The case is closed, asks for feedback, and the actor raised it."""
        spec = self.spec()
        _must_speak_for_it(case, context.actor)
        if not spec.feedback or case.closed_at is None:
            raise Conflict(say("feedback.not_closed"))
        if self.rating is not None and not 1 <= self.rating <= 5:
            raise Invalid(say("feedback.rating"), {"rating": say("feedback.rating")})
        if len(self.comment) > 2000:
            raise Invalid(say("note.long", most=2000), {"comment": say("note.long", most=2000)})
        if self.reopen and self.solved:
            raise Invalid(say("feedback.solved_and_reopened"))
        closed_at = _decided_at(case)
        if self.reopen and closed_at and context.at > closed_at + dt.timedelta(days=spec.reopen_days):
            raise Conflict(say("feedback.too_late", days=spec.reopen_days))

    def change(self, context: Context) -> Case:
        """Keep what was said; open the case again where asked."""
        case = self.locked()
        Feedback.objects.create(
            case=case,
            at=context.at,
            solved=self.solved,
            rating=self.rating,
            comment=self.comment.strip(),
            reopened=self.reopen,
            recorded=_is_staff(context.actor),
        )
        detail: dict[str, Any] = {"solved": self.solved, "rating": self.rating}
        if _is_staff(context.actor):
            detail["recorded"] = True
        write_event(case, "feedback", context, text=self.comment.strip(), detail=detail, public=True)
        if self.reopen:
            self._reopen(case, context)
        case.save()
        if case.assignee_id is not None:
            # Where who had it has left, whoever answers for its owner hears of it.
            people = handlers_of(case, context.at)
            notify(people, case, "reopened" if self.reopen else "feedback", context.at)
        return case

    def _reopen(self, case: Case, context: Context) -> None:
        spec = self.spec()
        if case.merged_into_id is not None:
            other = Case.objects.select_for_update(of=("self",)).get(pk=case.merged_into_id)
            case.merged_into = None
            write_event(other, "parted", context, detail={"from": case.number})
            other.save(update_fields=["revision"])
        before = case.state
        case.state, case.state_since = spec.initial.id, context.at
        case.state_step = case.case_step = 0
        case.closed_at, case.result, case.shred_at = None, "", None
        case.personal_values.update(keep_until=None)
        found = clocks.anew(spec, case.category, spec.initial, context.at, station=case.station_code)
        save_deadlines(case, spec, found)
        write_event(case, "reopened", context, detail={"from": before, "to": case.state}, public=True)

    def detail(self) -> Mapping[str, Any]:
        """What was said, without the words."""
        return {"solved": self.solved, "rating": self.rating, "reopen": self.reopen}


def _decided_at(case: Case) -> dt.datetime | None:
    """When a case was closed; of a merged one, when the other was: ``None`` while that is open."""
    if case.merged_into is None or case.closed_at is None:
        return case.closed_at
    other = case.merged_into.closed_at
    return None if other is None else max(other, case.closed_at)


def _is_staff(actor: Actor) -> bool:
    """Neither the intake queue nor somebody who works elsewhere: a resident, a unit's manager."""
    return not actor.is_system and not is_outside(actor.roles)


def _must_speak_for_it(case: Case, actor: Actor) -> None:
    """The reporter, or whoever took it down for the reporter; nobody of the own work, by whatever channel."""
    if actor.is_system:
        return
    if actor.user_id != case.opened_by_id:
        raise Forbidden(say("feedback.not_yours"))
    if _is_staff(actor) and case.channel not in TAKEN_FOR_ANOTHER:
        raise Forbidden(say("feedback.own_case"))
    if _worked(case, actor):
        raise Forbidden(say("feedback.own_work"))


def _worked(case: Case, actor: Actor) -> bool:
    """Nobody says of their own work that it went well."""
    if case.assignee_id == actor.user_id:
        return True
    return case.events.filter(kind__in=("moved", "answer"), actor_id=actor.user_id).exists()
