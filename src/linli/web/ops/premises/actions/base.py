"""What all changes to premises share: a locked row, a checked revision, and what happened written down."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.clocks import zone
from linli.web.ops.premises.models import Happening, Premises
from linli.web.ops.premises.subjects import KIND, may_premises

__all__ = ["PremisesAction", "checked", "happened", "local_day", "refuse_if", "say"]

say = catalogue("linli.web.ops.premises")

Value = TypeVar("Value")


def local_day(at: dt.datetime) -> dt.date:
    """The day in the territory's zone."""
    return at.astimezone(zone()).date()


def checked(value: Value | None) -> Value:
    """A value that the action's check has made sure is there."""
    assert value is not None  # noqa: S101 - else the check is at fault, not what was given
    return value


def happened(premises: Premises, kind: str, context: Context, **detail: Any) -> None:
    """Write down what happened and count the revision up; the caller saves the premises."""
    premises.revision += 1
    Happening.objects.create(
        premises=premises, kind=kind, at=context.at, actor_name=context.actor.name[:64], detail=detail
    )


def refuse_if(wrong: Mapping[str, Text], *, hidden: tuple[str, ...] = ()) -> None:
    """Refuse where something is wrong; ``hidden``: numbers that are there and were not the actor's to name.

    Raises
    ------
    Invalid
        With every reason at its field.
    """
    if wrong:
        raise Invalid(say("refused", count=len(wrong)), wrong).hiding(hidden)


@dataclass(frozen=True, kw_only=True)
class PremisesAction(Action[Premises]):
    """A change to premises that are in the register."""

    verb: ClassVar[str] = "edit"
    premises_id: int
    revision: int | None = None

    def check(self, context: Context) -> None:
        """The actor may, the premises are not closed, and nobody else was faster."""
        premises = self.locked()
        if not may_premises(context.actor, self.verb, premises):
            if not may_premises(context.actor, "view", premises):
                raise Hidden(say("missing", code=premises.code or premises.pk))
            raise Forbidden(say("forbidden"))
        if self.revision is not None and self.revision != premises.revision:
            last = premises.happenings.first()
            raise Conflict(say("changed_meanwhile", who=(last.actor_name if last else "") or "—"))
        self.check_premises(premises, context)

    def check_premises(self, premises: Premises, context: Context) -> None:
        """More reasons to refuse."""

    def locked(self) -> Premises:
        """The premises, locked until the transaction ends and read once."""
        found = self.__dict__.get("_premises")
        if found is None:
            found = Premises.objects.select_for_update(of=("self",)).filter(pk=self.premises_id).first()
            if found is None:
                raise Missing(say("missing", code=self.premises_id))
            object.__setattr__(self, "_premises", found)
        premises: Premises = found
        return premises

    def record(self, result: Premises) -> Record:
        """Which premises; subclasses add what was done."""
        return Record(
            action=self.name,
            subject_kind=KIND,
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"code": result.code, **self.detail()},
        )

    def detail(self) -> Mapping[str, Any]:
        """What the audit log adds; no personal content."""
        return {}
