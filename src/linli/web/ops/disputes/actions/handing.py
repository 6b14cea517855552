"""Hand-over to court, police or petition office, and from them; the receiving office acknowledges (Q5)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Missing
from linli.web.foundation.casework.actions.base import notify
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.clocks import time_of
from linli.web.foundation.casework.models import Case, Share
from linli.web.foundation.casework.receivers import handlers_of, watchers, works_still
from linli.web.ops.disputes.actions.base import DisputeAction, refuse, say, short, step, tell
from linli.web.ops.disputes.models import Handover

__all__ = ["ACKNOWLEDGE_WITHIN", "Acknowledge", "GiveBack", "HandOver", "TakeIn", "take_in"]

ACKNOWLEDGE_WITHIN: Final = dt.timedelta(hours=21)
"""Three working days of seven hours."""
RESULT: Final = {"court": "to_court", "station": "to_police", "bureau": "to_police", "partner": "to_office"}
"""How a dispute ends that goes to an organisation of some kind."""


def _office(id_: int, case: Case) -> Organisation | None:
    found = Organisation.objects.filter(pk=id_, active=True, kind__in=RESULT).first()
    return None if found is None or found.pk == case.organisation_id else found


def _receiver(id_: int, case: Case, at: dt.datetime) -> Organisation | None:
    """Another office of a fitting kind where somebody would see the case."""
    found = watchers(case.case_type, at).filter(pk=id_, kind__in=RESULT).first()
    return None if found is None or found.pk == case.organisation_id else found


@dataclass(frozen=True, kw_only=True)
class HandOver(DisputeAction):
    """Hand a dispute over to another office, or only ask it something; it sees the case from now on."""

    name: ClassVar[str] = "dispute.hand_over"
    verb: ClassVar[str] = "share"
    states: ClassVar[tuple[str, ...]] = ("found", "accepted", "mediating", "waiting", "agreed")
    organisation_id: int
    purpose: str
    reason: str

    def check_dispute(self, case: Case, context: Context) -> None:
        """A known office, a purpose, a reason; no hand-over to it is open."""
        wrong: dict[str, Text] = {}
        if _receiver(self.organisation_id, case, context.at) is None:
            wrong["organisation"] = say("handover.no_office")
        if self.purpose not in Handover.Purpose.values:
            wrong["purpose"] = say("handover.no_purpose")
        reason = short(self.reason, 300)
        if reason is not None:
            wrong["reason"] = reason
        refuse(wrong)
        waiting = Handover.objects.filter(case=case, organisation_id=self.organisation_id, direction="out")
        if waiting.filter(returned_at__isnull=True).exists():
            raise Conflict(say("handover.already"))
        if self.purpose == Handover.Purpose.WHOLE:
            self.check_closing(case)

    def change(self, context: Context) -> Case:
        """Share the case, keep the hand-over, and take the step where the whole dispute goes."""
        self._share(context)
        case = Case.objects.get(pk=self.case_id)
        office = Organisation.objects.get(pk=self.organisation_id)
        Handover.objects.create(
            case=case,
            direction=Handover.Direction.OUT,
            purpose=self.purpose,
            organisation=office,
            reason=self.reason.strip(),
            handed_at=context.at,
            handed_by_id=context.actor.user_id,
            acknowledge_by=time_of("working", case.station_code).after(context.at, ACKNOWLEDGE_WITHIN),
        )
        if self.purpose == Handover.Purpose.QUESTION:
            tell(case, "asked_office", context, text=self.reason, office=office.name)
            return case
        return step(case, "hand_over", context, result=RESULT[office.kind], note=self.reason)

    def _share(self, context: Context) -> None:
        shares = Share.objects.filter(
            case_id=self.case_id, organisation_id=self.organisation_id, ended_at=None
        )
        if not shares.filter(until__isnull=True).exists():
            share = ShareCase(case_id=self.case_id, organisation_id=self.organisation_id, reason=self.reason)
            share.change(context)

    def detail(self) -> Mapping[str, Any]:
        """To whom and for what."""
        return {"organisation": self.organisation_id, "purpose": self.purpose}


def _waiting_for(handover: Handover, case: Case, at: dt.datetime) -> list[int]:
    """Who handed it over; where that person has left, whoever has the case in hand now."""
    giver = handover.handed_by_id
    return [giver] if giver is not None and works_still(giver, case, at) else handlers_of(case, at)


@dataclass(frozen=True, kw_only=True)
class _Receiving(DisputeAction):
    """Something that only the receiving office does, by the share that came with the hand-over."""

    by_share: ClassVar[bool] = True

    roles: ClassVar[frozenset[str]] = frozenset({"partner", "chief", "officer", "mediator"})
    handover_id: int

    def handover(self, case: Case) -> Handover:
        """The hand-over, out to another office and not given back."""
        found = Handover.objects.select_related("organisation").filter(pk=self.handover_id, case=case).first()
        if found is None or found.direction != Handover.Direction.OUT or found.returned_at is not None:
            raise Missing(say("handover.missing"))
        return found

    def check_dispute(self, case: Case, context: Context) -> None:
        """The actor works at the office."""
        if self.handover(case).organisation_id not in context.actor.organisation_ids:
            raise Forbidden(say("handover.not_yours"))
        self.check_handover(self.handover(case))

    def check_handover(self, handover: Handover) -> None:
        """More reasons to refuse."""

    def detail(self) -> Mapping[str, Any]:
        """Which hand-over."""
        return {"handover": self.handover_id}


@dataclass(frozen=True, kw_only=True)
class Acknowledge(_Receiving):
    """The receiving clerk acknowledges a hand-over; the date is kept."""

    name: ClassVar[str] = "dispute.acknowledge"
    reference: str = ""

    def check_handover(self, handover: Handover) -> None:
        """Not acknowledged yet; the office's own number fits."""
        if handover.acknowledged_at is not None:
            raise Conflict(say("handover.acknowledged"))
        reason = short(self.reference, 60, required=False)
        refuse({} if reason is None else {"reference": reason})

    def change(self, context: Context) -> Case:
        """Keep who and when, and tell the one who handed over."""
        case = self.locked()
        handover = self.handover(case)
        handover.acknowledged_at, handover.acknowledged_by_id = context.at, context.actor.user_id
        handover.reference = self.reference.strip()
        handover.save(update_fields=["acknowledged_at", "acknowledged_by", "reference"])
        tell(case, "acknowledged", context, office=handover.organisation.name)
        notify(_waiting_for(handover, case, context.at), case, "moved", context.at)
        return case


