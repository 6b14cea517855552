"""``linli audit``: is the audit log as it was written?"""

import click

from linli.web.commands.base import PlatformCommand, PlatformGroup, echo, say

__all__ = ["audit"]


@click.group(cls=PlatformGroup, help="审计日志：核验 · the audit log: verify it")
def audit() -> None:
    """The group of commands about the audit log."""


@audit.command(
    cls=PlatformCommand,
    help="核验审计日志，被改动则退出码 1 · look for entries changed, deleted or put in; exit code 1",
)
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Every place where the log is not as it was written."""
    from django.db.models import Sum

    from linli.web.foundation.audit.chain import verify as broken_places
    from linli.web.foundation.audit.models import Lane

    broken = 0
    for place in broken_places():
        broken += 1
        where = say(f"audit.{place.kind}")
        echo(ctx, say("audit.broken", lane=place.lane, position=place.position, what=where))
    if broken:
        echo(ctx, say("audit.not_whole", count=broken))
        ctx.exit(1)
    entries = Lane.objects.aggregate(total=Sum("count"))["total"] or 0
    echo(ctx, say("audit.whole", count=entries))
