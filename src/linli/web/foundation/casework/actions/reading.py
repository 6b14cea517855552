"""Reads that are logged: a case's personal fields, and a case seen outside one's own territory."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from linli.web.foundation.accounts.access import may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import AlreadyDone, Context, perform
from linli.web.foundation.actions.refusals import Hidden
from linli.web.foundation.casework.actions.base import CaseAction, say
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.foundation.casework.subjects import may_case, own_subject, subject_of

__all__ = ["ReadPersonal", "SeeCase", "case_sent_before", "reached_by"]


@dataclass(frozen=True, kw_only=True)
class ReadPersonal(CaseAction):
    """Read what people said about themselves. The log says who read which fields of which case."""

    name: ClassVar[str] = "case.read_personal"
    verb: ClassVar[str] = "personal"
    by_share: ClassVar[bool] = True
    reason: str = ""

    def change(self, context: Context) -> Case:
        """Nothing changes; the entry is the point."""
        return self.locked()

    def follow(self, result: Case, context: Context) -> None:
        """Nothing has changed that somebody would have to follow."""
        return

    def values(self) -> list[PersonalValue]:
        """What there is, after ``perform`` has logged the reading."""
        return list(
            PersonalValue.objects.filter(case_id=self.case_id, erased_at__isnull=True).order_by("role", "pk")
        )

    def detail(self) -> Mapping[str, Any]:
        """Which fields were shown."""
        return {
            "fields": [f"{value.role}.{value.field}" for value in self.values()],
            "reason": self.reason[:200],
        }


def reached_by(actor: Actor, case: Case, at: dt.datetime) -> Literal["", "shared", "emergency"]:
    """By what an actor sees a case that does not lie in the own territory; empty where it does.

    The case must be visible to the actor.
    """
    if may(actor, "view", own_subject(case)):
        return ""
    return "emergency" if actor.user_id in subject_of(case, at).opened_for else "shared"


@dataclass(frozen=True, kw_only=True)
class SeeCase(CaseAction):
    """See a case that is shared or opened in an emergency. The log says who did, whenever they do."""

    name: ClassVar[str] = "case.view_outside"
    verb: ClassVar[str] = "view"
    by: Literal["shared", "emergency"]

    def check(self, context: Context) -> None:
        """The actor may see it, merged or not."""
        if not may_case(context.actor, "view", self.locked(), context.at):
            raise Hidden(say("case.missing", number=self.case_id))

    def change(self, context: Context) -> Case:
        """Nothing changes; the entry is the point."""
        return self.locked()

    def follow(self, result: Case, context: Context) -> None:
        """Nothing has changed that somebody would have to follow."""
        return

    def detail(self) -> Mapping[str, Any]:
        """By what it was seen."""
        return {"by": self.by}


def case_sent_before(before: AlreadyDone, actor: Actor, at: dt.datetime) -> Case | None:
    """The case that came of an earlier sending, as any other is read: with permission as of now, and logged.

    ``None`` for an actor who may not see it: who may open a case need not see it afterwards.
    """
    case = Case.objects.select_related("organisation").filter(pk=before.number("case")).first()
    if case is None or not may_case(actor, "view", case, at):
        return None
    if by := reached_by(actor, case, at):
        perform(SeeCase(case_id=case.pk, by=by), actor, at)
    return case
