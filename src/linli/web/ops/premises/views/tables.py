"""Notices that are due, courtyards, and how much is covered; each as a page and as a file."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.downloads import download, file_stamp
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.premises.actions.base import local_day, say
from linli.web.ops.premises.actions.steps import INSPECTION, INSPECTORS
from linli.web.ops.premises.coverage import LOOK_BACK, rates
from linli.web.ops.premises.kinds import COURTYARD
from linli.web.ops.premises.models import CourtyardSurvey, Honour, Premises
from linli.web.ops.premises.presenting import inspection_rows
from linli.web.ops.premises.selectors import notices_due, visible_premises
from linli.web.ops.premises.subjects import KIND

__all__ = ["courtyards", "courtyards_export", "coverage", "notices"]

PAGE = 100


def _look(request: HttpRequest, kind: str = KIND) -> None:
    if not may_anywhere(actor(request), "view", kind):
        raise Forbidden(say("forbidden"))


@require_GET
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """Rectification notices that wait, the earliest day first."""
    _look(request, INSPECTION)
    at, today = now(request), local_day(now(request))
    found = notices_due(actor(request), at=at)
    rows = [
        {"notice": one, "row": inspection_rows([one.inspection], at)[0], "late": one.fix_by < today}
        for one in found
    ]
    works = bool(actor(request).roles & INSPECTORS)
    late = sum(bool(row["late"]) for row in rows)
    return render(request, "premises/notices.html", {"rows": rows, "late": late, "works": works})


def _courtyards(request: HttpRequest, verb: str = "view") -> Iterator[dict[str, object]]:
    """Courtyards with their newest survey and standing title; three queries a page's worth."""
    found = (
        visible_premises(actor(request), verb).filter(kind=COURTYARD, closed_on__isnull=True).order_by("pk")
    )
    surveys = Prefetch("surveys", CourtyardSurvey.objects.order_by("-surveyed_on", "-pk"), to_attr="newest")
    titles = Prefetch(
        "honours", Honour.objects.filter(kind="zero_incident", withdrawn_on__isnull=True), to_attr="titles"
    )
    yard: Premises
    for yard in found.prefetch_related(surveys, titles).iterator(chunk_size=500):
        survey = next(iter(yard.newest), None)
        title = next(iter(yard.titles), None)
        yield {"yard": yard, "survey": survey, "title": title}


@require_GET
@login_required
def courtyards(request: HttpRequest) -> HttpResponse:
    """Courtyards with class, staffing, volunteers, doors and title (N9)."""
    _look(request)
    rows = list(_courtyards(request))
    context = {
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "rates": [one for one in rates(actor(request), now(request)) if one.clause == "N9"],
        "exports": may_anywhere(actor(request), "export", KIND),
    }
    return render(request, "premises/courtyards.html", context)


@require_GET
@login_required
def courtyards_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """All courtyards as CSV or XLSX."""
    if form not in ("csv", "xlsx"):
        raise Missing(say("no_kind"))
    carry_out(request, LogExport(what=KIND, filters="courtyards"))
    header = [said(phrase(f"premises:yard.{name}")) for name in _YARD_COLUMNS]
    rows = (_yard_cells(row) for row in _courtyards(request, "export"))
    name = f"courtyards-{file_stamp(now(request))}"
    return download(form, name, said(phrase("premises:courtyards")), header, rows)


_YARD_COLUMNS = (
    "code", "name", "address", "surveyed_on", "basis", "staffed", "volunteers", "doors", "security_doors",
    "title",
)  # fmt: skip


def _yard_cells(row: dict[str, object]) -> list[Cell]:
    yard, survey, title = row["yard"], row["survey"], row["title"]
    assert isinstance(yard, Premises)  # noqa: S101 - made above
    cells: list[Cell] = [yard.code, yard.name, yard.address]
    if isinstance(survey, CourtyardSurvey):
        staffed = said(phrase(f"premises:value.{'yes' if survey.staffed else 'no'}"))
        basis = said(phrase(f"premises:class.{survey.basis}"))
        cells += [
            survey.surveyed_on, basis, staffed, survey.volunteers, survey.doors, survey.security_doors,
        ]  # fmt: skip
    else:
        cells += [None] * 6
    return [*cells, title.awarded_on if isinstance(title, Honour) else None]


@require_GET
@login_required
def coverage(request: HttpRequest) -> HttpResponse:
    """Every coverage with its numerator and denominator."""
    _look(request)
    context = {"rates": rates(actor(request), now(request)), "days": LOOK_BACK.days}
    return render(request, "premises/coverage.html", context)
