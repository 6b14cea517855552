"""The requests app."""

from django.apps import AppConfig

__all__ = ["RequestsConfig"]


class RequestsConfig(AppConfig):
    """Requests of residents and units, five in time (X9): web, phone, counter, Open311."""

    name = "linli.web.ops.requests"
    label = "requests"
