"""Working time: worked by hand across holidays and make-up workdays, and as laws that always hold."""

import datetime as dt
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.calendar import (
    Announced,
    CalendarTime,
    Clock,
    WorkingCalendar,
    WorkingTime,
    add_working,
    working_between,
)
from linli.kernel.errors import LinliError
from linli.kernel.statutory import statutory_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WorkingCalendar(zone=SHANGHAI)
ROUND_THE_CLOCK = ((dt.time(0, 0), dt.time(2, 45)), (dt.time(2, 50), dt.time(23, 59)))
HOUR = dt.timedelta(hours=1)
DAY = 7 * HOUR


def at(text: str) -> dt.datetime:
    """A moment on Shanghai's wall clock, as UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(dt.UTC)


# Guard E
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_what_ends_with_the_last_hour_of_a_year_ends_in_that_year(year: int) -> None:
    closing = at(f"{year}-12-31T17:30")
    for start in (at(f"{year}-12-31T09:00"), at(f"{year}-11-05T10:00"), at(f"{year - 1}-12-20T16:00")):
        assert add_working(start, working_between(start, closing, OFFICE), OFFICE) == closing


class TestDays:
    @pytest.mark.parametrize(
        ("day", "worked"),
        [
            ("2024-09-29", True),  # Sunday, made up for National Day
            ("2024-10-01", False),
            ("2024-10-07", False),
            ("2024-10-08", True),
            ("2024-10-12", True),  # Saturday, made up
            ("2025-01-26", True),  # Sunday, made up for Spring Festival
            ("2025-01-27", True),
            ("2025-01-28", False),  # New Year's Eve, a public holiday since 2025
            ("2025-02-04", False),
            ("2025-02-05", True),
            ("2025-02-08", True),  # Saturday, made up
            ("2026-02-14", True),
            ("2026-02-23", False),
            ("2026-02-28", True),
        ],
    )
    def test_follow_the_state_councils_notices(self, day: str, worked: bool) -> None:
        assert OFFICE.is_workday(dt.date.fromisoformat(day)) is worked
        assert OFFICE.is_certain(dt.date.fromisoformat(day))

    def test_of_a_year_without_a_notice_follow_the_law_and_are_uncertain(self) -> None:
        assert not OFFICE.is_workday(dt.date(2027, 1, 1))
        assert not OFFICE.is_workday(dt.date(2027, 10, 1))
        assert OFFICE.is_workday(dt.date(2027, 1, 4))
        assert not OFFICE.is_workday(dt.date(2027, 1, 9))
        assert not OFFICE.is_certain(dt.date(2027, 1, 4))
        assert not OFFICE.is_certain(dt.date(2003, 6, 2))

    def test_at_the_end_of_the_last_known_year_wait_for_the_next_notice(self) -> None:
        assert OFFICE.known_until == dt.date(2026, 12, 27)
        assert OFFICE.is_certain(dt.date(2026, 12, 27))
        assert not OFFICE.is_certain(dt.date(2026, 12, 28))
        assert OFFICE.is_certain(dt.date(2025, 12, 31))

    def test_that_may_move_are_said_to(self) -> None:
        assert OFFICE.caution(dt.date(2026, 3, 2)) is None
        december, march = OFFICE.caution(dt.date(2026, 12, 30)), OFFICE.caution(dt.date(2027, 3, 2))
        assert december == march
        assert march is not None
        assert "2027" in march.zh
        assert "State Council's calendar for 2027 is not in yet" in march.en

    def test_of_a_notice_entered_by_hand_are_certain(self) -> None:
        notice = Announced(
            year=2027, rest=frozenset({dt.date(2027, 2, 8)}), worked=frozenset({dt.date(2027, 2, 14)})
        )
        office = WorkingCalendar(zone=SHANGHAI, announced=(notice,))
        assert not office.is_workday(dt.date(2027, 2, 8))
        assert office.is_workday(dt.date(2027, 2, 14))
        assert office.is_certain(dt.date(2027, 2, 14))
        assert office.is_certain(dt.date(2026, 12, 31))
        assert office.known_until == dt.date(2027, 12, 27)

    @given(st.dates(dt.date(2004, 1, 1), dt.date(2026, 12, 31)))
    def test_agree_with_the_librarys_own_word(self, day: dt.date) -> None:
        assert OFFICE.is_workday(day) is bool(chinese_calendar.is_workday(day))


class TestByHand:
    @pytest.mark.parametrize(
        ("start", "hours", "due"),
        [
            ("2024-03-05 09:00", 2, "2024-03-05 11:00"),
            ("2024-03-05 11:00", 2, "2024-03-05 15:00"),  # over noon
            ("2024-03-05 08:30", 7, "2024-03-05 17:30"),  # closing time, not the next morning
            ("2024-03-05 20:00", 1, "2024-03-06 09:30"),
            ("2024-03-08 17:00", 1, "2024-03-11 09:00"),  # over a weekend
            # National Day 2024: Sunday 29 and Monday 30 September are worked, 1 to 7 October are not.
            ("2024-09-28 10:00", 14, "2024-09-30 17:30"),
            ("2024-09-30 16:30", 2, "2024-10-08 09:30"),
            ("2024-10-11 17:30", 7, "2024-10-12 17:30"),  # Saturday 12 October is worked
            ("2024-10-12 17:30", 1, "2024-10-14 09:30"),
            # Spring Festival 2025: 28 January to 4 February off, Sunday 26 January and Saturday 8 worked.
            ("2025-01-24 17:30", 21, "2025-02-05 17:30"),
            ("2025-02-07 17:30", 8, "2025-02-10 09:30"),
            # Spring Festival 2026: 15 to 23 February off, Saturdays 14 and 28 worked.
            ("2026-02-13 17:30", 7, "2026-02-14 17:30"),
            ("2026-02-14 16:30", 2, "2026-02-24 09:30"),
            ("2026-02-27 17:30", 7.5, "2026-03-02 09:00"),
            # Looking back: two hours before a deadline.
            ("2024-10-08 09:30", -2, "2024-09-30 16:30"),
            ("2024-03-11 10:30", -2, "2024-03-11 08:30"),
            ("2024-03-05 09:00", 0, "2024-03-05 09:00"),
            ("2024-03-05 03:00", 0, "2024-03-05 03:00"),
        ],
    )
    def test_a_deadline(self, start: str, hours: float, due: str) -> None:
        got = add_working(at(start), hours * HOUR, OFFICE)
        assert got == at(due)
        assert got.tzinfo is dt.UTC

    @pytest.mark.parametrize(
        ("start", "end", "hours"),
        [
            ("2024-03-05 12:30", "2024-03-05 13:30", 0),
            ("2024-03-05 11:30", "2024-03-05 14:30", 1),
            ("2024-09-27 17:30", "2024-10-14 08:30", 7 * 7),  # 29, 30 September; 8 to 12 October
            ("2025-01-25 00:00", "2025-02-09 00:00", 6 * 7),  # 26, 27 January; 5 to 8 February
            ("2026-02-14 00:00", "2026-03-01 00:00", 6 * 7),  # 14; 24 to 28 February
            ("2026-03-01 00:00", "2026-02-14 00:00", -6 * 7),
        ],
    )
    def test_a_spell(self, start: str, end: str, hours: float) -> None:
        assert working_between(at(start), at(end), OFFICE) == hours * HOUR

    def test_2025_has_248_working_days(self) -> None:
        assert working_between(at("2025-01-01"), at("2026-01-01"), OFFICE) == 248 * DAY

    def test_clocks_put_forward_take_their_hour(self) -> None:
        office = WorkingCalendar(zone=BERLIN, hours=((dt.time(0), dt.time(6)),))
        day = dt.datetime(2019, 3, 31, tzinfo=BERLIN)  # a Sunday: not worked; so a year's notice makes it one
        worked = Announced(year=2019, rest=frozenset(), worked=frozenset({day.date(), dt.date(2019, 10, 27)}))
        office = WorkingCalendar(zone=BERLIN, hours=office.hours, announced=(worked,))
        assert working_between(day, day + dt.timedelta(days=1), office) == 5 * HOUR
        back = dt.datetime(2019, 10, 27, tzinfo=BERLIN)
        assert working_between(back, back + dt.timedelta(days=1), office) == 7 * HOUR


MOMENTS = st.datetimes(
    dt.datetime(2003, 6, 1),  # noqa: DTZ001
    dt.datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
DURATIONS = st.timedeltas(dt.timedelta(0), dt.timedelta(days=120))
CLOCKS = st.sampled_from(
    [
        WorkingTime(OFFICE),
        WorkingTime(WorkingCalendar(zone=BERLIN)),
        WorkingTime(WorkingCalendar(zone=BERLIN, hours=ROUND_THE_CLOCK)),
        CalendarTime(),
    ]
)


class TestLaws:
    @given(CLOCKS, MOMENTS, DURATIONS)
    def test_what_is_added_lies_between(self, clock: Clock, start: dt.datetime, span: dt.timedelta) -> None:
        due = clock.after(start, span)
        assert due >= start
        assert clock.between(start, due) == span

    @given(CLOCKS, MOMENTS, DURATIONS)
    def test_looking_back_as_much_is_left(self, clock: Clock, end: dt.datetime, span: dt.timedelta) -> None:
        since = clock.after(end, -span)
        assert since <= end
        assert clock.between(since, end) == span

    @given(CLOCKS, MOMENTS, DURATIONS, DURATIONS)
    def test_adding_twice_is_adding_the_sum(
        self, clock: Clock, start: dt.datetime, a: dt.timedelta, b: dt.timedelta
    ) -> None:
        # Nothing added leaves a moment outside working hours where it is.
        if a and b:
            assert clock.after(clock.after(start, a), b) == clock.after(start, a + b)

    @given(CLOCKS, MOMENTS, MOMENTS, MOMENTS)
    def test_spells_add_up(self, clock: Clock, a: dt.datetime, b: dt.datetime, c: dt.datetime) -> None:
        assert clock.between(a, b) + clock.between(b, c) == clock.between(a, c)

    @given(CLOCKS, MOMENTS, MOMENTS, DURATIONS, DURATIONS)
    def test_later_and_longer_is_never_earlier(
        self, clock: Clock, a: dt.datetime, b: dt.datetime, short: dt.timedelta, more: dt.timedelta
    ) -> None:
        first, second = sorted((a, b))
        assert clock.after(first, short) <= clock.after(second, short)
        assert clock.after(first, short) <= clock.after(first, short + more)

    @given(MOMENTS, MOMENTS)
    def test_working_time_is_at_most_the_time_that_passes(self, a: dt.datetime, b: dt.datetime) -> None:
        first, second = sorted((a, b))
        worked = working_between(first, second, OFFICE)
        assert dt.timedelta(0) <= worked <= second - first


class TestRefuses:
    def test_a_moment_without_a_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            add_working(dt.datetime(2024, 3, 5), HOUR, OFFICE)  # noqa: DTZ001

    @pytest.mark.parametrize(
        "hours",
        [
            (),
            ((dt.time(9), dt.time(9)),),
            ((dt.time(17), dt.time(9)),),
            ((dt.time(9), dt.time(12)), (dt.time(11), dt.time(17))),
            ((dt.time(9, tzinfo=dt.UTC), dt.time(12, tzinfo=dt.UTC)),),
        ],
    )
    def test_hours_that_are_no_working_day(self, hours: tuple[tuple[dt.time, dt.time], ...]) -> None:
        with pytest.raises(LinliError) as refusal:
            WorkingCalendar(zone=SHANGHAI, hours=hours)
        assert "08:30" in refusal.value.text.zh

    def test_a_deadline_beyond_all_years(self) -> None:
        with pytest.raises(LinliError):
            add_working(dt.datetime(9997, 3, 5, tzinfo=dt.UTC), 9999 * HOUR, OFFICE)


def test_a_deadline_takes_microseconds() -> None:
    start = at("2025-01-24 17:30")
    add_working(start, 100 * HOUR, OFFICE)
    began = time.perf_counter()
    for _ in range(1000):
        working_between(start, add_working(start, 100 * HOUR, OFFICE), OFFICE)
    assert time.perf_counter() - began < 0.5


class TestAYearWithoutANotice:
    # Mend 9
    @pytest.mark.parametrize("year", range(2027, 2036))
    def test_does_not_work_on_the_days_of_the_law_lunar_ones_too(self, year: int) -> None:
        days = statutory_days(year)
        assert len(days) == (12 if year in (2028, 2031) else 13)
        assert not any(OFFICE.is_workday(day) for day in days)
        assert {name.en for names in days.values() for name in names} == {
            "New Year's Day", "Spring Festival", "Tomb-sweeping Day", "Labour Day", "Dragon Boat Festival",
            "Mid-autumn Festival", "National Day",
        }  # fmt: skip

    # Mend 9
    def test_knows_spring_festival_of_2027(self) -> None:
        worked = [OFFICE.is_workday(dt.date(2027, 2, day)) for day in range(4, 10)]
        assert worked == [True, False, False, False, False, True]
        assert add_working(at("2027-02-04 17:30"), HOUR, OFFICE) == at("2027-02-09 09:30")

    # Mend 9
    def test_when_mid_autumn_is_a_national_day_has_one_day_with_two_names(self) -> None:
        names = statutory_days(2028)[dt.date(2028, 10, 3)]
        assert [name.zh for name in names] == ["中秋节", "国庆节"]

    # Mend 9
    def test_beyond_the_table_knows_what_is_fixed_by_date(self) -> None:
        assert not OFFICE.is_workday(dt.date(2040, 10, 1))
        assert OFFICE.caution(dt.date(2040, 10, 8)) is not None

    # Mend 9
    def test_agrees_with_the_table_that_it_was_copied_from(self) -> None:
        shared = Path(__file__).parents[3] / "shared" / "data"
        file = shared / "china" / "statutory_days_2027_2035.csv"
        if not file.exists():
            pytest.skip(f"{file} is not there")
        given = {line.split(",")[0] for line in file.read_text("utf-8").splitlines()[1:]}
        assert given == {str(day) for year in range(2027, 2036) for day in statutory_days(year)}


class TestANotice:
    # Mend 9
    def test_may_move_the_last_days_of_the_year_before(self) -> None:
        rest = frozenset({dt.date(2026, 12, 31), dt.date(2027, 1, 1)})
        office = WorkingCalendar(
            zone=SHANGHAI,
            announced=(Announced(year=2027, rest=rest, worked=frozenset({dt.date(2026, 12, 27)})),),
        )
        assert not office.is_workday(dt.date(2026, 12, 31))
        assert office.is_workday(dt.date(2026, 12, 27))
        assert office.is_workday(dt.date(2026, 12, 30))

    # Mend 9
    def test_of_a_later_year_settles_nothing_behind_a_year_that_is_missing(self) -> None:
        notice = Announced(year=2028, rest=frozenset(), worked=frozenset())
        office = WorkingCalendar(zone=SHANGHAI, announced=(notice,))
        caution = office.caution(dt.date(2028, 3, 1))
        assert caution is not None
        assert "2027" in caution.zh


# Mend 9
def test_other_hours_hold_from_their_day_on_and_change_nothing_before() -> None:
    short = ((dt.time(9), dt.time(12)),)
    office = WorkingCalendar(zone=SHANGHAI, changes=((dt.date(2026, 3, 11), short),))
    assert working_between(at("2026-03-10 08:00"), at("2026-03-10 18:00"), office) == 7 * HOUR
    assert working_between(at("2026-03-11 08:00"), at("2026-03-11 18:00"), office) == 3 * HOUR
    with pytest.raises(LinliError):
        WorkingCalendar(zone=SHANGHAI, changes=((dt.date(2026, 3, 11), ()),))
