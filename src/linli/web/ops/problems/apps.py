"""The problems app."""

import datetime as dt

from django.apps import AppConfig

__all__ = ["ProblemsConfig"]


class ProblemsConfig(AppConfig):
    """Problem places (N10): one file a place, plan, owner, progress."""

    name = "linli.web.ops.problems"
    label = "problems"

    def ready(self) -> None:
        """Menu, the plan on the case's page, late measures on the home page and on the schedule."""
        from linli.web.foundation.casework.observers import register_observer
        from linli.web.foundation.casework.panels import Panel, register_panel
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.foundation.screens.navigation import Item, register_item
        from linli.web.ops.problems.actions.measures import run_reminders
        from linli.web.ops.problems.following import hold_to_plan
        from linli.web.ops.problems.presenting import card_context, panel_context

        register_item(Item(key="problems:nav", url="problems", icon="bulb", order=40, kind="problem_place"))
        register_panel(
            Panel(kind="problem_place", template="problems/_panel.html", context=panel_context, order=20)
        )
        register_card(Card(template="problems/_card.html", context=card_context, order=40))
        register_observer(hold_to_plan)
        register(Periodic("problem_reminders", dt.timedelta(hours=1), run_reminders, batch=500))
