"""The list of cases: filtered, paged by cursor, on a map, exported."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.border.moments import day_of, midnight
from linli.web.foundation.casework.actions.base import say
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import Row, kind_and_state, rows
from linli.web.foundation.casework.selectors import Cursor, Filters, case_page, visible_kinds
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import download, file_stamp
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["case_list", "case_map", "cases_csv", "filters_of"]

STATUSES: Final = ("", "open", "late", "closed")
MAP_MOST: Final = 400
_EXPORT_PAGE: Final = 500


def filters_of(query: QueryDict) -> Filters:
    """The filters in an address; what makes no sense is left out."""
    status = query.get("status", "")
    return Filters(
        kinds=tuple(k for k in query.getlist("kind") if k in case_types()),
        categories=tuple(filter(None, query.getlist("category"))),
        states=tuple(filter(None, query.getlist("state"))),
        stations=tuple(filter(None, query.getlist("station"))),
        beats=tuple(filter(None, query.getlist("beat"))),
        places=tuple(filter(None, query.getlist("place"))),
        status=status if status in STATUSES else "",  # type: ignore[arg-type]
        mine=query.get("mine") == "1",
        opened_from=midnight(day_of(query.get("from", ""))),
        opened_until=midnight(day_of(query.get("until", "")), days=1),
    )


@require_GET
@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    """One page of the cases that the actor may see."""
    who, at = actor(request), now(request)
    order = "due" if request.GET.get("order") == "due" else "newest"
    page = case_page(
        who,
        filters_of(request.GET),
        at=at,
        after=Cursor.parse(request.GET.get("after", "")),
        order=order,  # type: ignore[arg-type]
    )
    context = {
        "rows": rows(page.cases, at),
        "next_url": _next(request.GET, page.next),
        "filters": _choices(request),
        "query": _without_cursor(request.GET),
        "order": order,
        "may_export": any(may_anywhere(who, "export", kind) for kind in visible_kinds(who)),
        "openable": _openable(request),
    }
    return render(request, "casework/list.html", context)


def _openable(request: HttpRequest) -> list[tuple[str, str]]:
    return [(id_, said(case_types()[id_].name)) for id_ in visible_kinds(actor(request), "open")]


def _choices(request: HttpRequest) -> Mapping[str, Any]:
    places, chosen = current_map(), request.GET
    kinds = visible_kinds(actor(request))
    picked = [k for k in kinds if k in chosen.getlist("kind")]
    categories = [c for k in picked for c in case_types()[k].categories]
    return {
        "kinds": [(k, said(case_types()[k].plural), k in picked) for k in kinds],
        "categories": [(c.id, said(c.name), c.id in chosen.getlist("category")) for c in categories],
        "statuses": [
            (s, said(phrase(f"casework:status.{s or 'any'}")), s == chosen.get("status", ""))
            for s in STATUSES
        ],
        "stations": [
            (code, station.name, code in chosen.getlist("station"))
            for code, station in (places.stations.items() if places else ())
        ],
        "mine": chosen.get("mine") == "1",
        "from": chosen.get("from", ""),
        "until": chosen.get("until", ""),
        "active": any(
            chosen.get(k) for k in ("kind", "category", "status", "station", "mine", "from", "until")
        ),
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
def case_map(request: HttpRequest) -> JsonResponse:
    """The newest cases of the filtered list that have a position, as GeoJSON."""
    at = now(request)
    page = case_page(actor(request), filters_of(request.GET), at=at, size=MAP_MOST, only=_POINT)
    features = [_feature(case, at) for case in page.cases if case.longitude is not None]
    return JsonResponse({"type": "FeatureCollection", "more": page.next is not None, "features": features})


_POINT: Final = ("number", "title", "case_type", "state", "closed_at", "longitude", "latitude")


def _feature(case: Case, at: dt.datetime) -> dict[str, Any]:
    kind, state, tone = kind_and_state(case, at)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [case.longitude, case.latitude]},
        "properties": {
            "id": case.number,
            "label": case.title,
            "detail": f"{kind} · {state}",
            "tone": tone,
            "url": f"/cases/{case.number}/",
        },
    }


@require_GET
@login_required
def cases_csv(request: HttpRequest) -> FileResponse:
    """The whole filtered list, read page by page; each export is logged."""
    who, at = actor(request), now(request)
    exportable = visible_kinds(who, "export")
    if not exportable:
        raise Forbidden(say("export.forbidden"))
    wanted = filters_of(request.GET)
    kinds = tuple(k for k in wanted.kinds or exportable if k in exportable)
    if not kinds:
        raise Forbidden(say("export.forbidden"))
    carry_out(request, LogExport(what="cases", filters=_without_cursor(request.GET)))
    narrowed = Filters(**{**wanted.__dict__, "kinds": kinds})
    header = [said(phrase(f"casework:column.{name}")) for name in _COLUMNS]
    name = f"cases-{file_stamp(at, minutes=True)}"
    return download("csv", name, "", header, _lines(who, narrowed, at))


_COLUMNS: Final = (
    "number", "kind", "category", "title", "state", "priority", "place", "owner", "opened", "due", "late",
    "due_note",
)  # fmt: skip


def _lines(who: Any, filters: Filters, at: dt.datetime) -> Iterator[list[str]]:
    cursor: Cursor | None = None
    while True:
        page = case_page(who, filters, at=at, after=cursor, size=_EXPORT_PAGE, way="export")
        for row in rows(page.cases, at):
            yield _line(row)
        cursor = page.next
        if cursor is None:
            return


def _line(row: Row) -> list[str]:
    def local(moment: dt.datetime | None) -> str:
        return "" if moment is None else timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")

    late = said(phrase(f"casework:{'yes' if row.late else 'no'}"))
    return [
        row.number, row.kind_label, row.category_label, row.title, row.state_label, row.priority_label,
        row.place_label, row.owner, local(row.opened_at), local(row.due_at), late, row.caution,
    ]  # fmt: skip
