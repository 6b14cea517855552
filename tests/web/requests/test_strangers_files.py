"""What strangers attach is taken in at once, opened by a job, and shown to nobody before."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.privacy import files
from linli.privacy.apart import Busy, Limits
from linli.web.foundation.casework.actions.cleaning import KeepCleaned, run_cleaning
from linli.web.foundation.casework.models import Attachment, Case, Event
from linli.web.foundation.jobs.schedule import registered
from linli.web.intake import limits
from linli.web.intake.models import Attempt, Entry, EntryFile
from privacy.inline import inline

URL = "/residents/report/request-streetlight/"
Captures = Callable[..., AbstractContextManager[list[Any]]]


@pytest.fixture(autouse=True)
def _nothing_is_opened_in_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> bytes:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(files, "apart", opened)


def photo(*, damaged: bool = False) -> SimpleUploadedFile:
    kept, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Camera of somebody"
    Image.new("RGB", (320, 320), "yellow").save(kept, "JPEG", exif=exif)
    content = kept.getvalue()
    return SimpleUploadedFile("灯.jpg", content[: len(content) // 2] if damaged else content, "image/jpeg")


@pytest.fixture
def sent(
    visitor: Callable[..., Client], stage: Any, django_capture_on_commit_callbacks: Captures
) -> Callable[..., tuple[str, Case]]:
    def send(*files_: SimpleUploadedFile) -> tuple[str, Case]:
        given = {"title": "路灯", "place": stage.place.code, "submission": "s1", "attachments": list(files_)}
        with django_capture_on_commit_callbacks(execute=True):
            answer = visitor().post(URL, given)
        assert answer.status_code == 302
        return answer.url.replace("sent", "track"), Case.objects.get()  # type: ignore[attr-defined]

    return send


def all_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# Guard 9
def test_a_photo_is_kept_until_a_job_has_drawn_it_anew(
    sent: Callable[..., tuple[str, Case]],
    signed_in: Callable[..., Client],
    now: dt.datetime,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Captures,
) -> None:
    _, case = sent(photo())
    (file,) = Attachment.objects.all()
    assert (file.waiting, EntryFile.objects.count()) == (True, 0)
    client = signed_in("minjing")
    page, address = f"/cases/{case.number}/", f"/cases/{case.number}/files/{file.pk}/"
    assert client.get(address).status_code == 404
    shown = client.get(page).content.decode()
    assert "正在检查" in shown
    assert address not in shown
    monkeypatch.setattr(files, "apart", inline)
    with django_capture_on_commit_callbacks(execute=True):
        assert run_cleaning(now) == 1
    answer = client.get(address)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert b"Camera of somebody" not in content
    assert Image.open(io.BytesIO(content)).size == (320, 320)
    (kept,) = all_files(settings)
    assert kept.read_bytes() == content
    assert run_cleaning(now) == 0


# Guard 9
def test_a_photo_that_cannot_be_drawn_goes_and_both_sides_are_told(
    sent: Callable[..., tuple[str, Case]],
    signed_in: Callable[..., Client],
    visitor: Callable[..., Client],
    now: dt.datetime,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Captures,
) -> None:
    track, case = sent(photo(damaged=True))
    monkeypatch.setattr(files, "apart", inline)
    with django_capture_on_commit_callbacks(execute=True):
        assert run_cleaning(now) == 1
    assert not Attachment.objects.exists()
    assert all_files(settings) == []
    assert Event.objects.get(case=case, kind="file_refused").detail["name"] == "灯.jpg"
    for page in (signed_in("minjing").get(f"/cases/{case.number}/"), visitor().get(track)):
        assert "附件“灯.jpg”未被接收" in page.content.decode()


# Guard 9
def test_while_others_are_opened_a_photo_waits(
    sent: Callable[..., tuple[str, Case]], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(photo())

    def busy(*_: object) -> bytes:
        raise Busy

    monkeypatch.setattr(files, "apart", busy)
    assert run_cleaning(now) == 0
    assert Attachment.objects.get().waiting


# Guard 9
def test_a_case_that_was_shredded_meanwhile_is_no_failure(
    sent: Callable[..., tuple[str, Case]], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, case = sent(photo())
    real = KeepCleaned.change

    def shredded(self: KeepCleaned, context: Any) -> Case:
        case.delete()
        return real(self, context)

    monkeypatch.setattr(files, "apart", inline)
    monkeypatch.setattr(KeepCleaned, "change", shredded)
    assert run_cleaning(now) == 1
    assert not Attachment.objects.filter(waiting=False).exists()


# Guard 9
def test_files_of_one_network_are_counted_before_they_are_kept(
    visitor: Callable[..., Client], stage: Any, now: dt.datetime
) -> None:
    for _ in range(limits.MOST["file"] - 1):
        limits.count("file", "127.0.0.1", now)
    given = {"title": "路灯", "place": stage.place.code}
    answer = visitor().post(URL, {**given, "attachments": [photo(), photo()]})
    assert answer.status_code == 422
    assert "请不带附件提交" in answer.content.decode()
    assert not Entry.objects.exists()
    assert Attempt.objects.get(purpose="file").count == limits.MOST["file"] - 1
    assert visitor().post(URL, given).status_code == 302


# Guard 9
def test_a_worker_comes_round_for_what_waits() -> None:
    assert registered()["attachments"].every <= dt.timedelta(seconds=30)


# Guard 9
def test_the_queue_stands_back_for_pages_and_what_stood_back_is_opened_later(sent, monkeypatch, now) -> None:
    asked: list[bool] = []

    def busy(module: str, content: bytes, limits_: Limits, arguments: Sequence[str] = ()) -> bytes:
        asked.append(limits_.behind)
        raise Busy

    sent(photo())
    monkeypatch.setattr(files, "apart", busy)
    assert run_cleaning(now) == 0
    assert asked == [True]
    monkeypatch.setattr(files, "apart", inline)
    assert run_cleaning(now) == 1
    assert not Attachment.objects.filter(waiting=True).exists()
