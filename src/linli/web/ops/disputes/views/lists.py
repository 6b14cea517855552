"""Disputes by stage with what comes next in each, as a page and as a sheet; a mediator's own docket."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.io.sheets import Cell, Listing
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.actions.base import say as say_case
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import rows
from linli.web.foundation.casework.selectors import Cursor, Filters, case_page, visible
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.lists import filters_of
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.downloads import file_stamp, sheets
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.disputes.actions.base import KIND
from linli.web.ops.disputes.filtering import FilterForm
from linli.web.ops.disputes.selectors import docket, next_dates, stages, waiting_here

__all__ = ["dispute_export", "dispute_list", "mine", "sheet"]

COLUMNS: Final = (
    "number", "category", "level", "how_found", "title", "state", "result", "place", "owner", "opened",
    "next_at", "next",
)  # fmt: skip
_CHUNK: Final = 500


def _wanted(request: HttpRequest) -> Filters:
    return replace(filters_of(request.GET), kinds=(KIND,))


@require_GET
@login_required
def dispute_list(request: HttpRequest) -> HttpResponse:
    """One page of the disputes that the actor may see, newest first, with the next date of each."""
    who, at = actor(request), now(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say_case("case.forbidden"))
    page = case_page(who, _wanted(request), at=at, after=Cursor.parse(request.GET.get("after", "")))
    coming = next_dates(page.cases, at)
    lines = [
        {"row": row, "next": (one := coming.get(case.pk)), "next_text": said(one.text) if one else ""}
        for row, case in zip(rows(page.cases, at), page.cases, strict=True)
    ]
    spec = case_type(KIND)
    context = {
        "lines": lines,
        "filter": FilterForm(request.GET),
        "stages": [
            {
                "id": id_,
                "name": spec.state_by_id[id_].name,
                "count": count,
                "on": id_ == request.GET.get("state"),
            }
            for id_, count in stages(who)
        ],
        "next_url": _with(request, after=str(page.next)) if page.next is not None else "",
        "query": _with(request),
        "may_open": may_anywhere(who, "open", KIND),
        "may_export": may_anywhere(who, "export", KIND),
        "is_mediator": who.roles & {"mediator", "officer", "chief"},
    }
    return render(request, "disputes/list.html", context)


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in more.items():
        query[name] = value
    return "?" + query.urlencode()


@require_GET
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Everything with a date in the disputes that the actor mediates; what their office must acknowledge."""
    who, at = actor(request), now(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say_case("case.forbidden"))
    coming = [{"next": one, "text": said(one.text), "case": case} for one, case in docket(who, at)]
    open_cases = case_page(who, Filters(kinds=(KIND,), mine=True, status="open"), at=at, size=100)
    waiting = waiting_here(who, at)
    context = {"coming": coming, "waiting": waiting, "rows": rows(open_cases.cases, at), "at": at}
    return render(request, "disputes/mine.html", context)


@require_GET
@login_required
def dispute_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered list of the actor's own area as CSV or XLSX; the export is logged first."""
    who, at = actor(request), now(request)
    carry_out(request, LogExport(what=KIND, filters=_with(request)))
    narrowed = replace(_wanted(request), now=at).condition(who)
    cases = visible(who, verb="export", kinds=(KIND,)).filter(narrowed)
    header = [said(phrase(f"disputes:column.{name}")) for name in COLUMNS]
    name = f"disputes-{file_stamp(at, minutes=True)}"
    return sheet(form, name, [Listing(said(phrase("disputes:nav")), header, _lines(cases, at))])


def sheet(form: str, name: str, listings: Sequence[Listing]) -> HttpResponseBase:
    """Some lists as a workbook, or the first of them as CSV."""
    return sheets(form, name, listings)


def _lines(cases: Any, at: dt.datetime) -> Iterator[list[Cell]]:
    ordered = cases.select_related("organisation", "assignee").order_by("-opened_at", "-pk")
    found: Iterator[Case] = ordered.iterator(chunk_size=_CHUNK)
    while chunk := list(itertools.islice(found, _CHUNK)):
        coming = next_dates(chunk, at)
        for case, row in zip(chunk, rows(chunk, at), strict=True):
            one = coming.get(case.pk)
            spec = case_type(KIND)
            result = spec.result_by_id.get(case.result)
            yield [
                row.number,
                row.category_label,
                _choice(case, "level"),
                _choice(case, "how_found"),
                row.title,
                row.state_label,
                said(result.name) if result else "",
                row.place_label,
                row.owner,
                _local(row.opened_at),
                _local(one.at) if one else None,
                said(one.text) if one else "",
            ]


def _choice(case: Case, field: str) -> str:
    names = dict(case_type(KIND).field_by_id[field].choices)
    value = str(case.data.get(field, ""))
    return said(names[value]) if value in names else value


def _local(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at).replace(tzinfo=None)
