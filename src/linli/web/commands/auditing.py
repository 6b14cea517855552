"""``linli audit``: is the audit log as it was written?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.kernel.errors import LinliError
from linli.web.commands.base import PlatformCommand, PlatformGroup, echo, say

if TYPE_CHECKING:
    from linli.web.foundation.audit.chain import Head

__all__ = ["audit"]


@click.group(cls=PlatformGroup, help="审计日志：核验 · the audit log: verify it")
def audit() -> None:
    """The group of commands about the audit log."""


@audit.command(
    cls=PlatformCommand,
    help="核验审计日志，被改动则退出码 1 · look for entries changed, deleted or put in; exit code 1",
)
@click.option(
    "--witness",
    type=click.Path(path_type=Path, dir_okay=False),
    help="以前用 linli audit heads 记下的文件 · a file that linli audit heads wrote earlier",
)
@click.pass_context
def verify(ctx: click.Context, witness: Path | None) -> None:
    """Every place where the log is not as it was written."""
    from django.db.models import Sum

    from linli.web.foundation.audit.chain import verify as broken_places
    from linli.web.foundation.audit.models import Lane

    broken = 0
    for place in broken_places(() if witness is None else _read(witness)):
        broken += 1
        where = say(f"audit.{place.kind}")
        echo(ctx, say("audit.broken", lane=place.lane, position=place.position, what=where))
    if broken:
        echo(ctx, say("audit.not_whole", count=broken))
        ctx.exit(1)
    entries = Lane.objects.aggregate(total=Sum("count"))["total"] or 0
    echo(ctx, say("audit.whole", count=entries))


@audit.command(
    cls=PlatformCommand,
    help="记下日志各链的末端，另行保管，供以后核验 · write down where the log stands, to be kept elsewhere",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def heads(ctx: click.Context, file: Path) -> None:
    """What ``verify --witness`` takes: it shows later whether the whole database was set back."""
    from linli.web.foundation.audit.chain import heads as current

    found = current()
    rows = [{"lane": one.lane, "count": one.count, "last": one.last} for one in found]
    file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    echo(ctx, say("audit.heads", file=file, count=sum(one.count for one in found)))


def _read(file: Path) -> "tuple[Head, ...]":
    from linli.web.foundation.audit.chain import Head

    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return tuple(Head(int(row["lane"]), int(row["count"]), str(row["last"])) for row in rows)
    except (OSError, ValueError, KeyError, TypeError):
        raise LinliError(say("audit.no_witness", file=file)) from None
