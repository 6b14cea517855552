"""The story of a boundary case: shared by an agreement, worked on by the neighbours, taken back."""

import pytest
from playwright.sync_api import Page, expect

from e2e.platform.conftest import LANGUAGES, Site
from linli.web.foundation.casework.models import Case

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh": {"next": "下一步", "save": "保存草稿", "sign": "已签署", "force": "生效中"},
    "en": {"next": "Next", "save": "Save the draft", "sign": "has signed", "force": "In force"},
}


def look(site: Site, page: Page, name: str) -> None:
    site.shot(page, f"boundary-{name}")
    site.accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_boundary_case_is_shared_worked_on_and_taken_back(site: Site, language: str) -> None:
    words, stage = WORDS[language], site.stage
    ours = site.page("suozhang", language)
    ours.goto("/jointwork/new/")
    for code in (stage.station.station_code, stage.other_station.station_code):
        ours.locator(f"input[name=station][value='{code}']").check()
    ours.get_by_role("button", name=words["next"]).click()
    ours.locator("[name=title]").fill("边界村联勤联防协议")
    ours.locator("[name=purpose]").fill("联合巡逻、联合调解、信息互通。")
    ours.locator("[name=parties]").select_option([str(stage.station.pk), str(stage.other_station.pk)])
    ours.locator("[name=places]").select_option([stage.place.code, stage.other_place.code])
    ours.locator("input[name=case_types][value=request]").check()
    ours.locator("[name=valid_until]").fill("2027-03-09")
    look(site, ours, f"draft-{language}")
    ours.get_by_role("button", name=words["save"]).click()
    address = ours.url
    ours.locator("[name=reference]").fill("扫描件 2026-LF-03")
    ours.get_by_role("button", name=words["sign"]).click()
    theirs = site.page("linsuozhang", language)
    theirs.goto(address)
    theirs.get_by_role("button", name=words["sign"]).click()
    expect(theirs.locator(".state").first).to_have_text(words["force"])
    look(site, theirs, f"agreement-{language}")

    officer = site.page("minjing", language)
    officer.goto("/cases/open/request/")
    officer.locator("[name=category]").select_option("streetlight")
    officer.locator("[name=title]").fill("边界路段两处路灯不亮")
    officer.locator("[name=place]").fill(stage.place.code)
    officer.locator("main form [type=submit]").last.click()
    officer.wait_for_url("**/cases/SQ*/")
    number = Case.objects.get().number or ""

    neighbour = site.page("linsuo", language, "phone" if language == "zh" else "desktop")
    neighbour.goto("/")
    neighbour.locator("a[href='/jointwork/shared/']").click()
    look(site, neighbour, f"shared-{language}")
    neighbour.get_by_role("link", name=number).click()
    neighbour.locator("#note-text").fill("我所已到现场，通知供电所处理。")
    neighbour.locator("form[action$='/note/'] button").click()
    expect(neighbour.get_by_text("我所已到现场").first).to_be_visible()
    look(site, neighbour, f"neighbour-{language}")

    officer.goto(f"/cases/{number}/")
    expect(officer.get_by_text("我所已到现场").first).to_be_visible()
    look(site, officer, f"case-{language}")
    buttons = officer.locator("form[action$='/unshare/'] button")
    for left in range(buttons.count() - 1, -1, -1):
        buttons.first.click()
        expect(buttons).to_have_count(left)
    neighbour.goto("/jointwork/shared/")
    expect(neighbour.get_by_text(number)).to_have_count(0)
    refused = neighbour.goto(f"/cases/{number}/")
    assert refused is not None
    assert refused.status in (403, 404)
    expect(neighbour.get_by_text("我所已到现场")).to_have_count(0)
    site.expect_complaint("status of 40")
