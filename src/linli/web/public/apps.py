"""The public app."""

from django.apps import AppConfig

__all__ = ["PublicConfig"]


class PublicConfig(AppConfig):
    """The residents' pages."""

    name = "linli.web.public"
    label = "public"
