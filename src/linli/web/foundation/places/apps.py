"""The places app."""

from django.apps import AppConfig

__all__ = ["PlacesConfig"]


class PlacesConfig(AppConfig):
    """The territory and its deployments."""

    name = "linli.web.foundation.places"
    label = "places"
