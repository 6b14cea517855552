"""The audit app."""

import datetime as dt

from django.apps import AppConfig
from django.core.checks import register

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["AuditConfig"]


class AuditConfig(AppConfig):
    """The audit log."""

    name = "linli.web.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        """Menu and schedule; what is kept on people is checked at each start."""
        from linli.web.foundation.audit.checks import forbidden_fields, personal_fields
        from linli.web.foundation.audit.refusing import write_further
        from linli.web.foundation.audit.witness import run_heads
        from linli.web.foundation.jobs.schedule import Periodic
        from linli.web.foundation.jobs.schedule import register as comes_round

        comes_round(Periodic("audit_refused", dt.timedelta(minutes=10), write_further))
        comes_round(Periodic("audit_heads", dt.timedelta(minutes=10), run_heads))
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
