"""What residents send: checked, limited, queued once, and turned into a case once."""

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection

from linli.privacy.files import inspect_file
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing, TooMany
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Attachment, Case, PersonalValue
from linli.web.intake import codes, limits, receiving
from linli.web.intake.models import Attempt, DailySalt, Entry, EntryFile, Track
from linli.web.intake.submitting import Feedback, Request, submit, submit_feedback
from linli.web.intake.tracking import find
from linli.web.ops.requests import draining
from linli.web.ops.requests.draining import drain

SENDER = "203.0.113.7"
Sends = Callable[..., Entry]
Captures = Callable[..., AbstractContextManager[list[Any]]]


@pytest.fixture
def send(stage: Stage, now: dt.datetime) -> Sends:
    def send_one(at: dt.datetime = now, sender: str = SENDER, **given: Any) -> Entry:
        values: dict[str, Any] = {
            "service": "request-streetlight",
            "title": "村口路灯不亮",
            "description": "老槐树旁第三盏",
            "place": stage.place.code,
            "values": {"reporter_name": "张某", "reporter_phone": "13800001234", "seen_on": "2026-03-09"},
        } | given
        return submit(Request(**values), at=at, sender=sender)

    return send_one


def test_a_request_becomes_a_case_as_soon_as_it_is_committed(
    send: Sends, now: dt.datetime, stage: Stage, django_capture_on_commit_callbacks: Captures
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        entry = send()
    entry.refresh_from_db()
    case = Case.objects.get(tracking_hash=entry.code_hash)
    assert (entry.state, entry.number) == ("taken", case.number)
    assert (case.channel, case.place_code, case.opened_at) == ("public", stage.place.code, now)
    assert case.organisation == stage.post
    assert case.data == {"seen_on": "2026-03-09"}
    assert set(PersonalValue.objects.values_list("value", flat=True)) == {"张某", "13800001234"}


def test_what_was_written_leaves_the_queue_with_the_entry(send: Sends, now: dt.datetime) -> None:
    entry = send()
    assert entry.contact["reporter_phone"] == "13800001234"
    assert drain(now) == 1
    entry.refresh_from_db()
    assert (entry.title, entry.description, entry.contact, entry.given) == ("", "", {}, {})
    assert drain(now + dt.timedelta(days=31)) == 0
    assert not Entry.objects.exists()


def test_the_same_form_sent_twice_is_one_entry(send: Sends, now: dt.datetime) -> None:
    assert send(key="k1").pk == send(key="k1").pk
    assert Entry.objects.count() == 1
    drain(now)
    assert send(key="k1").state == "taken"
    assert drain(now) == 0


def test_whoever_stays_anonymous_leaves_no_contact_even_if_something_was_typed(
    send: Sends, now: dt.datetime
) -> None:
    entry = send(anonymous=True)
    assert entry.contact == {}
    drain(now)
    assert not PersonalValue.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"service": "incident-burglary"}, "service"),
        ({"service": "nothing"}, "service"),
        ({"title": " "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"description": "x" * 4001}, "description"),
        ({"place": "999"}, "place"),
        ({"place": ""}, "place"),
        ({"longitude": 118.0}, "position"),
        ({"longitude": 218.0, "latitude": 34.0}, "position"),
        ({"values": {"reporter_phone": "不告诉你"}}, "reporter_phone"),
        ({"values": {"reporter_name": "x" * 201}}, "reporter_name"),
        ({"values": {"measures": "已修"}}, "measures"),
        ({"values": {"seen_on": "昨天"}}, "seen_on"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_field(
    send: Sends, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        send(**given)
    assert field in refused.value.fields
    assert not Entry.objects.exists()


def test_a_file_goes_with_the_request_into_the_case(send: Sends, now: dt.datetime) -> None:
    file = inspect_file("灯.txt", "灯杆编号 12".encode())
    send(files=(file,))
    drain(now)
    kept = Attachment.objects.get()
    assert (kept.name, kept.sha256, kept.public) == ("灯.txt", file.sha256, False)
    assert not EntryFile.objects.exists()


def test_one_sender_is_limited_and_another_is_not(
    send: Sends, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.MOST, "request", 12)
    for _ in range(limits.MOST["request"]):
        send()
    with pytest.raises(TooMany):
        send()
    send(sender="198.51.100.9")
    send(at=now + dt.timedelta(hours=1))


def test_an_ipv6_sender_is_one_sender_within_its_network(
    send: Sends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.MOST, "request", 12)
    for number in range(limits.MOST["request"]):
        send(sender=f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooMany):
        send(sender="2001:db8:1:2:ffff::1")


def test_nothing_that_leads_to_a_sender_outlives_the_day(send: Sends, now: dt.datetime) -> None:
    send()
    row, salt = Attempt.objects.get(), DailySalt.objects.get()
    assert SENDER not in row.digest + salt.value
    send(at=now + dt.timedelta(days=1))
    assert not Attempt.objects.filter(digest=row.digest).exists()
    assert not DailySalt.objects.filter(value=salt.value).exists()


def test_wrong_codes_are_counted_so_that_nobody_tries_them_out(send: Sends, now: dt.datetime) -> None:
    entry = send()
    typed = codes.spaced(entry.code).lower()
    assert find(typed, at=now, sender=SENDER).entry == entry
    for _ in range(limits.MOST["wrong_code"]):
        with pytest.raises(Missing):
            find("AAAAAAAAAA", at=now, sender=SENDER)
    with pytest.raises(TooMany):
        find(typed, at=now, sender=SENDER)


def test_codes_are_not_confused_when_read_aloud() -> None:
    made = {codes.new_code() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01IO")
    assert codes.read_code("abcde-fghjk") == "ABCDEFGHJK"
    assert codes.read_code("ABCDE") == codes.read_code("ABCDEFGHI0") == codes.read_code("") == ""


def closed(entry: Entry, at: dt.datetime) -> Case:
    drain(at)
    case = Case.objects.get(tracking_hash=entry.code_hash)
    perform(Move(case_id=case.pk, step="start"), SYSTEM, at)
    done = Move(case_id=case.pk, step="resolve", data={"measures": "换灯"}, answer="已修好", result="fixed")
    return perform(done, SYSTEM, at)


def test_feedback_by_code_reopens_the_case_within_the_days_allowed(send: Sends, now: dt.datetime) -> None:
    entry = send()
    with pytest.raises(Missing):
        submit_feedback(Feedback(code=entry.code, solved=False), at=now, sender=SENDER)
    case = closed(entry, now)
    soon, late = now + dt.timedelta(days=14), now + dt.timedelta(days=16)
    no = Feedback(code=entry.code, solved=False, rating=1, comment="还是不亮", reopen=True)
    with pytest.raises(Conflict):
        submit_feedback(no, at=late, sender=SENDER)
    submit_feedback(no, at=soon, sender=SENDER)
    assert drain(soon) == 1
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("received", None)
    track = Track.objects.get(code_hash=entry.code_hash)
    assert track.is_open
    assert [one["solved"] for one in track.feedback] == [False]
    with pytest.raises(Conflict):
        submit_feedback(no, at=soon, sender=SENDER)


def test_feedback_that_makes_no_sense_is_refused(send: Sends, now: dt.datetime) -> None:
    entry = send()
    closed(entry, now)
    for given in ({"rating": 6}, {"comment": "x" * 2001}, {"solved": True, "reopen": True}):
        values = {"code": entry.code, "solved": False, **given}
        with pytest.raises(Invalid):
            submit_feedback(Feedback(**values), at=now, sender=SENDER)  # type: ignore[arg-type]


def test_an_entry_that_casework_refuses_leaves_the_queue_with_the_reason(
    send: Sends, now: dt.datetime
) -> None:
    entry = send()
    Entry.objects.filter(pk=entry.pk).update(category="gone")
    assert drain(now) == 1
    entry.refresh_from_db()
    assert entry.state == "refused"
    assert entry.reason
    assert entry.reason_en
    assert entry.contact == {}
    assert not Case.objects.exists()


def test_a_failure_of_ours_puts_one_entry_off_and_holds_up_no_other(
    send: Sends, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = send(title="坏"), send(title="好")
    real = draining._open

    def fail(entry: Entry) -> Case:
        if entry.pk == bad.pk:
            real(entry)
            raise RuntimeError("disk full")
        return real(entry)

    monkeypatch.setattr(draining, "_open", fail)
    assert drain(now) == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts, good.state) == ("queued", 1, "taken")
    assert Case.objects.count() == 1
    monkeypatch.setattr(draining, "_open", real)
    assert drain(now) == 0
    assert drain(now + dt.timedelta(minutes=2)) == 1
    assert Case.objects.count() == 2


def test_a_receiver_that_fails_costs_the_sender_nothing(
    send: Sends,
    now: dt.datetime,
    django_capture_on_commit_callbacks: Captures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(at: dt.datetime) -> int:
        raise RuntimeError("no database")

    monkeypatch.setattr(receiving, "_RECEIVERS", [fail])
    with django_capture_on_commit_callbacks(execute=True):
        entry = send()
    assert Entry.objects.get(pk=entry.pk).state == "queued"
    assert drain(now) == 1


@pytest.fixture
def many_drains() -> Callable[[dt.datetime], list[int]]:
    def run(at: dt.datetime) -> list[int]:
        counts: list[int] = []

        def one() -> None:
            try:
                counts.append(drain(at))
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return counts

    return run


@pytest.mark.django_db(transaction=True)
def test_four_that_drain_at_once_take_each_entry_once(
    now: dt.datetime,
    many_drains: Callable[[dt.datetime], list[int]],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr(receiving, "_RECEIVERS", [])
    stage = request.getfixturevalue("stage")
    for number in range(12):
        given = Request(service="request-streetlight", title=f"路灯 {number}", place=stage.place.code)
        submit(given, at=now, sender=SENDER)
    assert sum(many_drains(now)) == 12
    assert Case.objects.count() == 12
    assert set(Entry.objects.values_list("state", flat=True)) == {"taken"}


def test_the_actor_of_a_request_is_the_system_and_names_nobody(
    send: Sends, now: dt.datetime, actor: Callable[[str], Actor]
) -> None:
    entry = send()
    drain(now)
    case = Case.objects.get(tracking_hash=entry.code_hash)
    assert case.opened_by_id is None
    assert case.events.get(kind="opened").actor_id is None
