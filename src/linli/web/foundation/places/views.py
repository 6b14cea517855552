"""The map's outlines and the search for standard addresses."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from linli.web.foundation.places.addresses import likely_addresses
from linli.web.foundation.places.models import Deployment

__all__ = ["addresses", "outlines"]

MOST = 10


@require_GET
@login_required
def outlines(request: HttpRequest) -> JsonResponse:
    """The beats of the deployment in force, as GeoJSON."""
    found = (
        Deployment.objects.filter(status=Deployment.Status.IN_FORCE)
        .values_list("outlines", flat=True)
        .first()
    )
    return JsonResponse(found or {"type": "FeatureCollection", "features": []})


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
