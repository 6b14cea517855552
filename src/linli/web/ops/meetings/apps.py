"""The meetings app."""

from django.apps import AppConfig

__all__ = ["MeetingsConfig"]


class MeetingsConfig(AppConfig):
    """Meetings and outreach (X5, N17, E4): residents' meetings, lectures, visit days, activity counts."""

    name = "linli.web.ops.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Menu."""
        from linli.web.foundation.screens.navigation import Item, register_item
        from linli.web.ops.meetings.facts import register_facts

        register_item(Item(key="meetings:nav", url="meetings", icon="speakerphone", order=60, kind="meeting"))
        register_facts()
