"""Pages of surveys in both languages: from the questionnaire to a household's answer and the results."""

import io
import random
import re

import openpyxl
import pytest
from django.test import Client

from linli.web.demonstration.addresses import make_addresses, post_addresses
from linli.web.demonstration.scene import Scene
from linli.web.foundation import clock
from linli.web.intake import limits
from linli.web.ops.surveys.models import Invitation, Questionnaire, Response, StreetCheck, Wave
from linli.web.ops.surveys.shipped import template

LANGUAGES = ["zh-hans", "en"]


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch, now) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


PLAN = {
    "code": "2026Q1", "title": "一季度调查", "layer": "beat", "allocation": "proportional", "wanted": "30",
    "reserve_percent": "50", "kinds": ["house"], "opens_on": "2026-03-01", "closes_on": "2026-03-31",
}  # fmt: skip


def _upload(content: bytes, name: str = "q.xlsx") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_survey_from_questionnaire_to_results(language, addresses, signed_in) -> None:
    planner = signed_in("guihua", language)
    assert planner.get("/surveys/new/").status_code == 200
    shipped = planner.get("/surveys/questionnaires/template.xlsx").content
    broken = planner.post("/surveys/questionnaires/", {"title": "坏的", "file": _upload(b"x")})
    assert broken.status_code == 422
    kept = planner.post("/surveys/questionnaires/", {"title": "安全感", "file": _upload(shipped)})
    assert kept.status_code == 302
    questionnaire = Questionnaire.objects.get()
    assert planner.get("/surveys/questionnaires/").status_code == 200
    assert planner.get(f"/surveys/questionnaires/{questionnaire.pk}.xlsx").content == shipped
    assert b"h:html" in planner.get(f"/surveys/questionnaires/{questionnaire.pk}.xml").content
    assert planner.get(f"/surveys/questionnaires/{questionnaire.pk}.pdf").status_code == 404
    plan = {**PLAN, "questionnaire": str(questionnaire.pk), "submission": "s1"}
    assert planner.post("/surveys/new/", {**plan, "closes_on": "2026-01-01"}).status_code == 422
    sent = planner.post("/surveys/new/", {**plan, "submission": "s2"})
    wave = Wave.objects.get()
    assert sent["Location"] == f"/surveys/{wave.pk}/"
    assert planner.post("/surveys/new/", {**plan, "submission": "s2"})["Location"] == sent["Location"]
    assert planner.post("/surveys/new/", {**plan, "submission": "s3"}).status_code == 422
    _entered(planner, wave)
    page = planner.get(f"/surveys/{wave.pk}/")
    assert page.status_code == 200
    assert "95 %" in page.content.decode()
    assert planner.get("/surveys/").status_code == 200
    stratum = next(iter(wave.strata))
    reserves = f"/surveys/{wave.pk}/reserves/"
    assert planner.post(reserves, {"stratum": stratum, "count": "999"}).status_code == 422
    waiting = wave.invitations.filter(used=False).first()
    assert planner.post(reserves, {"stratum": waiting.stratum, "count": "1"}).status_code == 302
    book = planner.get(f"/surveys/{wave.pk}/export.xlsx")
    rows = list(
        openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content)))
        .worksheets[0]
        .iter_rows(values_only=True)
    )
    assert len(rows) == 1 + Response.objects.count()
    assert planner.get(f"/surveys/{wave.pk}/export.pdf").status_code == 404
    assert planner.post(f"/surveys/{wave.pk}/close/").status_code == 302
    assert planner.post(f"/surveys/{wave.pk}/close/").status_code == 302
    assert planner.get(f"/surveys/{wave.pk}/").status_code == 200


