"""Every address of the platform. A feature's folder brings its own; deleted, its addresses are gone."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import include, path
from django.views.i18n import set_language

from linli.web.foundation.screens import errors

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error

_WITH_URLS = [
    f"{app.name}.urls"
    for app in apps.get_app_configs()
    if app.name.startswith("linli.web.") and find_spec(f"{app.name}.urls") is not None
]

urlpatterns = [
    path("accounts/", include("linli.web.foundation.accounts.entrance")),
    path("language/", set_language, name="set_language"),
    *(path("", include(module)) for module in _WITH_URLS),
]
