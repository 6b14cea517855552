"""The hiring path: from the people on hand today, what is missing on each day on which a clause starts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linli.planning.staffing.result import Designation, HiringRow, Need

__all__ = ["DayBook", "hiring_path"]

Key = tuple[str, str | None, str | None]
"""Role, clause (``None``: all), station (``None``: the whole territory)."""


@dataclass(frozen=True, kw_only=True)
class DayBook:
    """One day's needs, slot gaps and designations."""

    day: dt.date
    needs: tuple[Need, ...]
    slots: tuple[tuple[str, str | None, int, int | None], ...]
    """Role, station, required and missing of each slot, all its clauses joined."""
    designations: tuple[Designation, ...]


@dataclass(frozen=True)
class Count:
    """Required and missing people; missing ``None`` as soon as one part is not known."""

    required: int
    missing: int | None
    designate: int | None = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.required + other.required,
            _sum(self.missing, other.missing),
            _sum(self.designate, other.designate),
        )

    def at_least(self, other: "Count") -> "Count":
        """Both asked of the same people: the larger need and the larger lack."""
        unknown = self.missing is None or other.missing is None
        missing = None if unknown else max(self.missing or 0, other.missing or 0)
        return replace(self, required=max(self.required, other.required), missing=missing)


def hiring_path(books: Sequence[DayBook]) -> tuple[HiringRow, ...]:
    """Rows by day, then role, clause and station; the joined rows of a role come before its clauses'."""
    so_far: dict[Key, int | None] = {}
    rows: list[HiringRow] = []
    for book in books:
        counts = _counts(book)
        keys = sorted(counts, key=lambda k: (k[0], k[1] or "", k[2] or ""))
        rows += [_row(book.day, key, counts[key], so_far) for key in keys]
    return tuple(rows)


def _row(day: dt.date, key: Key, count: Count, so_far: dict[Key, int | None]) -> HiringRow:
    before = so_far.get(key, 0)
    # A norm that falls later does not take back people who were hired for it.
    add = None if count.missing is None or before is None else max(before, count.missing)
    so_far[key] = add
    role, clause, station = key
    lacking = _sum(count.missing, count.designate)
    have = None if lacking is None else max(0, count.required - lacking)
    return HiringRow(
        by=day,
        role=role,
        clause=clause,
        station=station,
        required=count.required,
        have=have,
        to_add=add,
        added_now=None if add is None or before is None else add - before,
        to_designate=count.designate,
    )


def _counts(book: DayBook) -> dict[Key, Count]:
    """Every role, for all its clauses together and for each clause by itself."""
    counts: dict[Key, Count] = {(role, None, at): count for (role, at), count in _added_up(book).items()}
    for clause in sorted({need.clause for need in book.needs}):
        own = replace(
            book,
            needs=tuple(need for need in book.needs if need.clause == clause),
            designations=tuple(each for each in book.designations if each.clause == clause),
        )
        leaves = tuple((n.role, n.station, n.required, n.gap) for n in own.needs if n.kind == "demand")
        for (role, station), count in _added_up(replace(own, slots=leaves)).items():
            counts[role, clause, station] = count
    return counts


def _added_up(book: DayBook) -> dict[tuple[str, str | None], Count]:
    """Slots add up; head counts and shares of wider scopes ask for the same people and hold from below."""
    stations: dict[tuple[str, str], Count] = defaultdict(lambda: Count(0, 0))
    anywhere: dict[str, Count] = defaultdict(lambda: Count(0, 0))
    for role, station, required, missing in book.slots:
        if station is None:
            anywhere[role] += Count(required, missing)
        else:
            stations[role, station] += Count(required, missing)
    for need in _of_kind(book, "total", "share"):
        if need.station is not None:
            # A share is met by designating people who are there, never by hiring.
            missing = 0 if need.kind == "share" and need.gap is not None else need.gap
            at = stations[need.role, need.station]
            stations[need.role, need.station] = at.at_least(Count(need.required, missing))
    for key, designate in _largest_designation(book).items():
        stations[key] = replace(stations[key], designate=designate)
    for (role, _), count in sorted(stations.items()):
        anywhere[role] += count
    for need in _of_kind(book, "total"):
        if need.station is None:
            anywhere[need.role] = anywhere[need.role].at_least(Count(need.required, need.gap))
    joined: dict[tuple[str, str | None], Count] = {(role, None): count for role, count in anywhere.items()}
    return joined | {(role, station): count for (role, station), count in stations.items()}


def _largest_designation(book: DayBook) -> dict[tuple[str, str], int | None]:
    largest: dict[tuple[str, str], int | None] = {}
    for each in book.designations:
        key = (each.role, each.station)
        before = largest.get(key, 0)
        unknown = before is None or each.to_designate is None
        largest[key] = None if unknown else max(before or 0, each.to_designate or 0)
    return largest


def _of_kind(book: DayBook, *kinds: str) -> Iterator[Need]:
    return (need for need in book.needs if need.kind in kinds)


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second
