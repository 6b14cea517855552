"""The demonstration as an app."""

from django.apps import AppConfig

__all__ = ["DemonstrationConfig"]


class DemonstrationConfig(AppConfig):
    """Made-up people, addresses and cases."""

    name = "linli.web.demonstration"
    label = "demonstration"
