"""Keeps in step with each case what may be told of it by its code, and the five moments of a request."""

import datetime as dt
from typing import Any

from linli.kernel.texts import Text, plain
from linli.web.foundation.actions.action import Context
from linli.web.foundation.casework.cautions import comes_of_working_days
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.versions import spec_or_none
from linli.web.foundation.places.locating import map_of
from linli.web.foundation.places.models import Place
from linli.web.intake.models import Track
from linli.web.ops.requests.five import follow_five

__all__ = ["follow", "told"]


def follow(case: Case, action: str, context: Context) -> None:
    """Called at the end of every change to a case, in its transaction."""
    if action == "case.shred":
        # Whatever its type says by now, or where that is gone.
        Track.objects.filter(number=case.number).delete()
        return
    spec = spec_or_none(case)
    if spec is None or not (spec.public or spec.feedback):
        return
    opened = action == "case.open"
    if opened:
        # Nobody can have written of it before, and what is new needs no lock.
        Track.objects.create(code_hash=case.tracking_hash, **_told(case, spec, context.at))
    else:
        told(case, spec, context.at)
    if case.merged_into is not None:
        told(case.merged_into, spec, context.at)
        # It answers for both now, by the stricter deadline.
        follow_five(case.merged_into, context.at)
    follow_five(case, context.at, opened=opened)


def told(case: Case, spec: TypeSpec, at: dt.datetime) -> Track:
    """Write what may be told of a case."""
    row = {"code_hash": case.tracking_hash, **_told(case, spec, at)}
    if row["listed"] and Track.objects.filter(number=case.number, listed=False).exists():
        # What was sent as nobody's business is not made public by another category afterwards.
        row["listed"] = False
    return Track.objects.update_or_create(number=row.pop("number"), defaults=row)[0]


def _told(case: Case, spec: TypeSpec, at: dt.datetime) -> dict[str, Any]:
    category, state = spec.category_by_id.get(case.category), spec.state_by_id[case.state]
    name = category.name if category is not None else plain(case.category)
    shown = state.public_name or state.name
    result = spec.result_by_id.get(case.result)
    place = _place(case)
    office = case.organisation
    return {
        "number": case.number,
        "case_type": case.case_type,
        "category": case.category,
        "category_name": name.zh,
        "category_name_en": name.en,
        "listed": bool(spec.public and category and category.public and category.listed),
        "office": office.name if office is not None else "",
        "office_en": (office.name_en or office.name) if office is not None else "",
        "place_name": place.name if place is not None else "",
        "longitude": place.longitude if place is not None else None,
        "latitude": place.latitude if place is not None else None,
        "state": case.state,
        "state_name": shown.zh,
        "state_name_en": shown.en,
        "result_name": result.name.zh if result is not None else "",
        "result_name_en": result.name.en if result is not None else "",
        "opened_at": case.opened_at,
        "updated_at": at,
        "first_promised_at": case.promised_at,
        "promised_at": _promised(case, spec),
        "moves": comes_of_working_days(case, _promised(case, spec)),
        "paused": case.closed_at is None and state.kind == "waiting",
        "closed_at": case.closed_at,
        "reopen_until": _reopen_until(case, spec),
        "merged_into": _track_of(case.merged_into),
        **_history(case, spec),
    }


def _place(case: Case) -> Place | None:
    if case.version_id is None or not case.place_code:
        return None
    return map_of(case.version_id).places.get(case.place_code)


def _promised(case: Case, spec: TypeSpec) -> dt.datetime | None:
    """Where the case's clock stands still for the answer alone, the answer's own clock counts."""
    state = spec.state_by_id[case.state]
    if case.case_due_at is None and state.kind == "open":
        return case.state_due_at
    return case.case_due_at


def _reopen_until(case: Case, spec: TypeSpec) -> dt.datetime | None:
    if case.closed_at is None or not spec.feedback:
        return None
    return case.closed_at + dt.timedelta(days=spec.reopen_days)


def _track_of(case: Case | None) -> Track | None:
    return None if case is None else Track.objects.filter(number=case.number).first()


def _history(case: Case, spec: TypeSpec) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"steps": [], "answers": [], "feedback": []}
    for event in case.events.filter(
        kind__in=("opened", "moved", "reopened", "answer", "feedback", "file_refused", "reckoned")
    ):
        moment = event.at.isoformat()
        if event.kind == "answer":
            found["answers"].append({"at": moment, "text": event.text})
        elif event.kind == "reckoned":
            # Only what was promised for the whole; the limits of a step are the office's own.
            if "zh" in event.detail:
                found["steps"].append({"at": moment, "zh": event.detail["zh"], "en": event.detail["en"]})
        elif event.kind == "file_refused":
            found["steps"].append({"at": moment, "zh": event.detail["zh"], "en": event.detail["en"]})
        elif event.kind == "feedback":
            said = {"at": moment, "solved": event.detail.get("solved")}
            if event.detail.get("recorded"):
                said["recorded"] = True
            found["feedback"].append(said)
            found["steps"].append(said)
        else:
            name = _public_name(spec, event.detail.get("to") or event.detail.get("state") or "")
            if name is not None and (not found["steps"] or found["steps"][-1].get("zh") != name.zh):
                found["steps"].append({"at": moment, "zh": name.zh, "en": name.en})
    return found


def _public_name(spec: TypeSpec, state: str) -> Text | None:
    known = spec.state_by_id.get(state)
    return None if known is None else known.public_name or known.name
