"""The operations app."""

from django.apps import AppConfig

__all__ = ["OperationsConfig"]


class OperationsConfig(AppConfig):
    """Health, metrics, backup."""

    name = "linli.web.foundation.operations"
    label = "operations"
