"""Periods that results are about: a month ``2026-03``, a quarter ``2026-Q1``, a year ``2026``."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["LENGTHS", "Length", "ReportPeriod", "month_number", "period", "periods_between"]

say = catalogue("linli.assessment.indicators")

Length = Literal["month", "quarter", "year"]

LENGTHS: Final[dict[Length, int]] = {"month": 1, "quarter": 3, "year": 12}
"""Months of each kind of period."""

TOKEN: Final = re.compile(r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
EARLIEST: Final = 1900


@dataclass(frozen=True, order=True)
class ReportPeriod:
    """One period by its token; ordered by time among those of one length."""

    token: str

    def __post_init__(self) -> None:
        match = TOKEN.fullmatch(self.token)
        if match is None or int(match["year"]) < EARLIEST:
            raise LinliError(say("period.unknown", given=self.token))

    def __str__(self) -> str:
        return self.token

    @property
    def length(self) -> Length:
        """Month, quarter or year."""
        return "year" if len(self.token) == 4 else "quarter" if "Q" in self.token else "month"

    @property
    def first(self) -> int:
        """The number of its first month."""
        year, _, rest = self.token.partition("-")
        begin = 1 if not rest else 3 * int(rest[1]) - 2 if rest[0] == "Q" else int(rest)
        return 12 * int(year) + begin - 1

    @property
    def last(self) -> int:
        """The number of its last month."""
        return self.first + LENGTHS[self.length] - 1

    @property
    def january(self) -> int:
        """The number of the first month of its year."""
        return self.first - self.first % 12

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        return dt.date(self.first // 12, self.first % 12 + 1, 1)

    @property
    def last_day(self) -> dt.date:
        """Its last day."""
        year, month = self.last // 12, self.last % 12 + 1
        return dt.date(year, month, calendar.monthrange(year, month)[1])

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1


def period(token: str) -> ReportPeriod:
    """The period of a token.

    Raises
    ------
    LinliError
        It is none of ``2026``, ``2026-Q1``, ``2026-03``.
    """
    return ReportPeriod(token)


def month_number(token: str) -> int:
    """Months since the year 0 of a month's token, so that months can be counted with."""
    return 12 * int(token[:4]) + int(token[5:7]) - 1


def periods_between(start: str, until: str) -> tuple[ReportPeriod, ...]:
    """All months from one to another, and the quarters and years that lie whole between them.

    Raises
    ------
    LinliError
        One is no month, or the end comes first.

    Examples
    --------
    >>> [str(one) for one in periods_between("2026-01", "2026-03")]
    ['2026-01', '2026-02', '2026-03', '2026-Q1']
    >>> periods_between("2026-02", "2026-01")
    Traceback (most recent call last):
    linli.kernel.errors.LinliError: ...
    """
    first, last = ReportPeriod(start), ReportPeriod(until)
    if first.length != "month" or last.length != "month" or last.first < first.first:
        raise LinliError(say("period.range", start=start, until=until))
    numbers = range(first.first, last.first + 1)
    months = [ReportPeriod(f"{n // 12}-{n % 12 + 1:02}") for n in numbers]
    quarters = dict.fromkeys(ReportPeriod(f"{n // 12}-Q{n % 12 // 3 + 1}") for n in numbers)
    years = dict.fromkeys(ReportPeriod(f"{n // 12}") for n in numbers)
    whole = [one for one in (*quarters, *years) if one.first in numbers and one.last in numbers]
    return (*months, *whole)
