"""The screens app."""

from django.apps import AppConfig

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["ScreensConfig"]


class ScreensConfig(AppConfig):
    """Shared pages and pieces of pages."""

    name = "linli.web.foundation.screens"
    label = "screens"

    def ready(self) -> None:
        """Put the home page into the menu."""
        register_item(Item(key="screens:nav.home", url="home", icon="home", order=0))
