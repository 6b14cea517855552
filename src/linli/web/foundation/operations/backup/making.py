"""``linli backup``: one archive with the database and every attached file."""

import contextlib
import datetime as dt
import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final

from django.apps import apps
from django.conf import settings
from django.db import connection

import linli
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import CacheEntry
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.audit.witness import breaks, read_witness, write_heads
from linli.web.foundation.casework.models import Attachment
from linli.web.foundation.operations.backup.databases import DUMP_NAMES, Ask, dump, engine
from linli.web.foundation.operations.backup.manifest import (
    FORMAT,
    MANIFEST,
    SEAL,
    Kept,
    Manifest,
    key_mark,
    seal_for,
)
from linli.web.foundation.operations.backup.scratch import scratch_folder

__all__ = ["FILES", "TakeBackup", "count_rows", "make_backup", "own_tables", "passing_tables"]

say = catalogue("linli.web.foundation.operations")

FILES: Final = "files"
_FAST: Final = 1


@dataclass(frozen=True, kw_only=True)
class TakeBackup(Action[str]):
    """Somebody takes everything out of the system: the audit log says who and when."""

    name: ClassVar[str] = "platform.backup"
    file: str

    def check(self, context: Context) -> None:
        """Only whoever runs the server."""
        if not context.actor.is_system:
            raise Forbidden(say("backup.forbidden"))

    def change(self, context: Context) -> str:
        """Nothing changes; the entry is the point."""
        return self.file

    def record(self, result: str) -> Record:
        """Into which file."""
        detail: Mapping[str, Any] = {"file": result[:200]}
        return Record(action=self.name, subject_kind="platform", subject_id="backup", detail=detail)


def make_backup(path: Path, actor: Actor, at: dt.datetime) -> Manifest:
    """Write a backup; it appears whole or not at all.

    The database is read at one moment, the files after it: a file that was added meanwhile is one too
    many, and does no harm; one whose case was deleted meanwhile is gone, as it should be.

    Raises
    ------
    LinliError
        There is a file of that name, the database cannot be dumped, or the disk is full.
    """
    if path.exists():
        raise LinliError(say("backup.exists", file=path))
    perform(TakeBackup(file=path.name), actor, at)
    try:
        with scratch_folder(path.absolute().parent, ".linli-backup-") as scratch:
            manifest = _write(scratch / "archive", scratch, at)
            (scratch / "archive").replace(path)
    except OSError as reason:
        raise LinliError(say("backup.not_written", file=path, reason=reason.strerror or reason)) from None
    with contextlib.suppress(OSError):
        # The backup itself holds the heads too.
        write_heads(at)
    return manifest


def _write(archive: Path, scratch: Path, at: dt.datetime) -> Manifest:
    name = DUMP_NAMES[engine()]
    # Before the dump, which so holds every entry that the file's lines speak of.
    known = read_witness()
    wrong = sorted({place.kind for place in breaks(known)})
    counted = dump(scratch / name, _counts, without=passing_tables())
    with os.fdopen(os.open(archive, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_FAST) as tar:
            kept = {name: _add(tar, scratch / name, name)}
            kept.update(_add_files(tar))
            manifest = Manifest(
                format=FORMAT,
                linli_version=linli.__version__,
                made_at=at.isoformat(timespec="seconds"),
                engine=engine(),
                database=name,
                key_mark=key_mark(),
                files=kept,
                missing=_missing(kept),
                log=wrong,
                line=known.mac,
                **counted,
            )
            _put_text(tar, MANIFEST, manifest.text())
            _put_text(tar, SEAL, seal_for(manifest.text()) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _put_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    _put(tar, name, io.BytesIO(content), len(content))


def _counts(ask: Ask) -> dict[str, Any]:
    heads = ask("SELECT number, count, last FROM audit_lane ORDER BY number")
    return {
        "rows": count_rows(ask, [one for one in own_tables() if one not in passing_tables()]),
        "audit": {str(lane): int(count) for lane, count, _ in heads},
        "heads": [[int(lane), int(count), str(last)] for lane, count, last in heads],
        "migrations": sorted(f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations")),
    }


def count_rows(ask: Ask, tables: Iterable[str]) -> dict[str, int]:
    """Rows of some tables."""
    quote = connection.ops.quote_name
    return {table: int(ask(f"SELECT COUNT(*) FROM {quote(table)}")[0][0]) for table in tables}  # noqa: S608


def own_tables() -> list[str]:
    """The tables of the platform's own apps."""
    return sorted(
        model._meta.db_table
        for app in apps.get_app_configs()
        if app.name.startswith("linli.web.")
        for model in app.get_models()
    )


def passing_tables() -> tuple[str, ...]:
    """Tables whose rows stay out of a backup: who reads one could sign in by a session that is in it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    return (session._meta.db_table, CacheEntry._meta.db_table)


def _add_files(tar: tarfile.TarFile) -> Iterator[tuple[str, Kept]]:
    folder = Path(settings.MEDIA_ROOT)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            inside = f"{FILES}/{path.relative_to(folder).as_posix()}"
            # Deleted between the two looks, with its case.
            with contextlib.suppress(FileNotFoundError):
                yield inside, _add(tar, path, inside)


def _add(tar: tarfile.TarFile, path: Path, name: str) -> Kept:
    with path.open("rb") as file:
        return _put(tar, name, file, os.fstat(file.fileno()).st_size)


def _put(tar: tarfile.TarFile, name: str, file: BinaryIO, size: int) -> Kept:
    """Add what is read, and hash just that."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    reader = _Hashing(file)
    tar.addfile(member, reader)
    return Kept(size, reader.digest.hexdigest())


class _Hashing:
    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


def _missing(kept: Mapping[str, Kept]) -> list[str]:
    folder = Path(settings.MEDIA_ROOT)
    paths = Attachment.objects.order_by("path").values_list("path", flat=True)
    return [path for path in paths if f"{FILES}/{path}" not in kept and not (folder / path).is_file()]
