"""What can be done with a dispute: for each step its action, its form, and when it is offered."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linli.web.foundation.accounts.access import may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.subjects import may_own, subject_of
from linli.web.ops.disputes.actions.agreeing import KeepSigned, ReachAgreement, Term
from linli.web.ops.disputes.actions.base import DisputeAction
from linli.web.ops.disputes.actions.fulfilling import CheckKept, MarkObligation, Relapse
from linli.web.ops.disputes.actions.handing import Acknowledge, GiveBack, HandOver, TakeIn
from linli.web.ops.disputes.actions.mediating import (
    ATTENDEES,
    Appoint,
    Begin,
    CancelSession,
    HoldSession,
    PlanSession,
    SetLevel,
    TakeOn,
)
from linli.web.ops.disputes.actions.parties import AddParty, NewParty, RemoveParty, SetConsent

__all__ = ["STEPS", "Step", "offered"]

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One thing that can be done."""

    action: type[DisputeAction]
    make: Callable[[int, int, Given], DisputeAction]
    """From the case's id, the number of the row that it is about, and what was filled in."""


def _party(case: int, _which: int, given: Given) -> DisputeAction:
    names = ("kind", "side", "unit_name", "name", "phone")
    return AddParty(case_id=case, party=NewParty(**{name: given[name] for name in names}))


def _consent(case: int, which: int, given: Given) -> DisputeAction:
    agrees = given["agrees"] == "yes"
    return SetConsent(case_id=case, number=which, agrees=agrees, told_rights=given["told_rights"])


def _hold(case: int, which: int, given: Given) -> DisputeAction:
    return HoldSession(
        case_id=case,
        number=which,
        outcome=given["outcome"],
        attended={role: given[role] or 0 for role in ATTENDEES},
        note=given["note"],
        next_at=given["next_at"],
        next_place=given["next_place"],
    )


def _agreement(case: int, _which: int, given: Given) -> DisputeAction:
    rows: Sequence[Given] = given["terms"]
    terms = [
        Term(party=int(row["party"]), text=row["text"], due_on=row["due_on"], amount_yuan=row["amount_yuan"])
        for row in rows
    ]
    return ReachAgreement(case_id=case, summary=given["summary"], terms=terms)


def _signed(case: int, _which: int, given: Given) -> DisputeAction:
    file = given["file"]
    content = content_of(file)
    return KeepSigned(case_id=case, signed_on=given["signed_on"], file_name=file.name, content=content)


def _mark(case: int, which: int, given: Given) -> DisputeAction:
    fulfilled = given["fulfilled"] == "yes"
    return MarkObligation(case_id=case, number=which, fulfilled=fulfilled, on=given["on"], note=given["note"])


def _hand_over(case: int, _which: int, given: Given) -> DisputeAction:
    office = int(given["organisation"])
    return HandOver(case_id=case, organisation_id=office, purpose=given["purpose"], reason=given["reason"])


def _take_in(case: int, _which: int, given: Given) -> DisputeAction:
    office = int(given["organisation"])
    return TakeIn(case_id=case, organisation_id=office, reason=given["reason"], reference=given["reference"])


STEPS: Final[Mapping[str, Step]] = {
    "party": Step(AddParty, _party),
    "remove": Step(RemoveParty, lambda case, which, _: RemoveParty(case_id=case, number=which)),
    "consent": Step(SetConsent, _consent),
    "appoint": Step(
        Appoint, lambda case, _, given: Appoint(case_id=case, mediator_id=int(given["mediator"]))
    ),
    "take_on": Step(TakeOn, lambda case, _w, _g: TakeOn(case_id=case)),
    "begin": Step(Begin, lambda case, _w, _g: Begin(case_id=case)),
    "level": Step(
        SetLevel, lambda case, _, given: SetLevel(case_id=case, level=given["level"], reason=given["reason"])
    ),
    "session": Step(
        PlanSession, lambda case, _, given: PlanSession(case_id=case, at=given["at"], place=given["place"])
    ),
    "hold": Step(HoldSession, _hold),
    "cancel": Step(
        CancelSession,
        lambda case, which, given: CancelSession(case_id=case, number=which, reason=given["reason"]),
    ),
    "agreement": Step(ReachAgreement, _agreement),
    "signed": Step(KeepSigned, _signed),
    "mark": Step(MarkObligation, _mark),
    "relapse": Step(Relapse, lambda case, _, given: Relapse(case_id=case, reason=given["reason"])),
    "check": Step(
        CheckKept,
        lambda case, _, given: CheckKept(case_id=case, kept=given["kept"] == "yes", note=given["note"]),
    ),
    "hand_over": Step(HandOver, _hand_over),
    "acknowledge": Step(
        Acknowledge,
        lambda case, which, given: Acknowledge(case_id=case, handover_id=which, reference=given["reference"]),
    ),
    "give_back": Step(
        GiveBack, lambda case, which, given: GiveBack(case_id=case, handover_id=which, note=given["note"])
    ),
    "take_in": Step(TakeIn, _take_in),
}


def offered(case: Case, actor: Actor, at: dt.datetime) -> frozenset[str]:
    """What an actor may do with a dispute in the state that it is in; two queries."""
    if case.merged_into_id is not None:
        return frozenset()
    subject = subject_of(case, at)
    verbs = {verb for verb in ("view", "work", "assign", "share") if may(actor, verb, subject)}
    own = "work" in verbs and may_own(actor, "work", case)
    return frozenset(
        id_
        for id_, step in STEPS.items()
        if step.action.verb in verbs
        and (own or step.action.by_share or step.action.verb != "work")
        and (not step.action.roles or actor.roles & step.action.roles)
        and (not step.action.states or case.state in step.action.states)
    )
