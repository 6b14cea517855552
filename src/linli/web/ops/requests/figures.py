"""How many of the five moments were in time, by station and by month, with what they are a share of.

docs/methods/five-in-time.md defines numerator and denominator.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from linli.web.foundation.accounts.access import scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.clocks import zone
from linli.web.ops.requests.five import KIND, STEPS
from linli.web.ops.requests.models import Five

__all__ = ["Figure", "Line", "Month", "by_month", "by_station", "total"]


@dataclass(frozen=True)
class Month:
    """A month of the territory's own calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, at: dt.datetime) -> "Month":
        """The month that a moment lies in."""
        local = at.astimezone(zone())
        return cls(local.year, local.month)

    @classmethod
    def parse(cls, text: str) -> "Month | None":
        """A month as an address writes it, such as ``2026-03``; ``None`` for anything else."""
        year, _, number = text.partition("-")
        if not (year.isascii() and number.isascii() and year.isdecimal() and number.isdecimal()):
            return None
        known = len(year) == 4 and len(number) == 2 and 1 <= int(number) <= 12 and 2000 <= int(year) <= 9000
        return cls(int(year), int(number)) if known else None

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def moved(self, months: int) -> "Month":
        """So many months later."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    @property
    def start(self) -> dt.datetime:
        """Its first moment."""
        return dt.datetime(self.year, self.number, 1, tzinfo=zone())

    @property
    def end(self) -> dt.datetime:
        """The first moment of the next."""
        return self.moved(1).start


@dataclass(frozen=True)
class Figure:
    """One of the five in a group of rounds."""

    step: str
    in_time: int
    late: int
    """Done after the limit."""
    overdue: int
    """Not done, the limit has passed."""
    running: int
    """Not done, the limit lies ahead; in no share."""

    @property
    def counted(self) -> int:
        """The denominator."""
        return self.in_time + self.late + self.overdue

    @property
    def share(self) -> Fraction | None:
        """In time of all counted; ``None`` where nothing is counted."""
        return Fraction(self.in_time, self.counted) if self.counted else None


@dataclass(frozen=True)
class Line:
    """The five of a station or a month; ``key`` is its code, or the month."""

    key: str
    rounds: int
    figures: tuple[Figure, ...]


def by_station(actor: Actor, month: Month, at: dt.datetime) -> list[Line]:
    """A line for each station that the actor sees requests of; one query."""
    rows = _rounds(actor, month, month.moved(1)).values("station_code").order_by("station_code")
    return [_line(row["station_code"], row) for row in rows.annotate(**_counts(at))]


def by_month(actor: Actor, last: Month, months: int, at: dt.datetime) -> list[Line]:
    """A line for each of some months up to the last, oldest first; one query."""
    first = last.moved(1 - months)
    rows = _rounds(actor, first, last.moved(1)).annotate(month=TruncMonth("opened_at", tzinfo=zone()))
    found: dict[str, Mapping[str, Any]] = {
        str(Month.of(row["month"])): row
        for row in rows.values("month").order_by("month").annotate(**_counts(at))
    }
    keys = [str(first.moved(number)) for number in range(months)]
    return [_line(key, found.get(key, {})) for key in keys]


def total(lines: Iterable[Line]) -> Line:
    """All lines in one."""
    rows = list(lines)
    figures = tuple(
        Figure(
            step,
            sum(row.figures[place].in_time for row in rows),
            sum(row.figures[place].late for row in rows),
            sum(row.figures[place].overdue for row in rows),
            sum(row.figures[place].running for row in rows),
        )
        for place, step in enumerate(STEPS)
    )
    return Line("", sum(row.rounds for row in rows), figures)


def _rounds(actor: Actor, first: Month, until: Month) -> QuerySet[Five]:
    scope = scopes(actor, "view", (KIND,), organisation="case__organisation_id")
    if scope is None:
        return Five.objects.none()
    return Five.objects.filter(scope, void=False, opened_at__gte=first.start, opened_at__lt=until.start)


def _counts(at: dt.datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"rounds": Count("pk")}
    for step in STEPS:
        done, not_done = Q(**{f"{step}_at__isnull": False}), Q(**{f"{step}_at__isnull": True})
        kept = Q(**{f"{step}_due__isnull": True}) | Q(**{f"{step}_at__lte": F(f"{step}_due")})
        found[f"{step}_in_time"] = Count("pk", filter=done & kept)
        found[f"{step}_late"] = Count("pk", filter=Q(**{f"{step}_at__gt": F(f"{step}_due")}))
        found[f"{step}_overdue"] = Count("pk", filter=not_done & Q(**{f"{step}_due__lt": at}))
        found[f"{step}_running"] = Count("pk", filter=not_done & Q(**{f"{step}_due__gte": at}))
    return found


def _line(key: str, row: Mapping[str, Any]) -> Line:
    def figure(step: str) -> Figure:
        parts = (row.get(f"{step}_{part}", 0) for part in ("in_time", "late", "overdue", "running"))
        return Figure(step, *parts)

    return Line(key, row.get("rounds", 0), tuple(figure(step) for step in STEPS))
