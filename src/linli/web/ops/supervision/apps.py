"""The supervision app."""

from django.apps import AppConfig

__all__ = ["SupervisionConfig"]


class SupervisionConfig(AppConfig):
    """Supervision (L18, N18, L15, L16): checks at random, findings, empty rooms, norms by their day."""

    name = "linli.web.ops.supervision"
    label = "supervision"

    def ready(self) -> None:
        """Menu, home page, and the check on the page of its finding."""
        from linli.web.foundation.casework.panels import Panel, register_panel
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.foundation.screens.navigation import Item, register_item
        from linli.web.ops.supervision.presenting import card_context, finding_panel
        from linli.web.ops.supervision.reach import KIND

        register_item(Item(key="supervision:nav", url="supervision", icon="eye", order=70, kind=KIND))
        register_card(Card(template="supervision/_card.html", context=card_context, order=40))
        register_panel(Panel(kind=KIND, template="supervision/_panel.html", context=finding_panel, order=20))
