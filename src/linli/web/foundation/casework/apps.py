"""The casework app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["CaseworkConfig"]


class CaseworkConfig(AppConfig):
    """Cases of every type."""

    name = "linli.web.foundation.casework"
    label = "casework"

    def ready(self) -> None:
        """Put the list of all cases into the menu, and keep words and deadlines in step."""
        from linli.web.foundation.accounts.leaving import register_leaving
        from linli.web.foundation.calendars.reworking import register_follower
        from linli.web.foundation.casework.actions.reckoning import FOLLOWER
        from linli.web.foundation.casework.actions.releasing import release_of
        from linli.web.foundation.casework.searching import keep_triggers

        register_leaving(release_of)
        register_follower(FOLLOWER)

        post_migrate.connect(keep_triggers, sender=self, dispatch_uid="casework_keep_triggers")
        register_item(
            Item(
                key="casework:nav.cases",
                url="cases",
                icon="list",
                order=90,
                kind="case",
            )
        )
