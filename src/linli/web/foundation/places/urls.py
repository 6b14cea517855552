"""Addresses of places."""

from django.urls import path

from linli.web.foundation.places import boundaries, register, views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("places/outlines.geojson", views.outlines, name="outlines"),
    path("places/addresses.json", views.addresses, name="addresses"),
    path("places/villages.json", views.village_names, name="villages"),
    path("places/addresses/", register.addresses, name="address_register"),
    path("places/addresses/import/", register.take_in, name="address_import"),
    path("places/addresses/export.<slug:form>", register.export, name="address_export"),
    path("places/deployments/", boundaries.versions, name="deployments"),
    path("places/deployments/propose/", boundaries.propose, name="deployment_propose"),
    path("places/deployments/<int:pk>/", boundaries.version, name="deployment"),
    path("places/deployments/<int:pk>/moved.geojson", boundaries.moved, name="deployment_moved"),
    path("places/deployments/<int:pk>/deployment.json", boundaries.document, name="deployment_document"),
    path("places/deployments/<int:pk>/beats.geojson", boundaries.beats, name="deployment_beats"),
    path("places/deployments/<int:pk>/decide/", boundaries.decide, name="deployment_decide"),
    path("places/deployments/<int:pk>/start/", boundaries.start, name="deployment_start"),
]
