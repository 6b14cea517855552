"""Files go with their rows, whatever dies in between; what is left over goes at night, what lacks is said."""

import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.deadlines import Shred
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Attachment, Case
from linli.web.foundation.jobs import files
from linli.web.foundation.jobs.files import SweepFiles, Swept, finish_deletions, run_sweep, stored_columns
from linli.web.foundation.jobs.models import FileToDelete, MissingFile
from linli.web.foundation.operations.checking import checked
from linli.web.foundation.stored import StoredPath

DAY = dt.timedelta(days=1)
OnCommit = Callable[..., object]
SOURCE = Path(files.__file__).parents[4]


@pytest.fixture
def attached(cast: dict[str, User], actor: Callable[[str], Actor], now: dt.datetime) -> Case:
    """A closed case with a file."""
    case = perform(OpenCase(kind="request", category="other", title="旧事"), SYSTEM, now)
    perform(Attach(case_id=case.pk, file_name="a.txt", content="照片说明".encode()), SYSTEM, now)
    Case.objects.filter(pk=case.pk).update(closed_at=now, result="fixed", shred_at=now + DAY)
    return case


def kept() -> str:
    return str(Attachment.objects.get().path)


def aged(path: str, at: dt.datetime) -> str:
    moment = at.timestamp()
    os.utime(default_storage.path(path), (moment, moment))
    return path


# Guard 16
def test_the_files_of_a_shredded_case_are_gone_from_the_disk(
    attached: Case, now: dt.datetime, django_capture_on_commit_callbacks: OnCommit
) -> None:
    path = kept()
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        perform(Shred(case_id=attached.pk), SYSTEM, now + DAY)
    assert not default_storage.exists(path)
    assert not FileToDelete.objects.exists()


# Guard 16
def test_what_a_process_left_that_died_after_its_transaction_is_deleted_by_the_job(
    attached: Case, now: dt.datetime
) -> None:
    path = kept()
    perform(Shred(case_id=attached.pk), SYSTEM, now + DAY)
    # Nothing runs after the transaction here, as in a process that was killed.
    assert default_storage.exists(path)
    assert FileToDelete.objects.get().path == path
    assert finish_deletions(now + DAY) == 1
    assert not default_storage.exists(path)
    assert not FileToDelete.objects.exists()


# Guard 16
def test_a_path_that_was_given_away_again_is_not_deleted(attached: Case, now: dt.datetime) -> None:
    FileToDelete.objects.create(path=kept(), since=now)
    assert finish_deletions(now) == 0
    assert default_storage.exists(kept())
    assert not FileToDelete.objects.exists()


# Guard 16
def test_a_file_that_cannot_be_deleted_stays_written_down_and_is_said(
    attached: Case, cast: dict[str, User], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    FileToDelete.objects.create(path="cases/9/left", since=now - DAY)

    def refused(path: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(default_storage, "delete", refused)
    assert finish_deletions(now) == 0
    monkeypatch.undo()
    assert FileToDelete.objects.count() == 1
    assert any("still there after an hour" in one.text.en for one in checked(now))


# Guard 16
def test_files_that_no_row_names_go_when_no_transaction_can_be_at_them(
    attached: Case, now: dt.datetime, django_capture_on_commit_callbacks: OnCommit
) -> None:
    mine = aged(kept(), now - 9 * DAY)
    half = aged(default_storage.save("cases/77/1-half", ContentFile(b"\x89PN")), now - 2 * DAY)
    young = aged(default_storage.save("meetings/1/new", ContentFile(b"x")), now - DAY / 2)
    foreign = aged(default_storage.save("assessment/period", ContentFile(b"x")), now - 99 * DAY)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert run_sweep(now) == 1
    assert not default_storage.exists(half)
    assert all(default_storage.exists(path) for path in (mine, young, foreign))
    entry = Entry.objects.get(action="platform.sweep_files")
    assert entry.detail == {"files": 3, "orphans": 1, "missing": 0}


# Guard 16
def test_a_row_whose_file_is_gone_is_said_until_it_is_back(
    attached: Case, cast: dict[str, User], now: dt.datetime
) -> None:
    path, row = kept(), Attachment.objects.get().pk
    default_storage.delete(path)
    assert run_sweep(now) == 1
    assert run_sweep(now + DAY) == 1
    assert MissingFile.objects.get().since == now
    said = [one.text for one in checked(now) if one.level == "wrong"]
    assert any(f"casework.Attachment {row}" in text.en and "附件文件已丢失" in text.zh for text in said)
    default_storage.save(path, ContentFile(b"back"))
    assert run_sweep(now + 2 * DAY) == 0
    assert not MissingFile.objects.exists()


# Guard 16
def test_nobody_sweeps_from_a_page(now: dt.datetime, db: None) -> None:
    with pytest.raises(Forbidden):
        perform(SweepFiles(found=Swept((), (), 0)), Actor(user_id=1, name="x", via="web"), now)


@pytest.mark.any_database
# Guard 16
def test_every_column_that_names_a_file_is_known_and_every_file_lies_in_a_swept_folder() -> None:
    own = [model for model in apps.get_models() if model.__module__.startswith("linli.")]
    bookkeeping = {FileToDelete, MissingFile}
    plain = [
        f"{model._meta.label}.{field.name}"
        for model in own
        for field in model._meta.concrete_fields
        if (field.name == "path" and not isinstance(field, StoredPath) and model not in bookkeeping)
        or isinstance(field, models.FileField)
    ]
    assert plain == [], "name files by linli.web.foundation.stored.StoredPath"
    folders = {field.folder for _, field in stored_columns()}
    written = {
        found
        for module in SOURCE.rglob("*.py")
        for found in re.findall(r'f"([a-z]+)/\{[a-z]+\.pk\}', module.read_text(encoding="utf-8"))
        if "default_storage.save" in module.read_text(encoding="utf-8")
    }
    assert written == folders
