"""The board, its live part, the wall, and the map of what is under way."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.ops.incidents.board import TONES, Board, Card, board
from linli.web.ops.incidents.forms import words
from linli.web.ops.incidents.units import KIND, UnitNow
from linli.web.ops.incidents.views.access import staff_page

__all__ = ["board_live", "board_map", "board_page", "map_page", "wall_live", "wall_page"]


def _context(request: HttpRequest) -> dict[str, Any]:
    shown = board(actor(request), now(request))
    return {
        "board": shown,
        "counts": [
            (words(f"status.{status}"), count, TONES[status]) for status, count in shown.counts.items()
        ],
        "units": [(one, words(f"status.{one.status}"), TONES[one.status]) for one in shown.units],
        "may_assign": may_anywhere(actor(request), "assign", KIND),
    }


@require_GET
@staff_page("view")
def board_page(request: HttpRequest) -> HttpResponse:
    """The board with menu and buttons."""
    return render(request, "incidents/board.html", _context(request))


@require_GET
@staff_page("view")
def board_live(request: HttpRequest) -> HttpResponse:
    """The part of the board that changes."""
    return render(request, "incidents/_board.html", _context(request))


@require_GET
@staff_page("view")
def wall_page(request: HttpRequest) -> HttpResponse:
    """The board for a large screen that nobody touches."""
    return render(request, "incidents/wall.html", _context(request))


@require_GET
@staff_page("view")
def wall_live(request: HttpRequest) -> HttpResponse:
    """The part of the wall that changes."""
    return render(request, "incidents/_wall.html", _context(request))


@require_GET
@staff_page("view")
def map_page(request: HttpRequest) -> HttpResponse:
    """The map of incidents under way and of units."""
    return render(request, "incidents/map.html", {"may_assign": may_anywhere(actor(request), "assign", KIND)})


@require_GET
@staff_page("view")
def board_map(request: HttpRequest) -> JsonResponse:
    """What is under way and where the units were last said to be, as GeoJSON."""
    shown = board(actor(request), now(request))
    return JsonResponse({"type": "FeatureCollection", "features": [*_incidents(shown), *_units(shown)]})


def _incidents(shown: Board) -> list[dict[str, Any]]:
    return [
        _feature(card.row.longitude, card.row.latitude, _incident(card, lane.name))
        for lane in shown.lanes
        for card in lane.cards
        if card.row.longitude is not None
    ]


def _incident(card: Card, state: str) -> dict[str, str]:
    units = words("list.comma").join(call_sign for call_sign, _, _ in card.units)
    return {
        "title": f"{card.row.category_label} {card.row.number}",
        "text": " · ".join(part for part in (card.row.place_label, card.elapsed, units) if part),
        "tone": "danger" if card.late else "warning",
        "tone_label": f"{state}{words('map.late') if card.late else ''}",
        "url": reverse("case", args=[card.row.number]),
    }


def _units(shown: Board) -> list[dict[str, Any]]:
    return [
        _feature(one.unit.longitude, one.unit.latitude, _unit(one))
        for one in shown.units
        if one.unit.longitude is not None
    ]


def _unit(one: UnitNow) -> dict[str, str]:
    return {
        "title": one.unit.call_sign,
        "text": " · ".join(
            part for part in (words(f"kind.{one.unit.kind}"), one.unit.place_name, one.number) if part
        ),
        "tone": TONES[one.status],
        "tone_label": words(f"status.{one.status}"),
        "url": reverse("incident_unit", args=[one.unit.pk]),
    }


def _feature(longitude: float | None, latitude: float | None, properties: dict[str, str]) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "geometry": point, "properties": properties}
