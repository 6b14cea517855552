"""``linli audit``: is the audit log as it was written?"""

import json
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text
from linli.web.commands.base import PlatformCommand, PlatformGroup, echo, operator, say

if TYPE_CHECKING:
    from linli.web.foundation.audit.verifying import Break, Head

__all__ = ["audit", "told"]

_COMPRESSED = b"\x1f\x8b"
"""How a backup begins."""


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
    help="另行保管的末端文件或备份 · heads kept elsewhere, or a backup",
)
@click.pass_context
def verify(ctx: click.Context, witness: Path | None) -> None:
    """Every place where the log is not as it was written; what was written down outside is looked for."""
    if _tell_breaks(ctx, () if witness is None else _read(witness)):
        ctx.exit(1)


def _tell_breaks(ctx: click.Context, witness: "tuple[Head, ...]") -> int:
    from django.db.models import Sum

    from linli.web.foundation.audit.models import Lane
    from linli.web.foundation.audit.verifying import verify as broken_places
    from linli.web.foundation.audit.witness import breaks_of_file, read_witness

    known, broken = read_witness(whole=True), 0
    for place in chain(breaks_of_file(known), broken_places((*known.heads, *witness))):
        broken += 1
        echo(ctx, told(place))
    if broken:
        echo(ctx, say("audit.not_whole", count=broken))
        return broken
    entries = Lane.objects.aggregate(total=Sum("count"))["total"] or 0
    echo(ctx, say("audit.whole", count=entries))
    echo(ctx, say("audit.witnessed", at=known.at) if known.at is not None else say("audit.unwitnessed"))
    return 0


def told(place: "Break") -> Text:
    """A break in words."""
    if place.lane < 0:
        return say(f"audit.{place.kind}", line=place.position)
    what = say(f"audit.{place.kind}")
    return say("audit.broken", lane=place.lane, position=place.position, what=what)


@audit.command(
    cls=PlatformCommand,
    help="更换审计密钥后，用新密钥封住日志 · seal the log with a new key; the former in LINLI_AUDIT_OLD_KEYS",
)
@click.option(
    "--although-broken", is_flag=True, help="日志不完整也更换 · change it although the log is not whole"
)
@click.pass_context
def rekey(ctx: click.Context, *, although_broken: bool) -> None:
    """Look at the whole log with the former keys, then seal each lane's end with the one in use."""
    from django.utils import timezone

    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.audit.rekeying import RekeyLog
    from linli.web.foundation.audit.witness import write_heads

    if _tell_breaks(ctx, ()) and not although_broken:
        raise LinliError(say("audit.not_rekeyed"))
    at = timezone.now()
    key = perform(RekeyLog(), operator(), at)
    write_heads(at)
    echo(ctx, say("audit.rekeyed", key=key))


@audit.command(
    "renew-heads",
    cls=PlatformCommand,
    help="末端文件确已丢失时续写 · go on writing heads although their file is lost for good",
)
@click.pass_context
def renew(ctx: click.Context) -> None:
    """A line for the log as it stands, and an entry in it; exit code 1 where it stays broken."""
    from django.utils import timezone

    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.audit.rekeying import RenewHeads

    kind = perform(RenewHeads(), operator(), timezone.now())
    echo(ctx, say("audit.renewed"))
    if kind == "broken":
        echo(ctx, say("audit.renewed_broken"))
        ctx.exit(1)


@audit.command(
    cls=PlatformCommand,
    help="记下日志各链的末端，另行保管，供以后核验 · write down where the log stands, to be kept elsewhere",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def heads(ctx: click.Context, file: Path) -> None:
    """What ``verify --witness`` takes: it shows later whether the whole database was set back."""
    from linli.web.foundation.audit.verifying import heads as current

    found = current()
    rows = [{"lane": one.lane, "count": one.count, "last": one.last} for one in found]
    file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    echo(ctx, say("audit.heads", file=file, count=sum(one.count for one in found)))


def _read(file: Path) -> "tuple[Head, ...]":
    from django.conf import settings

    from linli.web.foundation.audit.verifying import Head
    from linli.web.foundation.operations.backup.archive import trusted_manifest

    try:
        with file.open("rb") as content:
            if content.read(2) == _COMPRESSED:
                return trusted_manifest(file, settings.DATA_DIR)[0].witness()
        rows = json.loads(file.read_text(encoding="utf-8"))
        return tuple(Head(int(row["lane"]), int(row["count"]), str(row["last"])) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise LinliError(say("audit.no_witness", file=file)) from None
