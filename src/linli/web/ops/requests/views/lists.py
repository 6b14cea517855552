"""The list of requests: filtered, paged by cursor, exported with the five moments of each."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import Row, rows
from linli.web.foundation.casework.selectors import Cursor, Filters, case_page
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.lists import STATUSES, filters_of
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.requests.five import KIND, STEPS, marks
from linli.web.ops.requests.models import Five
from linli.web.ops.requests.selectors import last_rounds
from linli.web.ops.requests.showing import channel_name
from linli.web.ops.requests.wording import say

__all__ = ["export", "request_list"]

_EXPORT_PAGE: Final = 500
_COLUMNS: Final = (
    "number", "category", "title", "state", "priority", "place", "owner", "opened", "due", "due_note",
)  # fmt: skip


def _filters(query: QueryDict) -> Filters:
    return replace(filters_of(query), kinds=(KIND,))


@require_GET
@login_required
def request_list(request: HttpRequest) -> HttpResponse:
    """One page of the requests that the actor may see."""
    who, at = actor(request), now(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("list.forbidden"))
    order = "due" if request.GET.get("order") == "due" else "newest"
    after = Cursor.parse(request.GET.get("after", ""))
    page = case_page(who, _filters(request.GET), at=at, after=after, order=order)  # type: ignore[arg-type]
    context = {
        "lines": _lines(page.cases, at),
        "next_url": _next(request.GET, page.next),
        "filters": _choices(request.GET),
        "order": order,
        "query": _without_cursor(request.GET),
        "may_open": may_anywhere(who, "open", KIND),
        "may_export": may_anywhere(who, "export", KIND),
        "may_assign": may_anywhere(who, "assign", KIND),
    }
    return render(request, "requests/list.html", context)


def _lines(cases: tuple[Case, ...], at: dt.datetime) -> list[dict[str, Any]]:
    rounds = last_rounds(cases)
    return [
        {"row": row, "channel": channel_name(case.channel), **_five(rounds.get(case.pk), at)}
        for case, row in zip(cases, rows(cases, at), strict=True)
    ]


def _five(row: Five | None, at: dt.datetime) -> dict[str, Any]:
    """How many of the five were in time so far, and those that were not."""
    found = marks(row, at) if row is not None else ()
    late = [
        {
            "label": said(phrase(f"requests:five.{mark.step}")),
            "standing": said(phrase(f"requests:standing.{mark.standing}")),
        }
        for mark in found
        if mark.standing in ("late", "overdue")
    ]
    in_time = sum(mark.standing == "in_time" for mark in found)
    return {"late": late, "in_time": in_time, "decided": in_time + len(late)}


def _choices(chosen: QueryDict) -> dict[str, Any]:
    places = current_map()
    stations = places.stations.items() if places is not None else ()
    return {
        "categories": [
            (one.id, said(one.name), one.id in chosen.getlist("category"))
            for one in case_type(KIND).categories
        ],
        "statuses": [
            (s, said(phrase(f"casework:status.{s or 'any'}")), s == chosen.get("status", ""))
            for s in STATUSES
        ],
        "stations": [(code, one.name, code in chosen.getlist("station")) for code, one in stations],
        "mine": chosen.get("mine") == "1",
        "from": chosen.get("from", ""),
        "until": chosen.get("until", ""),
        "active": any(chosen.get(key) for key in ("category", "status", "station", "mine", "from", "until")),
    }


def _without_cursor(query: QueryDict) -> str:
    copy = query.copy()
    copy.pop("after", None)
    return copy.urlencode()


def _next(query: QueryDict, cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    copy = query.copy()
    copy["after"] = str(cursor)
    return "?" + copy.urlencode()


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The whole filtered list with the five moments of each, read page by page; logged."""
    who, at = actor(request), now(request)
    if form not in FORMS or not may_anywhere(who, "export", KIND):
        raise Forbidden(say("list.no_export"))
    carry_out(request, LogExport(what=KIND, filters=_without_cursor(request.GET)))
    header = [
        *(said(phrase(f"casework:column.{name}")) for name in _COLUMNS),
        said(phrase("requests:intake.channel")),
        *(said(phrase(f"requests:column.{part}", step=phrase(f"requests:five.{step}"))) for step in STEPS
          for part in ("done", "standing")),
    ]  # fmt: skip
    lines = _exported(who, _filters(request.GET), at)
    return download(
        form, f"requests-{file_stamp(at, minutes=True)}", said(phrase("requests:nav")), header, lines
    )


def _exported(who: Actor, filters: Filters, at: dt.datetime) -> Iterator[list[Cell]]:
    cursor: Cursor | None = None
    while True:
        page = case_page(who, filters, at=at, after=cursor, size=_EXPORT_PAGE, way="export")
        rounds = last_rounds(page.cases)
        for case, row in zip(page.cases, rows(page.cases, at), strict=True):
            yield [*_told(row), channel_name(case.channel), *_moments(rounds.get(case.pk), at)]
        cursor = page.next
        if cursor is None:
            return


def _told(row: Row) -> list[Cell]:
    return [
        row.number, row.category_label, row.title, row.state_label, row.priority_label,
        row.place_label, row.owner, _local(row.opened_at), _local(row.due_at), row.caution,
    ]  # fmt: skip


def _moments(row: Five | None, at: dt.datetime) -> list[Cell]:
    if row is None:
        return [None] * (2 * len(STEPS))
    found: list[Cell] = []
    for mark in marks(row, at):
        found += [_local(mark.done), said(phrase(f"requests:standing.{mark.standing}"))]
    return found


def _local(moment: dt.datetime | None) -> dt.datetime | None:
    return None if moment is None else timezone.localtime(moment).replace(tzinfo=None)
