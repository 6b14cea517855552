"""What all changes to a dispute share: who may, in which state, and how the history tells of it."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final

from linli.kernel.texts import Text, catalogue, plain
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.actions.base import CaseAction, write_event
from linli.web.foundation.casework.actions.base import say as say_case
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.types.register import case_type

__all__ = ["KIND", "WORKERS", "DisputeAction", "local_day", "refuse", "say", "short", "step", "tell"]

say = catalogue("linli.web.ops.disputes")

KIND: Final = "dispute"
WORKERS: Final = frozenset({"mediator", "officer", "chief"})
"""Roles that mediate; a partner's clerk only acknowledges and gives back."""


def local_day(at: dt.datetime) -> dt.date:
    """The day in the territory's zone."""
    return at.astimezone(zone()).date()


def refuse(wrong: dict[str, Text]) -> None:
    """Raise what is wrong with a form, if anything is."""
    if wrong:
        raise Invalid(say("form.refused", count=len(wrong)), wrong)


def short(text: str, most: int, *, required: bool = True) -> Text | None:
    """Why a text cannot be taken: nothing written, or too much."""
    if required and not text.strip():
        return say("form.empty")
    return say("form.long", most=most) if len(text.strip()) > most else None


def tell(case: Case, key: str, context: Context, *, text: str = "", **values: object) -> None:
    """Add to the history what was done, in both languages, and what the actor wrote; saves the case."""
    words = str(say(f"event.{key}", **values))
    write_event(
        case, "note", context, text=f"{words}\n{text.strip()}".strip(), detail={"what": f"disputes:{key}"}
    )
    case.save(update_fields=["revision"])


def step(case: Case, id_: str, context: Context, *, result: str = "", note: str = "") -> Case:
    """Take a step of the case type that stands for what an action has just done."""
    return Move(case_id=case.pk, step=id_, result=result, note=note).change(context)


@dataclass(frozen=True, kw_only=True)
class DisputeAction(CaseAction):
    """A change to one dispute."""

    states: ClassVar[tuple[str, ...]] = ()
    """States in which it can be done; empty for all."""
    roles: ClassVar[frozenset[str]] = WORKERS
    """Roles that do it; empty for whoever may do ``verb``."""

    def check_case(self, case: Case, context: Context) -> None:
        """The case is a dispute, the role does such things, and the state is the right one."""
        if case.case_type != KIND:
            raise Missing(say_case("case.missing", number=case.number or case.pk))
        actor = context.actor
        if self.roles and not actor.is_system and not actor.roles & self.roles:
            raise Forbidden(say("refused.role"))
        if self.states and case.state not in self.states:
            state = case_type(KIND).state_by_id.get(case.state)
            raise Conflict(say("refused.state", state=state.name if state is not None else plain(case.state)))
        self.check_dispute(case, context)

    def check_dispute(self, case: Case, context: Context) -> None:
        """More reasons to refuse."""

    def check_closing(self, case: Case) -> None:
        """A dispute is not closed while one that grew out of it is open."""
        if case.children.filter(closed_at__isnull=True).exists():
            raise Conflict(say_case("move.open_children"))
