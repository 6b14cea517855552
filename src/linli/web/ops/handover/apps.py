"""The handover app."""

import datetime as dt

from django.apps import AppConfig

__all__ = ["HandoverConfig"]


class HandoverConfig(AppConfig):
    """Messages of a post and hand-over notes between shifts (L14)."""

    name = "linli.web.ops.handover"
    label = "handover"

    def ready(self) -> None:
        """Menu, unread notes on the home page, old ones on the schedule."""
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.foundation.screens.navigation import Item, register_item
        from linli.web.ops.handover.actions import run_forgetting
        from linli.web.ops.handover.presenting import card_context

        register_item(
            Item(key="handover:nav", url="handover", icon="notes", order=70, kind="message", verb="open")
        )
        register_card(Card(template="handover/_card.html", context=card_context, order=10))
        register(Periodic("handover_forgetting", dt.timedelta(days=1), run_forgetting, destroys=True))
