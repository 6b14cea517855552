"""The jointwork app."""

import datetime as dt

from django.apps import AppConfig

__all__ = ["JointworkConfig"]


class JointworkConfig(AppConfig):
    """Joint work (Q7, H5, N14): agreements, joint meetings, cases shared across a boundary."""

    name = "linli.web.ops.jointwork"
    label = "jointwork"

    def ready(self) -> None:
        """Menu, what is shared and due on the home page, terms on the schedule."""
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.foundation.screens.navigation import Item, register_item
        from linli.web.ops.jointwork.presenting import card_context
        from linli.web.ops.jointwork.terms import run_terms

        register_item(
            Item(key="jointwork:nav", url="jointwork", icon="users-group", order=50, kind="joint_work")
        )
        register_card(Card(template="jointwork/_card.html", context=card_context, order=45))
        register(Periodic("agreement_terms", dt.timedelta(hours=1), run_terms))
