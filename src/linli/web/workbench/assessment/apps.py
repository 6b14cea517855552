"""The assessment app."""

from django.apps import AppConfig

__all__ = ["AssessmentConfig"]


class AssessmentConfig(AppConfig):
    """Periods, figures, consequences (H7, E6, N19, N20, Q13): traced, beside chance, open to objection."""

    name = "linli.web.workbench.assessment"
    label = "assessment"

    def ready(self) -> None:
        """Menu, home page, API."""
        from linli.web.foundation.exchange.api.parts import register_part
        from linli.web.foundation.screens.cards import Card, register_card
        from linli.web.foundation.screens.navigation import Item, register_item
        from linli.web.workbench.assessment.api import router
        from linli.web.workbench.assessment.payable import register_payable
        from linli.web.workbench.assessment.showing import home_card

        register_item(
            Item(key="assessment:nav", url="assessment", icon="chart-bar", order=80, kind="assessment")
        )
        register_card(Card(template="assessment/_card.html", context=home_card, order=45))
        register_part("/assessment", router)
        register_payable()
