"""``linli restore``: a backup becomes the database and the files, after every byte of it was looked at.

Until everything has been looked at, nothing is touched. Then a note is written beside the data, and from
there on a restore that is killed is carried to its end by whatever starts next: each step can be done again.
"""

import datetime as dt
import json
import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.chain import Break, Record, verify
from linli.web.foundation.audit.witness import (
    OF_THE_FILE,
    breaks_of_file,
    read_witness,
    witness_of_backup,
    write_heads,
)
from linli.web.foundation.operations.backup.archive import check_whole, trusted_manifest, unpack
from linli.web.foundation.operations.backup.databases import Ask, check_dump, engine, load
from linli.web.foundation.operations.backup.making import FILES, count_rows
from linli.web.foundation.operations.backup.manifest import MANIFEST, Manifest, read_manifest
from linli.web.foundation.operations.backup.scratch import scratch_folder, sweep
from linli.web.foundation.operations.health import workers_seen
from linli.web.foundation.operations.migrating import migrate
from linli.web.foundation.operations.running import gate, running

__all__ = ["NoteRestore", "Restored", "is_interrupted", "restore_backup", "settle"]

say = catalogue("linli.web.foundation.operations")
log = logging.getLogger("linli.restore")

_PREFIX: Final = ".restore-"
_NOTE: Final = ".restore.json"
_TELLING: Final = ("accounts_user", "places_deployment", "casework_case", "audit_entry")
"""A database with a row in one of these is in use."""


@dataclass(frozen=True)
class Restored:
    """What came of it."""

    manifest: Manifest
    broken: tuple[Break, ...]
    """Places where the audit log, or the file with its heads, is not as it was written."""


@dataclass(frozen=True, kw_only=True)
class _Note:
    """What a killed restore leaves for whoever carries it to its end."""

    folder: str
    by: str
    authentic: bool


@dataclass(frozen=True, kw_only=True)
class NoteRestore(Action[str]):
    """Say in the audit log that it goes on from a backup, and end the sessions of that day."""

    name: ClassVar[str] = "platform.restore"
    made_at: str
    authentic: bool = True

    def check(self, context: Context) -> None:
        """Only whoever runs the server."""
        if not context.actor.is_system:
            raise Forbidden(say("backup.forbidden"))

    def change(self, context: Context) -> str:
        """Nobody is signed in by a session that was open when the backup was made."""
        import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects.all().delete()
        return self.made_at

    def record(self, result: str) -> Record:
        """Of which moment, and where no key vouched for it."""
        detail: Mapping[str, Any] = {"made_at": result}
        if not self.authentic:
            detail = {**detail, "unsealed": True}
        return Record(action=self.name, subject_kind="platform", subject_id="backup", detail=detail)


def restore_backup(
    path: Path, actor: Actor, at: dt.datetime, *, replace: bool = False, sha256: str = ""
) -> Restored:
    """Check a backup and put it in place; until every check has passed nothing is touched.

    Parameters
    ----------
    replace
        Overwrite a database that is in use, or damaged.
    sha256
        Digest of the archive as it was written down when it was made: stands for a key that is lost.

    Raises
    ------
    LinliError
        The backup is broken, forged or does not fit, the database is in use, or the platform runs.
    """
    place = Path(settings.DATA_DIR)
    with gate(), scratch_folder(place, _PREFIX, keep=_is_wanted) as folder:
        manifest, authentic = trusted_manifest(path, folder, sha256=sha256)
        unpack(path, manifest, folder)
        check_whole(folder, manifest)
        _check_fits(manifest)
        check_dump(folder / manifest.database, lambda ask: _check_rows(manifest, ask))
        _check_free(at, replace=replace)
        (folder / MANIFEST).write_text(manifest.text(), encoding="utf-8")
        _write_note(_Note(folder=folder.name, by=actor.name, authentic=authentic))
        return _carry_out(actor, at)


def settle() -> None:
    """Before anything starts: sweep what a killed restore had unpacked, or carry it to its end.

    To be done within the gate.
    """
    if is_interrupted():
        note = _interrupted()
        _carry_out(Actor(user_id=None, name=note.by, via="command"), timezone.now())
    sweep(Path(settings.DATA_DIR), _PREFIX)


def is_interrupted() -> bool:
    """Whether a restore was killed after it had begun to put things in place."""
    return _note_file().exists()


def _is_wanted(folder: str) -> bool:
    """Whether a killed restore goes on from this folder."""
    return is_interrupted() and _interrupted().folder == folder


def _note_file() -> Path:
    return Path(settings.DATA_DIR) / _NOTE


def _interrupted() -> _Note:
    return _Note(**json.loads(_note_file().read_text(encoding="utf-8")))


def _write_note(note: _Note) -> None:
    fresh = _note_file().with_suffix(".fresh")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(note), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(_note_file())


