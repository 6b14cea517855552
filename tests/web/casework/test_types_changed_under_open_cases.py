"""The file of a case type is changed or taken away while there are cases of it: none of them stops."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Missing
from linli.web.foundation.casework.actions.deadlines import run_deadlines, run_retention
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, Event, Tombstone, TypeVersion
from linli.web.foundation.casework.selectors import visible_kinds
from linli.web.foundation.casework.types.register import case_types, reload_types, shipped_types
from linli.web.foundation.casework.types.versions import Kept, forget, keep_types, spec_of
from linli.web.foundation.operations.checking import checked

DRILL = """
id = "drill"
version = 1
prefix = "YL"
name = {zh = "演练", en = "Drill"}
plural = {zh = "演练", en = "Drills"}
clauses = ["E5"]
due_hours = 7
categories = [{id = "school", name = {zh = "学校", en = "School"}}]
fields = [{id = "groups", name = {zh = "参加小组数", en = "Groups"}, kind = "integer"}]
states = [
  {id = "planned", name = {zh = "已计划", en = "Planned"}},
  {id = "held", name = {zh = "已举行", en = "Held"}, kind = "closed"},
]
results = [{id = "done", name = {zh = "完成", en = "Done"}, keep_days = 365}]
escalations = [{clock = "case", notify = ["chief"]}]
routes = [{to = "station"}]
[[transitions]]
id = "hold"
name = {zh = "举行", en = "Hold"}
source = ["planned"]
target = "held"
roles = ["officer"]
results = ["done"]
"""
RENAMED = DRILL.replace('"planned"', '"drafted"').replace("version = 1", "version = 2")
WIDER = (
    DRILL.replace("version = 1", "version = 2").replace(
        '  {id = "held"', '  {id = "put_off", name = {zh = "推迟", en = "Put off"}},\n  {id = "held"'
    )
    + """
