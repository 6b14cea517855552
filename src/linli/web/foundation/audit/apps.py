"""The audit app."""

from django.apps import AppConfig

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["AuditConfig"]


class AuditConfig(AppConfig):
    """The audit log."""

    name = "linli.web.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        """Put the log and the emergency accesses into the menu of those who may see them."""
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
