"""The incidents app."""

from django.apps import AppConfig

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["IncidentsConfig"]

_MENU = (("intake", "phone", "assign"), ("board", "layout-dashboard", "work"))


class IncidentsConfig(AppConfig):
    """Incidents (110 intake): calls taken in, units recommended and dispatched, arrival, result."""

    name = "linli.web.ops.incidents"
    label = "incidents"

    def ready(self) -> None:
        """Put intake and board into the menu, the units on an incident's page; keep dispatches in step."""
        from linli.web.foundation.casework.observers import register_observer
        from linli.web.foundation.casework.panels import Panel, register_panel
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.ops.incidents.facts import register_facts
        from linli.web.ops.incidents.home import board_card
        from linli.web.ops.incidents.keeping import follow
        from linli.web.ops.incidents.panel import units_panel

        for number, (name, icon, verb) in enumerate(_MENU):
            key, url = f"incidents:nav.{name}", f"incident_{name}"
            register_item(Item(key=key, url=url, icon=icon, order=10 + number, kind="incident", verb=verb))
        register_panel(
            Panel(kind="incident", template="incidents/_units_panel.html", context=units_panel, order=10)
        )
        register_card(Card(template="incidents/_home.html", context=board_card, order=10))
        register_observer(follow)
        register_facts()
