"""The map of what is installed and how far it reaches, and the figures of the register."""

import datetime as dt
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.places.models import Deployment
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.equipment.actions.base import local_day
from linli.web.ops.equipment.coverage import Share, circle
from linli.web.ops.equipment.models import INSTALLED, Device
from linli.web.ops.equipment.selectors import Rate, installed, issued_rates, reaches, uses, working
from linli.web.ops.equipment.views.register import TONES, must_see

__all__ = ["coverage_map", "figures_page", "outline", "points"]

MOST: Final = 2000
YEAR: Final = dt.timedelta(days=365)


def _say(key: str, **values: object) -> str:
    return said(phrase(f"equipment:{key}", **values))


def _kinds(request: HttpRequest) -> tuple[str, ...]:
    chosen = tuple(kind for kind in request.GET.getlist("kind") if kind in INSTALLED)
    return chosen or INSTALLED


@require_GET
@login_required
def coverage_map(request: HttpRequest) -> HttpResponse:
    """Points of what is installed with the radius that is stated, and the shares below."""
    must_see(request)
    chosen = _kinds(request)
    query = "&".join(f"kind={kind}" for kind in chosen)
    context = {
        "kinds": [(kind, _say(f"kind.{kind}"), kind in chosen) for kind in INSTALLED],
        "source": f"{reverse('equipment_points')}?{query}",
        "outline": f"{reverse('equipment_outline')}?{query}",
        **_shares(request),
    }
    return render(request, "equipment/map.html", context)


@require_GET
@login_required
def points(request: HttpRequest) -> JsonResponse:
    """What is installed and has a position, as GeoJSON."""
    must_see(request)
    found = installed(actor(request), _kinds(request)).filter(longitude__isnull=False)
    features = [_point(device) for device in found.select_related("organisation")[:MOST]]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _point(device: Device) -> dict[str, Any]:
    reach = "" if device.radius_m is None else f" · {device.radius_m} m"
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [device.longitude, device.latitude]},
        "properties": {
            "title": device.name,
            "text": f"{_say(f'kind.{device.kind}')} · {device.purpose}{reach}",
            "tone": TONES[device.status],
            "tone_label": _say(f"status.{device.status}"),
            "url": reverse("equipment_device", args=[device.pk]),
        },
    }


@require_GET
@login_required
def outline(request: HttpRequest) -> JsonResponse:
    """The beats and, over them, a ring around each device in use as wide as its keeper states."""
    must_see(request)
    found = (
        Deployment.objects.filter(status=Deployment.Status.IN_FORCE)
        .values_list("outlines", flat=True)
        .first()
    )
    beats = list((found or {}).get("features", []))
    stating = installed(actor(request), _kinds(request)).filter(
        status=Device.Status.IN_USE, longitude__isnull=False, radius_m__isnull=False
    )
    positions = stating.values_list("pk", "longitude", "latitude", "radius_m")[:MOST]
    rings = [_ring(pk, float(x or 0), float(y or 0), float(radius or 0)) for pk, x, y, radius in positions]
    return JsonResponse({"type": "FeatureCollection", "features": [*beats, *rings]})


def _ring(pk: int, longitude: float, latitude: float, radius_m: float) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"id": f"device-{pk}"},
        "geometry": {"type": "Polygon", "coordinates": [circle(longitude, latitude, radius_m)]},
    }


def _percent(share: Share | None) -> str:
    return "—" if share is None or share.percent is None else f"{share.percent:.1f} %"


def _of(share: Share | None) -> dict[str, Any]:
    return {
        "percent": _percent(share),
        "part": share.part if share else 0,
        "whole": share.whole if share else 0,
    }


def _shares(request: HttpRequest) -> dict[str, Any]:
    found, stand = reaches(actor(request)), working(actor(request))
    reach_rows = [
        {
            "kind": _say(f"kind.{kind}"),
            "devices": one.devices,
            "covered": _of(one.covered),
            "residents": _of(one.residents),
            "reached": _of(one.reached),
            "unknown": one.residents_unknown,
            "without": one.without_radius,
        }
        for kind, one in found.items()
    ]
    work_rows = [
        {
            "kind": _say(f"kind.{kind}"),
            "built": _of(one.built),
            "working": _of(one.working),
            "linked": _of(one.linked),
            "noticed": _of(one.noticed),
            "with_days": _of(one.with_days),
        }
        for kind, one in sorted(stand.items(), key=lambda pair: INSTALLED.index(Device.Kind(pair[0])))
    ]
    return {"reaches": reach_rows, "working": work_rows}


@require_GET
@login_required
def figures_page(request: HttpRequest) -> HttpResponse:
    """Who has a mobile device (L13), what is installed and works (Q3, N15), what it was good for."""
    must_see(request)
    today = local_day(now(request))
    counted = uses(actor(request), today - YEAR, today)
    total = {name: sum(row[name] for row in counted) for name in ("clues", "evidence", "dispatches")}
    context = {
        **_shares(request),
        "rates": [_rate(rate) for rate in issued_rates(actor(request), today)],
        "uses": counted,
        "total": total,
    }
    return render(request, "equipment/figures.html", context)


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "title": _say(f"rate.{rate.id}"),
        "share": _of(rate.share),
        "issued": rate.issued,
        "known": rate.staff is not None,
        "asked": "" if rate.asked is None else f"{rate.asked:g} %",
        "clause": rate.clause,
        "due": rate.due,
        "met": rate.met,
        "by_role": [
            (_say(f"role.{role}"), issued, "—" if staff is None else staff)
            for role, (issued, staff) in rate.by_role.items()
        ],
    }