def _carry_out(actor: Actor, at: dt.datetime) -> Restored:
    """Put in place what was unpacked; done again from the beginning, it comes to the same."""
    note = _interrupted()
    folder = Path(settings.DATA_DIR) / note.folder
    manifest = read_manifest((folder / MANIFEST).read_text(encoding="utf-8"))
    try:
        load(folder / manifest.database)
    except (LinliError, OSError):
        # The database is as it was.
        _note_file().unlink()
        raise
    _check_rows(manifest, _ask)
    _place_files(folder / FILES, Path(settings.MEDIA_ROOT))
    migrate()
    broken, whole = _compared(manifest, authentic=note.authentic)
    perform(NoteRestore(made_at=manifest.made_at, authentic=note.authentic), actor, at)
    write_heads(at, restored=True, broken=not whole)
    _note_file().unlink()
    sweep(folder.parent, _PREFIX)
    return Restored(manifest, broken)


def _compared(manifest: Manifest, *, authentic: bool) -> tuple[tuple[Break, ...], bool]:
    """Where the log that came back differs from all that was written down before the backup was made.

    Returns
    -------
    tuple of Break, bool
        Whether the log is whole: what is wrong with the file alone is said once and left at that. Where the
        key is lost no entry can be verified, and what was noted when the backup was made decides.
    """
    then, now = (
        witness_of_backup(manifest.line, dt.datetime.fromisoformat(manifest.made_at)),
        read_witness(whole=True),
    )
    places = [one for one in breaks_of_file(then) if one.kind != "witness_forged"]
    # With lines of another key, as on another machine, it is not this log's file.
    places += [Break(-1, line, "witness_forged") for line in now.forged if now.mac]
    noted = set(manifest.log) - OF_THE_FILE
    if noted:
        places.append(Break(-1, 0, "noted_broken"))
    elif manifest.log and not places:
        places.append(Break(-1, 0, "noted_file"))
    places += verify((*manifest.witness(), *then.heads))
    for place in places:
        log.error("The restored audit log is not as it was written: lane %s, %s.", place.lane, place.kind)
    of_the_log = {one.kind for one in places} - OF_THE_FILE - {"noted_file"}
    return tuple(places), not (of_the_log if authentic else noted)


def _check_fits(manifest: Manifest) -> None:
    if manifest.engine != engine():
        raise LinliError(say("backup.other_engine", given=manifest.engine, here=engine()))
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    apps = {name.split(".")[0] for name in known}
    newer = [name for name in manifest.migrations if name.split(".")[0] in apps and name not in known]
    if newer:
        raise LinliError(say("backup.newer", version=manifest.linli_version, first=newer[0]))


def _check_free(at: dt.datetime, *, replace: bool) -> None:
    others = running()
    if others:
        raise LinliError(say("backup.still_running", who=", ".join(others[:20])))
    try:
        in_use, workers = _looked(at)
    except DatabaseError as reason:
        if engine() != "sqlite" or (isinstance(reason, OperationalError) and "locked" in str(reason)):
            raise
        connection.close()
        if not replace:
            raise LinliError(say("backup.damaged_here", reason=str(reason))) from None
        return
    if in_use and not replace:
        raise LinliError(say("backup.in_use"))
    if workers:
        raise LinliError(say("backup.running"))


def _looked(at: dt.datetime) -> tuple[bool, int]:
    """Whether the database holds anything, and how many workers showed themselves in it lately."""
    tables = set(connection.introspection.table_names())
    quote = connection.ops.quote_name
    in_use = any(_ask(f"SELECT 1 FROM {quote(one)} LIMIT 1") for one in tables.intersection(_TELLING))  # noqa: S608
    return in_use, workers_seen(at) if "jobs_worker" in tables else 0


def _ask(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _check_rows(manifest: Manifest, ask: Ask) -> None:
    found = count_rows(ask, manifest.rows)
    for table, rows in manifest.rows.items():
        if found[table] != rows:
            raise LinliError(say("backup.other_rows", table=table, expected=rows, found=found[table]))


def _place_files(fresh: Path, place: Path) -> None:
    """Put the files where they belong; those that were there before go for good.

    Copied first, as a restore that is killed here begins again with what it had unpacked.
    """
    coming, former = place.with_name(f".{place.name}.coming"), place.with_name(f".{place.name}.former")
    for leftover in (coming, former):
        shutil.rmtree(leftover, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    if fresh.exists():
        shutil.copytree(fresh, coming, copy_function=_linked)
    else:
        coming.mkdir()
    if place.exists():
        place.replace(former)
    coming.replace(place)
    shutil.rmtree(former, ignore_errors=True)


def _linked(source: str, target: str) -> None:
    """A second name where the disk can do that, which costs no room."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
