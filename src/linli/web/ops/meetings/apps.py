"""The meetings app."""

from django.apps import AppConfig

__all__ = ["MeetingsConfig"]


class MeetingsConfig(AppConfig):
    """Meetings and outreach (X5, N17, E4): what was held, and the actions that follow."""

    name = "linli.web.ops.meetings"
    label = "meetings"
