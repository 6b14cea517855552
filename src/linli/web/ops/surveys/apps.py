"""The surveys app."""

from django.apps import AppConfig

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["SurveysConfig"]


def _concerned(actor: Actor) -> bool:
    return may_anywhere(actor, "view", "survey") or may_anywhere(actor, "work", "survey")


class SurveysConfig(AppConfig):
    """Surveys (N7, N16, E9) and street checks (N18)."""

    name = "linli.web.ops.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Put surveys into the menu and their answers among the facts."""
        from linli.web.ops.surveys.facts import register_facts

        register_item(
            Item(key="surveys:nav", url="surveys", icon="clipboard-list", order=74, shown=_concerned)
        )
        register_facts()
