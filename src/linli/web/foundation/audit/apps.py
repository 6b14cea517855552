"""The audit app."""

from django.apps import AppConfig
from django.core.checks import register

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["AuditConfig"]


class AuditConfig(AppConfig):
    """The audit log."""

    name = "linli.web.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        """Put the log and emergency accesses into the menu; check at each start what is kept on people."""
        from linli.web.foundation.audit.checks import forbidden_fields, personal_fields

        register(forbidden_fields, "linli")
        register(personal_fields, "linli")
        register_item(Item(key="audit:nav.log", url="audit", icon="history", order=85, kind="audit"))
        register_item(
            Item(
                key="audit:nav.emergencies",
                url="audit_emergencies",
                icon="alert-triangle",
                order=86,
                kind="audit",
            )
        )
