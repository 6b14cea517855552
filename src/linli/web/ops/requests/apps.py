"""The requests app."""

import datetime as dt

from django.apps import AppConfig

__all__ = ["RequestsConfig"]


class RequestsConfig(AppConfig):
    """Requests of residents and units, five in time (X9): web, phone, counter, Open311."""

    name = "linli.web.ops.requests"
    label = "requests"

    def ready(self) -> None:
        """Offer what can be raised, take what comes in, tell of it; menu, panel and card."""
        from linli.web.foundation.casework.observers import register_observer
        from linli.web.foundation.casework.panels import Panel, register_panel
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.foundation.screens.navigation import Item, register_item
        from linli.web.intake.offers import register_source
        from linli.web.intake.receiving import register_receiver
        from linli.web.ops.requests.draining import MOST, drain
        from linli.web.ops.requests.facts import register_facts
        from linli.web.ops.requests.five import KIND
        from linli.web.ops.requests.following import follow
        from linli.web.ops.requests.offering import PublicTypes
        from linli.web.ops.requests.showing import card, panel

        register_source(PublicTypes())
        register_receiver(drain)
        register_observer(follow)
        register(Periodic("intake", dt.timedelta(seconds=15), drain, batch=MOST))
        register_item(Item(key="requests:nav", url="requests", icon="message-2", order=20, kind=KIND))
        register_panel(Panel(kind=KIND, template="requests/_panel.html", context=panel, order=10))
        register_card(Card(template="requests/_card.html", context=card, order=20))
        register_facts()
