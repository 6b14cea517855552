"""The accounts app."""

from django.apps import AppConfig

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["AccountsConfig"]


class AccountsConfig(AppConfig):
    """Organisations, accounts, roles."""

    name = "linli.web.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to what happens to accounts, and put the pages of accounts into the menu."""
        from linli.web.foundation.accounts.happenings import listen

        listen()
        register_item(
            Item(
                key="accounts:nav.people",
                url="people",
                icon="users",
                order=96,
                kind="account",
                group="accounts:nav.group",
            )
        )
        register_item(
            Item(
                key="accounts:nav.organisations",
                url="organisations",
                icon="users-group",
                order=97,
                kind="account",
            )
        )
