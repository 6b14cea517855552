"""The disputes app."""

import datetime as dt

from django.apps import AppConfig

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["DisputesConfig"]


class DisputesConfig(AppConfig):
    """Disputes mediated (Q5, N11): parties, sessions, agreements, fulfilment, hand-over."""

    name = "linli.web.ops.disputes"
    label = "disputes"

    def ready(self) -> None:
        """Put disputes into the menu, their part on a case's page, and their reminders among the jobs."""
        from linli.web.foundation.calendars.reworking import register_follower
        from linli.web.foundation.casework.panels import Panel, register_panel
        from linli.web.foundation.casework.views.opening import register_opening_page
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.ops.disputes.actions.reckoning import FOLLOWER
        from linli.web.ops.disputes.facts import register_facts
        from linli.web.ops.disputes.panels import dispute_panel, docket_card
        from linli.web.ops.disputes.reminders import remind

        register_item(Item(key="disputes:nav", url="disputes", icon="scale", order=30, kind="dispute"))
        register_panel(Panel(kind="dispute", template="disputes/panel.html", context=dispute_panel, order=10))
        register_card(Card(template="disputes/card.html", context=docket_card, order=30))
        register(Periodic("disputes", dt.timedelta(minutes=10), remind))
        register_opening_page("dispute", "dispute_open")
        register_follower(FOLLOWER)
        register_facts()
