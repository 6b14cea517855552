"""The auditor's pages: searching the log, who read a record, reviewing emergency accesses."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.actions import ReviewEmergency
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.audit.selectors import Wanted
from linli.web.foundation.casework.actions.deadlines import Shred
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.actions.sharing import BreakGlass, ShareCase
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Case, EmergencyAccess, Notice

REASON = "现场有人受伤，需要立即联系报警人"


@pytest.fixture
def case(actor, stage, now) -> Case:
    """A request in the own station's area with a reporter who can be called."""
    return perform(
        OpenCase(
            kind="request",
            category="streetlight",
            title="路灯不亮",
            place=stage.place.code,
            data={"reporter_name": "张三", "reporter_phone": "13800000000"},
        ),
        actor("minjing"),
        now,
    )


def _get(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "查看个人信息"), ("en", "Read personal fields")])
def test_an_auditor_finds_who_read_a_record(case, actor, signed_in, now, language, words) -> None:
    perform(ReadPersonal(case_id=case.pk, reason="回访"), actor("suozhang"), now + dt.timedelta(minutes=5))
    page = _get(signed_in("shenji", language), f"/audit/cases/{case.number}/")
    assert words in page
    assert "所长 赵" in page
    assert "13800000000" not in page
    assert "张三" not in page
    assert "路灯不亮" not in page


def test_the_log_is_searched_by_person_case_action_station_and_day(
    case, actor, signed_in, now, stage
) -> None:
    perform(ReadPersonal(case_id=case.pk), actor("suozhang"), now + dt.timedelta(days=2))
    client = signed_in("shenji")

    def found(query: str) -> list[str]:
        lines = client.get(f"/audit/?{query}").context["lines"]
        return [line.who for line in lines]

    assert found("person=suozhang") == ["所长 赵"]
    assert found("person=民警") == ["民警 王"]
    assert found("person=nobody") == []
    assert found(f"number={case.number}") == ["所长 赵", "民警 王"]
    assert found(f"number={(case.number or '').lower()}&action=case.open") == ["民警 王"]
    assert found("number=SQ260310-99999") == []
    assert found("number=nonsense") == []
    assert found(f"station={case.station_code}") == ["所长 赵", "民警 王"]
    assert found("station=elsewhere") == []
    assert found("since=2026-03-11") == ["所长 赵"]
    assert found("until=2026-03-10") == ["民警 王"]
    assert len(found("since=never&until=9999-12-31")) == 2


