"""The accounts of the demonstration as a table on the terminal: one a role."""

import sys

from rich.console import Console
from rich.table import Table

from linli.kernel.texts import Language, catalogue
from linli.web.demonstration.cast import CAST
from linli.web.demonstration.fill import demo_accounts
from linli.web.demonstration.scene import PASSWORD
from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.accounts.roles import role_of

__all__ = ["print_accounts"]

say = catalogue("linli.web.demonstration")


def print_accounts(language: Language) -> None:
    """Print user name, role, person and office of each account, and their one password."""
    english = {member.username: member.name_en for member in CAST}
    offices = {grant.user_id: grant for grant in Grant.objects.select_related("organisation").order_by("-pk")}
    table = Table(title=say("accounts.title").in_(language))
    for column in ("role", "username", "person", "office"):
        table.add_column(say(f"accounts.{column}").in_(language), no_wrap=column == "username")
    for user in demo_accounts():
        grant = offices.get(user.pk)
        role = role_of(grant.role) if grant is not None else None
        table.add_row(
            role.name.in_(language) if role is not None else "",
            user.username,
            english[user.username] if language == "en" else user.display_name,
            grant.organisation.named(language) if grant is not None else "",
        )
    console = Console(file=sys.stdout)
    console.print(table, markup=False)
    console.print(say("accounts.password", password=PASSWORD).in_(language), markup=False, highlight=False)
