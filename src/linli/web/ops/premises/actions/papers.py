"""Responsibility letters, emergency plans, drills, commendations and titles."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.numbers import numbered
from linli.web.foundation.actions.opening import open_ahead
from linli.web.foundation.actions.refusals import Conflict, Missing
from linli.web.ops.premises.actions.base import PremisesAction, checked, happened, local_day, refuse_if, say
from linli.web.ops.premises.actions.files import Upload, keep_file
from linli.web.ops.premises.kinds import COURTYARD, LETTER_KINDS
from linli.web.ops.premises.models import Drill, EmergencyPlan, Honour, Letter, Premises
from linli.web.ops.premises.nearby import NEAR_METRES, incidents_near

__all__ = ["AwardHonour", "FilePlan", "IssueLetter", "RecordDrill", "SignLetter", "WithdrawHonour"]

LONGEST_LETTER: Final = dt.timedelta(days=3 * 366)


def _open(premises: Premises) -> None:
    if premises.closed_on is not None:
        raise Conflict(say("closed_already"))


@dataclass(frozen=True, kw_only=True)
class IssueLetter(PremisesAction):
    """Make out a letter, to be printed and signed on paper."""

    name: ClassVar[str] = "premises.letter_issue"

    def check_premises(self, premises: Premises, context: Context) -> None:
        """The kind signs letters, and none is waiting to be signed."""
        _open(premises)
        if premises.kind not in LETTER_KINDS:
            raise Conflict(say("letter_kind"))
        if premises.letters.filter(signed_on__isnull=True).exists():
            raise Conflict(say("letter_waiting"))

    def change(self, context: Context) -> Premises:
        """Give it a number."""
        premises, today = self.locked(), local_day(context.at)
        letter = numbered(
            Letter,
            f"ZR{today:%Y}-",
            lambda number: Letter.objects.create(number=number, premises=premises, issued_on=today),
        )
        happened(premises, "letter_issued", context, number=letter.number)
        premises.save()
        return premises


@dataclass(frozen=True, kw_only=True)
class SignLetter(PremisesAction):
    """Say that a letter was signed, until when it holds, and keep the scan."""

    name: ClassVar[str] = "premises.letter_sign"
    letter_id: int
    signed_on: dt.date | None
    expires_on: dt.date | None
    scan: Upload | None = None

    def prepare(self) -> None:
        """Open the scan while nobody waits for the premises."""
        if self.scan is not None:
            open_ahead(self.scan.clean)

    def check_premises(self, premises: Premises, context: Context) -> None:
        """Both dates make sense, there is a scan, and the letter waits to be signed."""
        letter = self._letter()
        if letter.signed_on is not None:
            raise Conflict(say("letter_signed"))
        wrong: dict[str, Text] = {}
        if self.signed_on is None or not letter.issued_on <= self.signed_on <= local_day(context.at):
            wrong["signed_on"] = say("letter_signed_on", issued=letter.issued_on.isoformat())
        elif (
            self.expires_on is None or not self.signed_on < self.expires_on <= self.signed_on + LONGEST_LETTER
        ):
            wrong["expires_on"] = say("letter_expires_on")
        if self.scan is None:
            wrong["scan"] = say("no_file")
        refuse_if(wrong)
        if self.scan is not None:
            self.scan.clean()

    def _letter(self) -> Letter:
        found = Letter.objects.filter(pk=self.letter_id, premises_id=self.premises_id).first()
        if found is None:
            raise Missing(say("letter_missing"))
        return found

    def change(self, context: Context) -> Premises:
        """Keep dates and scan."""
        premises, letter = self.locked(), self._letter()
        letter.signed_on, letter.expires_on = self.signed_on, self.expires_on
        letter.scan = keep_file(premises, checked(self.scan), context.at)
        letter.save()
        until = checked(self.expires_on).isoformat()
        happened(premises, "letter_signed", context, number=letter.number, until=until)
        premises.save()
        return premises

    def detail(self) -> Mapping[str, Any]:
        """Which letter."""
        return {"letter": self.letter_id}


@dataclass(frozen=True, kw_only=True)
class FilePlan(PremisesAction):
    """File an emergency plan."""

    name: ClassVar[str] = "premises.plan_file"
    dated: dt.date | None
    file: Upload | None

    def prepare(self) -> None:
        """Open the plan while nobody waits for the premises."""
        if self.file is not None:
            open_ahead(self.file.clean)

    def check_premises(self, premises: Premises, context: Context) -> None:
        """A date that is not to come, and a file."""
        _open(premises)
        wrong: dict[str, Text] = {}
        if self.dated is None or self.dated > local_day(context.at):
            wrong["dated"] = say("in_future")
        if self.file is None:
            wrong["file"] = say("no_file")
        refuse_if(wrong)
        if self.file is not None:
            self.file.clean()

    def change(self, context: Context) -> Premises:
        """Keep it beside the older ones."""
        premises = self.locked()
        kept, dated = keep_file(premises, checked(self.file), context.at), checked(self.dated)
        EmergencyPlan.objects.create(premises=premises, dated=dated, file=kept, filed_at=context.at)
        happened(premises, "plan_filed", context, dated=dated.isoformat())
        premises.save()
        return premises


@dataclass(frozen=True, kw_only=True)
class RecordDrill(PremisesAction):
    """Record a drill of the newest plan."""

    name: ClassVar[str] = "premises.drill"
    held_on: dt.date | None
    participants: int | None

    def check_premises(self, premises: Premises, context: Context) -> None:
        """There is a plan; the drill was held, by somebody."""
        plan = premises.plans.first()
        if plan is None:
            raise Conflict(say("no_plan"))
        wrong: dict[str, Text] = {}
        if self.held_on is None or self.held_on > local_day(context.at):
            wrong["held_on"] = say("in_future")
        if self.participants is None or not 1 <= self.participants <= 100_000:
            wrong["participants"] = say("no_number", least=1, most=100_000)
        refuse_if(wrong)

    def change(self, context: Context) -> Premises:
        """Date and number of those who took part."""
        premises = self.locked()
        Drill.objects.create(
            plan=premises.plans.all()[0],
            held_on=checked(self.held_on),
            participants=checked(self.participants),
        )
        day = checked(self.held_on).isoformat()
        happened(premises, "drilled", context, day=day, participants=self.participants)
        premises.save()
        return premises


@dataclass(frozen=True, kw_only=True)
class AwardHonour(PremisesAction):
    """Commend premises, or give a courtyard the title of a period without incidents."""

    name: ClassVar[str] = "premises.award"
    kind: str
    reason: str = ""
    period_from: dt.date | None = None
    period_until: dt.date | None = None

    def check_premises(self, premises: Premises, context: Context) -> None:
        """A commendation says what for; a title is for a courtyard and a past period without an incident."""
        _open(premises)
        if self.kind not in ("commended", "zero_incident"):
            refuse_if({"kind": say("no_kind")})
        wrong: dict[str, Text] = {}
        if len(self.reason) > 300 or (self.kind == "commended" and not self.reason.strip()):
            wrong["reason"] = say("no_text", most=300)
        if self.kind == "zero_incident":
            if premises.kind != COURTYARD:
                raise Conflict(say("title_courtyards"))
            today = local_day(context.at)
            if (
                self.period_from is None
                or self.period_until is None
                or not (self.period_from < self.period_until <= today)
            ):
                wrong["period_until"] = say("title_period")
        refuse_if(wrong)
        if self.kind == "zero_incident" and (count := self._incidents(premises)) != 0:
            if count is None:
                raise Conflict(say("title_no_position"))
            raise Conflict(say("title_incidents", count=count, metres=NEAR_METRES))

    def _incidents(self, premises: Premises) -> int | None:
        if self.period_from is None or self.period_until is None:
            return None
        return incidents_near(premises, self.period_from, self.period_until)

    def change(self, context: Context) -> Premises:
        """Write it down with what was counted."""
        premises = self.locked()
        title = self.kind == "zero_incident"
        Honour.objects.create(
            premises=premises,
            kind=self.kind,
            awarded_on=local_day(context.at),
            period_from=self.period_from if title else None,
            period_until=self.period_until if title else None,
            reason=self.reason.strip(),
            incidents=0 if title else None,
        )
        happened(premises, self.kind, context, reason=self.reason.strip())
        premises.save()
        return premises

    def detail(self) -> Mapping[str, Any]:
        """Which honour."""
        return {"kind": self.kind}


@dataclass(frozen=True, kw_only=True)
class WithdrawHonour(PremisesAction):
    """Take an honour back; it stays in the history."""

    name: ClassVar[str] = "premises.withdraw"
    honour_id: int
    reason: str

    def check_premises(self, premises: Premises, context: Context) -> None:
        """It stands, and there is a reason."""
        if not premises.honours.filter(pk=self.honour_id, withdrawn_on__isnull=True).exists():
            raise Missing(say("honour_missing"))
        if not self.reason.strip() or len(self.reason) > 300:
            refuse_if({"reason": say("no_text", most=300)})

    def change(self, context: Context) -> Premises:
        """From today."""
        premises = self.locked()
        premises.honours.filter(pk=self.honour_id).update(withdrawn_on=local_day(context.at))
        happened(premises, "withdrawn", context, reason=self.reason.strip())
        premises.save()
        return premises
