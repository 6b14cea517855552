"""Many files in one sending: those that cannot be opened in time wait, and a refused one ends the opening."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.privacy import allowance, apart, files
from linli.web.foundation.casework.actions.cleaning import run_cleaning
from linli.web.foundation.casework.models import Attachment
from linli.web.ops.premises.models import Photo
from privacy.inline import inline
from web.premises.conftest import Works


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files that a process was started for; each takes thirteen seconds, as hostile ones did."""
    seen: list[bytes] = []
    clock = [100.0]

    def run(command: Sequence[str], content: bytes, seconds: float, **_: bool) -> bytes:
        seen.append(content)
        clock[0] += 13
        return b"ok\n" + content

    monkeypatch.setattr(allowance, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(apart, "_run", run)
    return seen


def pictures(photo: Any, count: int) -> list[SimpleUploadedFile]:
    content = photo().content
    return [SimpleUploadedFile(f"{n}.jpg", content, content_type="image/jpeg") for n in range(count)]


# Guard 9
def test_what_cannot_be_opened_in_time_waits_for_a_worker_and_is_kept(
    works: Works, signed_in: Any, photo: Any, opened: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = works.noticed(works.premises())
    manager, officer = signed_in("danwei"), signed_in("minjing")
    given = {"text": "已清理", "files": pictures(photo, 12)}
    assert manager.post(f"/inspections/{case.number}/answer/", given).status_code == 302
    assert len(opened) == 1
    assert (Photo.objects.count(), Attachment.objects.filter(waiting=True).count()) == (12, 11)
    page = officer.get(f"/inspections/{case.number}/recheck/").content.decode()
    assert page.count("正在检查") == 11
    assert page.count(f"/cases/{case.number}/files/") == 1
    monkeypatch.setattr(files, "apart", inline)
    assert run_cleaning(works.now) == 11
    page = officer.get(f"/inspections/{case.number}/recheck/").content.decode()
    assert page.count(f"/cases/{case.number}/files/") == 12


# Guard 9
def test_after_the_first_refusal_no_other_file_is_opened(
    works: Works, signed_in: Any, photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = works.noticed(works.premises())
    tried: list[bytes] = []

    def damaged(module: str, content: bytes, *_: object) -> bytes:
        tried.append(content)
        return b"damaged\n"

    monkeypatch.setattr(files, "apart", damaged)
    given = {"text": "已清理", "files": pictures(photo, 12)}
    answer = signed_in("danwei").post(f"/inspections/{case.number}/answer/", given)
    assert (answer.status_code, len(tried), Attachment.objects.count()) == (422, 1, 0)
    assert "0.jpg：填的是“.jpg”；应为完整的文件" in answer.content.decode()


# Guard 9
def test_more_files_than_may_be_sent_are_not_opened_at_all(
    works: Works, signed_in: Any, photo: Any, opened: list[bytes]
) -> None:
    case = works.noticed(works.premises())
    given = {"text": "已清理", "files": pictures(photo, 13)}
    assert signed_in("danwei").post(f"/inspections/{case.number}/answer/", given).status_code == 422
    assert opened == []
