"""The casework app."""

from django.apps import AppConfig

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["CaseworkConfig"]


class CaseworkConfig(AppConfig):
    """Cases of every type."""

    name = "linli.web.foundation.casework"
    label = "casework"

    def ready(self) -> None:
        """Put the list of all cases into the menu."""
        register_item(
            Item(
                key="casework:nav.cases",
                url="cases",
                icon="list",
                order=90,
                kind="case",
            )
        )
