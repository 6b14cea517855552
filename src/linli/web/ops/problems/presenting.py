"""A plan as pages show it: its table, the forms for it, and the counts around the place."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Final

from linli.web.foundation.accounts.access import today
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.roles import is_outside
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.receivers import watchers
from linli.web.foundation.casework.subjects import may_case, may_own
from linli.web.ops.problems.forms import MeasureForm, PostponeForm, ProgressForm
from linli.web.ops.problems.models import Measure, Progress
from linli.web.ops.problems.selectors import RADII, late_measures, nearby

__all__ = ["DEFAULT_RADIUS", "card_context", "owners", "panel_context", "plan_rows"]

DEFAULT_RADIUS: Final = 200


def plan_rows(case: Case, actor: Actor, at: dt.datetime) -> list[dict[str, Any]]:
    """The measures of a plan with their progress, as far as the actor is told of it; two queries."""
    day = today(at, zone())
    measures = Measure.objects.filter(case=case).select_related("organisation").prefetch_related("progress")
    return [
        {
            "measure": one,
            "late": one.is_open and one.due < day,
            "progress": [_told(line, actor) for line in one.progress.all()],
            **_state(one, day),
        }
        for one in measures
    ]


def _told(line: Progress, actor: Actor) -> Progress:
    """Who works elsewhere sees how far it is, and of the words only the own."""
    if is_outside(actor.roles) and line.actor_id != actor.user_id:
        line.text = ""
    return line


def _state(measure: Measure, day: dt.date) -> dict[str, str]:
    if measure.dropped_at is not None:
        return {"state": "dropped", "tone": "neutral"}
    if measure.done_at is not None:
        return {"state": "done", "tone": "good"}
    if measure.due < day:
        return {"state": "late", "tone": "danger"}
    return {"state": "open", "tone": "progress" if measure.percent else "info"}


def owners(case: Case, at: dt.datetime) -> list[Organisation]:
    """Who can answer for a measure: the station's area, the bureau, and offices outside the police."""
    kind = Organisation.Kind
    wide = {kind.BUREAU, kind.PARTNER}
    found = Organisation.objects.filter(active=True).only(
        "id", "name", "name_en", "kind", "station_code", "codes"
    )
    own = [o for o in found if o.station_code == case.station_code and o.kind != kind.COMMITTEE]
    places = [o for o in found if o.kind == kind.COMMITTEE and case.place_code in o.codes]
    seeing = set(watchers(case.case_type, at).values_list("pk", flat=True))
    return [*places, *own, *(o for o in found if o.kind in wide and o not in own and o.pk in seeing)]


def panel_context(case: Case, actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """The plan on the case's page."""
    planned = case.is_open and case.merged_into_id is None and case.state != "found"
    may_report = planned and may_case(actor, "work", case, at)
    may_plan = planned and may_own(actor, "work", case)
    plan = plan_rows(case, actor, at)
    for line in plan:
        line["forms"] = may_report and line["measure"].is_open
        if line["forms"]:
            start = {"submission": uuid.uuid4().hex}
            prefix = f"m{line['measure'].pk}"
            line["progress_form"] = ProgressForm(
                auto_id=f"{prefix}_%s", initial={**start, "percent": line["measure"].percent}
            )
            line["postpone_form"] = may_plan and PostponeForm(
                auto_id=f"{prefix}p_%s", initial={"submission": uuid.uuid4().hex, "due": line["measure"].due}
            )
    return {
        "case": case,
        "plan": plan,
        "may_plan": may_plan,
        "measure_form": MeasureForm(owners(case, at), initial={"submission": uuid.uuid4().hex})
        if may_plan
        else None,
        "near": nearby(case, actor, at, DEFAULT_RADIUS),
        "radii": RADII,
    }


def card_context(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """Measures of the actor's own organisations that are late or nearly."""
    found, day = late_measures(actor, at), today(at, zone())
    return {"measures": [(one, one.due < day) for one in found]} if found else {}
