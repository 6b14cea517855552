"""The operations app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

__all__ = ["OperationsConfig"]


class OperationsConfig(AppConfig):
    """Health, metrics, backup."""

    name = "linli.web.foundation.operations"
    label = "operations"

    def ready(self) -> None:
        """Let no migration keep the others waiting."""
        from linli.web.foundation.operations.migrating import limit_waiting, wait_as_before

        pre_migrate.connect(limit_waiting, dispatch_uid="linli.lock_timeout")
        post_migrate.connect(wait_as_before, dispatch_uid="linli.lock_timeout")
