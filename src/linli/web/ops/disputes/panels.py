"""A dispute's part of its case's page, and a mediator's dates on the home page."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.roles import is_outside
from linli.web.foundation.casework.models import Case
from linli.web.foundation.screens.wording import said
from linli.web.ops.disputes.actions.base import KIND, local_day
from linli.web.ops.disputes.actions.mediating import ATTENDEES
from linli.web.ops.disputes.asking import offered
from linli.web.ops.disputes.models import Agreement, Handover, Obligation, Session
from linli.web.ops.disputes.selectors import docket, waiting_here

__all__ = ["SHORT", "attendance", "dispute_panel", "docket_card"]

SHORT: Final = 6
TONES: Final = {"open": "info", "fulfilled": "good", "broken": "danger"}


def dispute_panel(case: Case, actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """Parties, sessions, agreements and hand-overs, and what may be done; a constant number of queries."""
    today, told = local_day(at), not is_outside(actor.roles)
    can = offered(case, actor, at)
    agreements = list(case.agreements.prefetch_related("obligations").select_related("scan"))
    last = agreements[-1] if agreements else None
    return {
        "case": case,
        "can": can,
        "parties": list(case.parties.all()),
        "sessions": [_session(one, told=told) for one in case.sessions.all()],
        "agreements": [_agreement(one, today, current=one is last, told=told) for one in agreements],
        "handovers": [_handover(one, actor, at) for one in case.handovers.select_related("organisation")],
        "may_check": "check" in can and last is not None and _checkable(last, today),
        "may_take_on": "take_on" in can and case.assignee_id is None,
    }


def _checkable(agreement: Agreement, today: dt.date) -> bool:
    return agreement.kept is None and agreement.relapsed_on is None and agreement.check_on <= today


def attendance(session: Session) -> list[tuple[str, int]]:
    """Who was there, in numbers, in the order of the form."""
    return [(role, session.attended[role]) for role in ATTENDEES if session.attended.get(role)]


def _session(session: Session, *, told: bool) -> dict[str, Any]:
    """One session; what colleagues noted of it is not for somebody who works elsewhere."""
    return {"row": session, "attended": attendance(session), "note": session.note if told else ""}


def _agreement(agreement: Agreement, today: dt.date, *, current: bool, told: bool) -> dict[str, Any]:
    obligations = [
        {
            "row": one,
            "tone": TONES[one.state],
            "note": one.note if told else "",
            "late": one.state == Obligation.State.OPEN and one.due_on < today,
        }
        for one in agreement.obligations.all()
    ]
    return {"row": agreement, "obligations": obligations, "current": current}


def _handover(handover: Handover, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    return {
        "row": handover,
        "out": handover.direction == Handover.Direction.OUT,
        "here": handover.organisation_id in actor.organisation_ids,
        "late": handover.acknowledged_at is None
        and handover.returned_at is None
        and handover.acknowledge_by < at,
    }


def docket_card(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """What comes next for somebody who mediates, and what their office has to acknowledge."""
    if not may_anywhere(actor, "view", KIND):
        return {}
    coming = [{"next": one, "text": said(one.text), "case": case} for one, case in docket(actor, at)[:SHORT]]
    waiting = waiting_here(actor, at)[:SHORT]
    return {"coming": coming, "waiting": waiting} if coming or waiting else {}
