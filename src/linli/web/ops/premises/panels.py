"""What inspections add to other pages: a part of the case's page, a card on the home page."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.subjects import may_case, may_own
from linli.web.ops.premises.actions.steps import CHECKERS, INSPECTION, INSPECTORS
from linli.web.ops.premises.models import Inspection
from linli.web.ops.premises.presenting import inspection_rows
from linli.web.ops.premises.selectors import open_inspections
from linli.web.ops.premises.telling import MANAGER

__all__ = ["SHORT", "home_card", "inspection_panel"]

SHORT = 5


def inspection_panel(case: Case, actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """Premises, sheet and notices of an inspection's case, and what this actor does next."""
    rows = Inspection.objects.select_related("premises", "checklist")
    inspection = rows.filter(case=case).first()
    works = case.closed_at is None and may_own(actor, "work", case)
    answers = case.closed_at is None and may_case(actor, "work", case, at)
    if inspection is None:
        return {"unlinked": True, "number": case.number, "works": works and bool(actor.roles & INSPECTORS)}
    return {
        "inspection": inspection,
        "number": case.number,
        "state": case.state,
        "notices": list(inspection.notices.order_by("-round")),
        "inspects": works and bool(actor.roles & INSPECTORS),
        "checks": works and bool(actor.roles & CHECKERS),
        "answers": answers and bool(actor.roles & (INSPECTORS | {MANAGER})),
    }


def home_card(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """The next inspections of an inspector, or the notices of a unit's manager."""
    if not may_anywhere(actor, "work", INSPECTION):
        return {}
    manages = MANAGER in actor.roles
    states = ("rectifying",) if manages else ("planned", "on_site", "recheck")
    found, _ = open_inspections(actor, at=at, states=states)
    return {"inspections": inspection_rows(found[:SHORT], at), "manages": manages} if found else {}
