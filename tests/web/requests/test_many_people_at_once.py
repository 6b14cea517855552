"""One network is many people: what was taken in is said to be, and one's own code is never hidden."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.web.foundation.actions.refusals import TooMany
from linli.web.intake import limits, receiving
from linli.web.intake.codes import hashed
from linli.web.intake.models import Attempt, Entry
from linli.web.intake.submitting import Request, submit
from linli.web.intake.tracking import find

SENDER = "203.0.113.7"
URL = "/residents/report/request-streetlight/"


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What came of it, each in a thread of its own that began when all were there."""
    ready, found = threading.Barrier(count), list[object]()

    def one(number: int) -> None:
        try:
            ready.wait(60)
            found.append(act(number))
        except TooMany as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


# Guard 12
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most", [120, 17])
def test_of_forty_at_once_just_those_are_refused_that_were_not_taken_in(
    most: int, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(receiving, "_RECEIVERS", [])
    monkeypatch.setitem(limits.MOST, "request", most)
    stage = request.getfixturevalue("stage")

    def send(number: int) -> str:
        given = Request(
            service="request-streetlight", title=f"路灯 {number}", place=stage.place.code, key=f"k{number}"
        )
        return submit(given, at=now, sender=SENDER).code_hash

    found = at_once(40, send)
    taken = {one for one in found if isinstance(one, str)}
    assert len(found) == 40
    assert len(taken) == min(most, 40)
    assert set(Entry.objects.values_list("code_hash", flat=True)) == taken
    assert Attempt.objects.get(purpose="request").count == len(taken)


# Guard 12
def test_a_village_of_many_is_taken_in(stage: Any, now: dt.datetime) -> None:
    assert limits.MOST["request"] >= 40
    for number in range(40):
        submit(
            Request(service="request-streetlight", title=f"路灯 {number}", place=stage.place.code),
            at=now,
            sender=SENDER,
        )
    assert Entry.objects.count() == 40


@pytest.fixture
def filled(stage: Any) -> dict[str, str]:
    return {"title": "村口路灯不亮", "place": stage.place.code, "submission": "s1"}


def exhaust(purpose: str, client: Client, now: dt.datetime) -> None:
    """Others behind the same network have reached a limit."""
    for _ in range(limits.MOST[purpose]):
        limits.count(purpose, "127.0.0.1", now)


# Guard 12
def test_ones_own_fresh_code_is_shown_whatever_others_did(
    visitor: Callable[..., Client], filled: dict[str, str], now: dt.datetime
) -> None:
    client = visitor()
    sent = client.post(URL, filled)
    code = sent.url.split("/")[-2]  # type: ignore[attr-defined]
    for purpose in ("wrong_code", "request", "feedback"):
        exhaust(purpose, client, now)
    for url in (sent.url, sent.url.replace("sent", "track")):  # type: ignore[attr-defined]
        answer = client.get(url)
        assert (answer.status_code, code[:5] in answer.content.decode()) == (200, True)
    assert client.post("/residents/track/", {"code": code}).status_code == 302
    # Another browser of the same network is asked to wait, and is not told that nothing was taken in.
    for url in (sent.url, sent.url.replace("sent", "track")):  # type: ignore[attr-defined]
        answer = visitor().get(url)
        assert answer.status_code == 429
        assert "未受理" not in answer.content.decode()
        assert "不受影响" in answer.content.decode()
    # A code that another browser was given opens no other.
    with pytest.raises(TooMany):
        find(code, at=now, sender="127.0.0.1", own=hashed("ABCDEFGHJK"))


# Guard 12
def test_sent_again_beyond_the_limit_what_was_taken_in_is_said_to_be(
    visitor: Callable[..., Client], filled: dict[str, str], now: dt.datetime
) -> None:
    client = visitor()
    first = client.post(URL, filled)
    exhaust("request", client, now)
    again = client.post(URL, filled)
    assert (again.status_code, again.url) == (302, first.url)  # type: ignore[attr-defined]
    assert Entry.objects.count() == 1
    other = client.post(URL, {**filled, "submission": "s2"})
    assert other.status_code == 422
    assert "未受理" in other.content.decode()
    assert Entry.objects.count() == 1
