"""``linli backup`` and ``linli restore``."""

from pathlib import Path

import click

from linli.kernel.errors import LinliError
from linli.web.commands.auditing import told
from linli.web.commands.base import PlatformCommand, echo, operator, say

__all__ = ["backup", "restore"]

MOST_SHOWN = 10


@click.command(
    cls=PlatformCommand,
    help="备份数据库和附件；运行中也可执行 · back up the database and attached files, also while running",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Write one archive; exit code 1 where it was written, but of a broken log or without attached files."""
    from django.utils import timezone

    from linli.web.foundation.operations.backup.making import make_backup
    from linli.web.foundation.operations.backup.manifest import digest_of

    manifest = make_backup(file, operator(), timezone.now())
    rows = sum(manifest.rows.values())
    size = f"{file.stat().st_size / 1e6:.1f}"
    echo(ctx, say("backup.written", file=file, size=size, rows=rows, files=len(manifest.files) - 1))
    echo(ctx, say("backup.digest", digest=digest_of(file).sha256))
    if manifest.missing:
        for path in manifest.missing[:MOST_SHOWN]:
            echo(ctx, say("backup.missing", path=path))
        echo(ctx, say("backup.some_missing", count=len(manifest.missing)))
    if manifest.log:
        echo(ctx, say("backup.log_broken"))
    if manifest.missing or manifest.log:
        ctx.exit(1)


@click.command(
    cls=PlatformCommand, help="从备份恢复；先停止平台 · restore from a backup; stop the platform first"
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="替换已有数据 · replace the data that is there")
@click.option(
    "--key-lost",
    is_flag=True,
    help="审计密钥已遗失，凭 --sha256 恢复 · the audit key is lost; restore by --sha256",
)
@click.option(
    "--sha256", default="", help="备份时记下的校验值 · digest written down when the backup was made"
)
@click.pass_context
def restore(ctx: click.Context, file: Path, *, replace: bool, key_lost: bool, sha256: str) -> None:
    """Check, then put in place; exit code 1 where the audit log in it is not whole."""
    from django.utils import timezone

    from linli.web.foundation.operations.backup.restoring import restore_backup

    if key_lost and not sha256:
        raise LinliError(say("restore.no_digest", file=file))
    done = restore_backup(
        file, operator(), timezone.now(), replace=replace, sha256=sha256 if key_lost else ""
    )
    rows, files = sum(done.manifest.rows.values()), len(done.manifest.files) - 1
    echo(ctx, say("restore.done", made_at=done.manifest.made_at, rows=rows, files=files))
    if not done.broken:
        echo(ctx, say("restore.whole", count=sum(done.manifest.audit.values())))
        return
    for place in done.broken[:MOST_SHOWN]:
        echo(ctx, told(place))
    echo(ctx, say("audit.not_whole", count=len(done.broken)))
    ctx.exit(1)
