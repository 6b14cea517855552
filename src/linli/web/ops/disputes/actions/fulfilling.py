"""What was agreed is done or not done; ninety days later somebody asks whether it held."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.kernel.texts import Text
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Missing
from linli.web.foundation.casework.models import Case
from linli.web.ops.disputes.actions.agreeing import current_agreement
from linli.web.ops.disputes.actions.base import DisputeAction, local_day, refuse, say, short, step, tell
from linli.web.ops.disputes.models import Agreement, Obligation

__all__ = ["CheckKept", "MarkObligation", "Relapse"]


@dataclass(frozen=True, kw_only=True)
class MarkObligation(DisputeAction):
    """Note that a term was fulfilled, or that it was not. The last one fulfilled closes the dispute."""

    name: ClassVar[str] = "dispute.mark_obligation"
    states: ClassVar[tuple[str, ...]] = ("agreed",)
    number: int
    fulfilled: bool
    on: dt.date
    note: str = ""

    def check_dispute(self, case: Case, context: Context) -> None:
        """The term is of the agreement in force and not fulfilled yet; the day has come."""
        agreement, obligation = self._found(case)
        wrong: dict[str, Text] = {}
        if not agreement.reached_on <= self.on <= local_day(context.at):
            wrong["on"] = say("obligation.when")
        reason = short(self.note, 300, required=not self.fulfilled)
        if reason is not None:
            wrong["note"] = reason
        refuse(wrong)
        if obligation.state == Obligation.State.FULFILLED:
            raise Conflict(say("obligation.done"))
        if self.fulfilled:
            self.check_closing(case)

    def _found(self, case: Case) -> tuple[Agreement, Obligation]:
        agreement = current_agreement(case)
        obligation = Obligation.objects.filter(agreement=agreement, number=self.number).first()
        if obligation is None:
            raise Missing(say("obligation.missing", number=self.number))
        return agreement, obligation

    def change(self, context: Context) -> Case:
        """Note it on the term and on the agreement, and close the dispute where nothing is left."""
        case = self.locked()
        agreement, obligation = self._found(case)
        state = Obligation.State
        obligation.state = state.FULFILLED if self.fulfilled else state.BROKEN
        obligation.settled_on, obligation.note = self.on, self.note.strip()
        obligation.save(update_fields=["state", "settled_on", "note"])
        tell(case, "fulfilled" if self.fulfilled else "broken", context, text=self.note, number=self.number)
        rows = list(Obligation.objects.filter(agreement=agreement))
        broken = [row.settled_on for row in rows if row.state == state.BROKEN and row.settled_on is not None]
        agreement.broken_on = min(broken, default=None)
        whole = all(row.state == state.FULFILLED for row in rows)
        agreement.fulfilled_on = max(row.settled_on or self.on for row in rows) if whole else None
        agreement.save(update_fields=["broken_on", "fulfilled_on"])
        return step(case, "fulfil", context, result="fulfilled") if whole else case

    def detail(self) -> Mapping[str, Any]:
        """Which term, and how it stands."""
        return {"obligation": self.number, "fulfilled": self.fulfilled}


@dataclass(frozen=True, kw_only=True)
class Relapse(DisputeAction):
    """The dispute has broken out again: its agreement ends and it goes back into mediation."""

    name: ClassVar[str] = "dispute.relapse"
    states: ClassVar[tuple[str, ...]] = ("agreed", "fulfilled")
    reason: str

    def check_dispute(self, case: Case, context: Context) -> None:
        """There is an agreement, and somebody says what happened."""
        current_agreement(case)
        reason = short(self.reason, 1000)
        refuse({} if reason is None else {"reason": reason})

    def change(self, context: Context) -> Case:
        """End the agreement and take the step."""
        case = self.locked()
        agreement = current_agreement(case)
        agreement.relapsed_on = local_day(context.at)
        agreement.save(update_fields=["relapsed_on"])
        return step(case, "relapse", context, note=self.reason)


@dataclass(frozen=True, kw_only=True)
class CheckKept(DisputeAction):
    """Ninety days after, ask the parties whether the agreement still holds."""

    name: ClassVar[str] = "dispute.check_kept"
    states: ClassVar[tuple[str, ...]] = ("agreed", "fulfilled", "failed")
    kept: bool
    note: str = ""

    def check_dispute(self, case: Case, context: Context) -> None:
        """The ninety days have passed and nobody has asked yet."""
        agreement = current_agreement(case)
        if local_day(context.at) < agreement.check_on:
            raise Conflict(say("check.too_early", day=agreement.check_on.isoformat()))
        if agreement.kept is not None or agreement.relapsed_on is not None:
            raise Conflict(say("check.done"))
        if self.kept and agreement.fulfilled_on is None:
            raise Conflict(say("check.not_fulfilled"))
        reason = short(self.note, 1000, required=not self.kept)
        refuse({} if reason is None else {"note": reason})

    def change(self, context: Context) -> Case:
        """Note what was found; a relapse is another step."""
        case = self.locked()
        agreement = current_agreement(case)
        agreement.kept, agreement.checked_on = self.kept, local_day(context.at)
        agreement.check_note = self.note.strip()
        agreement.save(update_fields=["kept", "checked_on", "check_note"])
        tell(case, "kept" if self.kept else "not_kept", context, text=self.note)
        return case

    def detail(self) -> Mapping[str, Any]:
        """What was found."""
        return {"kept": self.kept}
