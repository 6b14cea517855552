"""The jointwork app."""

from django.apps import AppConfig

__all__ = ["JointWorkConfig"]


class JointWorkConfig(AppConfig):
    """Joint work across boundaries (Q7, H5, N14): agreements, joint meetings, shared cases."""

    name = "linli.web.ops.jointwork"
    label = "jointwork"
