"""A dispute is taken down: the case, its parties, and the office that handed it over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.kernel.texts import Text
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.ops.disputes.actions.base import refuse, say, short, tell
from linli.web.ops.disputes.actions.handing import RESULT, take_in
from linli.web.ops.disputes.actions.parties import MOST_PARTIES, NewParty

__all__ = ["OpenDispute"]


@dataclass(frozen=True, kw_only=True)
class OpenDispute(Action[Case]):
    """Take a dispute down with the parties that are known."""

    name: ClassVar[str] = "dispute.open"
    opening: OpenCase
    parties: Sequence[NewParty] = ()
    from_id: int | None = None
    """The office that handed it over."""
    reference: str = ""

    def check(self, context: Context) -> None:
        """Whoever may open disputes; every party fits."""
        self.opening.check(context)
        wrong: dict[str, Text] = {}
        if len(self.parties) > MOST_PARTIES:
            wrong["parties"] = say("party.too_many", most=MOST_PARTIES)
        for index, party in enumerate(self.parties):
            wrong |= {f"parties-{index}-{name}": text for name, text in party.wrong().items()}
        known = Organisation.objects.filter(active=True, kind__in=RESULT)
        if self.from_id is not None and not known.filter(pk=self.from_id).exists():
            wrong["from_office"] = say("handover.no_office")
        if self.from_id is None and self.opening.data.get("how_found") == "referred":
            wrong["from_office"] = say("handover.which")
        reason = short(self.reference, 60, required=False)
        if reason is not None:
            wrong["reference"] = reason
        refuse(wrong)

    def change(self, context: Context) -> Case:
        """Open the case, keep the parties and where it came from."""
        case = self.opening.change(context)
        for party in self.parties:
            kept = party.keep(case)
            tell(case, "party_added", context, number=kept.number)
        if self.from_id is not None:
            take_in(case, self.from_id, str(say("handover.at_intake")), self.reference, context)
        return case

    def record(self, result: Case) -> Record:
        """Which case, with how many parties."""
        opened = self.opening.record(result)
        detail: Mapping[str, Any] = {**opened.detail, "parties": len(self.parties), "from": self.from_id}
        return Record(
            action=self.name,
            subject_kind=opened.subject_kind,
            subject_id=opened.subject_id,
            station=opened.station,
            detail=detail,
        )
