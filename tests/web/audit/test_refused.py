"""What is refused for want of permission is an entry of the log: which action, on what, by whom."""

import datetime as dt

import pytest

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.audit import refusing
from linli.web.foundation.audit.chain import verify
from linli.web.foundation.audit.models import Entry, FurtherTry
from linli.web.foundation.audit.refusing import MOST, write_further
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.working import AddNote, GiveAnswer
from linli.web.foundation.casework.models import Case, Event, Notice
from linli.web.ops.handover.actions import WriteNote

HOUR = dt.timedelta(hours=1)
SENTENCE = "一句不该留在日志里的话"


@pytest.fixture
def case(stage, now) -> Case:
    given = {"kind": "request", "category": "streetlight", "title": SENTENCE}
    return perform(OpenCase(place=stage.other_place.code, **given), SYSTEM, now)


def _refused() -> list[Entry]:
    return list(Entry.objects.filter(action="refused").order_by("pk"))


# Guard 4
def test_a_try_on_a_case_of_another_station_leaves_an_entry_and_nothing_else(case, actor, now) -> None:
    with pytest.raises(Missing):
        perform(AddNote(case_id=case.pk, text=SENTENCE), actor("minjing"), now, key="once")
    (entry,) = _refused()
    assert (entry.subject_kind, entry.subject_id) == ("case", str(case.pk))
    assert (entry.actor_name, entry.station_code) == ("民警 王", case.station_code)
    assert entry.detail == {"tried": "case.note", "status": 404, "number": case.number}
    assert SENTENCE not in str(vars(entry))
    assert not Event.objects.filter(case=case, kind="note").exists()
    assert list(verify()) == []


# Guard 4
def test_a_step_that_the_role_may_not_take_leaves_an_entry(stage, actor, now) -> None:
    given = {"kind": "request", "category": "streetlight", "title": SENTENCE}
    own = perform(OpenCase(place=stage.place.code, **given), SYSTEM, now)
    with pytest.raises(Forbidden):
        perform(GiveAnswer(case_id=own.pk, text=SENTENCE), actor("fujing"), now)
    assert [one.detail["tried"] for one in _refused()] == ["case.answer"]


# Guard 4
def test_what_is_not_there_leaves_no_entry(case, actor, now, signed_in) -> None:
    with pytest.raises(Missing):
        perform(AddNote(case_id=999_999, text="x"), actor("minjing"), now)
    assert signed_in("fujing").get("/cases/SQ260310-99999/").status_code == 404
    assert _refused() == []


# Guard 4
def test_the_same_try_is_written_once_an_hour_and_many_are_bounded(case, actor, now, stage) -> None:
    def knock(id_: int, at: dt.datetime) -> None:
        with pytest.raises(Missing):
            perform(AddNote(case_id=id_, text="x"), actor("minjing"), at)

    for _ in range(3):
        knock(case.pk, now)
    assert len(_refused()) == 1
    knock(case.pk, now + HOUR)
    assert len(_refused()) == 2
    given = {"kind": "request", "category": "streetlight", "title": "x", "place": stage.other_place.code}
    for _ in range(MOST + 5):
        knock(perform(OpenCase(**given), SYSTEM, now).pk, now + 3 * HOUR)
    assert len(_refused()) == 2 + MOST
    assert [one.detail.get("last") for one in _refused()].index(True) == 1 + MOST


