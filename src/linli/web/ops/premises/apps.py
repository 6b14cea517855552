"""The premises app."""

import datetime as dt

from django.apps import AppConfig

from linli.web.foundation.screens.cards import Card, register_card
from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["PremisesConfig"]


class PremisesConfig(AppConfig):
    """Premises and their inspections (L11, N2, N3, N9, N13, N14, E10)."""

    name = "linli.web.ops.premises"
    label = "premises"

    def ready(self) -> None:
        """Register the menu, the panel of a case, the card of the home page, and the periodic work."""
        # Modules with models may only be read once all apps are known.
        from linli.web.foundation.casework.panels import Panel, register_panel
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.ops.premises import jobs, panels
        from linli.web.ops.premises.facts import register_facts
        from linli.web.ops.premises.payable import register_payable

        register_item(
            Item(
                key="premises:nav.premises", url="premises", icon="building-store", order=40, kind="premises"
            )
        )
        register_item(
            Item(
                key="premises:nav.inspections",
                url="inspections",
                icon="checklist",
                order=41,
                kind="inspection",
            )
        )
        register_panel(
            Panel(
                kind="inspection", template="premises/_panel.html", context=panels.inspection_panel, order=10
            )
        )
        register_card(Card(template="premises/_card.html", context=panels.home_card, order=40))
        register(Periodic("premises", dt.timedelta(hours=1), jobs.run, batch=jobs.BATCH))
        register_facts()
        register_payable()
