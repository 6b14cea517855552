"""The demonstration as an app."""

from django.apps import AppConfig
from django.core import checks

__all__ = ["DemonstrationConfig"]


class DemonstrationConfig(AppConfig):
    """Made-up people, addresses and cases."""

    name = "linli.web.demonstration"
    label = "demonstration"

    def ready(self) -> None:
        """Have ``linli platform check`` look for the demonstration in a production database."""
        from linli.web.demonstration.guard import look_for_demonstration

        checks.register(look_for_demonstration, deploy=True)