# Guard 4
def test_no_try_hides_behind_many_and_the_auditor_is_told(
    case, actor, now, stage, cast, signed_in, monkeypatch
) -> None:
    monkeypatch.setattr(refusing, "MOST", 5)

    def knock(id_: int, at: dt.datetime) -> None:
        with pytest.raises(Missing):
            perform(AddNote(case_id=id_, text=SENTENCE), actor("minjing"), at)

    given = {"kind": "request", "category": "streetlight", "title": "x", "place": stage.other_place.code}
    others = [perform(OpenCase(**given), SYSTEM, now).pk for _ in range(5)]
    told = Notice.objects.filter(user=cast["shenji"], kind="account_refused_often")
    for one in others[:-1]:
        knock(one, now)
    assert not told.exists()
    knock(others[-1], now)
    (notice,) = told
    assert notice.detail["who"] == cast["minjing"].display_name
    assert not Notice.objects.filter(user=cast["minjing"], kind="account_refused_often").exists()
    for _ in range(2):
        knock(case.pk, now)
    knock(others[3], now)
    assert write_further(now) == 1
    assert write_further(now) == 0
    entry = Entry.objects.get(action="refused.further")
    assert (entry.actor_id, entry.detail) == (
        cast["minjing"].pk,
        {"count": 1, "tries": [f"case.note {case.number}"]},
    )
    knock(others[3], now + HOUR - dt.timedelta(seconds=1))
    assert (told.count(), list(verify())) == (1, [])
    for language, words in (("zh-hans", "多次无权操作"), ("en", "refused many times")):
        page = signed_in("shenji", language).get("/audit/").content.decode()
        assert words in page
        assert case.number in page
        assert SENTENCE not in page


# Guard 4
def test_further_tries_are_written_when_so_many_wait_without_a_job(actor, now, stage, monkeypatch) -> None:
    monkeypatch.setattr(refusing, "MOST", 5)
    given = {"kind": "request", "category": "streetlight", "title": "x", "place": stage.other_place.code}
    for _ in range(2 * 5):
        one = perform(OpenCase(**given), SYSTEM, now).pk
        with pytest.raises(Missing):
            perform(AddNote(case_id=one, text="x"), actor("minjing"), now)
    assert (len(_refused()), FurtherTry.objects.count()) == (5, 0)
    entry = Entry.objects.get(action="refused.further")
    assert (entry.detail["count"], len(set(entry.detail["tries"]))) == (5, 5)


# Guard 4
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_that_was_refused_leaves_an_entry(method, case, signed_in) -> None:
    path = f"/cases/{case.number}/" if method == "get" else f"/cases/{case.number}/note/"
    answer = getattr(signed_in("fujing"), method)(path)
    assert answer.status_code == 404
    (entry,) = _refused()
    assert entry.detail["tried"] == ("case" if method == "get" else "case_note")
    assert (entry.subject_kind, entry.subject_id) == ("case", str(case.pk))
    assert (entry.address, entry.via) == ("127.0.0.1", "web")


# Guard 4
def test_a_number_typed_into_a_form_is_a_try_too(case, actor, now, stage, signed_in) -> None:
    given = {"kind": "request", "category": "streetlight", "title": "x", "place": stage.place.code}
    own = perform(OpenCase(**given), SYSTEM, now)
    client = signed_in("minjing")
    for into in (case.number, "SQ260310-99999"):
        assert client.post(f"/cases/{own.number}/merge/", {"into": into, "revision": 1}).status_code == 302
    assert [one.detail["tried"] for one in _refused()] == ["case_merge"]
    for number in (case.number, "SQ260310-99999"):
        with pytest.raises(Invalid):
            perform(WriteNote(board_id=stage.post.pk, text="x", cases=(number,)), actor("minjing"), now)
    assert [one.detail["tried"] for one in _refused()] == ["case_merge", "handover.write"]


# Guard 4
def test_the_page_that_offers_to_break_the_glass_is_a_refusal_too(case, signed_in) -> None:
    assert signed_in("minjing").get(f"/cases/{case.number}/").status_code == 403
    assert [(one.subject_id, one.detail["status"]) for one in _refused()] == [(str(case.pk), 403)]


# Guard 4
def test_a_page_of_another_role_leaves_an_entry_without_what_was_typed(signed_in, cast) -> None:
    assert signed_in("jumin").get("/cases/open/incident/?title=" + SENTENCE).status_code == 403
    (entry,) = _refused()
    assert entry.detail == {"tried": "open_case", "status": 403}
    assert (entry.subject_kind, entry.subject_id) == ("page", "")


# Guard 4
def test_the_auditor_reads_who_tried_what(case, actor, now, signed_in) -> None:
    with pytest.raises(Missing):
        perform(AddNote(case_id=case.pk, text="x"), actor("minjing"), now)
    page = signed_in("shenji").get("/audit/").content.decode()
    assert "无权操作，被拒绝" in page
    assert SENTENCE not in page
