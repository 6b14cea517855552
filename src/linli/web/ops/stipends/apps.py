"""The stipends app."""

from django.apps import AppConfig

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["StipendsConfig"]


class StipendsConfig(AppConfig):
    """Stipends and funds (Q2, Q6, N20, L17, E6): proposed, approved and paid by three people."""

    name = "linli.web.ops.stipends"
    label = "stipends"

    def ready(self) -> None:
        """Put the lots into the menu and say what can be paid for."""
        from linli.web.ops.stipends.sources import register_sources

        register_item(Item(key="stipends:nav", url="stipends", icon="scale", order=76, kind="payment"))
        register_sources()