@dataclass(frozen=True, kw_only=True)
class GiveBack(_Receiving):
    """The receiving office gives the dispute back, or answers; it sees the case no longer."""

    name: ClassVar[str] = "dispute.give_back"
    note: str

    def check_handover(self, handover: Handover) -> None:
        """It says why, or what it found."""
        reason = short(self.note, 300)
        refuse({} if reason is None else {"note": reason})

    def change(self, context: Context) -> Case:
        """Keep the answer, end the share, and take the step where the whole dispute had gone."""
        case = self.locked()
        handover = self.handover(case)
        if handover.acknowledged_at is None:
            handover.acknowledged_at, handover.acknowledged_by_id = context.at, context.actor.user_id
        handover.returned_at, handover.return_note = context.at, self.note.strip()
        handover.save()
        # By whatever kind of share it saw the dispute: what is given back is seen there no longer.
        shares = case.shares.filter(organisation_id=handover.organisation_id, ended_at=None)
        shares.update(ended_at=context.at)
        tell(case, "given_back", context, text=self.note, office=handover.organisation.name)
        notify(_waiting_for(handover, case, context.at), case, "moved", context.at)
        if handover.purpose == Handover.Purpose.WHOLE and case.state == "handed_over":
            return step(case, "give_back", context, note=self.note)
        return case


def take_in(case: Case, organisation_id: int, reason: str, reference: str, context: Context) -> None:
    """Keep that a dispute came from another office; that it was entered here is its acknowledgement."""
    Handover.objects.create(
        case=case,
        direction=Handover.Direction.IN,
        organisation_id=organisation_id,
        reason=reason.strip(),
        reference=reference.strip(),
        handed_at=context.at,
        acknowledge_by=context.at,
        acknowledged_at=context.at,
        acknowledged_by_id=context.actor.user_id,
    )
    office = Organisation.objects.get(pk=organisation_id)
    tell(case, "taken_in", context, office=office.name)


@dataclass(frozen=True, kw_only=True)
class TakeIn(DisputeAction):
    """Note that a dispute was handed over to us by a court, the police or another office."""

    name: ClassVar[str] = "dispute.take_in"
    states: ClassVar[tuple[str, ...]] = ("found", "accepted")
    organisation_id: int
    reason: str
    reference: str = ""

    def check_dispute(self, case: Case, context: Context) -> None:
        """A known office and a reason; once."""
        given = {
            "organisation": None if _office(self.organisation_id, case) else say("handover.no_office"),
            "reason": short(self.reason, 300),
            "reference": short(self.reference, 60, required=False),
        }
        refuse({name: reason for name, reason in given.items() if reason is not None})
        if Handover.objects.filter(case=case, direction="in", organisation_id=self.organisation_id).exists():
            raise Conflict(say("handover.already"))

    def change(self, context: Context) -> Case:
        """Keep it."""
        case = self.locked()
        take_in(case, self.organisation_id, self.reason, self.reference, context)
        return case

    def detail(self) -> Mapping[str, Any]:
        """From whom."""
        return {"organisation": self.organisation_id}
