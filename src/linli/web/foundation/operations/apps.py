"""The operations app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

__all__ = ["OperationsConfig"]


class OperationsConfig(AppConfig):
    """Health, metrics, backup."""

    name = "linli.web.foundation.operations"
    label = "operations"

    def ready(self) -> None:
        """Let no migration keep the others waiting, and all services open one file at a time."""
        from django.conf import settings

        from linli.privacy.apart import keep_places_in
        from linli.web.foundation.operations.migrating import limit_waiting, wait_as_before

        keep_places_in(settings.DATA_DIR)
        pre_migrate.connect(limit_waiting, dispatch_uid="linli.lock_timeout")
        post_migrate.connect(wait_as_before, dispatch_uid="linli.lock_timeout")
