"""The pages of disputes in both languages: intake, steps, lists, docket, figures, papers, exports."""

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from linli.io.sheets import read_sheet
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.ops.disputes.actions.agreeing import current_agreement
from linli.web.ops.disputes.actions.handing import HandOver
from linli.web.ops.disputes.actions.mediating import PlanSession
from linli.web.ops.disputes.models import Handover, Session
from linli.web.ops.disputes.views.papers import PAPERS
from web.disputes.telling import Teller

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
BOTH = pytest.mark.parametrize("language", ["zh-hans", "en"])
COURT = {"zh-hans": "向人民法院起诉", "en": "go to court"}


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, teller: Teller) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: teller.at)


def body(response: Any) -> bytes:
    """What a streamed response holds; closed here, for closing the whole would close the database."""
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return content


def intake(teller: Teller, **given: object) -> dict[str, object]:
    values: dict[str, object] = {
        "category": "water",
        "title": "灌溉用水先后争执",
        "place": teller.stage.place.code,
        "data-level": "village",
        "data-how_found": "asked",
        "parties-TOTAL_FORMS": 2,
        "parties-INITIAL_FORMS": 0,
        "parties-0-side": "applicant",
        "parties-0-kind": "person",
        "parties-0-name": "甲某",
        "parties-1-side": "respondent",
        "parties-1-kind": "unit",
        "parties-1-unit_name": "合成灌溉合作社",
        "submission": "once",
    }
    return {**values, **given}


@BOTH
def test_a_dispute_is_taken_down_with_its_parties_on_one_page(
    signed_in: SignIn, teller: Teller, language: str
) -> None:
    client = signed_in("tiaojie", language)
    assert COURT[language] in client.get("/disputes/open/").content.decode()
    sent = client.post("/disputes/open/", intake(teller))
    case = Case.objects.get()
    assert sent["Location"] == f"/cases/{case.number}/"
    assert [p.kind for p in case.parties.all()] == ["person", "unit"]
    again = client.post("/disputes/open/", intake(teller))
    assert again["Location"] == sent["Location"]
    assert Case.objects.count() == 1
    page = client.get(sent["Location"]).content.decode()
    assert COURT[language] in page
    assert "甲某" not in page


