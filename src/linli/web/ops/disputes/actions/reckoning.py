"""Until when a hand-over is to be acknowledged is worked out anew when the calendar has changed."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import Context, perform
from linli.web.foundation.calendars.reworking import Follower
from linli.web.foundation.casework.actions.base import CaseAction, write_event
from linli.web.foundation.casework.actions.reckoning import refuse_people, tell_once
from linli.web.foundation.casework.clocks import time_of
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.receivers import handlers_of, people_of
from linli.web.ops.disputes.actions.handing import ACKNOWLEDGE_WITHIN
from linli.web.ops.disputes.models import Handover

__all__ = ["FOLLOWER", "ReckonHandover"]


def _due(handover: Handover) -> dt.datetime:
    time = time_of("working", handover.case.station_code)
    return time.after(handover.handed_at, ACKNOWLEDGE_WITHIN)


@dataclass(frozen=True, kw_only=True)
class ReckonHandover(CaseAction):
    """Work out anew until when one hand-over is to be acknowledged."""

    name: ClassVar[str] = "dispute.reckon"
    handover_id: int

    def check(self, context: Context) -> None:
        """Only the job that follows the calendar does this."""
        refuse_people(context)
        self.locked()

    def change(self, context: Context) -> Case:
        """Put the new day beside the old one in the history, and tell both offices."""
        case = self.locked()
        handover = Handover.objects.select_related("case").get(pk=self.handover_id, case=case)
        old, handover.acknowledge_by = handover.acknowledge_by, _due(handover)
        if handover.acknowledge_by > context.at:
            handover.reminded_at = None
        handover.save(update_fields=["acknowledge_by", "reminded_at"])
        moved = [old.isoformat(), handover.acknowledge_by.isoformat()]
        write_event(case, "reckoned", context, detail={"handover": moved})
        case.save(update_fields=["revision"])
        people = people_of(handover.organisation_id, case, context.at)
        tell_once([*handlers_of(case, context.at), *people], case, context.at)
        return case


def _waiting(cursor: int, most: int) -> list[int]:
    rows = Handover.objects.filter(
        direction=Handover.Direction.OUT, acknowledged_at=None, returned_at=None, pk__gt=cursor
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


def _rework(pk: int, at: dt.datetime) -> None:
    handover = Handover.objects.select_related("case").get(pk=pk)
    if _due(handover) != handover.acknowledge_by:
        perform(ReckonHandover(case_id=handover.case_id, handover_id=pk), SYSTEM, at)


FOLLOWER: Final = Follower(name="handovers", after=_waiting, rework=_rework)