[[transitions]]
id = "put_off"
name = {zh = "推迟", en = "Put off"}
source = ["planned"]
target = "put_off"
roles = ["officer"]
[[transitions]]
id = "hold_later"
name = {zh = "补办", en = "Hold later"}
source = ["put_off"]
target = "held"
roles = ["officer"]
results = ["done"]
"""
)

Rewrite = Callable[[str], None]


@pytest.fixture
def rewrite(tmp_path: Path, settings) -> Rewrite:  # type: ignore[no-untyped-def]
    """Put a file into the folder of types (or, given nothing, take it away) and start anew."""
    settings.CASE_TYPES_DIR = str(tmp_path)

    def write(text: str) -> None:
        file = tmp_path / "drill.case.toml"
        file.write_text(text, encoding="utf-8") if text else file.unlink()
        reload_types()
        forget()
        keep_types()

    return write


@pytest.fixture
def opened(rewrite: Rewrite, cast: dict[str, User], stage: Stage, now: dt.datetime) -> Case:
    rewrite(DRILL)
    return perform(
        OpenCase(
            kind="drill", category="school", title="春季演练", place=stage.place.code, data={"groups": "6"}
        ),
        SYSTEM,
        now,
    )


def works(client: Client, case: Case, state: str) -> None:
    """List and page show the case as its own version says."""
    listed = client.get("/cases/")
    assert listed.status_code == 200
    assert "春季演练" in listed.content.decode()
    assert state in listed.content.decode()
    page = client.get(f"/cases/{case.number}/")
    assert page.status_code == 200
    assert "参加小组数" in page.content.decode()


# Guard 18
@pytest.mark.parametrize("file", [RENAMED, ""], ids=["state gone", "file gone"])
def test_open_cases_are_listed_shown_moved_and_escalated_as_before(
    opened: Case,
    rewrite: Rewrite,
    file: str,
    signed_in: Callable[..., Client],
    actor: Callable[[str], Actor],
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    rewrite(file)
    works(signed_in("minjing"), opened, "已计划")
    late = now + dt.timedelta(days=30)
    assert run_deadlines(late) == 1
    assert Event.objects.filter(kind="escalated").count() == 1
    moved = perform(Move(case_id=opened.pk, step="hold", result="done"), actor("minjing"), late)
    assert moved.state == "held"
    assert moved.shred_at == late + dt.timedelta(days=365)
    run_retention(late + dt.timedelta(days=366))
    assert Tombstone.objects.get().keep_days == 365


# Guard 18
def test_new_cases_follow_the_new_file(opened: Case, rewrite: Rewrite, now: dt.datetime) -> None:
    rewrite(RENAMED)
    second = perform(OpenCase(kind="drill", category="school", title="秋季演练"), SYSTEM, now)
    assert (second.state, second.type_version) == ("drafted", 2)
    assert spec_of(second) == shipped_types()["drill"]
    assert spec_of(opened) != shipped_types()["drill"]
    assert TypeVersion.objects.filter(case_type="drill").count() == 2


# Guard 18
def test_a_file_that_only_adds_is_taken_over_by_open_cases(
    opened: Case, rewrite: Rewrite, actor: Callable[[str], Actor], now: dt.datetime
) -> None:
    rewrite(WIDER)
    moved = perform(Move(case_id=opened.pk, step="put_off"), actor("minjing"), now)
    assert (moved.state, moved.type_version) == ("put_off", 2)
    assert moved.type_hash == shipped_types()["drill"].digest


# Guard 18
def test_a_file_that_drops_a_field_does_not_take_it_from_open_cases(
    opened: Case, rewrite: Rewrite, now: dt.datetime
) -> None:
    rewrite(DRILL.replace('"groups"', '"parties"').replace("version = 1", "version = 2"))
    assert "groups" in spec_of(opened).field_by_id
    second = perform(OpenCase(kind="drill", category="school", title="秋季演练"), SYSTEM, now)
    assert "parties" in spec_of(second).field_by_id


# Guard 18
def test_of_a_type_without_a_file_none_is_opened(
    opened: Case, rewrite: Rewrite, actor: Callable[[str], Actor], now: dt.datetime
) -> None:
    assert "drill" in visible_kinds(actor("minjing"), "open")
    rewrite("")
    assert "drill" in case_types()
    assert "drill" not in visible_kinds(actor("minjing"), "open")
    assert "drill" in visible_kinds(actor("minjing"))
    with pytest.raises(Conflict):
        perform(OpenCase(kind="drill", category="school", title="冬季演练"), SYSTEM, now)


# Guard 18
def test_one_without_cases_goes_with_its_file(rewrite: Rewrite, county: object) -> None:
    rewrite(DRILL)
    rewrite("")
    assert "drill" not in case_types()


# Guard 18
def test_cases_from_before_versions_find_the_one_that_has_their_state(opened: Case, rewrite: Rewrite) -> None:
    Case.objects.filter(pk=opened.pk).update(type_hash="")
    opened.refresh_from_db()
    assert spec_of(opened) == shipped_types()["drill"]
    rewrite(RENAMED)
    assert "planned" in spec_of(opened).state_by_id


# Guard 18
def test_a_state_that_no_version_has_is_a_sentence_and_not_a_broken_page(
    opened: Case, signed_in: Callable[..., Client], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    Case.objects.filter(pk=opened.pk).update(state="lost")
    opened.refresh_from_db()
    with pytest.raises(Missing):
        spec_of(opened)
    client = signed_in("minjing")
    assert client.get("/cases/").status_code == 200
    assert client.get(f"/cases/{opened.number}/").status_code == 404


# Guard 18
def test_check_says_which_cases_stand_under_a_former_version(
    opened: Case, rewrite: Rewrite, now: dt.datetime
) -> None:
    assert not [one for one in checked(now) if str(opened.number) in one.text.en]
    rewrite(RENAMED)
    found = [one for one in checked(now) if str(opened.number) in one.text.en]
    assert [one.level for one in found] == ["note"]
    assert "1 case(s) in “Planned”" in found[0].text.en
    assert "处于“已计划”的 1 件" in found[0].text.zh
    Case.objects.filter(pk=opened.pk).update(state="lost")
    lost = [one for one in checked(now) if one.level == "wrong" and "“lost”" in one.text.en]
    assert str(opened.number) in lost[0].text.en


# Guard 18
def test_a_list_asks_no_more_however_many_stand_under_a_former_version(
    opened: Case,
    rewrite: Rewrite,
    stage: Stage,
    signed_in: Callable[..., Client],
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    client = signed_in("minjing")
    rewrite(RENAMED)
    client.get("/cases/")
    with CaptureQueriesContext(connection) as before:
        client.get("/cases/")
    rewrite(DRILL)
    for number in range(5):
        perform(
            OpenCase(kind="drill", category="school", title=f"演练{number}", place=stage.place.code),
            SYSTEM,
            now,
        )
    rewrite(RENAMED)
    client.get("/cases/")
    with CaptureQueriesContext(connection) as after:
        client.get("/cases/")
    assert len(after) == len(before)


@pytest.mark.django_db
# Guard 18
def test_a_process_keeps_its_types_before_its_first_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Kept, "done", False)
    client.get("/health/live")
    assert not TypeVersion.objects.exists()
    client.get("/accounts/login/")
    assert set(TypeVersion.objects.values_list("case_type", flat=True)) == set(shipped_types())
    assert Kept.done