def test_the_page_that_opens_any_case_leads_to_that_of_disputes(signed_in: SignIn) -> None:
    answer = signed_in("tiaojie").get("/cases/open/dispute/")
    assert (answer.status_code, answer["Location"]) == (302, "/disputes/open/")


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    signed_in: SignIn, teller: Teller
) -> None:
    client = signed_in("tiaojie")
    wrong = intake(teller, **{"parties-0-name": "", "parties-1-unit_name": "", "data-how_found": "referred"})
    answer = client.post("/disputes/open/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写当事人姓名" in page
    assert "请选择移交来的单位" in page
    assert 'value="灌溉用水先后争执"' in page
    assert not Case.objects.exists()


def test_a_helper_takes_down_and_is_told_the_number_alone(signed_in: SignIn, teller: Teller) -> None:
    client = signed_in("fujing")
    sent = client.post("/disputes/open/", intake(teller), follow=True)
    case = Case.objects.get()
    assert sent.redirect_chain[-1][0] == "/"
    assert case.number is not None
    assert case.number in sent.content.decode()
    assert client.get(f"/cases/{case.number}/").status_code == 404
    assert client.get(f"/disputes/{case.number}/steps/party/").status_code == 404
    assert client.get("/disputes/").status_code == 403


@BOTH
def test_the_whole_way_is_walked_on_screen(signed_in: SignIn, teller: Teller, language: str) -> None:
    client = signed_in("tiaojie", language)
    client.post("/disputes/open/", intake(teller))
    case = Case.objects.get()

    def take(what: str, data: dict[str, object], which: int = 0) -> None:
        url = f"/disputes/{case.number}/steps/{what}/" + (f"{which}/" if which else "")
        assert client.get(url).status_code == 200
        answer = client.post(url, data)
        assert answer.status_code == 302, re.findall(
            r"field-error.*?</div>", answer.content.decode(), re.DOTALL
        )

    client.post(f"/cases/{case.number}/step/accept/", {"revision": Case.objects.get().revision})
    take("take_on", {})
    for number in (1, 2):
        take("consent", {"agrees": "yes", "told_rights": "on"}, number)
    take("begin", {})
    take("session", {"at": "2026-03-11T09:00", "place": "村委会"})
    teller.waits(days=1)
    client = signed_in("tiaojie", language)
    take("hold", {"outcome": "agreed", "parties": 2, "mediators": 1, "submission": "h"}, 1)
    terms = {
        "summary": "第 1 方与第 2 方轮灌次序", "terms-TOTAL_FORMS": 4, "terms-INITIAL_FORMS": 0,
        "terms-0-party": 2, "terms-0-text": "修复闸门", "terms-0-amount_yuan": "300.50",
        "terms-0-due_on": "2026-03-20",
    }  # fmt: skip
    take("agreement", terms)
    scan = SimpleUploadedFile("协议.txt", "签字".encode(), content_type="text/plain")
    take("signed", {"signed_on": "2026-03-11", "file": scan})
    take("mark", {"fulfilled": "yes", "on": "2026-03-11", "note": ""}, 1)
    case.refresh_from_db()
    assert case.state == "fulfilled"
    teller.waits(days=100)
    client = signed_in("tiaojie", language)
    take("check", {"kept": "yes", "note": ""})
    assert current_agreement(case).kept
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert {"zh-hans": "仍然履行", "en": "still holds"}[language] in page


def test_a_refused_form_keeps_what_was_typed(signed_in: SignIn, teller: Teller) -> None:
    case = teller.mediating()
    client = signed_in("tiaojie")
    url = f"/disputes/{case.number}/steps/session/"
    answer = client.post(url, {"at": "2020-01-01T09:00", "place": "村委会"})
    assert answer.status_code == 422
    assert "请填写以后的日期和时间" in answer.content.decode()
    assert 'value="村委会"' in answer.content.decode()
    bad = {"terms-TOTAL_FORMS": 4, "terms-INITIAL_FORMS": 0, "terms-0-text": "修复闸门"}
    teller.met(case)
    client = signed_in("tiaojie")
    answer = client.post(f"/disputes/{case.number}/steps/agreement/", bad)
    assert answer.status_code == 422
    assert "修复闸门" in answer.content.decode()
    late = {**bad, "terms-0-party": 1, "terms-0-due_on": "2020-01-01"}
    answer = client.post(f"/disputes/{case.number}/steps/agreement/", late)
    assert answer.status_code == 422
    assert "请填写今天或以后" in answer.content.decode()


def test_a_step_that_is_not_for_now_or_not_for_the_role_is_refused(signed_in: SignIn, teller: Teller) -> None:
    case = teller.accepted()
    assert signed_in("tiaojie").get(f"/disputes/{case.number}/steps/agreement/").status_code == 409
    assert signed_in("tiaojie").get(f"/disputes/{case.number}/steps/nothing/").status_code == 404
    over = HandOver(
        case_id=case.pk, organisation_id=teller.stage.court.pk, purpose="question", reason="司法确认"
    )
    teller.does("tiaojie", over)
    assert signed_in("fating").get(f"/disputes/{case.number}/steps/party/").status_code == 403
    handed = Handover.objects.get()
    page = signed_in("fating", "en").get(f"/cases/{case.number}/").content.decode()
    assert f"/steps/acknowledge/{handed.pk}/" in page
    home = signed_in("fating").get("/disputes/mine/").content.decode()
    assert str(case.number) in home
    done = signed_in("fating").post(
        f"/disputes/{case.number}/steps/acknowledge/{handed.pk}/", {"reference": "1"}
    )
    assert done.status_code == 302


@BOTH
def test_lists_show_the_stage_and_the_next_date(signed_in: SignIn, teller: Teller, language: str) -> None:
    case = teller.mediating()
    teller.found()
    plan = PlanSession(case_id=case.pk, at=teller.at + dt.timedelta(days=1), place="村委会")
    teller.does("tiaojie", plan)
    client = signed_in("tiaojie", language)
    page = client.get("/disputes/").content.decode()
    assert {"zh-hans": "第 1 次调解，村委会", "en": "Session 1, 村委会"}[language] in page
    narrowed = client.get("/disputes/?state=mediating").content.decode()
    assert narrowed.count('<th scope="row"') == 1
    docket = client.get("/disputes/mine/").content.decode()
    assert str(case.number) in docket
    home = client.get("/?cards=1").content.decode()
    assert {"zh-hans": "我的调解日程", "en": "My docket"}[language] in home


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(
    signed_in: SignIn, teller: Teller
) -> None:
    client = signed_in("tiaojie")

    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    teller.agreed()
    few = [queries(url) for url in ("/disputes/", "/disputes/mine/")]
    for _ in range(3):
        teller.agreed()
    assert [queries(url) for url in ("/disputes/", "/disputes/mine/")] == few


@BOTH
def test_the_figures_page_shows_both_rates_side_by_side(
    signed_in: SignIn, teller: Teller, language: str
) -> None:
    teller.fulfilled()
    teller.found()
    page = signed_in("suozhang", language).get("/disputes/figures/").content.decode()
    assert "50.0 %" in page
    assert {"zh-hans": "90 日后仍然履行", "en": "Still holding after 90 days"}[language] in page


@BOTH
@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_every_paper_says_that_one_may_go_to_court(
    signed_in: SignIn, teller: Teller, language: str, kind: str
) -> None:
    case = teller.mediating()
    if kind == "agreement":
        case, which = teller.agreed(), 1
    elif kind == "invitation":
        which = 1
        later = teller.at + dt.timedelta(days=1)
        teller.does("tiaojie", PlanSession(case_id=case.pk, at=later, place="村委会"))
        assert Session.objects.filter(case=case, number=which).exists()
    else:
        letter = HandOver(
            case_id=case.pk, organisation_id=teller.stage.court.pk, purpose="whole", reason="起诉"
        )
        teller.does("tiaojie", letter)
        which = Handover.objects.get().pk
    client = signed_in("tiaojie", language)
    page = client.get(f"/disputes/{case.number}/papers/{kind}/{which}/").content.decode()
    assert COURT[language] in page
    pdf = client.get(f"/disputes/{case.number}/papers/{kind}/{which}.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.content)).pages)
    assert COURT[language].replace(" ", "") in re.sub(r"\s", "", text)


def test_names_are_on_the_agreement_for_who_may_read_them_and_the_reading_is_logged(
    signed_in: SignIn, teller: Teller
) -> None:
    case = teller.agreed()
    url = f"/disputes/{case.number}/papers/agreement/1/"
    assert "甲某" in signed_in("tiaojie").get(url).content.decode()
    logged = Entry.objects.filter(action="case.read_personal").latest("pk")
    assert logged.detail["reason"] == "paper:agreement"
    over = HandOver(
        case_id=case.pk, organisation_id=teller.stage.court.pk, purpose="question", reason="司法确认"
    )
    teller.does("tiaojie", over)
    theirs = signed_in("fating").get(url).content.decode()
    assert "甲某" not in theirs
    assert Entry.objects.filter(action="case.view_outside", actor_name="法庭书记员 褚").exists()
    assert "合成灌溉合作社" in theirs
    assert PersonalValue.objects.filter(case=case, value="甲某").exists()


def test_a_formula_in_a_title_is_not_run_by_the_sheet_it_is_exported_to(
    signed_in: SignIn, teller: Teller
) -> None:
    case = teller.found()
    Case.objects.filter(pk=case.pk).update(title="=1+1")
    client = signed_in("tiaojie", "en")
    csv = body(client.get("/disputes/export.csv"))
    assert b"'=1+1" in csv
    xlsx = body(client.get("/disputes/export.xlsx"))
    (row,) = read_sheet("d.xlsx", xlsx).rows
    assert row.values["About"] == "=1+1"
    assert row.values["Number"] == case.number
    assert Entry.objects.filter(action="export", subject_id="dispute").count() == 2


def test_an_export_holds_the_own_area_alone_and_only_for_roles_that_may(
    signed_in: SignIn, teller: Teller
) -> None:
    teller.found()
    over = body(signed_in("linsuozhang").get("/disputes/export.csv"))
    assert over.count(b"\r\n") == 1
    assert signed_in("fating").get("/disputes/export.csv").status_code == 403
    figures = signed_in("suozhang").get("/disputes/figures/export.xlsx")
    assert body(figures).startswith(b"PK")
    assert signed_in("fujing").get("/disputes/figures/").status_code == 403
