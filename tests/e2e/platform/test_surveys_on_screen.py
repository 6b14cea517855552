"""Every page of surveys and a household's answer, in both languages and sizes, held against axe."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.places.addresses import keep_addresses
from linli.web.foundation.places.models import Address, Place
from linli.web.ops.surveys.actions.entering import EnterAnswers, MakeCheck
from linli.web.ops.surveys.actions.planning import KeepQuestionnaire, PlanWave
from linli.web.ops.surveys.actions.running import PrintLetters
from linli.web.ops.surveys.models import Response, Wave
from linli.web.ops.surveys.shipped import template

from .conftest import Site

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEXT = {"zh": "下一步", "en": "Next"}
SEND = {"zh": "提交", "en": "Send"}
SAFE = {"zh": "比较安全", "en": "Rather safe"}
THANKS = {"zh": "谢谢", "en": "Thank you"}


def _address(place: Place, number: int) -> Address:
    return Address(
        code=f"{place.code}-{number}",
        text=f"{place.name}和平路{number}号",
        place_code=place.code,
        longitude=place.longitude,
        latitude=place.latitude,
        synthetic=True,
    )


@pytest.fixture
def wave(site: Site) -> Wave:
    """Thirty addresses of which twelve have answered, and a street check."""
    keep_addresses(_address(place, n) for place in Place.objects.all() for n in range(8))
    planner = actor_of(site.cast["guihua"], site.at)
    keep = KeepQuestionnaire(title="安全感问卷（合成）", file_name="q.xlsx", content=template())
    questionnaire = perform(keep, planner, site.at)
    plan = PlanWave(
        code="2026Q1",
        title="一季度安全感调查（合成）",
        questionnaire_id=questionnaire.pk,
        layer="station",
        allocation="equal",
        wanted=30,
        each=None,
        reserve_percent=50,
        kinds=("house",),
        opens_on=dt.date(2026, 3, 1),
        closes_on=dt.date(2026, 3, 31),
        seed=3,
    )
    made = perform(plan, planner, site.at)
    for number, one in enumerate(made.invitations.filter(used=True)[:12]):
        answers = {"feel_safe": "safe" if number % 3 else "so_so", "know_officer": "yes"}
        entry = EnterAnswers(invitation_id=one.pk, channel="phone", answers=answers)
        perform(entry, planner, site.at)
    check = MakeCheck(
        place=site.stage.place.code, on=site.at.date(), asked=20, know_officer=12, see_patrols=9, feel_safe=18
    )
    perform(check, planner, site.at)
    return made


@pytest.mark.parametrize(("language", "size"), [("zh", "desktop"), ("en", "phone")])
def test_every_page_of_surveys_can_be_read_by_everybody(
    site: Site, wave: Wave, language: str, size: str
) -> None:
    page = site.page("guihua", language, size)
    open_one = wave.invitations.filter(used=True, outcome="open").first()
    assert open_one is not None
    paths = {
        "list": "/surveys/",
        "plan": "/surveys/new/",
        "questionnaires": "/surveys/questionnaires/",
        "wave": f"/surveys/{wave.pk}/",
        "addresses": f"/surveys/{wave.pk}/addresses/",
        "enter": f"/surveys/addresses/{open_one.pk}/",
        "checks": "/surveys/checks/",
        "check": "/surveys/checks/new/",
    }
    for name, path in paths.items():
        page.goto(path)
        site.accessible(page)
        site.shot(page, f"surveys-{name}-{language}-{size}")


@pytest.mark.parametrize(("language", "size"), [("zh", "phone"), ("en", "desktop")])
def test_a_household_answers_by_the_code_of_its_letter(
    site: Site, wave: Wave, language: str, size: str
) -> None:
    planner = actor_of(site.cast["guihua"], site.at)
    letter = perform(PrintLetters(wave_id=wave.pk), planner, site.at)[0]
    page = site.page(None, language, size)
    page.goto("/answer/")
    site.accessible(page)
    page.locator("#code").fill(letter.code)
    page.get_by_role("button", name=NEXT[language]).click()
    page.get_by_label(SAFE[language]).check()
    site.accessible(page)
    site.shot(page, f"surveys-answer-{language}-{size}")
    page.get_by_role("button", name=SEND[language]).click()
    expect(page.get_by_role("heading", name=THANKS[language])).to_be_visible()
    site.accessible(page)
    assert Response.objects.filter(channel="web").count() == 1
