"""The incidents app."""

from django.apps import AppConfig

__all__ = ["IncidentsConfig"]


class IncidentsConfig(AppConfig):
    """Incidents (110 intake): calls taken in, units recommended and dispatched, arrival, result."""

    name = "linli.web.ops.incidents"
    label = "incidents"