def _entered(planner: Client, wave: Wave) -> None:
    listed = planner.get(f"/surveys/{wave.pk}/addresses/")
    assert listed.status_code == 200
    rows = list(Invitation.objects.filter(wave=wave, used=True).order_by("pk"))
    for one in rows[:12]:
        url = f"/surveys/addresses/{one.pk}/"
        assert planner.post(url, {"channel": "phone"}).status_code == 422
        answers = {"channel": "phone", "q-feel_safe": "safe", "q-know_officer": "yes"}
        assert planner.post(url, answers).status_code == 302
    assert planner.post(f"/surveys/addresses/{rows[0].pk}/", answers).status_code == 422
    assert planner.get(f"/surveys/addresses/{rows[0].pk}/").status_code == 200
    assert planner.get(f"/surveys/addresses/{rows[12].pk}/").status_code == 200
    outcome = f"/surveys/addresses/{rows[12].pk}/outcome/"
    assert planner.post(outcome, {"outcome": "answered"}).status_code == 422
    assert planner.post(outcome, {"outcome": "refused"}).status_code == 302
    assert (
        planner.post(f"/surveys/addresses/{rows[0].pk}/outcome/", {"outcome": "refused"}).status_code == 302
    )
    assert planner.get(f"/surveys/{wave.pk}/addresses/?outcome=answered&after=1").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_household_answers_by_its_letter(language, wave, signed_in) -> None:
    planner = signed_in("guihua", language)
    letters = planner.post(f"/surveys/{wave.pk}/letters/", {"submission": "l1"})
    assert letters.status_code == 200
    assert letters["Cache-Control"] == "no-store, private"
    assert planner.post(f"/surveys/{wave.pk}/letters/", {"submission": "l1"}).status_code == 302
    code = re.findall(r"<strong>(\w{5} \w{5})</strong>", letters.content.decode())[0]
    visitor = Client(headers={"accept-language": language})
    assert visitor.get("/answer/").status_code == 200
    assert visitor.post("/answer/", {"code": "ABC"}).status_code == 404
    page = visitor.post("/answer/", {"code": code})
    assert page.status_code == 200
    assert "q-feel_safe" in page.content.decode()
    assert not any(one in page.content.decode() for one in wave.invitations.values_list("address", flat=True))
    empty = visitor.post("/answer/", {"code": code, "answers": "1"})
    assert empty.status_code == 422
    sent = {"code": code, "answers": "1", "q-feel_safe": "safe", "submission": "v1"}
    assert visitor.post("/answer/", sent).status_code == 200
    assert Response.objects.get().channel == "web"
    assert visitor.post("/answer/", sent).status_code == 404


def test_wrong_codes_are_limited(wave, monkeypatch) -> None:
    monkeypatch.setitem(limits.MOST, "wrong_code", 20)
    visitor = Client()
    statuses = [visitor.post("/answer/", {"code": f"ABCDEFGH{n:02d}"}).status_code for n in range(22)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


@pytest.mark.parametrize("language", LANGUAGES)
def test_street_checks_on_their_pages(language, signed_in, stage, county) -> None:
    chief = signed_in("guihua", language)
    assert chief.get("/surveys/checks/").status_code == 200
    assert chief.get("/surveys/checks/new/").status_code == 200
    given = {
        "place": stage.place.code, "on": "2026-03-09", "asked": "5", "know_officer": "3", "see_patrols": "2",
        "feel_safe": "4",
    }  # fmt: skip
    assert chief.post("/surveys/checks/new/", {**given, "know_officer": "6"}).status_code == 422
    assert chief.post("/surveys/checks/new/", {**given, "submission": "c"}).status_code == 302
    assert chief.post("/surveys/checks/new/", {**given, "submission": "c"}).status_code == 302
    assert StreetCheck.objects.count() == 1
    page = chief.get(f"/surveys/checks/?station={stage.place.station_code}&after=999")
    assert "60.0 %" in page.content.decode()
    text = b"".join(chief.get("/surveys/checks/export.csv").streaming_content).decode()
    assert stage.place.name in text
    assert chief.get("/surveys/checks/export.pdf").status_code == 404
    for username in ("minjing", "suozhang", "wangge"):
        assert signed_in(username, language).get("/surveys/checks/new/").status_code == 403


def test_roles_see_their_part_of_surveys(wave, signed_in) -> None:
    officer, grid, mediator = signed_in("minjing"), signed_in("wangge"), signed_in("tiaojie")
    assert officer.get(f"/surveys/{wave.pk}/").status_code == 200
    assert officer.get(f"/surveys/{wave.pk}/addresses/").status_code == 403
    assert officer.get("/surveys/new/").status_code == 403
    assert grid.get(f"/surveys/{wave.pk}/addresses/").status_code == 403
    assert grid.get(f"/surveys/{wave.pk}/").context["questions"] == []
    assert mediator.get("/surveys/").status_code == 403
    assert officer.get("/surveys/999/").status_code == 404


def test_the_demonstration_has_two_waves_and_checks(county, stage, cast, now) -> None:
    from linli.web.ops.surveys.demonstration import fill

    rng = random.Random(1)  # noqa: S311 - made-up data
    make_addresses(county, stage, rng)
    near = post_addresses(county, stage.post)
    scene = Scene(version=county, stage=stage, cast=cast, rng=rng, now=now, addresses=near)
    fill(scene)
    assert sorted(Wave.objects.values_list("status", flat=True)) == ["closed", "open"]
    assert Response.objects.exists()
    assert StreetCheck.objects.count() == 3
    assert template()
