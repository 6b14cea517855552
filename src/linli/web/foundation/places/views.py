"""The map's outlines, and the searches for standard addresses and villages."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.places.addresses import likely_addresses
from linli.web.foundation.places.fields import suggestions
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.places.models import Deployment
from linli.web.foundation.places.villages import villages

__all__ = ["addresses", "outlines", "village_names"]

MOST = 10


@require_GET
@login_required
def outlines(request: HttpRequest) -> JsonResponse:
    """The beats of the deployment in force, as GeoJSON; those of one's own station say so."""
    in_force = Deployment.objects.filter(status=Deployment.Status.IN_FORCE)
    found = in_force.values_list("outlines", flat=True).first()
    stations, current = actor(request).stations, current_map()
    features = [
        {**one, "properties": {**one["properties"], "own": _station_of(one, current) in stations}}
        for one in (found or {}).get("features", [])
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _station_of(outline: dict[str, Any], current: Map | None) -> str | None:
    beat = None if current is None else current.beats.get(str(outline["properties"]["id"]))
    return None if beat is None else beat.station_code


@require_POST
@login_required
def addresses(request: HttpRequest) -> JsonResponse:
    """Standard addresses that hold the words (clause H9).

    By POST though nothing is changed: where a caller lives would stay in every log on the way.
    """
    results = [
        {
            "id": a.code,
            "label": a.text,
            "place": a.place_code,
            "longitude": a.longitude,
            "latitude": a.latitude,
        }
        for a in likely_addresses(request.POST.get("q", "")[:200], most=MOST)
    ]
    return JsonResponse(results, safe=False)


@require_POST
@login_required
def village_names(request: HttpRequest) -> JsonResponse:
    """The villages that fit what is being typed, one's own station's first; by POST as addresses are."""
    found = suggestions(request.POST.get("q", ""), villages(), actor(request).stations)
    return JsonResponse(found, safe=False)
