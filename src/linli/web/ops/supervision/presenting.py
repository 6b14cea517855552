"""The home page's part, and the check on the page of its finding."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Case
from linli.web.foundation.screens.wording import language, said
from linli.web.ops.supervision.models import Check, Finding
from linli.web.ops.supervision.reach import may_check, may_look, supervises
from linli.web.ops.supervision.selectors import checks, findings, publications
from linli.web.ops.supervision.sheets import sheets

__all__ = ["TONES", "card_context", "finding_panel", "shown_rows"]

TONES: Mapping[str, str] = {
    "planned": "info", "done": "good", "cancelled": "neutral",
    "met": "good", "late": "danger", "in_time": "info", "unknown": "neutral",
    "empty": "danger", "short": "warning", "staffed": "good",
}  # fmt: skip
"""The tone of each state that a page shows."""


def card_context(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """Findings that are open and late, checks still to be made, and who is late by the last publication."""
    if not may_look(actor):
        return {}
    open_ = findings(actor).filter(closed_at__isnull=True)
    day = local_day(at)
    latest = publications(actor).first()
    late = [] if latest is None else [row for row in latest.rows if row["progress"] == "late"]
    context = {
        "open": open_.count(),
        "late": sum(1 for fix_by in open_.values_list("data__fix_by", flat=True) if _past(fix_by, day)),
        "to_make": checks(actor).filter(status=Check.Status.PLANNED).count() if supervises(actor) else 0,
        "norms_late": len(late),
        "day": None if latest is None else latest.day,
    }
    return context if any((context["open"], context["to_make"], context["norms_late"])) else {}


def _past(fix_by: Any, day: dt.date) -> bool:
    return isinstance(fix_by, str) and fix_by < day.isoformat()


def finding_panel(case: Case, actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """The check that a finding is from, the line of its sheet, and whether its day has passed."""
    found = Finding.objects.filter(case=case).select_related("check_done__round").first()
    fix_by = case.data.get("fix_by", "")
    late = case.is_open and _past(fix_by, local_day(at))
    if found is None:
        return {"finding": {"fix_by": fix_by, "late": late}}
    check = found.check_done
    line = next((one for one in sheets()[check.round.kind].lines if one.id == found.item), None)
    return {
        "finding": {
            "check": check if may_check(actor, check) else None,
            "line": "" if line is None else said(line.name),
            "clause": "" if line is None else line.clause,
            "fix_by": fix_by,
            "late": late,
        }
    }


def shown_rows(rows: list[dict[str, Any]], stations: Mapping[str, str]) -> list[dict[str, Any]]:
    """Kept norms in the language of the request, with names of the stations that are late."""
    spoken = language()
    return [
        {
            **row,
            "title": row["title"][spoken],
            "asked": [text[spoken] for text in row["asked"]],
            "due": dt.date.fromisoformat(row["due"]),
            "late": [stations.get(code, code) for code in row["late"]],
            "tone": TONES[row["progress"]],
        }
        for row in rows
    ]
