"""The premises app."""

from django.apps import AppConfig

__all__ = ["PremisesConfig"]


class PremisesConfig(AppConfig):
    """Premises and their inspections (L11, N2, N3, N9, N13, N14, E10)."""

    name = "linli.web.ops.premises"
    label = "premises"
