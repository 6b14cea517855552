"""The disputes app."""

from django.apps import AppConfig

__all__ = ["DisputesConfig"]


class DisputesConfig(AppConfig):
    """Disputes mediated (Q5, N11): parties, sessions, agreements, fulfilment, hand-over."""

    name = "linli.web.ops.disputes"
    label = "disputes"
