"""The audit app."""

from django.apps import AppConfig

__all__ = ["AuditConfig"]


class AuditConfig(AppConfig):
    """The audit log."""

    name = "linli.web.foundation.audit"
    label = "audit"
