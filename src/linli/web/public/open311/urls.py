"""Addresses of the Open311 server; the format is the ending, as the specification has it."""

from django.urls import path, re_path

from linli.web.public.open311 import views

__all__ = ["urlpatterns"]

_FORM = r"\.(?P<form>json|xml)$"

urlpatterns = [
    re_path(r"^discovery" + _FORM, views.discovery, name="open311_discovery"),
    path("v2/", views.unknown, name="open311_root"),
    re_path(r"^v2/services" + _FORM, views.services, name="open311_services"),
    re_path(r"^v2/services/(?P<code>[^/]{1,90})" + _FORM, views.service, name="open311_service"),
    re_path(r"^v2/requests" + _FORM, views.requests, name="open311_requests"),
    re_path(r"^v2/requests/(?P<number>[^/]{1,40})" + _FORM, views.request_of_id, name="open311_request"),
    re_path(r"^v2/tokens/(?P<code>[^/]{1,40})" + _FORM, views.token, name="open311_token"),
    re_path(r"^v2/.*$", views.unknown),
]
