"""A year's notice is entered, corrected or withdrawn, and office hours are set; each change is on record."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.accounts.access import Subject, local_day, may
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.calendars.checking import wrong_hours, wrong_notice
from linli.web.foundation.calendars.models import CalendarState, OfficeHours, YearNotice
from linli.web.foundation.calendars.reading import ROW
from linli.web.foundation.places.locating import current_map

__all__ = ["SUBJECT", "EnterNotice", "SetHours", "WithdrawNotice"]

say = catalogue("linli.web.foundation.calendars")
SUBJECT: Final = Subject(kind="calendar")


def _refuse_others(context: Context) -> None:
    if not may(context.actor, "edit", SUBJECT):
        raise Forbidden(say("forbidden"))


def _refuse(wrong: Mapping[str, Text]) -> None:
    if wrong:
        raise Invalid(next(iter(wrong.values())), dict(wrong))


def _renew() -> None:
    """Another token: every process reads the calendar anew. The row also lets one change wait for another."""
    CalendarState.objects.get_or_create(pk=ROW)
    state = CalendarState.objects.select_for_update().get(pk=ROW)
    state.token = uuid.uuid4().hex
    state.save(update_fields=["token"])


@dataclass(frozen=True, kw_only=True)
class EnterNotice(Action[YearNotice]):
    """Enter the State Council's notice for a year; one entered before is replaced and kept."""

    name: ClassVar[str] = "calendar.enter_notice"
    year: int
    rest: tuple[dt.date, ...]
    worked: tuple[dt.date, ...]
    source: str = ""

    def check(self, context: Context) -> None:
        """Whoever may edit the county's calendar; days that a notice can name."""
        _refuse_others(context)
        _refuse(wrong_notice(self.year, self.rest, self.worked, today=local_day(context.at)))

    def change(self, context: Context) -> YearNotice:
        """Keep it beside the one that it replaces."""
        _renew()
        YearNotice.objects.filter(year=self.year, replaced_at=None).update(replaced_at=context.at)
        return YearNotice.objects.create(
            year=self.year,
            rest=[day.isoformat() for day in sorted(set(self.rest))],
            worked=[day.isoformat() for day in sorted(set(self.worked))],
            source=self.source.strip()[:200],
            entered_by_id=context.actor.user_id,
            entered_at=context.at,
        )

    def record(self, result: YearNotice) -> Record:
        """Which year, and how many days."""
        detail = {"year": result.year, "rest": len(result.rest), "worked": len(result.worked)}
        return Record(action=self.name, subject_kind="calendar", subject_id=str(result.year), detail=detail)


@dataclass(frozen=True, kw_only=True)
class WithdrawNotice(Action[int]):
    """Take back a notice that was entered; the year is reckoned as if there were none."""

    name: ClassVar[str] = "calendar.withdraw_notice"
    year: int

    def check(self, context: Context) -> None:
        """Whoever may edit; a notice that stands."""
        _refuse_others(context)
        if not YearNotice.objects.filter(year=self.year, replaced_at=None).exists():
            raise Missing(say("notice.missing", year=self.year))

    def change(self, context: Context) -> int:
        """Say until when it was in use."""
        _renew()
        YearNotice.objects.filter(year=self.year, replaced_at=None).update(replaced_at=context.at)
        return self.year

    def record(self, result: int) -> Record:
        """Which year."""
        return Record(action=self.name, subject_kind="calendar", subject_id=str(result))


@dataclass(frozen=True, kw_only=True)
class SetHours(Action[OfficeHours]):
    """Set the county's or a station's office hours from a day on; nothing for a station: the county's."""

    name: ClassVar[str] = "calendar.set_hours"
    station: str = ""
    since: dt.date
    periods: tuple[tuple[dt.time, dt.time], ...]

    def check(self, context: Context) -> None:
        """Whoever may edit; a known station, a day that is not over, hours in order."""
        _refuse_others(context)
        current = current_map()
        stations = () if current is None else tuple(current.stations)
        wrong: dict[str, Text] = {}
        if self.station and self.station not in stations:
            wrong["station"] = say("hours.no_station", station=self.station[:40])
        if self.since < local_day(context.at):
            wrong["since"] = say("hours.past")
        refused = wrong_hours(self.periods, may_be_empty=bool(self.station))
        _refuse({**wrong, **({} if refused is None else {"periods": refused})})

    def change(self, context: Context) -> OfficeHours:
        """Keep them beside those set before for the same day."""
        _renew()
        same = OfficeHours.objects.filter(station_code=self.station, valid_from=self.since, replaced_at=None)
        same.update(replaced_at=context.at)
        return OfficeHours.objects.create(
            station_code=self.station,
            valid_from=self.since,
            periods=[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in self.periods],
            entered_by_id=context.actor.user_id,
            entered_at=context.at,
        )

    def record(self, result: OfficeHours) -> Record:
        """Whose hours, from when."""
        detail: Mapping[str, Any] = {"from": result.valid_from.isoformat(), "periods": result.periods}
        return Record(
            action=self.name,
            subject_kind="calendar",
            subject_id=result.station_code or "county",
            station=result.station_code,
            detail=detail,
        )
