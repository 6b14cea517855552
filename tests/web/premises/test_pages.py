"""Every page of premises and inspections, in Chinese and English, for those who may and those who may not."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from linli.web.foundation.actions.numbers import numbers_from
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.models import Case, Notice
from linli.web.ops.premises.checklists import shipped_checklist
from linli.web.ops.premises.models import (
    Checklist,
    Draw,
    DutyTelephone,
    Interval,
    Letter,
    Premises,
    Rectification,
)
from web.drawn import Drawn

from .conftest import Works

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LANGUAGES = ["zh-hans", "en"]


def _school(works: Works) -> Premises:
    return works.premises(kind="school", name="合成小学", key_clause="N14")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_both_languages(works: Works, signed_in: SignIn, language: str) -> None:
    shop, school = works.premises(), _school(works)
    yard = works.premises(kind="courtyard", name="合成小区 3 号院")
    housing = works.premises(kind="housing", name="合成新苑")
    answered = works.answered(works.noticed(shop))
    noticed = works.noticed(works.premises(name="第二家店"))
    on_site = works.on_site(works.premises(name="第三家店"))
    client = signed_in("minjing", language)
    paths = [
        "/premises/", "/premises/?q=惠民&kind=shop&status=overdue", "/premises/new/", "/premises/import/",
        "/premises/courtyards/", "/premises/coverage/", "/premises/checklists/", "/premises/checklists/shop/",
        "/inspections/", "/inspections/all/?state=rectifying",
        "/inspections/notices/", "/inspections/draws/", "/",
        *(f"/premises/at/{one.code}/" for one in (shop, school, yard, housing)),
        f"/premises/at/{shop.code}/edit/",
        *(f"/inspections/{one.number}/sheet/" for one in (answered, noticed, on_site)),
        f"/inspections/{noticed.number}/serve/", f"/inspections/{noticed.number}/answer/",
        f"/inspections/{answered.number}/recheck/", f"/inspections/{answered.number}/escalate/",
        *(f"/cases/{one.number}/" for one in (answered, noticed, on_site)),
    ]  # fmt: skip
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        text = response.content.decode()
        assert ' style="' not in text, path
        assert ("Inspections" in text) is (language == "en"), path


def test_a_manager_sees_the_own_unit_and_nothing_else(works: Works, signed_in: SignIn) -> None:
    own, other = works.premises(), works.premises(name="别家商铺", organisation_id=None)
    works.noticed(own)
    works.noticed(other)
    client = signed_in("danwei")
    page = client.get("/premises/").content.decode()
    assert own.name in page
    assert other.name not in page
    assert client.get(f"/premises/at/{own.code}/").status_code == 200
    assert client.get(f"/premises/at/{other.code}/").status_code == 404
    listed = client.get("/inspections/").content.decode()
    assert own.name in listed
    assert other.name not in listed
    assert client.get("/inspections/draws/").status_code == 403
    assert "安排检查" not in client.get(f"/premises/at/{own.code}/").content.decode()


@pytest.mark.parametrize(
    ("username", "status"),
    [("minjing", 200), ("suozhang", 200), ("fujing", 200), ("wangge", 200), ("guihua", 200),
     ("linsuo", 404), ("jumin", 404), ("shenji", 404), ("guanli", 404), ("fating", 404), ("jiejing", 404)],
)  # fmt: skip
def test_premises_are_seen_in_the_own_territory(
    works: Works, signed_in: SignIn, username: str, status: int
) -> None:
    premises = works.premises()
    assert signed_in(username).get(f"/premises/at/{premises.code}/").status_code == status


def test_the_register_is_filled_in_and_corrected(works: Works, signed_in: SignIn) -> None:
    place = works.stage.place
    given = {
        "kind": "hotel", "name": "悦来旅馆", "address": "合成路 8 号", "longitude": place.longitude,
        "latitude": place.latitude, "organisation": works.stage.unit.pk, "duty_telephone": "0874-7654321",
        "opening_hours": "全天", "key_clause": "N13", "submission": "a",
    }  # fmt: skip
    client = signed_in("minjing")
    with numbers_from(Drawn(417)):
        assert client.post("/premises/new/", given).status_code == 302
    assert client.post("/premises/new/", given).status_code == 302
    hotel = Premises.objects.get()
    assert (hotel.place_code, hotel.beat_code) == (place.code, place.beat_code)
    assert hotel.code == "CS000417"
    changed = {
        **given,
        "name": "悦来酒店",
        "duty_telephone": "",
        "submission": "b",
        "revision": hotel.revision,
    }
    assert client.post(f"/premises/at/{hotel.code}/edit/", changed).status_code == 302
    hotel.refresh_from_db()
    assert hotel.name == "悦来酒店"
    assert DutyTelephone.objects.get().value == "0874-7654321"
    late = {**changed, "name": "旧页", "submission": "c"}
    response = client.post(f"/premises/at/{hotel.code}/edit/", late)
    assert response.status_code == 422
    assert "旧页" in response.content.decode()
    assert Premises.objects.get().name == "悦来酒店"


def test_a_wrong_form_comes_back_with_what_was_typed(works: Works, signed_in: SignIn) -> None:
    response = signed_in("minjing").post("/premises/new/", {"kind": "shop", "name": "某店", "address": "x"})
    assert response.status_code == 422
    assert "某店" in response.content.decode()
    assert not Premises.objects.exists()


def test_the_duty_telephone_is_shown_on_asking_and_the_log_says_so(works: Works, signed_in: SignIn) -> None:
    premises = works.premises()
    client = signed_in("minjing")
    assert "0874-1234567" not in client.get(f"/premises/at/{premises.code}/").content.decode()
    assert "0874-1234567" in client.post(f"/premises/at/{premises.code}/telephone/").content.decode()
    assert Entry.objects.filter(action="premises.read_telephone", actor_id=works.cast["minjing"].pk).exists()
    assert signed_in("fujing").post(f"/premises/at/{premises.code}/telephone/").status_code == 403
    assert signed_in("danwei").post(f"/premises/at/{premises.code}/telephone/").status_code == 403


def test_a_letter_is_printed_signed_and_counts(works: Works, signed_in: SignIn) -> None:
    premises, client = works.premises(), signed_in("minjing")
    assert client.post(f"/premises/at/{premises.code}/letter/", {}).status_code == 302
    letter = Letter.objects.get()
    for language, words in (("zh", "治安消防安全责任书"), ("en", "Safety Responsibility Letter")):
        paper = client.get(f"/premises/at/{premises.code}/letters/{letter.number}.pdf?language={language}")
        text = _text(paper)
        assert words in text
        assert letter.number is not None
        assert letter.number in text
    assert client.get(f"/premises/at/{premises.code}/letters/{letter.pk}.pdf").status_code == 200
    scan = SimpleUploadedFile("责任书.pdf", _pdf(paper), content_type="application/pdf")
    sign = {"letter": letter.pk, "signed_on": works.day(), "expires_on": "2027-03-09", "scan": scan}
    assert client.post(f"/premises/at/{premises.code}/sign/", sign).status_code == 302
    letter.refresh_from_db()
    assert letter.scan is not None
    response = client.get(f"/premises/at/{premises.code}/files/{letter.scan_id}/")
    assert _pdf(response).startswith(b"%PDF")
    assert "sandbox" in response["Content-Security-Policy"]


def _pdf(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def _text(response: Any) -> str:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return "".join(page.extract_text() for page in PdfReader(BytesIO(_pdf(response))).pages).replace("\n", "")


def test_the_notice_is_printed_in_both_languages_with_what_was_found(works: Works, signed_in: SignIn) -> None:
    case = works.noticed(works.premises())
    number = Rectification.objects.get().number
    path = f"/inspections/{case.number}/notices/{number}.pdf"
    zh, en = (_text(signed_in("danwei").get(f"{path}?language={one}")) for one in ("zh", "en"))
    assert "安全隐患整改通知书" in zh
    assert "2026-03-17" in zh
    assert "通道堆放货物" in zh
    assert "Rectification Notice" in en
    assert signed_in("linsuo").get(path).status_code == 404
    assert _pdf(signed_in("danwei").get(path)) == _pdf(signed_in("danwei").get(path))


def test_a_sheet_is_filled_in_on_the_page_kept_and_finished(
    works: Works, signed_in: SignIn, photo: Any
) -> None:
    case = works.planned(works.premises())
    client = signed_in("minjing")
    sheet = f"/inspections/{case.number}/sheet/"
    response = client.post(f"/inspections/{case.number}/begin/")
    assert (response.status_code, response["Location"]) == (302, sheet)
    case.refresh_from_db()
    picture = SimpleUploadedFile("a.jpg", photo().content, content_type="image/jpeg")
    given = {
        "value-exits": "no",
        "remark-exits": "堆货",
        "photo-exits": picture,
        "what": "keep",
        "revision": case.revision,
    }
    assert client.post(sheet, given).status_code == 302
    refused = client.post(sheet, {"value-wiring": "yes", "what": "finish", "remark-wiring": "已看"})
    assert refused.status_code == 422
    assert "已看" in refused.content.decode()
    whole = {f"value-{item.id}": "yes" for item in shipped_checklist("shop") if item.id != "exits"}
    done = client.post(sheet, {**whole, "what": "finish", "fix_by": works.day(7)})
    assert done["Location"] == f"/cases/{case.number}/"
    case.refresh_from_db()
    assert case.state == "rectifying"
    assert case.attachments.count() == 1


def test_the_way_from_notice_to_end_works_on_the_pages(works: Works, signed_in: SignIn, photo: Any) -> None:
    case = works.noticed(works.premises())
    officer, manager = signed_in("minjing"), signed_in("danwei")
    base = f"/inspections/{case.number}"
    assert officer.post(f"{base}/serve/", {"served_on": works.day(), "how": "left"}).status_code == 302
    picture = SimpleUploadedFile("b.jpg", photo().content, content_type="image/jpeg")
    assert manager.post(f"{base}/answer/", {"text": "已清理", "files": [picture]}).status_code == 302
    assert manager.get(f"{base}/recheck/").status_code == 403
    assert "已清理" in officer.get(f"{base}/recheck/").content.decode()
    assert officer.post(f"{base}/recheck/", {"fixed-exits": "no"}).status_code == 422
    assert officer.post(f"{base}/recheck/", {"fixed-exits": "yes"}).status_code == 302
    case.refresh_from_db()
    assert case.result == "mended"
    assert manager.get(f"/cases/{case.number}/").status_code == 200


def test_escalating_on_the_page(works: Works, signed_in: SignIn) -> None:
    case = works.noticed(works.premises())
    given = {"organisation": works.stage.station.pk, "reason": "多次催办未整改"}
    assert signed_in("minjing").post(f"/inspections/{case.number}/escalate/", given).status_code == 302
    case.refresh_from_db()
    assert case.state == "escalated"


def test_a_school_has_points_presence_and_meetings(works: Works, signed_in: SignIn) -> None:
    school, client = _school(works), signed_in("minjing")
    base = f"/premises/at/{school.code}"
    point = {"kind": "gate", "point": "东门", "owner": works.stage.post.pk}
    assert client.post(f"{base}/point/", point).status_code == 302
    assert client.post(f"{base}/point/", {"kind": "main_road", "point": "学府路"}).status_code == 302
    gate, road = school.points.all()
    day = {"day": works.day(), "hour": "opening", "present": [gate.pk]}
    assert signed_in("fujing").post(f"{base}/presence/", day).status_code == 302
    assert (gate.presences.get().present, road.presences.get().present) == (True, False)
    meeting = {"held_on": works.day(), "subject": "开学安全", "case_number": ""}
    assert client.post(f"{base}/meeting/", meeting).status_code == 302
    assert client.post(f"{base}/unpoint/", {"point": road.pk}).status_code == 302
    page = client.get(f"{base}/").content.decode()
    assert "东门" in page
    assert "开学安全" in page
    shares = {one.id: one for one in client.get("/premises/coverage/").context["rates"]}
    assert (shares["owners"].numerator, shares["owners"].denominator) == (1, 1)
    assert (shares["presence"].numerator, shares["presence"].denominator) == (1, 1)


def test_an_act_that_is_refused_keeps_what_was_typed(works: Works, signed_in: SignIn) -> None:
    yard = works.premises(kind="courtyard", name="合成 5 号院")
    given = {
        "surveyed_on": works.day(), "basis": "guarded", "volunteers": 3, "doors": 4, "security_doors": 9,
    }  # fmt: skip
    response = signed_in("minjing").post(f"/premises/at/{yard.code}/survey/", given)
    assert response.status_code == 422
    assert 'value="9"' in response.content.decode()
    assert not yard.surveys.exists()


def test_a_checklist_is_edited_line_by_line(works: Works, signed_in: SignIn) -> None:
    client = signed_in("guihua")
    page = client.get("/premises/checklists/shop/edit/")
    lines = [line for _, line in page.context["lines"]]
    lines[0]["text_zh"] = lines[0]["text_en"] = ""
    lines[-3].update(text_zh="夜间值守", text_en="Watch at night", rule_zh="防范建议", rule_en="Advice")
    parts = ("id", "text_zh", "text_en", "rule_zh", "rule_en", "clause")
    given = {part: [line[part] for line in lines] for part in parts}
    sent = {**given, "based_on": "1", "note": "增加夜间值守"}
    assert client.post("/premises/checklists/shop/edit/", sent).status_code == 302
    first, second = Checklist.objects.order_by("version")
    assert len(first.items) == len(second.items)
    assert second.items[-1]["id"] == "own_1"
    assert "exits" not in [item["id"] for item in second.items]
    again = client.post("/premises/checklists/shop/edit/", sent)
    assert again.status_code == 422
    assert client.get("/premises/checklists/shop/?version=1").status_code == 200
    assert signed_in("suozhang").get("/premises/checklists/shop/edit/").status_code == 403


def test_the_schedule_is_set_on_the_page_and_days_move(works: Works, signed_in: SignIn) -> None:
    premises = works.premises()
    client = signed_in("guihua")
    assert client.post("/premises/checklists/shop/interval/ordinary/", {"months": "1"}).status_code == 302
    premises.refresh_from_db()
    assert premises.due_on == works.day(31)
    client.post("/premises/checklists/shop/interval/ordinary/", {"months": "99"})
    assert Interval.objects.get().months == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_editor_of_a_checklist_is_there_in_both_languages(
    works: Works, signed_in: SignIn, language: str
) -> None:
    page = signed_in("guihua", language).get("/premises/checklists/shop/edit/")
    assert page.status_code == 200
    assert ("Inspections" in page.content.decode()) is (language == "en")


def test_a_draw_on_the_page_is_printed_and_holds(works: Works, signed_in: SignIn) -> None:
    for number in range(5):
        works.premises(name=f"店{number}")
    client = signed_in("minjing")
    area = f"{works.stage.place.station_code}|{works.stage.place.beat_code}"
    given = {"area": area, "kinds": ["shop"], "size": 2, "planned_for": works.day()}
    assert client.post("/inspections/draws/", given).status_code == 302
    draw = Draw.objects.get()
    page = client.get(f"/inspections/draws/{draw.number}/")
    assert page.context["holds"]
    again = client.post("/inspections/draws/", given)
    assert again.status_code == 422
    assert client.post("/inspections/draws/", {**given, "reason": "一家停业"}).status_code == 302
    paper = _text(client.get(f"/inspections/draws/{draw.number}.pdf"))
    assert draw.seed in paper
    assert draw.frame_digest[:20] in paper
    assert signed_in("linsuo").get(f"/inspections/draws/{draw.number}/").status_code == 404
    draw.chosen = draw.frame[:2] if draw.frame[:2] != draw.chosen else draw.frame[2:4]
    draw.save()
    assert not client.get(f"/inspections/draws/{draw.number}/").context["holds"]


def test_an_inspection_opened_by_form_is_linked(works: Works, signed_in: SignIn) -> None:
    premises = works.premises()
    client = signed_in("minjing")
    given = {"category": "report", "title": "隐患核查", "data-premises_code": premises.code, "address": "x"}
    place = {"longitude": premises.longitude, "latitude": premises.latitude}
    assert client.post("/cases/open/inspection/", {**given, **place}).status_code == 302
    case = Case.objects.get()
    assert "还没有关联场所" in client.get(f"/cases/{case.number}/").content.decode()
    assert client.get(f"/inspections/{case.number}/sheet/").status_code == 404
    assert client.post(f"/inspections/{case.number}/link/").status_code == 302
    assert case.inspection.premises == premises


def test_a_unit_is_told_of_incidents_nearby_without_address_or_number(
    works: Works, signed_in: SignIn
) -> None:
    premises = works.premises()
    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.casework.actions.opening import OpenCase

    incident = OpenCase(
        kind="incident", category="theft", title="手机被盗", address="合成路 3 号 2 单元",
        longitude=premises.longitude, latitude=premises.latitude, data={"caller_name": "某人"},
    )  # fmt: skip
    case = perform(incident, works.by("jiejing"), works.now)
    given = {"since": works.day(-7), "until": works.day(), "advice": "请加强看护"}
    assert signed_in("minjing").post(f"/premises/at/{premises.code}/tell/", given).status_code == 302
    told = premises.told.get()
    assert told.lines == [{"category": "theft", "day": "2026-03-10"}]
    page = signed_in("danwei").get(f"/premises/at/{premises.code}/").content.decode()
    assert "请加强看护" in page
    assert "合成路 3 号 2 单元" not in page
    assert case.number not in page
    assert Notice.objects.filter(user=works.cast["danwei"], kind="shared").exists()


def test_pages_ask_the_database_as_often_for_many_as_for_few(
    works: Works, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in("minjing")
    paths = [
        "/premises/", "/premises/courtyards/", "/premises/coverage/", "/inspections/", "/inspections/all/",
        "/inspections/notices/", "/premises/map.geojson",
    ]  # fmt: skip

    def counts() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        return found

    def fill(start: int, stop: int) -> None:
        for number in range(start, stop):
            works.noticed(works.premises(name=f"店{number}"))
            works.on_site(works.premises(name=f"馆{number}", kind="venue"))
            works.premises(name=f"院{number}", kind="courtyard", organisation_id=None)

    fill(0, 1)
    counts()
    few = counts()
    fill(1, 6)
    assert counts() == few
    assert max(few) <= 25


def test_only_who_may_plan_plans(works: Works, signed_in: SignIn) -> None:
    premises = works.premises()
    given = {"occasion": "special", "planned_for": works.day()}
    path = f"/premises/at/{premises.code}/plan/"
    assert signed_in("wangge").post(path, given).status_code == 403
    assert signed_in("danwei").post(path, given).status_code == 403
    assert signed_in("linsuo").post(path, given).status_code == 404
    assert signed_in("fujing").post(path, given).status_code == 302
    assert Case.objects.count() == 1


def test_the_list_offers_only_what_the_role_may_do(works: Works, signed_in: SignIn) -> None:
    case = works.answered(works.noticed(works.premises()))
    link = f"/inspections/{case.number}/recheck/"
    assert link in signed_in("minjing").get("/inspections/").content.decode()
    assert link not in signed_in("fujing").get("/inspections/").content.decode()
    assert link not in signed_in("danwei").get("/inspections/").content.decode()
