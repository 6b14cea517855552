"""The parties agree: the terms as obligations with dates, and the signed paper."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Missing
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.models import Case
from linli.web.ops.disputes.actions.base import DisputeAction, local_day, refuse, say, short, step, tell
from linli.web.ops.disputes.models import Agreement, Obligation, Party, Session
from linli.web.ops.disputes.settling import check_day

__all__ = ["MOST_TERMS", "KeepSigned", "ReachAgreement", "Term", "current_agreement"]

MOST_TERMS: Final = 20
LONGEST_TERM: Final = dt.timedelta(days=10 * 366)


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term: which party does what by when."""

    party: int
    text: str
    due_on: dt.date
    amount_yuan: Decimal | None = None

    def wrong(self, index: int, parties: set[int], today: dt.date) -> dict[str, Text]:
        """What cannot be taken, by ``terms-<index>-<field>``."""
        wrong: dict[str, Text] = {}
        if self.party not in parties:
            wrong["party"] = say("party.missing", number=self.party)
        reason = short(self.text, 500)
        if reason is not None:
            wrong["text"] = reason
        if not today <= self.due_on <= today + LONGEST_TERM:
            wrong["due_on"] = say("term.past")
        if self.amount_yuan is not None and not 0 <= self.amount_yuan < 10**10:
            wrong["amount_yuan"] = say("term.amount")
        return {f"terms-{index}-{name}": text for name, text in wrong.items()}


def current_agreement(case: Case) -> Agreement:
    """The last agreement of a dispute.

    Raises
    ------
    Missing
        There is none.
    """
    found = Agreement.objects.filter(case=case).order_by("-number").first()
    if found is None:
        raise Missing(say("agreement.none"))
    return found


@dataclass(frozen=True, kw_only=True)
class ReachAgreement(DisputeAction):
    """Write down what the parties agreed on in a session."""

    name: ClassVar[str] = "dispute.agree"
    states: ClassVar[tuple[str, ...]] = ("mediating",)
    terms: Sequence[Term]
    summary: str = ""

    def check_dispute(self, case: Case, context: Context) -> None:
        """There was a session since the last agreement, and every term has a party, a duty and a date."""
        if not self._met(case):
            raise Conflict(say("agreement.no_session"))
        wrong: dict[str, Text] = {}
        reason = short(self.summary, 2000, required=False)
        if reason is not None:
            wrong["summary"] = reason
        if not 1 <= len(self.terms) <= MOST_TERMS:
            wrong["terms"] = say("agreement.terms", most=MOST_TERMS)
        parties = set(Party.objects.filter(case=case).values_list("number", flat=True))
        for index, term in enumerate(self.terms):
            wrong |= term.wrong(index, parties, local_day(context.at))
        refuse(wrong)

    def _met(self, case: Case) -> bool:
        last = Agreement.objects.filter(case=case).order_by("-number").first()
        held = Session.objects.filter(
            case=case, state=Session.State.HELD, number__gt=0 if last is None else last.after_session
        )
        return held.exclude(outcome=Session.Outcome.ABSENT).exists()

    def change(self, context: Context) -> Case:
        """Keep agreement and terms, call off what was still planned, and take the step."""
        case = self.locked()
        today, due_on = local_day(context.at), max(term.due_on for term in self.terms)
        session = Session.objects.filter(case=case).order_by("-number").first()
        agreement = Agreement.objects.create(
            case=case,
            number=Agreement.objects.filter(case=case).count() + 1,
            reached_on=today,
            summary=self.summary.strip(),
            due_on=due_on,
            check_on=check_day(due_on),
            after_session=0 if session is None else session.number,
        )
        Obligation.objects.bulk_create(
            Obligation(
                agreement=agreement,
                number=number,
                party=term.party,
                text=term.text.strip(),
                amount_yuan=term.amount_yuan,
                due_on=term.due_on,
            )
            for number, term in enumerate(self.terms, 1)
        )
        Session.objects.filter(case=case, state=Session.State.PLANNED).update(
            state=Session.State.CANCELLED, decided_at=context.at
        )
        tell(case, "agreed", context, number=agreement.number, count=len(self.terms))
        return step(case, "agree", context)

    def detail(self) -> Mapping[str, Any]:
        """How many terms."""
        return {"terms": len(self.terms)}


@dataclass(frozen=True, kw_only=True)
class KeepSigned(DisputeAction):
    """Keep the scan of the paper that the parties signed."""

    name: ClassVar[str] = "dispute.keep_signed"
    signed_on: dt.date
    file_name: str
    content: bytes = field(repr=False)

    def prepare(self) -> None:
        """Open the scan while nobody waits for the case."""
        self._attach().prepare()

    def check_dispute(self, case: Case, context: Context) -> None:
        """There is an agreement, it was signed by now, and the file is one that may be kept."""
        agreement = current_agreement(case)
        if not agreement.reached_on <= self.signed_on <= local_day(context.at):
            refuse({"signed_on": say("agreement.signed_when")})
        if not self.content:
            refuse({"file": say("agreement.no_file")})
        self._attach().check_case(case, context)

    def _attach(self) -> Attach:
        found = self.__dict__.get("_attaching")
        if found is None:
            text = str(say("event.signed"))
            found = Attach(case_id=self.case_id, file_name=self.file_name, content=self.content, text=text)
            object.__setattr__(self, "_attaching", found)
        attach: Attach = found
        return attach

    def change(self, context: Context) -> Case:
        """Attach the file and note the day."""
        case = self._attach().change(context)
        agreement = current_agreement(case)
        agreement.scan = case.attachments.order_by("-pk").first()
        agreement.signed_on = self.signed_on
        agreement.save(update_fields=["scan", "signed_on"])
        return case

    def detail(self) -> Mapping[str, Any]:
        """Which kind of file."""
        return self._attach().detail()
