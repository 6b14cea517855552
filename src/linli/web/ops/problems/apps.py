"""The problems app."""

from django.apps import AppConfig

__all__ = ["ProblemsConfig"]


class ProblemsConfig(AppConfig):
    """Problem places (N10): one file a place, plan, owner, progress."""

    name = "linli.web.ops.problems"
    label = "problems"
