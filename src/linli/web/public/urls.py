"""Addresses of the residents' pages and of the Open311 server."""

from django.urls import include, path

from linli.web.public.views import requesting, tracking

__all__ = ["urlpatterns"]

urlpatterns = [
    path("residents/", requesting.home, name="public_home"),
    path("residents/report/<slug:service>/", requesting.report, name="public_report"),
    path("residents/sent/<slug:code>/", requesting.sent, name="public_sent"),
    path("residents/track/", tracking.look_up, name="public_find"),
    path("residents/track/<slug:code>/", tracking.track, name="public_track"),
    path("residents/villages.json", requesting.village_names, name="public_villages"),
    path("residents/outlines.geojson", requesting.outlines, name="public_outlines"),
    path("open311/", include("linli.web.public.open311.urls")),
]
