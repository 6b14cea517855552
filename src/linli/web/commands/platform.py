"""``linli platform``: set the platform up, take a plan in, look after accounts, check that all is well."""

import datetime as dt
import getpass
from pathlib import Path

import click

from linli.kernel.errors import LinliError
from linli.web.commands.base import PlatformCommand, PlatformGroup, echo, operator, say, spoken
from linli.web.commands.people import user
from linli.web.foundation.border.moments import day_of

__all__ = ["platform"]


@click.group(
    cls=PlatformGroup, help="平台：初始化、账户、检查、升级 · the platform: set-up, accounts, checks, upgrade"
)
def platform() -> None:
    """The group of commands about the platform."""


platform.add_command(user)


def _day(ctx: click.Context, parameter: click.Parameter, given: str | None) -> dt.date | None:
    if given is None:
        return None
    day = day_of(given)
    if day is None:
        raise LinliError(say("platform.day", given=given))
    return day


@platform.command(
    help="导入 linli plan 写出的方案并使其生效 · take in a plan written by linli plan and put it in force"
)
@click.option(
    "--deployment",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="linli plan 的输出文件夹 · folder that linli plan wrote",
)
@click.option(
    "--on", callback=_day, default=None, help="生效日期，默认今天 · first day in force; today by default"
)
@click.option("--reason", default="", help="说明，记入方案 · why, kept with the deployment")
@click.pass_context
def init(ctx: click.Context, folder: Path, on: dt.date | None, reason: str) -> None:
    """Migrate, then propose, approve and put in force, each with its audit entry."""
    from django.utils import timezone

    from linli.web.foundation.operations.migrating import migrate as bring_up
    from linli.web.foundation.places.models import Post
    from linli.web.foundation.places.taking_in import take_in

    bring_up(lambda text: echo(ctx, text))
    version = take_in(folder, operator(), timezone.now(), reason=reason or getpass.getuser(), on=on)
    echo(
        ctx,
        say(
            "platform.in_force",
            name=version.name if spoken(ctx) == "zh" or not version.name_en else version.name_en,
            beats=version.beats.count(),
            posts=Post.objects.filter(deployment=version).count(),
            day=version.valid_from,
        ),
    )


@platform.command(
    help="升级数据库和静态文件；可重复运行 · bring database and static files up to this version"
)
@click.pass_context
def migrate(ctx: click.Context) -> None:
    """Migrations, then the static files of a production server."""
    from django.conf import settings
    from django.core.management import call_command

    from linli.web.foundation.operations.health import pending_migrations
    from linli.web.foundation.operations.migrating import migrate as bring_up

    pending = pending_migrations()
    bring_up(lambda text: echo(ctx, text))
    if settings.STATIC_ROOT:
        call_command("collectstatic", verbosity=0, interactive=False)
    echo(ctx, say("platform.migrated", count=len(pending)))


@platform.command("export-deployment", help="导出生效中的部署方案 · write the deployment in force to a file")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def export_deployment(ctx: click.Context, file: Path) -> None:
    """The file as it was taken in, byte for byte."""
    from linli.web.foundation.places.models import Deployment

    version = Deployment.objects.filter(status=Deployment.Status.IN_FORCE).first()
    if version is None:
        raise LinliError(say("platform.none_in_force"))
    if file.exists():
        raise LinliError(say("platform.file_exists", file=file))
    file.write_bytes(version.document.encode())
    echo(ctx, say("platform.exported", file=file))


@platform.command(
    "confirm-clock",
    help="确认服务器时间无误，恢复到期删除 · say that the clock is right: what waited is destroyed again",
)
@click.pass_context
def confirm_clock(ctx: click.Context) -> None:
    """After a leap, or a long time switched off."""
    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.clock import now
    from linli.web.foundation.jobs.timekeeping import ConfirmClock
    from linli.web.foundation.operations.checking import moment

    at = now()
    perform(ConfirmClock(), operator(), at)
    echo(ctx, say("platform.clock_confirmed", moment=moment(at)))


@platform.command(
    cls=PlatformCommand,
    help="清除数据库文件中已删除的内容，由表的所有者运行 · free what was deleted; run as the tables' owner",
)
@click.pass_context
def scrub(ctx: click.Context) -> None:
    """What a worker does each night where its role owns the tables."""
    from linli.web.foundation.clock import now
    from linli.web.foundation.jobs.scrubbing import run_scrubbing

    count = run_scrubbing(now())
    if not count:
        raise LinliError(say("platform.not_owner"))
    echo(ctx, say("platform.scrubbed", count=count))


@platform.command(
    cls=PlatformCommand,
    help="检查设置、案件类型、派单规则和后台任务 · check settings, case types, routing and workers",
)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Print each check; exit code 2 where one fails."""
    from django.utils import timezone

    from linli.web.foundation.operations.checking import checked

    failed = 0
    for finding in checked(timezone.now()):
        failed += finding.level == "wrong"
        echo(ctx, say(f"check.{finding.level}", text=finding.text))
    echo(ctx, say("check.failed" if failed else "check.passed", count=failed))
    if failed:
        ctx.exit(2)


@platform.command(
    cls=PlatformCommand,
    help="更换 LINLI_SECRET_KEY 后重新加密 · encrypt anew after a change of LINLI_SECRET_KEY",
)
@click.pass_context
def rekey(ctx: click.Context) -> None:
    """Exit code 1 where something was encrypted with a key that is not named here."""
    from django.utils import timezone

    from linli.web.foundation.accounts.actions.rekeying import RekeySecrets
    from linli.web.foundation.accounts.ciphers import SECOND_FACTOR
    from linli.web.foundation.actions.action import perform

    found = perform(RekeySecrets(), operator(), timezone.now())
    for purpose, (done, _) in found.items():
        if done or purpose == SECOND_FACTOR:
            echo(ctx, say("platform.rekeyed", count=done, what=say(f"platform.secret.{purpose}")))
    if unread := sum(one for _, one in found.values()):
        echo(ctx, say("platform.unread", count=unread))
        ctx.exit(1)
