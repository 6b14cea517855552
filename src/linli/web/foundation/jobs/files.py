"""Files go with their rows: a deletion is written down in the transaction and done after it, or by a job.

A process may die between the two, a disk may be full in the middle of a file, a transaction may be taken
back after its file was written. So what is to be deleted stands in ``FileToDelete`` until it is gone, and
once a day all files are held against all rows that name some (``StoredPath``): a file that nobody names and
that is older than any transaction lasts is deleted, and a row whose file is gone is noted for ``linli
platform check``.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.signals import post_delete

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.clock import now
from linli.web.foundation.jobs.models import FileToDelete, MissingFile
from linli.web.foundation.stored import StoredPath

__all__ = [
    "CHECKS",
    "MOST",
    "SAFE_AGE",
    "SweepFiles",
    "Swept",
    "delete_after_commit",
    "delete_with_rows",
    "finish_deletions",
    "run_sweep",
    "stored_columns",
]

say = catalogue("linli.web.foundation.jobs")
log = logging.getLogger("linli.jobs")

SAFE_AGE: Final = dt.timedelta(days=1)
"""A file may be there before its row is: never for as long as this."""
CHECKS: Final = "checks"
"""Where ``linli platform check`` tries whether files can be written; no row names what is there."""
MOST: Final = 1000

Row = tuple[str, int, str]


def stored_columns() -> list[tuple[type[models.Model], StoredPath]]:
    """Every column that names a file, with its model."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, StoredPath)
    ]


def delete_with_rows() -> None:
    """From now on a row that is deleted takes its file along, whoever deletes it."""
    for model in {model for model, _ in stored_columns()}:
        post_delete.connect(_row_deleted, sender=model, dispatch_uid=f"linli.files.{model._meta.label}")


def _row_deleted(sender: type[models.Model], instance: models.Model, **_signal: Any) -> None:
    names = [field.attname for model, field in stored_columns() if model is sender]
    delete_after_commit([path for name in names if (path := getattr(instance, name))], now())


def delete_after_commit(paths: Iterable[str], at: dt.datetime) -> None:
    """Have files deleted with the transaction that is open, even if the process dies right after it."""
    doomed = list(paths)
    FileToDelete.objects.bulk_create(
        [FileToDelete(path=path, since=at) for path in doomed], ignore_conflicts=True
    )
    transaction.on_commit(lambda: _delete(doomed))


def _delete(paths: Iterable[str]) -> int:
    """Delete some files and what says that they are to be deleted; one that cannot be stays written down."""
    gone = []
    for path in paths:
        try:
            default_storage.delete(path)
        except OSError as reason:
            log.warning("The file %s could not be deleted (%s); tried again.", path, reason.strerror)
        else:
            gone.append(path)
    FileToDelete.objects.filter(path__in=gone).delete()
    return len(gone)


def finish_deletions(at: dt.datetime) -> int:
    """Delete what a process left that died after its transaction; how many files."""
    waiting = list(FileToDelete.objects.order_by("pk").values_list("path", flat=True)[:MOST])
    # A later row may have been given the path of a file that was gone already.
    named = {
        path
        for model, field in stored_columns()
        for path in model._default_manager.filter(**{f"{field.attname}__in": waiting}).values_list(
            field.attname, flat=True
        )
    }
    FileToDelete.objects.filter(path__in=named).delete()
    return _delete(path for path in waiting if path not in named)


@dataclass(frozen=True)
class Swept:
    """What a sweep found: files that no row names, rows whose file is gone, and how many files there are."""

    orphans: tuple[str, ...]
    missing: tuple[Row, ...]
    files: int


@dataclass(frozen=True, kw_only=True)
class SweepFiles(Action[Swept]):
    """Delete the files that nobody names, note the rows whose file is gone, and say how many."""

    name: ClassVar[str] = "platform.sweep_files"
    found: Swept

    def check(self, context: Context) -> None:
        """Only the job does this."""
        if not context.actor.is_system:
            raise Forbidden(say("files.forbidden"))

    def change(self, context: Context) -> Swept:
        """Files go once the transaction is done."""
        delete_after_commit(self.found.orphans, context.at)
        lost = {(model, row): path for model, row, path in self.found.missing}
        for known in MissingFile.objects.all():
            if lost.pop((known.model, known.row), None) is None:
                known.delete()
        MissingFile.objects.bulk_create(
            MissingFile(model=model, row=row, path=path, since=context.at)
            for (model, row), path in lost.items()
        )
        return self.found

    def record(self, result: Swept) -> Record:
        """How many of each."""
        detail: Mapping[str, Any] = {
            "files": result.files,
            "orphans": len(result.orphans),
            "missing": len(result.missing),
        }
        return Record(action=self.name, subject_kind="platform", subject_id="files", detail=detail)


def run_sweep(at: dt.datetime) -> int:
    """Hold all files against all rows; how many files were left over or missing."""
    finish_deletions(at)
    found = _compare(at)
    perform(SweepFiles(found=found), SYSTEM, at)
    return len(found.orphans) + len(found.missing)


def _compare(at: dt.datetime) -> Swept:
    # Files first: one that is written meanwhile is too young, and its row is asked for singly.
    there = [path for folder in sorted(_folders()) for path in _below(folder)]
    known = {hash(path) for path in there}
    named: set[int] = set()
    missing: list[Row] = []
    for model, pk, path in _rows():
        named.add(hash(path))
        if hash(path) not in known and not default_storage.exists(path):
            missing.append((model, pk, path))
    orphans = [path for path in there if hash(path) not in named and _is_old(path, at)]
    return Swept(tuple(orphans), tuple(missing), len(there))


def _folders() -> set[str]:
    return {field.folder for _, field in stored_columns() if field.folder} | {CHECKS}


def _below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _below(f"{folder}/{name}")


def _rows() -> Iterator[Row]:
    for model, field in stored_columns():
        rows = model._default_manager.exclude(**{field.attname: ""}).order_by()
        for pk, path in rows.values_list("pk", field.attname).iterator():
            yield model._meta.label, pk, path


def _is_old(path: str, at: dt.datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < at - SAFE_AGE
    except FileNotFoundError:
        return False
