"""Keeps dispatches in step with their incident, whichever way it moves: a page, the API, a merge, a job."""

from linli.web.foundation.actions.action import Context
from linli.web.foundation.casework.models import Case
from linli.web.ops.incidents.models import Dispatch
from linli.web.ops.incidents.units import KIND, UNDER_WAY

__all__ = ["follow"]


def follow(case: Case, action: str, context: Context) -> None:
    """Free the units of an incident that needs them no longer; let units arrive with their incident.

    Registered as an observer of cases. An incident that comes on scene by its own step, and not by one unit's
    arrival, brings every unit that was on its way.
    """
    if case.case_type != KIND or action == "case.shred":
        return
    held = Dispatch.objects.filter(case=case, cleared_at__isnull=True)
    if case.state not in UNDER_WAY or case.closed_at is not None or case.merged_into_id is not None:
        held.update(cleared_at=context.at)
    elif (
        case.state == "on_scene"
        and case.state_since == context.at
        and not held.exclude(arrived_at=None).exists()
    ):
        held.update(arrived_at=context.at)
