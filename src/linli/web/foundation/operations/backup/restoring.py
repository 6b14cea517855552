"""``linli restore``: a backup becomes the database and the files, after every byte of it was looked at."""

import datetime as dt
import gzip
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.chain import Break, Record, verify
from linli.web.foundation.operations.backup.databases import engine, load
from linli.web.foundation.operations.backup.making import FILES, count_rows
from linli.web.foundation.operations.backup.manifest import (
    MANIFEST,
    Manifest,
    digest_of,
    key_mark,
    read_manifest,
)
from linli.web.foundation.operations.health import workers_seen
from linli.web.foundation.operations.migrating import migrate

__all__ = ["NoteRestore", "Restored", "restore_backup", "unpacked"]

say = catalogue("linli.web.foundation.operations")

_PIECE: Final = 1 << 20
_TELLING: Final = ("accounts_user", "places_deployment", "casework_case", "audit_entry")
"""A database with a row in one of these is in use."""


@dataclass(frozen=True)
class Restored:
    """What came of it."""

    manifest: Manifest
    broken: tuple[Break, ...]
    """Places where the audit log is not as it was written."""


@dataclass(frozen=True, kw_only=True)
class NoteRestore(Action[str]):
    """Say in the audit log that it goes on from a backup, and end the sessions of that day."""

    name: ClassVar[str] = "platform.restore"
    made_at: str

    def check(self, context: Context) -> None:
        """Only whoever runs the server."""
        if not context.actor.is_system:
            raise Forbidden(say("backup.forbidden"))

    def change(self, context: Context) -> str:
        """Nobody is signed in by a session that was open when the backup was made."""
        import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects.all().delete()
        return self.made_at

    def record(self, result: str) -> Record:
        """Of which moment."""
        detail: Mapping[str, Any] = {"made_at": result}
        return Record(action=self.name, subject_kind="platform", subject_id="backup", detail=detail)


def restore_backup(
    path: Path, actor: Actor, at: dt.datetime, *, replace: bool = False, key_lost: bool = False
) -> Restored:
    """Check a backup and put it in place; until every check has passed nothing is touched.

    Parameters
    ----------
    replace
        Overwrite a database that is in use.
    key_lost
        Restore although the audit log cannot be verified here: its key is another one.

    Raises
    ------
    LinliError
        The backup is broken or does not fit, or the database is in use.
    """
    with unpacked(path) as folder:
        manifest = read_manifest(folder / MANIFEST)
        _check_whole(folder, manifest)
        _check_fits(manifest, key_lost=key_lost)
        _check_free(at, replace=replace)
        load(folder / manifest.database)
        _check_rows(manifest)
        _place_files(folder / FILES)
    migrate()
    broken = tuple(verify())
    perform(NoteRestore(made_at=manifest.made_at), actor, at)
    return Restored(manifest, broken)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The files of an archive in a folder beside the data, for as long as they are looked at.

    Raises
    ------
    LinliError
        It is no archive, it breaks off, or it holds anything but plain files.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as scratch:
        folder = Path(scratch)
        try:
            with gzip.open(path) as stream, tarfile.open(fileobj=stream) as tar:
                for member in tar:
                    if not member.isfile():
                        raise LinliError(say("backup.strange", name=member.name))
                    tar.extract(member, folder, filter="data")
                # To the very end, where the archive's own checksum is.
                while stream.read(_PIECE):
                    pass
        except FileNotFoundError:
            raise LinliError(say("backup.no_file", file=path)) from None
        except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error):
            raise LinliError(say("backup.broken_archive", file=path)) from None
        except OSError as reason:
            raise LinliError(say("backup.not_unpacked", reason=reason.strerror or reason)) from None
        yield folder


def _check_whole(folder: Path, manifest: Manifest) -> None:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    listed = set(manifest.files)
    for name in sorted(listed - there):
        raise LinliError(say("backup.lacks", name=name))
    for name in sorted(there - listed):
        raise LinliError(say("backup.strange", name=name))
    if manifest.database not in listed:
        raise LinliError(say("backup.lacks", name=manifest.database))
    for name, kept in sorted(manifest.files.items()):
        if digest_of(folder / name) != kept:
            raise LinliError(say("backup.changed", name=name))


def _check_fits(manifest: Manifest, *, key_lost: bool) -> None:
    if manifest.engine != engine():
        raise LinliError(say("backup.other_engine", given=manifest.engine, here=engine()))
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    apps = {name.split(".")[0] for name in known}
    newer = [name for name in manifest.migrations if name.split(".")[0] in apps and name not in known]
    if newer:
        raise LinliError(say("backup.newer", version=manifest.linli_version, first=newer[0]))
    if manifest.key_mark != key_mark() and not key_lost:
        raise LinliError(say("backup.other_key"))


def _check_free(at: dt.datetime, *, replace: bool) -> None:
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables.intersection(_TELLING):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone() is not None and not replace:
                raise LinliError(say("backup.in_use"))
    if "jobs_worker" in tables and workers_seen(at):
        raise LinliError(say("backup.running"))


def _check_rows(manifest: Manifest) -> None:
    with connection.cursor() as cursor:

        def ask(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

        found = count_rows(ask, manifest.rows)
    for table, rows in manifest.rows.items():
        if found[table] != rows:
            raise LinliError(say("backup.other_rows", table=table, expected=rows, found=found[table]))


def _place_files(fresh: Path) -> None:
    """Put the files where they belong; those that were there before go for good."""
    place = Path(settings.MEDIA_ROOT)
    former = place.with_name(f".{place.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    fresh.mkdir(exist_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.replace(former)
    shutil.move(fresh, place)
    shutil.rmtree(former, ignore_errors=True)
