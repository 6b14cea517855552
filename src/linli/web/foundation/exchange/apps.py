"""The exchange app."""

import datetime as dt

from django.apps import AppConfig

__all__ = ["ExchangeConfig"]


class ExchangeConfig(AppConfig):
    """API, webhooks, calendars."""

    name = "linli.web.foundation.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Fill the outbox with every change to a case, and empty it again and again; end what lets in."""
        from linli.web.foundation.accounts.ciphers import register_rewriter
        from linli.web.foundation.accounts.credentials import register_ender
        from linli.web.foundation.accounts.programs import register_programs
        from linli.web.foundation.casework.observers import register_observer
        from linli.web.foundation.exchange.ending import end_programs, list_programs
        from linli.web.foundation.exchange.outbox import deliver, enqueue
        from linli.web.foundation.exchange.sealing import WEBHOOK, seal_anew
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.screens.navigation import Item, register_item

        register_ender(end_programs)
        register_rewriter(WEBHOOK, seal_anew)
        register_programs(list_programs)
        register_observer(enqueue)
        register(Periodic("webhooks", dt.timedelta(seconds=10), deliver, batch=50))
        register_item(Item(key="exchange:nav", url="exchange", icon="link", order=95))
