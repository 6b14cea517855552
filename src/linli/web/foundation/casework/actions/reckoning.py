"""A case's deadlines are worked out anew when the calendar has changed: on record, the old promise kept.

Deadlines stored before that was kept which they come of are held against the calendar of that time, which
knew no lunar holidays: what they come of is found again, or else is what was left of them when it was asked.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from django.db.models import Q
from django.utils import timezone

from linli.kernel.calendar import LAST_KNOWN, Announced, WorkingCalendar, add_working, working_between
from linli.kernel.texts import Text
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import Context, perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.calendars.reworking import Follower
from linli.web.foundation.casework import clocks
from linli.web.foundation.casework.actions.base import CaseAction, notify, say, write_event
from linli.web.foundation.casework.actions.moving import DEADLINE_FIELDS, deadlines_of, save_deadlines
from linli.web.foundation.casework.models import Case, Notice
from linli.web.foundation.casework.receivers import handlers_of
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.versions import spec_or_none

__all__ = ["FOLLOWER", "Reckon", "refuse_people", "tell_once"]

_FIXED: Final = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


def refuse_people(context: Context) -> None:
    """Only jobs work deadlines out anew."""
    if not context.actor.is_system:
        raise Forbidden(say("case.forbidden"))


def tell_once(users: list[int], case: Case, at: dt.datetime) -> None:
    """Tell people of a moved deadline; not those who have not read yet that it moved."""
    unread = Notice.objects.filter(case=case, kind="reckoned", read_at=None, user_id__in=users)
    known = set(unread.values_list("user_id", flat=True))
    notify([user for user in users if user not in known], case, "reckoned", at)


@dataclass(frozen=True, kw_only=True)
class Reckon(CaseAction):
    """Work a case's deadlines out anew by the calendar in use."""

    name: ClassVar[str] = "case.reckon"

    def check(self, context: Context) -> None:
        """Only the job that follows the calendar does this."""
        refuse_people(context)
        self.locked()

    def change(self, context: Context) -> Case:
        """Put the deadlines on the case; where one moved, write it down and tell whoever has it in hand."""
        case, spec = self.locked(), self.spec()
        before, after = _before_and_after(case, spec, context.at)
        save_deadlines(case, spec, after)
        moved = _moved(before, after)
        if moved:
            case_moved = before.case_due != after.case_due
            words = _words(before.case_due, after.case_due) if case_moved else None
            detail = moved if words is None else {**moved, "zh": words.zh, "en": words.en}
            write_event(case, "reckoned", context, detail=detail, public=words is not None)
            tell_once(handlers_of(case, context.at), case, context.at)
        case.save(update_fields=[*DEADLINE_FIELDS, "revision"])
        return case


def _before_and_after(
    case: Case, spec: TypeSpec, at: dt.datetime
) -> tuple[clocks.Deadlines, clocks.Deadlines]:
    before = deadlines_of(case)
    known = _found_again(case, spec, before, at)
    state = spec.state_by_id[case.state]
    return before, clocks.reckoned_again(spec, state, known, station=case.station_code)


def _moved(before: clocks.Deadlines, after: clocks.Deadlines) -> Mapping[str, Any]:
    """Which deadlines moved, each from when to when."""
    pairs = {"state": (before.state_due, after.state_due), "case": (before.case_due, after.case_due)}
    return {
        clock: [None if due is None else due.isoformat() for due in pair]
        for clock, pair in pairs.items()
        if pair[0] != pair[1]
    }


def _words(old: dt.datetime | None, new: dt.datetime | None) -> Text | None:
    if old is None or new is None:
        return None
    shown = (timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") for moment in (old, new))
    return say("reckoned.case", old=next(shown), new=next(shown))


def _of_before() -> WorkingCalendar:
    """The calendar of before lunar holidays were known: years without a notice by fixed dates alone."""
    years = range(LAST_KNOWN + 1, LAST_KNOWN + 11)
    notices = [
        Announced(year=y, rest=frozenset(dt.date(y, *day) for day in _FIXED), worked=frozenset())
        for y in years
    ]
    return WorkingCalendar(zone=clocks.zone(), announced=tuple(notices))


def _found_again(case: Case, spec: TypeSpec, found: clocks.Deadlines, at: dt.datetime) -> clocks.Deadlines:
    """Deadlines with what they were reckoned from, where that was not kept at the time."""
    state = spec.state_by_id[case.state]
    of_state = (state.calendar or spec.calendar) == "working" and state.due_hours is not None
    if found.state_stretch is None and found.state_due is not None and of_state:
        stretch = clocks.Stretch(case.state_since, dt.timedelta(hours=state.due_hours or 0))
        # One that is another was set as a date: it stays.
        if add_working(stretch.start, stretch.length, _of_before()) == found.state_due:
            found = replace(found, state_stretch=stretch)
    if found.case_stretch is None and found.case_due is not None and spec.calendar == "working":
        found = replace(found, case_stretch=_of_case(case, spec, found.case_due, at))
    return found


def _of_case(case: Case, spec: TypeSpec, due: dt.datetime, at: dt.datetime) -> clocks.Stretch | None:
    category = spec.category_by_id.get(case.category)
    hours = (category.due_hours if category is not None else None) or spec.due_hours
    old = _of_before()
    if hours is not None:
        whole = clocks.Stretch(case.opened_at, dt.timedelta(hours=hours))
        if add_working(whole.start, whole.length, old) == due:
            return whole
    # It stood still for a while, or came of another case: what is left of it now is what counts.
    return clocks.Stretch(at, working_between(at, due, old)) if due > at else None


def _rework(pk: int, at: dt.datetime) -> None:
    """One case; nothing is written, nor logged, where nothing moves."""
    case = Case.objects.get(pk=pk)
    spec = spec_or_none(case)
    if spec is None or case.state not in spec.state_by_id:
        return
    before, after = _before_and_after(case, spec, at)
    left = None if after.remaining is None else int(after.remaining.total_seconds())
    known = replace(before, remaining=None) == replace(after, remaining=None)
    if not known or left != case.remaining_seconds:
        perform(Reckon(case_id=pk), SYSTEM, at)


def _after(cursor: int, most: int) -> list[int]:
    dated = Q(state_due_at__isnull=False) | Q(case_due_at__isnull=False) | Q(remaining_seconds__isnull=False)
    rows = Case.objects.filter(dated, closed_at__isnull=True, pk__gt=cursor).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:most])


FOLLOWER: Final = Follower(name="cases", after=_after, rework=_rework)
