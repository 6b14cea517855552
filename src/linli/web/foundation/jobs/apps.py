"""The jobs app."""

from django.apps import AppConfig

__all__ = ["JobsConfig"]


class JobsConfig(AppConfig):
    """Leases, schedules, the worker."""

    name = "linli.web.foundation.jobs"
    label = "jobs"