def test_pages_of_the_log_follow_each_other_without_gap_or_repeat(case, actor, signed_in, now) -> None:
    for number in range(130):
        # Many at the same moment, so that the cursor must use the id too.
        perform(
            AddNote(case_id=case.pk, text="x"), actor("minjing"), now + dt.timedelta(seconds=number // 40)
        )
    client, url, seen = signed_in("shenji"), "/audit/", []
    while url:
        answer = client.get(url)
        seen += [(line.at, line.who) for line in answer.context["lines"]]
        url = answer.context["next_url"] and f"/audit/{answer.context['next_url']}"
    assert len(seen) == Entry.objects.count() == 131
    assert [at for at, _ in seen] == sorted((at for at, _ in seen), reverse=True)
    assert client.get("/audit/?after=nonsense").status_code == 200


def test_the_whole_log_is_exported_and_that_is_logged(case, actor, signed_in, now) -> None:
    for _ in range(60):
        perform(AddNote(case_id=case.pk, text="秘密内容"), actor("minjing"), now)
    answer = signed_in("shenji").get("/audit/export.csv?person=minjing")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 62
    assert "秘密内容" not in "".join(lines)
    entry = Entry.objects.get(action="export")
    assert (entry.subject_id, entry.detail) == ("audit", {"filters": "person=minjing"})


def test_the_log_is_exported_as_a_workbook_too(case, signed_in) -> None:
    import io

    from openpyxl import load_workbook

    client = signed_in("shenji", "en")
    answer = client.get("/audit/export.xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    for close in answer._resource_closers:
        close()
    assert rows[0][:2] == ("Time", "Person")
    assert case.number in [row[5] for row in rows]
    assert client.get("/audit/export.exe").status_code == 404


@pytest.mark.parametrize("username", ["suozhang", "minjing", "guanli", "guihua", "jumin", "linsuo"])
def test_nobody_but_the_auditor_sees_the_log(case, signed_in, username) -> None:
    client = signed_in(username)
    for url in ("/audit/", "/audit/export.csv", f"/audit/cases/{case.number}/", "/emergencies/"):
        assert client.get(url).status_code == 403
    assert client.post("/emergencies/1/", {"justified": "1", "verdict": "x"}).status_code == 403


def test_an_auditor_of_one_station_sees_that_stations_log_only(case, cast, signed_in, stage) -> None:
    from linli.web.foundation.accounts.models import Grant

    Grant.objects.filter(user=cast["shenji"]).update(organisation=stage.other_station)
    client = signed_in("shenji")
    assert client.get("/audit/").context["lines"] == []
    assert client.get(f"/audit/cases/{case.number}/").status_code == 404
    Grant.objects.filter(user=cast["shenji"]).update(organisation=stage.station)
    assert client.get(f"/audit/cases/{case.number}/").status_code == 200


def test_a_view_by_sharing_or_in_an_emergency_is_logged_and_one_in_the_own_area_is_not(
    case, actor, signed_in, stage, now
) -> None:
    signed_in("minjing").get(f"/cases/{case.number}/")
    assert not Entry.objects.filter(action="case.view_outside").exists()
    perform(
        ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="边界"), actor("minjing"), now
    )
    assert signed_in("linsuo").get(f"/cases/{case.number}/").status_code == 200
    entry = Entry.objects.get(action="case.view_outside")
    assert (entry.actor_name, entry.detail["by"]) == ("邻所民警 韩", "shared")
    client = signed_in("linsuozhang")
    client.post(f"/cases/{case.number}/emergency/", {"reason": REASON})
    assert client.get(f"/cases/{case.number}/").status_code == 200
    assert Entry.objects.filter(action="case.view_outside", detail__by="emergency").count() == 1
    page = _get(signed_in("shenji"), f"/audit/cases/{case.number}/")
    assert "邻所民警 韩" in page
    assert "邻所所长 杨" in page


def test_exports_that_may_hold_the_case_are_listed_and_others_are_not(case, actor, signed_in, now) -> None:
    later = now + dt.timedelta(hours=1)
    perform(LogExport(what="cases", filters="kind=request"), actor("suozhang"), later)
    perform(
        LogExport(what="cases", filters="kind=incident"), actor("suozhang"), later + dt.timedelta(minutes=1)
    )
    perform(LogExport(what="cases", filters=""), actor("linsuozhang"), later + dt.timedelta(minutes=2))
    perform(LogExport(what="cases", filters=""), actor("suozhang"), now - dt.timedelta(days=1))
    answer = signed_in("shenji").get(f"/audit/cases/{case.number}/")
    assert [line.who for line in answer.context["exports"]] == ["所长 赵"]


def test_a_shredded_case_keeps_its_log(case, signed_in, now) -> None:
    number = case.number
    Case.objects.filter(pk=case.pk).update(closed_at=now, result="fixed")
    perform(Shred(case_id=case.pk), SYSTEM, now)
    page = _get(signed_in("shenji"), f"/audit/cases/{number}/")
    assert "民警 王" in page


# Guard Out
def test_a_number_of_before_that_held_a_rows_id_is_still_found(case, signed_in, now) -> None:
    entry = Entry.objects.get(action="case.open")
    Entry.objects.filter(pk=entry.pk).update(detail={**entry.detail, "number": "SQ250310-00001"})
    client = signed_in("shenji")
    assert "民警 王" in _get(client, "/audit/cases/SQ250310-00001/")
    assert [one.who for one in client.get("/audit/?number=sq250310-00001").context["lines"]] == ["民警 王"]
    assert client.get(f"/audit/cases/{case.number}/").status_code == 404


# Guard Out
def test_a_number_is_found_by_an_index_in_the_order_of_the_page(case, actor, now) -> None:
    perform(LogExport(what="cases", filters=""), actor("suozhang"), now)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of two rows is read whole unless that is forbidden.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    found = Entry.objects.filter(Wanted(number=case.number or "").condition()).order_by("-at", "-pk")
    plan = found[:50].explain()
    assert "audit_number" in plan
    assert "TEMP B-TREE" not in plan
    assert [entry.action for entry in found] == ["case.open"]


@pytest.fixture
def emergency(case, actor, now) -> EmergencyAccess:
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuo"), now)
    return EmergencyAccess.objects.get()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_auditor_reviews_an_emergency_access(emergency, signed_in, cast, language) -> None:
    client = signed_in("shenji", language)
    assert REASON in _get(client, "/emergencies/")
    answer = client.post(f"/emergencies/{emergency.pk}/", {"justified": "0", "verdict": ""})
    assert answer.status_code == 422
    client.post(f"/emergencies/{emergency.pk}/", {"justified": "0", "verdict": "事后查明没有必要"})
    emergency.refresh_from_db()
    assert (emergency.justified, emergency.verdict) == (False, "事后查明没有必要")
    assert emergency.reviewed_by == cast["shenji"]
    told = set(Notice.objects.filter(kind="emergency_unjustified").values_list("user__username", flat=True))
    assert told == {"linsuo", "suozhang"}
    assert "事后查明没有必要" in _get(client, "/emergencies/")
    _get(signed_in("suozhang", language), "/notices/")
    again = client.post(f"/emergencies/{emergency.pk}/", {"justified": "1", "verdict": "改判"})
    assert again.status_code == 422


def test_who_may_review_and_what_it_needs(emergency, actor, now) -> None:
    def review(username: str, **more) -> None:
        given = {"emergency_id": emergency.pk, "justified": True, "verdict": "属实", **more}
        perform(ReviewEmergency(**given), actor(username), now)

    for username in ("suozhang", "linsuo", "guanli", "guihua"):
        with pytest.raises(Forbidden):
            review(username)
    with pytest.raises(Missing):
        review("shenji", emergency_id=10**9)
    with pytest.raises(Invalid):
        review("shenji", verdict="x" * 301)
    review("shenji")
    with pytest.raises(Conflict):
        review("shenji")
    assert Notice.objects.filter(kind="emergency_justified", user__username="linsuo").exists()


def test_nobody_reviews_an_access_of_their_own(emergency, actor, cast, now) -> None:
    EmergencyAccess.objects.update(user=cast["shenji"])
    with pytest.raises(Forbidden):
        perform(
            ReviewEmergency(emergency_id=emergency.pk, justified=True, verdict="属实"), actor("shenji"), now
        )


def test_the_auditors_notice_leads_to_the_log_and_shows_no_title(emergency, signed_in, case) -> None:
    page = _get(signed_in("shenji"), "/notices/")
    assert f"/audit/cases/{case.number}/" in page
    assert case.title not in page


def test_the_log_takes_a_constant_number_of_queries(
    case, actor, signed_in, now, django_assert_num_queries
) -> None:
    client = signed_in("shenji")
    client.get("/audit/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/audit/")
    for _ in range(45):
        perform(AddNote(case_id=case.pk, text="x"), actor("minjing"), now)
    with django_assert_num_queries(len(few)):
        client.get("/audit/")


def test_every_action_has_a_name_in_both_languages() -> None:
    from linli.web.foundation.audit.presenting import action_choices
    from web.security.walking import action_names

    named = dict(action_choices())
    assert [name for name in action_names() if name not in named] == []
