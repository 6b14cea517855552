"""The calendars app."""

from django.apps import AppConfig

__all__ = ["CalendarsConfig"]


class CalendarsConfig(AppConfig):
    """Working days and office hours."""

    name = "linli.web.foundation.calendars"
    label = "calendars"
