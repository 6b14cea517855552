"""The handover app."""

from django.apps import AppConfig

__all__ = ["HandoverConfig"]


class HandoverConfig(AppConfig):
    """Messages of a post and hand-over notes between shifts (L14)."""

    name = "linli.web.ops.handover"
    label = "handover"
