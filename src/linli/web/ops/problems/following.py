"""What a problem place's steps demand of its plan: told by casework at the end of every change."""

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict
from linli.web.foundation.casework.models import Case
from linli.web.ops.problems.models import Measure

__all__ = ["hold_to_plan"]

say = catalogue("linli.web.ops.problems")


def hold_to_plan(case: Case, action: str, context: Context) -> None:
    """No plan without measures, no check while some are open, no second start without one that is."""
    if case.case_type != "problem_place" or action != "case.move":
        return
    if case.state not in ("planned", "check"):
        return
    measures = list(Measure.objects.filter(case=case))
    if case.state == "planned" and not any(one.is_open for one in measures):
        raise Conflict(say("no_measures"))
    left = sum(one.is_open for one in measures)
    if case.state == "check" and left:
        raise Conflict(say("measures_open", count=left))
    if case.state == "check" and not any(one.done_at for one in measures):
        raise Conflict(say("nothing_done"))
