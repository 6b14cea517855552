"""Files are opened in turn; whose took long waits behind the others; a worker that ends leaves them."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.privacy import allowance, apart
from linli.web.foundation.casework.actions.cleaning import run_cleaning
from linli.web.foundation.casework.models import Attachment, Opening
from web.requests.test_strangers_files import photo

URL = "/residents/report/request-streetlight/"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In which order files were opened; each takes 31 seconds."""
    seen: list[str] = []
    clock = [100.0]

    def run(command: Sequence[str], content: bytes, seconds: float, **_: object) -> bytes:
        seen.append("opened")
        clock[0] += 31
        return b"ok\n" + content

    monkeypatch.setattr(allowance, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(apart, "_run", run)
    return seen


@pytest.fixture
def sent(
    visitor: Callable[..., Client], stage: Any, django_capture_on_commit_callbacks: Any
) -> Callable[[str, int], None]:
    def send(address: str, count: int) -> None:
        files = [SimpleUploadedFile(f"{address}-{n}.jpg", photo().read(), "image/jpeg") for n in range(count)]
        given = {"title": "路灯", "place": stage.place.code, "attachments": files}
        with django_capture_on_commit_callbacks(execute=True):
            assert visitor().post(URL, given, REMOTE_ADDR=address).status_code == 302

    return send


def waiting() -> list[str]:
    return [one.name.partition("-")[0] for one in Attachment.objects.filter(waiting=True).order_by("pk")]


# Guard 12
def test_a_sender_whose_files_took_a_minute_waits_behind_the_others_and_is_opened_in_the_end(
    sent: Callable[[str, int], None], now: dt.datetime, opened: list[str]
) -> None:
    for _ in range(2):
        sent("198.51.100.7", 3)
    sent("203.0.113.9", 2)
    assert run_cleaning(now, most=2) == 2
    assert waiting() == ["198.51.100.7"] * 4 + ["203.0.113.9"] * 2
    assert run_cleaning(now, most=2) == 2
    assert waiting() == ["198.51.100.7"] * 4
    assert run_cleaning(now) == 4
    assert (waiting(), len(opened), Attachment.objects.count()) == ([], 8, 8)


# Guard 12
def test_an_hour_later_a_sender_counts_anew_and_nothing_is_kept_of_it(
    sent: Callable[[str, int], None], now: dt.datetime, opened: list[str]
) -> None:
    sent("198.51.100.7", 3)
    assert "198.51.100.7" not in {one.sender for one in Attachment.objects.all()}
    assert run_cleaning(now) == 3
    assert Opening.objects.count() == 3
    assert set(Attachment.objects.values_list("sender", flat=True)) == {""}
    sent("198.51.100.7", 1)
    sent("203.0.113.9", 1)
    assert run_cleaning(now + dt.timedelta(minutes=61), most=1) == 1
    assert waiting() == ["203.0.113.9"]
    assert Opening.objects.count() == 1


# Guard 9
def test_a_worker_that_is_to_end_leaves_the_rest_waiting(
    sent: Callable[[str, int], None], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_STOPPING", threading.Event())
    tried: list[str] = []

    def run(command: Sequence[str], content: bytes, seconds: float, **_: object) -> bytes:
        tried.append("begun")
        apart.stop_opening()
        raise apart.Busy

    monkeypatch.setattr(apart, "_run", run)
    sent("198.51.100.7", 3)
    assert run_cleaning(now) == 0
    assert (len(tried), waiting()) == (1, ["198.51.100.7"] * 3)
