"""An account's dates as iCalendar: deadlines of its cases, and what features add, such as hearings."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from icalendar import Calendar, Event

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.cautions import caution_of
from linli.web.foundation.casework.selectors import Filters, case_page
from linli.web.foundation.screens.wording import phrase

__all__ = ["Date", "calendar_of", "register_dates"]


@dataclass(frozen=True, kw_only=True)
class Date:
    """Something on a day or at a time. The title names the case, never a person."""

    id: str
    title: str
    start: dt.datetime
    minutes: int = 30
    place: str = ""


Dates = Callable[[Actor, dt.datetime], Iterable[Date]]
_SOURCES: list[Dates] = []


def register_dates(source: Dates) -> None:
    """Add a source of dates; called by an app's ``ready``."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def _deadlines(actor: Actor, at: dt.datetime) -> Iterable[Date]:
    page = case_page(actor, Filters(mine=True, status="open"), at=at, size=200, order="due")
    for case in page.cases:
        if case.due_at is not None:
            title = phrase("exchange:calendar.due", number=case.number).in_(actor.language)
            moves = caution_of(case, case.due_at)
            if moves is not None:
                title = f"{title} · {moves.in_(actor.language)}"
            yield Date(id=f"case-{case.number}-due", title=title, start=case.due_at)


def calendar_of(actor: Actor, at: dt.datetime) -> bytes:
    """The calendar of an actor as an .ics file."""
    made = Calendar()
    made.add("prodid", "-//Linli//zh")
    made.add("version", "2.0")
    made.add("x-wr-calname", phrase("exchange:calendar.name", name=actor.name).in_(actor.language))
    for source in (_deadlines, *_SOURCES):
        for date in source(actor, at):
            made.add_component(_event(date, at))
    return bytes(made.to_ical())


def _event(date: Date, at: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{date.id}@linli")
    event.add("dtstamp", at)
    event.add("dtstart", date.start.astimezone(dt.UTC))
    event.add("dtend", (date.start + dt.timedelta(minutes=date.minutes)).astimezone(dt.UTC))
    event.add("summary", date.title)
    if date.place:
        event.add("location", date.place)
    return event
