"""Who raised a case is known by name to whoever reads it on the record, and to nobody else."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.deadlines import run_retention
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Case, Event, Notice
from linli.web.foundation.casework.naming import written_name
from linli.web.foundation.exchange.models import Delivery
from linli.web.foundation.exchange.tokens import MakeToken

STEPS = (
    ("accept", {}),
    ("start", {}),
    ("resolve", {"result": "explained", "answer": "已说明", "data": {"measures": "已上门"}}),
)


@pytest.fixture(autouse=True)
def _at(monkeypatch, now) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


@pytest.fixture
def name(cast) -> str:
    return cast["jumin"].display_name


def _raised(stage, who, now, title="网格员从不巡查") -> Case:
    opening = OpenCase(kind="request", category="other", title=title, place=stage.place.code)
    return perform(opening, who, now)


def _closed(case: Case, actor, now) -> None:
    for step, more in STEPS:
        perform(Move(case_id=case.pk, step=step, **more), actor("suozhang"), now)


# Guard 7
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "申请人"), ("en", "Reporter")])
def test_nobody_who_sees_a_request_is_told_whose_it_is(
    language, word, stage, cast, actor, signed_in, name, now
) -> None:
    case = _raised(stage, actor("jumin"), now)
    _closed(case, actor, now)
    perform(GiveFeedback(case_id=case.pk, solved=False, comment="没有"), actor("jumin"), now)
    for who in ("suozhang", "minjing", "fujing", "wangge", "zhuli", "guihua", "jumin"):
        client = signed_in(who, language)
        page = client.get(f"/cases/{case.number}/").content.decode()
        history = page[page.index("main-content") :] if "main-content" in page else page
        assert word in history, who
        # Of one's own name the page's head tells oneself.
        assert who == "jumin" or name not in page, who
    assert not Event.objects.filter(actor_name=name).exists()
    assert not any(name in str(one.detail) for one in Notice.objects.all())
    assert not any(name in one.body for one in Delivery.objects.all())


# Guard 7
def test_neither_the_api_nor_a_clash_names_the_reporter(stage, cast, actor, signed_in, name, now) -> None:
    case = _raised(stage, actor("jumin"), now)
    _, token = perform(MakeToken(title="x", days=30), actor("wangge"), now)
    client = Client(headers={"authorization": f"Bearer {token}"})
    told = client.get(f"/api/v1/cases/{case.number}/events").json()
    assert [one["by"] for one in told] == ["申请人"]
    with pytest.raises(Conflict) as clash:
        perform(AddNote(case_id=case.pk, revision=9, text="x"), actor("minjing"), now)
    assert "申请人" in clash.value.text.zh
    assert name not in clash.value.text.zh


# Guard 7
def test_the_name_is_read_by_the_verb_with_an_entry_and_goes_with_the_rest(
    stage, cast, actor, name, signed_in, now
) -> None:
    case = _raised(stage, actor("jumin"), now)
    reading = ReadPersonal(case_id=case.pk)
    perform(reading, actor("minjing"), now)
    assert [one.value for one in reading.values()] == [name]
    entry = Entry.objects.get(action="case.read_personal")
    assert entry.detail["fields"] == ["reporter.reporter_account"]
    page = signed_in("minjing", "en").post(f"/cases/{case.number}/personal/").content.decode()
    assert "Name of the reporter’s account" in page or "Name of the reporter&#x27;s account" in page
    assert "申请人账号姓名" in signed_in("shenji").get(f"/audit/cases/{case.number}/").content.decode()
    _closed(case, actor, now)
    run_retention(now + dt.timedelta(days=181))
    assert list(case.personal_values.values_list("value", flat=True)) == [""]
    assert not Event.objects.filter(actor_name=name).exists()


# Guard 7
def test_staff_stay_known_by_name_and_what_a_merged_case_says_names_no_reporter(
    stage, cast, actor, signed_in, name, now
) -> None:
    case, other = (_raised(stage, actor("jumin"), now, title) for title in ("一", "二"))
    perform(Merge(case_id=case.pk, into_id=other.pk), actor("minjing"), now)
    perform(GiveFeedback(case_id=case.pk, solved=False, comment="x"), actor("jumin"), now)
    for one in (case, other):
        page = signed_in("suozhang").get(f"/cases/{one.number}/").content.decode()
        assert name not in page
        assert cast["minjing"].display_name in page
    # Whoever works here and raises something is known as staff are.
    opening = OpenCase(kind="request", category="other", title="三", place=stage.place.code)
    perform(opening, actor("wangge"), now)
    assert Event.objects.filter(actor_name=cast["wangge"].display_name, kind="opened").exists()


# Guard 7
def test_the_migration_moves_names_that_stand_in_histories(stage, cast, actor, name, now) -> None:
    user = cast["jumin"]
    case = _raised(stage, actor("jumin"), now)
    old = _raised(stage, actor("jumin"), now, "早已办结")
    worked = _raised(stage, actor("minjing"), now)
    Case.objects.filter(pk=old.pk).update(closed_at=now - dt.timedelta(days=400 * 20))
    case.personal_values.all().delete()
    old.personal_values.all().delete()
    Event.objects.filter(actor_id=user.pk).update(actor_name=name)
    # An officer, who lives here too since they left.
    Grant.objects.filter(user=cast["minjing"]).update(ends=now.date())
    home = {"user": cast["minjing"], "role": "resident", "organisation": stage.residents}
    Grant.objects.create(**home, starts=now.date() + dt.timedelta(days=1))
    migration = import_module("linli.web.foundation.casework.migrations.0014_reporters_names")
    for _ in range(2):
        migration.move_names(apps, list(Event.objects.order_by("pk")))
        assert not Event.objects.filter(actor_name=name).exists()
        assert list(case.personal_values.values_list("field", "value")) == [("reporter_account", name)]
        assert not old.personal_values.exists()
        assert worked.events.get().actor_name == cast["minjing"].display_name


# Guard 7
def test_somebody_without_a_role_has_a_name(stage, cast, now) -> None:
    Grant.objects.filter(user=cast["minjing"]).delete()
    assert written_name(actor_of(cast["minjing"], now)) == cast["minjing"].display_name
