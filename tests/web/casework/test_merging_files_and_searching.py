"""Duplicates are suggested and merged by people; files are cleaned; words are found on either database."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from linli.kernel.errors import InputRefused
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.merging import Merge, suggestions
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Attachment, Case
from linli.web.foundation.casework.selectors import search_cases

pytestmark = pytest.mark.django_db
Actors = Callable[[str], Actor]


@pytest.fixture
def opened(stage: Stage, now: dt.datetime) -> Callable[..., Case]:
    def open_one(*, metres: float = 0.0, hours: float = 0.0, **given: Any) -> Case:
        values: dict[str, Any] = {
            "kind": "request",
            "category": "streetlight",
            "title": "幸福路 12 号路灯不亮",
            "longitude": stage.place.longitude,
            "latitude": stage.place.latitude + metres / 111_195,
        } | given
        return perform(OpenCase(**values), SYSTEM, now + dt.timedelta(hours=hours))

    return open_one


def test_cases_near_in_place_time_and_category_are_suggested_and_no_others(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    near = opened(metres=100, hours=5)
    opened(metres=400)
    opened(metres=10, hours=200)
    opened(metres=10, category="road")
    assert suggestions(case, actor("minjing"), now) == [near]
    assert suggestions(case, actor("linsuo"), now) == []


def test_a_merged_case_points_to_the_other_and_can_no_longer_be_worked_on(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    first, second, third = opened(), opened(metres=20), opened(metres=30)
    perform(Merge(case_id=third.pk, into_id=second.pk), actor("minjing"), now)
    perform(Merge(case_id=second.pk, into_id=first.pk), actor("minjing"), now)
    third.refresh_from_db()
    assert third.merged_into == first
    assert third.closed_at == now
    with pytest.raises(Conflict):
        perform(AddNote(case_id=third.pk, text="x"), actor("minjing"), now)
    with pytest.raises(Conflict):
        perform(Merge(case_id=first.pk, into_id=second.pk), actor("minjing"), now)


def photo() -> bytes:
    picture = Image.new("RGB", (64, 48), "grey")
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[2] = (34.0, 51.0, 20.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_loses_what_the_camera_hid_in_it(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    perform(Attach(case_id=case.pk, file_name="现场.jpg", content=photo()), actor("minjing"), now)
    kept = Attachment.objects.get()
    with default_storage.open(kept.path) as file:
        content = file.read()
    assert not Image.open(io.BytesIO(content)).getexif()
    assert kept.size == len(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b""),
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.exe", b"MZ\x90\x00"),
    ],
)
def test_a_file_that_is_not_allowed_is_refused_and_nothing_is_kept(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime, name: str, content: bytes
) -> None:
    case = opened()
    with pytest.raises(InputRefused):
        perform(Attach(case_id=case.pk, file_name=name, content=content), actor("minjing"), now)
    case.refresh_from_db()
    assert case.revision == 1
    assert not Attachment.objects.exists()


def test_a_file_is_given_to_whoever_may_see_the_case_and_to_nobody_else(
    opened: Callable[..., Case],
    actor: Actors,
    signed_in: Callable[..., Client],
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    case = opened()
    perform(Attach(case_id=case.pk, file_name="现场.jpg", content=photo()), actor("minjing"), now)
    url = f"/cases/{case.number}/files/{Attachment.objects.get().pk}/"
    answer = signed_in("minjing").get(url)
    assert b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert signed_in("linsuo").get(url).status_code == 404


@pytest.mark.parametrize("words", ["幸福路", "路灯", "12", "幸福路12号", "灯不亮"])
def test_words_of_any_length_find_a_case(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime, words: str
) -> None:
    case = opened()
    opened(title="文化街噪声")
    assert search_cases(actor("minjing"), words, at=now) == [case]
    assert search_cases(actor("linsuo"), words, at=now) == []


@pytest.mark.parametrize("words", ["'; DROP TABLE", '"" OR *', "&|!()", "", "\\", "%_", "🚓"])
def test_strange_words_find_nothing_and_break_nothing(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime, words: str
) -> None:
    opened()
    assert search_cases(actor("minjing"), words, at=now) == []


def test_a_number_finds_its_case_at_once(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    assert search_cases(actor("minjing"), case.number or "", at=now) == [case]
    assert search_cases(actor("linsuo"), case.number or "", at=now) == []
