"""The accounts app."""

from django.apps import AppConfig

__all__ = ["AccountsConfig"]


class AccountsConfig(AppConfig):
    """Organisations, accounts, roles."""

    name = "linli.web.foundation.accounts"
    label = "accounts"
