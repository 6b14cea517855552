"""The intake app."""

from django.apps import AppConfig

__all__ = ["IntakeConfig"]


class IntakeConfig(AppConfig):
    """The queue of residents' requests."""

    name = "linli.web.intake"
    label = "intake"
