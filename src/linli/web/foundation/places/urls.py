"""Addresses of places."""

from django.urls import path

from linli.web.foundation.places import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("places/outlines.geojson", views.outlines, name="outlines"),
    path("places/addresses.json", views.addresses, name="addresses"),
]
