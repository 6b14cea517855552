"""A check is made on its sheet, or called off; every line that is not met becomes a case with a day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Conflict, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.ops.supervision.actions.base import must_supervise, refuse, say, text_fault
from linli.web.ops.supervision.models import Check, Finding
from linli.web.ops.supervision.reach import KIND
from linli.web.ops.supervision.sheets import ANSWERS, Line, Sheet, sheets

__all__ = ["MOST_ASKED", "CancelCheck", "RecordCheck"]

MOST_ASKED: Final = 1000
"""Residents asked on one check."""


@dataclass(frozen=True, kw_only=True)
class _OfCheck(Action[Check]):
    check_id: int

    def check(self, context: Context) -> None:
        """The county's supervisors; a check that is still to be made."""
        must_supervise(context)
        found = self._found()
        if found.status != Check.Status.PLANNED:
            raise Conflict(say("check.closed"))
        self.check_given(found, context)

    def check_given(self, found: Check, context: Context) -> None:
        """More reasons to refuse."""

    def _found(self) -> Check:
        rows = Check.objects.select_for_update(of=("self",)).select_related("round")
        found = rows.filter(pk=self.check_id).first()
        if found is None:
            raise Missing(say("check.missing"))
        return found

    def record(self, result: Check) -> Record:
        """Which."""
        return Record(
            action=self.name,
            subject_kind="supervision_check",
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"round": result.round_id, "target": result.target_code},
        )


@dataclass(frozen=True, kw_only=True)
class RecordCheck(_OfCheck):
    """Fill in the sheet; open a case for each line that is not met."""

    name: ClassVar[str] = "supervision.record"
    answers: Mapping[str, str]
    fix_by: dt.date | None = None
    asked: int | None = None
    know_officer: int | None = None
    see_patrols: int | None = None
    remark: str = ""
    findings: Mapping[str, str] = field(default_factory=dict)
    """What was found, by line that is not met."""

    def check_given(self, found: Check, context: Context) -> None:
        """Every line is answered; what is not met says how, and by when it is to be put right."""
        sheet = sheets()[found.round.kind]
        wrong: dict[str, Text | None] = {"remark": text_fault(self.remark, 4000, needed=False)}
        for line in sheet.lines:
            if self.answers.get(line.id) not in ANSWERS:
                wrong[line.id] = say("sheet.answer")
            elif self.answers[line.id] == "no":
                wrong[f"found_{line.id}"] = text_fault(self.findings.get(line.id, ""), 1000)
        if self._not_met(sheet) and (self.fix_by is None or self.fix_by <= local_day(context.at)):
            wrong["fix_by"] = say("sheet.fix_by")
        wrong |= self._residents(sheet)
        refuse(wrong)

    def _not_met(self, sheet: Sheet) -> list[Line]:
        return [line for line in sheet.lines if self.answers.get(line.id) == "no"]

    def _residents(self, sheet: Sheet) -> dict[str, Text | None]:
        if not sheet.asks:
            return {}
        if self.asked is None or not 0 <= self.asked <= MOST_ASKED:
            return {"asked": say("sheet.asked", most=MOST_ASKED)}
        wrong: dict[str, Text | None] = {}
        for name, given in (("know_officer", self.know_officer), ("see_patrols", self.see_patrols)):
            if given is None or not 0 <= given <= self.asked:
                wrong[name] = say("sheet.part")
        return wrong

    def change(self, context: Context) -> Check:
        """Keep the sheet, open the cases."""
        check = self._found()
        sheet = sheets()[check.round.kind]
        check.status, check.done_by_id, check.done_at = Check.Status.DONE, context.actor.account, context.at
        check.answers = {line.id: self.answers[line.id] for line in sheet.lines}
        check.remark = self.remark.strip()
        if sheet.asks:
            check.asked, check.know_officer = self.asked, self.know_officer
            check.see_patrols = self.see_patrols
        check.save()
        for line in self._not_met(sheet):
            Finding.objects.create(check_done=check, item=line.id, case=self._open(check, line, context))
        return check

    def _open(self, check: Check, line: Line, context: Context) -> Case:
        assert self.fix_by is not None  # noqa: S101 - checked
        opening = OpenCase(
            kind=KIND,
            category="empty_room" if line.id == "room_open" else check.round.kind,
            title=say("finding.title", line=line.name, target=check.target_name).zh[:200],
            description=self.findings[line.id].strip(),
            place=check.place_code or self._place(check),
            data={"fix_by": self.fix_by.isoformat(), "check_code": str(check)},
        )
        return perform(opening, context.actor, context.at)

    def _place(self, check: Check) -> str:
        """A street has no place of its own: the first of its station, so that the station gets the case."""
        from linli.web.foundation.places.locating import current_map

        current = current_map()
        codes = [] if current is None else sorted(current.places)
        of_station = [c for c in codes if current and current.places[c].station_code == check.station_code]
        return of_station[0] if of_station else ""

    def record(self, result: Check) -> Record:
        """Which, and how many findings."""
        told = super().record(result)
        found: dict[str, Any] = {**told.detail, "findings": result.findings.count()}
        return Record(
            action=told.action,
            subject_kind=told.subject_kind,
            subject_id=told.subject_id,
            station=told.station,
            detail=found,
        )


@dataclass(frozen=True, kw_only=True)
class CancelCheck(_OfCheck):
    """Call a check off; the draw stands, and the reason is kept."""

    name: ClassVar[str] = "supervision.cancel"
    remark: str

    def check_given(self, found: Check, context: Context) -> None:
        """A reason: an uncomfortable draw is not quietly left out."""
        refuse({"remark": text_fault(self.remark, 500)})

    def change(self, context: Context) -> Check:
        """Keep the reason."""
        check = self._found()
        check.status, check.remark = Check.Status.CANCELLED, self.remark.strip()
        check.done_by_id, check.done_at = context.actor.account, context.at
        check.save()
        return check
