"""An auditor gives a verdict on a time that somebody broke the glass."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.actions.base import notify
from linli.web.foundation.casework.models import EmergencyAccess

__all__ = ["ReviewEmergency"]

say = catalogue("linli.web.foundation.audit")
LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class ReviewEmergency(Action[EmergencyAccess]):
    """Say whether it was justified; who did it is told, and where it was not, the chief of the place too."""

    name: ClassVar[str] = "audit.review_emergency"
    emergency_id: int
    justified: bool
    verdict: str

    def check(self, context: Context) -> None:
        """An auditor, another person's access, not reviewed yet, with a reason."""
        found = self._locked()
        case = found.case
        subject = Subject(kind="audit", station=case.station_code)
        if not may(context.actor, "approve", subject):
            raise Forbidden(say("review.forbidden"))
        if found.user_id == context.actor.user_id:
            raise Forbidden(say("review.not_ones_own"))
        if found.reviewed_at is not None:
            raise Conflict(say("review.already"))
        if not self.verdict.strip() or len(self.verdict.strip()) > LONGEST:
            wrong = say("review.no_verdict", most=LONGEST)
            raise Invalid(wrong, {"verdict": wrong})

    def _locked(self) -> EmergencyAccess:
        found = EmergencyAccess.objects.select_for_update(of=("self",)).select_related("case")
        one = found.filter(pk=self.emergency_id).first()
        if one is None:
            raise Missing(say("review.missing"))
        return one

    def change(self, context: Context) -> EmergencyAccess:
        """Write the verdict and tell people."""
        found = self._locked()
        found.reviewed_by_id, found.reviewed_at = context.actor.user_id, context.at
        found.justified, found.verdict = self.justified, self.verdict.strip()
        found.save(update_fields=["reviewed_by", "reviewed_at", "justified", "verdict"])
        told = [found.user_id]
        if not self.justified:
            station = Organisation.objects.filter(kind="station", station_code=found.case.station_code)
            told += holders({"chief"}, context.at, organisation_ids=set(station.values_list("pk", flat=True)))
        kind = "emergency_justified" if self.justified else "emergency_unjustified"
        notify(told, found.case, kind, context.at)
        return found

    def record(self, result: EmergencyAccess) -> Record:
        """Which case, whose access, and how it was judged."""
        case = result.case
        detail: Mapping[str, Any] = {
            "number": case.number,
            "account": result.user_id,
            "justified": self.justified,
        }
        return Record(
            action=self.name,
            subject_kind="case",
            subject_id=str(case.pk),
            station=case.station_code,
            detail=detail,
        )
