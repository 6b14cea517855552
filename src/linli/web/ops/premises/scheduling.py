"""When premises are due: so many months after the last inspection, by kind and class."""

import calendar
import datetime as dt
from collections.abc import Mapping

from linli.web.ops.premises.checklists import shipped_months
from linli.web.ops.premises.models import Interval, Premises

__all__ = ["Months", "due_after", "months_in_force", "next_due"]

Months = Mapping[tuple[str, str], int]


def months_in_force() -> Months:
    """Months between two inspections: what staff have set, else what is shipped; one query."""
    changed = {(row.kind, row.schedule_class): row.months for row in Interval.objects.all()}
    return {**shipped_months(), **changed}


def due_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def next_due(premises: Premises, months: Months, registered_on: dt.date) -> dt.date:
    """The day of the next inspection at the latest: counted from the last one, else from registration."""
    since = premises.inspected_on or registered_on
    return due_after(since, months[premises.kind, premises.schedule_class])
