"""The page of response times and of categories by hour, and the same as files."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.border.moments import day_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import said
from linli.web.ops.incidents.forms import words
from linli.web.ops.incidents.response_times import Percentile, Summary
from linli.web.ops.incidents.sheets import Table, sheet
from linli.web.ops.incidents.statistics import GROUPS, By, Group, Hours, Period, Statistics, statistics
from linli.web.ops.incidents.units import KIND
from linli.web.ops.incidents.views.access import staff_page

__all__ = ["statistics_export", "statistics_page"]

USUAL: Final = dt.timedelta(days=29)
LONGEST: Final = dt.timedelta(days=366)
_COLUMNS: Final = (
    "group", "incidents", "sent_median", "sent_ninetieth", "arrived", "missing", "open", "median",
    "median_low", "median_high", "ninetieth", "ninetieth_low", "ninetieth_high",
)  # fmt: skip


def _period(request: HttpRequest) -> Period:
    today = timezone.localtime(now(request)).date()
    last = day_of(request.GET.get("until", "")) or today
    first = day_of(request.GET.get("from", "")) or last - USUAL
    first = min(first, last)
    return Period(
        first=max(first, last - LONGEST),
        last=last,
        station=request.GET.get("station", ""),
        category=request.GET.get("category", ""),
    )


def _by(request: HttpRequest) -> By:
    given = request.GET.get("by", "")
    return next((one for one in GROUPS if one == given), GROUPS[0])


@require_GET
@staff_page("view")
def statistics_page(request: HttpRequest) -> HttpResponse:
    """The tables of a period."""
    period, by, places = _period(request), _by(request), current_map()
    found = statistics(actor(request), period, by)
    context = {
        "found": found,
        "period": period,
        "lines": [_line(one) for one in (found.total, *found.groups)],
        "by": words(f"statistics.{by}"),
        "groups": [(one, words(f"statistics.{one}"), one == by) for one in GROUPS],
        "stations": [
            (c, s.name, c == period.station) for c, s in (places.stations.items() if places else ())
        ],
        "categories": [(c.id, said(c.name), c.id == period.category) for c in case_type(KIND).categories],
        "hour_names": [f"{hour:02d}" for hour in range(24)],
        "hours": found.hours,
        "hour_totals": _totals(found.hours),
        "query": request.GET.urlencode(),
        "may_export": may_anywhere(actor(request), "export", KIND),
    }
    return render(request, "incidents/statistics.html", context)


def _line(one: Group) -> dict[str, object]:
    return {
        "group": one,
        "sent_median": _said(one.dispatch.median),
        "median": _said(one.arrival.median),
        "median_interval": _interval(one.arrival.median),
        "ninetieth": _said(one.arrival.ninetieth),
        "ninetieth_interval": _interval(one.arrival.ninetieth),
        "ended": one.arrival.missing - one.open,
    }


def _said(found: Percentile | None) -> str:
    return "—" if found is None else f"{found.value:.1f}"


def _interval(found: Percentile | None) -> str:
    if found is None or found.low is None or found.high is None:
        return ""
    return f"{found.low:.1f}–{found.high:.1f}"


def _totals(hours: Sequence[Hours]) -> list[int]:
    return [sum(one.counts[hour] for one in hours) for hour in range(24)]


@require_GET
@staff_page("export")
def statistics_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Both tables as a file; logged. Counts and times alone, no incident."""
    period, by = _period(request), _by(request)
    carry_out(request, LogExport(what=KIND, filters=f"statistics {request.GET.urlencode()}"))
    found = statistics(actor(request), period, by)
    header = [words(f"column.{name}") for name in _COLUMNS]
    hour_header = [
        words("statistics.category"),
        *(f"{hour:02d}" for hour in range(24)),
        words("statistics.total"),
    ]
    tables: list[Table] = [
        (words("statistics.title"), header, _rows(found)),
        (
            words("statistics.by_hour"),
            hour_header,
            _hour_rows(found),
        ),
    ]
    return sheet(form, "incidents", now(request), tables)


def _rows(found: Statistics) -> Iterator[list[Cell]]:
    for one in (found.total, *found.groups):
        yield [
            one.name,
            one.incidents,
            _value(one.dispatch.median),
            _value(one.dispatch.ninetieth),
            one.arrival.count,
            one.arrival.missing,
            one.open,
            *_cells(one.arrival),
        ]


def _hour_rows(found: Statistics) -> Iterator[list[Cell]]:
    for one in found.hours:
        yield [one.name, *one.counts, one.total]


def _value(found: Percentile | None) -> float | None:
    return None if found is None else round(found.value, 2)


def _cells(found: Summary) -> Iterator[float | None]:
    for one in (found.median, found.ninetieth):
        yield _value(one)
        for edge in (None, None) if one is None else (one.low, one.high):
            yield None if edge is None else round(edge, 2)
