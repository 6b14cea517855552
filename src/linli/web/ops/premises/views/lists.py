"""The register as a list, on a map, and as a file."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import download, file_stamp
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.premises.actions.base import local_day, say
from linli.web.ops.premises.kinds import KINDS
from linli.web.ops.premises.models import Premises
from linli.web.ops.premises.presenting import kind_label, premises_rows
from linli.web.ops.premises.selectors import STATUSES, PremisesFilters, premises_page, visible_premises
from linli.web.ops.premises.sheet import COLUMNS, sheet_row
from linli.web.ops.premises.subjects import KIND

__all__ = ["export", "premises_list", "premises_map"]

MAP_MOST = 2000


def filters_of(request: HttpRequest) -> PremisesFilters:
    """The filters in an address; what makes no sense is left out."""
    status = request.GET.get("status", "")
    return PremisesFilters(
        words=request.GET.get("q", "").strip()[:60].replace("\x00", ""),
        kinds=tuple(kind for kind in request.GET.getlist("kind") if kind in KINDS),
        status=status if status in STATUSES else "",
        station=request.GET.get("station", "")[:32].replace("\x00", ""),
        today=local_day(now(request)),
    )


def _query(request: HttpRequest, **changed: str) -> str:
    copy = request.GET.copy()
    copy.pop("after", None)
    for key, value in changed.items():
        copy[key] = value
    return copy.urlencode()


@require_GET
@login_required
def premises_list(request: HttpRequest) -> HttpResponse:
    """One page of the register."""
    who, filters = actor(request), filters_of(request)
    after = request.GET.get("after", "")
    page = premises_page(who, filters, after=whole_of(after))
    places = current_map()
    context = {
        "rows": premises_rows(page.rows, now(request)),
        "next_url": "" if page.next is None else "?" + _query(request, after=str(page.next)),
        "query": _query(request),
        "filters": filters,
        "kinds": [(kind, kind_label(kind), kind in filters.kinds) for kind in KINDS],
        "statuses": [(s, said(phrase(f"premises:status.{s}")), s == filters.status) for s in STATUSES],
        "stations": [
            (code, station.name, code == filters.station)
            for code, station in (places.stations.items() if places else ())
        ],
        "can": {verb: may_anywhere(who, verb, KIND) for verb in ("open", "edit", "export")},
    }
    return render(request, "premises/list.html", context)


@require_GET
@login_required
def premises_map(request: HttpRequest) -> JsonResponse:
    """The premises of the filtered list that have a position, as GeoJSON."""
    found = visible_premises(actor(request)).filter(filters_of(request).condition(), longitude__isnull=False)
    rows = premises_rows(found.select_related("organisation").order_by("pk")[:MAP_MOST], now(request))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]},
            "properties": {
                "title": row.name,
                "text": f"{row.kind_label} · {row.address}",
                "tone": row.tone,
                "tone_label": row.status_label,
                "url": reverse("premises_page", args=[row.code]),
            },
        }
        for row in rows
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The whole filtered register as CSV or XLSX; logged before the first line leaves."""
    if form not in ("csv", "xlsx"):
        raise Missing(say("no_kind"))
    carry_out(request, LogExport(what=KIND, filters=_query(request)))
    header = [said(phrase(f"premises:column.{name}")) for name in COLUMNS]
    rows = _rows(actor(request), filters_of(request))
    name = f"premises-{file_stamp(now(request), minutes=True)}"
    return download(form, name, said(phrase("premises:nav.premises")), header, rows)


def _rows(who: Actor, filters: PremisesFilters) -> Iterator[list[Cell]]:
    found: Any = visible_premises(who, "export").filter(filters.condition()).select_related("organisation")
    premises: Premises
    for premises in found.order_by("pk").iterator(chunk_size=500):
        yield sheet_row(premises)
