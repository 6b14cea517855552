"""The calendars app."""

import datetime as dt

from django.apps import AppConfig

__all__ = ["CalendarsConfig"]


class CalendarsConfig(AppConfig):
    """Working days and office hours."""

    name = "linli.web.foundation.calendars"
    label = "calendars"

    def ready(self) -> None:
        """Menu, the card of a missing notice, and the job that lets deadlines follow."""
        from linli.web.foundation.calendars.reminding import missing_card
        from linli.web.foundation.calendars.reworking import BATCH, run_reworking
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.foundation.screens.navigation import Item, register_item

        register_item(
            Item(key="calendars:nav", url="calendar_year", icon="calendar", order=82, kind="calendar")
        )
        register_card(Card(template="calendars/_card.html", context=missing_card, order=5))
        register(Periodic("calendar", dt.timedelta(minutes=1), run_reworking, batch=BATCH))
