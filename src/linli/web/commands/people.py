"""``linli platform user``: accounts and their roles from the command line, by the actions of the screen."""

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from linli.kernel.errors import LinliError
from linli.web.commands.base import PlatformCommand, PlatformGroup, echo, operator, say, spoken

if TYPE_CHECKING:
    from linli.web.foundation.accounts.models import Grant, Organisation, User

__all__ = ["user"]


@click.group(
    cls=PlatformGroup, help="账户：新建、列出、授权、重置 · accounts: add, list, grant, revoke, reset"
)
def user() -> None:
    """The group of commands about accounts."""


@user.command(
    cls=PlatformCommand,
    help="新建账户并打印临时密码 · make an account; its temporary password is printed once",
)
@click.argument("username")
@click.option("--name", required=True, help="姓名 · the person's name")
@click.option("--role", default=None, help="同时授予的角色，如 administrator · role to give at once")
@click.option(
    "--at", "office", default=None, help="角色所在单位的编码，如 bureau · code of the office of the role"
)
@click.pass_context
def add(ctx: click.Context, username: str, name: str, role: str | None, office: str | None) -> None:
    """Make it, and give it a role in the same breath if one is named."""
    from django.utils import timezone

    from linli.web.foundation.accounts.actions.people import MakeAccount
    from linli.web.foundation.accounts.passwords import new_temporary_password
    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.actions.together import together

    if (role is None) != (office is None):
        raise LinliError(say("user.role_and_office"))
    password, at = new_temporary_password(), timezone.now()
    with together():
        made = perform(
            MakeAccount(username=username, display_name=name, password=password, language=spoken(ctx)),
            operator(),
            at,
        )
        if role is not None and office is not None:
            _give(made, role, office)
    echo(ctx, say("user.made", username=username, password=password))


@user.command("list", cls=PlatformCommand, help="列出账户及其角色 · list accounts and their roles")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """A table of all accounts; what they hold today."""
    from django.utils import timezone

    from linli.web.foundation.accounts.access import local_day
    from linli.web.foundation.accounts.models import User
    from linli.web.foundation.accounts.roles import role_of

    language, day = spoken(ctx), local_day(timezone.now())
    table = Table()
    for column in ("username", "name", "active", "roles"):
        table.add_column(say(f"user.column.{column}").in_(language))
    for one in User.objects.prefetch_related("grants__organisation").order_by("username"):
        held = [
            f"{role.name.in_(language)}（{grant.organisation.code}）"
            if language == "zh"
            else f"{role.name.in_(language)} ({grant.organisation.code})"
            for grant in one.grants.all()
            if grant.holds_on(day) and (role := role_of(grant.role)) is not None
        ]
        active = say("user.active" if one.is_active else "user.stopped").in_(language)
        table.add_row(one.username, one.display_name, active, "\n".join(held))
    Console().print(table, markup=False)


@user.command(cls=PlatformCommand, help="授予角色 · give an account a role")
@click.argument("username")
@click.argument("role")
@click.argument("office")
@click.pass_context
def grant(ctx: click.Context, username: str, role: str, office: str) -> None:
    """From today on; with a privileged role the account gets a temporary password, as on the screen."""
    password = _give(_account(username), role, office, anew=True)
    echo(ctx, say("user.granted", username=username, role=role, office=office))
    if password:
        echo(ctx, say("user.reset", username=username, password=password))


@user.command(cls=PlatformCommand, help="收回角色 · take a role away")
@click.argument("username")
@click.argument("role")
@click.argument("office")
@click.pass_context
def revoke(ctx: click.Context, username: str, role: str, office: str) -> None:
    """At once."""
    from django.utils import timezone

    from linli.web.foundation.accounts.actions.roles import TakeRole
    from linli.web.foundation.actions.action import perform

    account = _account(username)
    held = _held(account, role, _office(office))
    perform(TakeRole(account_id=account.pk, grant_id=held.pk), operator(), timezone.now())
    echo(ctx, say("user.revoked", username=username, role=role, office=office))


@user.command(
    cls=PlatformCommand,
    help="重置密码并打印临时密码 · set a temporary password, printed once",
)
@click.argument("username")
@click.option("--second-factor", is_flag=True, help="同时清除二次验证 · take the second factors away as well")
@click.pass_context
def reset(ctx: click.Context, username: str, *, second_factor: bool) -> None:
    """Whoever is signed in with the account is signed out."""
    from django.utils import timezone

    from linli.web.foundation.accounts.actions.entry import ResetPassword, ResetSecondFactor
    from linli.web.foundation.accounts.passwords import new_temporary_password
    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.actions.together import together

    account, password, at = _account(username), new_temporary_password(), timezone.now()
    with together():
        perform(ResetPassword(account_id=account.pk, password=password), operator(), at)
        if second_factor:
            perform(ResetSecondFactor(account_id=account.pk), operator(), at)
    echo(ctx, say("user.reset", username=username, password=password))


def _give(account: "User", role: str, office: str, *, anew: bool = False) -> str:
    """Give it, and say the temporary password of an account that is handed out ``anew``; else nothing."""
    from dataclasses import replace

    from django.utils import timezone

    from linli.web.foundation.accounts.access import local_day
    from linli.web.foundation.accounts.actions.roles import GiveRole
    from linli.web.foundation.accounts.passwords import new_temporary_password
    from linli.web.foundation.accounts.roles import roles
    from linli.web.foundation.actions.action import Context, perform

    if role not in roles():
        raise LinliError(say("user.no_role", role=role, known=", ".join(sorted(roles()))))
    at = timezone.now()
    action = GiveRole(
        account_id=account.pk, role=role, organisation_id=_office(office).pk, starts=local_day(at)
    )
    weighs = anew and action.weighs(account, Context(actor=operator(), at=at))
    password = new_temporary_password() if weighs else ""
    perform(replace(action, password=password), operator(), at)
    return password


def _account(username: str) -> "User":
    from linli.web.foundation.accounts.models import User

    found = User.objects.filter(username=username).first()
    if found is None:
        raise LinliError(say("user.missing", username=username))
    return found


def _office(code: str) -> "Organisation":
    from linli.web.foundation.accounts.models import Organisation

    found = Organisation.objects.filter(code=code).first()
    if found is None:
        some = ", ".join(Organisation.objects.filter(active=True).values_list("code", flat=True)[:8])
        raise LinliError(say("user.no_office", code=code, some=some or "—"))
    return found


def _held(account: "User", role: str, office: "Organisation") -> "Grant":
    from linli.web.foundation.accounts.models import Grant

    held = Grant.objects.filter(user=account, role=role, organisation=office).order_by("-starts").first()
    if held is None:
        raise LinliError(say("user.not_held", username=account.username, role=role, office=office.code))
    return held
