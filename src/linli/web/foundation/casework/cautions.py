"""Which dates of a case may still move: those that working days led to, behind what the notices settle."""

import datetime as dt

from linli.kernel.texts import Text
from linli.web.foundation.calendars.reading import caution
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.types.versions import spec_or_none

__all__ = ["caution_of", "comes_of_working_days"]


def comes_of_working_days(case: Case, due: dt.datetime | None) -> bool:
    """Whether one of a case's dates was reckoned in working time; not one that was set as a date."""
    spec = spec_or_none(case)
    if spec is None or due is None:
        return False
    state = spec.state_by_id.get(case.state)
    if due == case.state_due_at and case.state_for is not None and state is not None:
        return (state.calendar or spec.calendar) == "working"
    return due == case.case_due_at and case.case_for is not None and spec.calendar == "working"


def caution_of(case: Case, due: dt.datetime | None) -> Text | None:
    """What is said beside a date of an open case; ``None`` where it will not move."""
    if case.closed_at is not None or not comes_of_working_days(case, due):
        return None
    return caution(due, case.station_code)
