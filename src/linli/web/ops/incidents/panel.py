"""The units' part of an incident's page: who was sent when and why, and what each may report now."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.subjects import may_case
from linli.web.ops.incidents.forms import words
from linli.web.ops.incidents.models import Dispatch
from linli.web.ops.incidents.units import UNDER_WAY

__all__ = ["units_panel"]


def units_panel(case: Case, actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """One query for the dispatches."""
    sent = list(Dispatch.objects.filter(case=case).select_related("unit"))
    under_way = case.state in UNDER_WAY and case.closed_at is None and case.merged_into_id is None
    works = may_case(actor, "work", case, at)
    waiting = case.state == "received" and case.merged_into_id is None
    can_send = (under_way or waiting) and may_case(actor, "assign", case, at)
    if not sent and not can_send:
        return {}
    return {
        "number": case.number,
        "sent": [_line(one, reports=works and under_way) for one in sent],
        "can_send": can_send,
        "waiting": waiting,
        "revision": case.revision,
        "submission": uuid.uuid4().hex,
    }


def _line(one: Dispatch, *, reports: bool) -> dict[str, Any]:
    open_ = one.cleared_at is None and reports
    steps = []
    if open_ and one.arrived_at is None:
        steps = ["arrive"] if one.accepted_at is not None else ["accept", "arrive"]
    return {
        "dispatch": one,
        "kind": words(f"kind.{one.unit.kind}"),
        "minutes": None if one.arrived_at is None else _minutes(one.dispatched_at, one.arrived_at),
        "steps": [(step, words(f"report.{step}")) for step in [*steps, *(["clear"] if open_ else [])]],
    }


def _minutes(start: dt.datetime, end: dt.datetime) -> int:
    return round((end - start).total_seconds() / 60)
