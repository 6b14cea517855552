"""What the incidents of a period say: how soon units came, and which kinds happen in which hours."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Min
from django.utils import timezone

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.selectors import visible
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import said
from linli.web.ops.incidents.forms import words
from linli.web.ops.incidents.response_times import Summary, summarise
from linli.web.ops.incidents.units import KIND

__all__ = ["GROUPS", "Group", "Hours", "Period", "Statistics", "statistics"]

By = Literal["station", "category", "month"]
GROUPS: Final[tuple[By, ...]] = ("station", "category", "month")


@dataclass(frozen=True, kw_only=True)
class Period:
    """Incidents taken from one day to another, both counted, in the territory's zone."""

    first: dt.date
    last: dt.date
    station: str = ""
    category: str = ""

    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """The first moment, and the first one after."""
        zone = timezone.get_default_timezone()
        start = dt.datetime.combine(self.first, dt.time(), zone)
        return start, dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), zone)


@dataclass(frozen=True, kw_only=True)
class Group:
    """One row: times from the call to the first unit's dispatch and to its arrival."""

    name: str
    incidents: int
    open: int
    """Of those without an arrival, the ones that are still under way."""
    dispatch: Summary
    arrival: Summary


@dataclass(frozen=True, kw_only=True)
class Hours:
    """One category and its incidents in each of the 24 hours of the day."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """The page's tables."""

    total: Group
    groups: tuple[Group, ...]
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class _Incident:
    station: str
    category: str
    opened_at: dt.datetime
    open: bool
    to_dispatch: float | None
    to_arrival: float | None


def statistics(actor: Actor, period: Period, by: By) -> Statistics:
    """The tables for the incidents that an actor may see, in one query. Merged duplicates count once."""
    found = list(_incidents(actor, period))
    return Statistics(
        total=_group(words("statistics.total"), found),
        groups=tuple(_groups(found, by)),
        hours=tuple(_hours(found)),
    )


def _incidents(actor: Actor, period: Period) -> Iterator[_Incident]:
    start, end = period.bounds()
    wanted = {"station_code": period.station, "category": period.category}
    cases = visible(actor, kinds=(KIND,)).filter(
        opened_at__gte=start,
        opened_at__lt=end,
        merged_into__isnull=True,
        **{key: value for key, value in wanted.items() if value},
    )
    read = cases.annotate(sent=Min("dispatches__dispatched_at"), there=Min("dispatches__arrived_at"))
    fields = ("station_code", "category", "opened_at", "closed_at", "sent", "there")
    for station, category, opened, closed, sent, there in read.order_by().values_list(*fields).iterator():
        yield _Incident(
            station, category, opened, closed is None, _minutes(opened, sent), _minutes(opened, there)
        )


def _minutes(start: dt.datetime, end: dt.datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds() / 60


def _groups(found: Sequence[_Incident], by: By) -> Iterator[Group]:
    key = _KEYS[by]
    members: dict[str, list[_Incident]] = {}
    for one in found:
        members.setdefault(key(one), []).append(one)
    names = _names(by)
    for id_ in sorted(members):
        yield _group(names.get(id_) or id_ or words("statistics.nowhere"), members[id_])


def _month(one: _Incident) -> str:
    return timezone.localtime(one.opened_at).strftime("%Y-%m")


_KEYS: Final[Mapping[By, Callable[[_Incident], str]]] = {
    "station": lambda one: one.station,
    "category": lambda one: one.category,
    "month": _month,
}


def _names(by: By) -> Mapping[str, str]:
    places = current_map()
    if by == "station" and places is not None:
        return {code: station.name for code, station in places.stations.items()}
    if by == "category":
        return {one.id: said(one.name) for one in case_type(KIND).categories}
    return {}


def _group(name: str, members: Sequence[_Incident]) -> Group:
    return Group(
        name=name,
        incidents=len(members),
        open=sum(one.open and one.to_arrival is None for one in members),
        dispatch=summarise(one.to_dispatch for one in members),
        arrival=summarise(one.to_arrival for one in members),
    )


def _hours(found: Sequence[_Incident]) -> Iterator[Hours]:
    counts: dict[str, list[int]] = {}
    for one in found:
        counts.setdefault(one.category, [0] * 24)[timezone.localtime(one.opened_at).hour] += 1
    for category in case_type(KIND).categories:
        if category.id in counts:
            yield Hours(name=said(category.name), counts=tuple(counts.pop(category.id)))
    # Categories that the case type no longer has.
    for id_ in sorted(counts):
        yield Hours(name=id_, counts=tuple(counts[id_]))
