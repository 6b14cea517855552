"""Story: a call and a request as people say where they are, by keyboard, with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from e2e.platform.conftest import LANGUAGES, VIEWS, Site
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.addresses import keep_addresses
from linli.web.foundation.places.locating import map_of
from linli.web.foundation.places.models import Address, Place

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STREET = "泇河社区居民委员会团结街{number}号"
SPOKEN = "泇河团结街159"
WORDS = {
    "zh": {
        "typed": "rsdq", "category": "入室盗窃", "village": "村（社区）", "send": "提交",
        "which": "请选定一个", "sent": "查询码",
    },
    "en": {
        "typed": "resid", "category": "Residential burglary", "village": "Village", "send": "Send",
        "which": "Which one is it?", "sent": "Your code",
    },
}  # fmt: skip


@pytest.fixture
def named(site: Site) -> Place:
    """The own village is called as one of Lanling's is; two of other stations have a name in common."""
    place = site.stage.place
    others = Place.objects.exclude(station_code=place.station_code).order_by("code")
    names = ("官庄村村民委员会", "官庄社区村民委员会")
    for one, name in (
        (place, "泇河社区居民委员会"),
        *zip(others, names, strict=False),
    ):
        Place.objects.filter(pk=one.pk).update(name=name)
    map_of.cache_clear()
    keep_addresses(
        Address(
            code=f"A{number}",
            text=STREET.format(number=number),
            place_code=place.code,
            longitude=place.longitude + number * 0.00001,
            latitude=place.latitude,
        )
        for number in (15, 159, 160)
    )
    return place


# Mend 7
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_burglary_call_with_the_address_as_it_is_spoken(site: Site, named: Place, language: str) -> None:
    said = WORDS[language]
    desk = site.page("jiejing", language)
    desk.goto("/incidents/intake/")
    expect(desk.locator("#id_category")).to_be_focused()
    desk.keyboard.type(said["typed"])
    desk.keyboard.press("Alt+a")
    desk.keyboard.type(SPOKEN)
    expect(desk.locator(".suggestions [role=option]")).to_have_count(1)
    expect(desk.locator("#hints")).to_contain_text(said["category"])
    expect(desk.locator("#hints")).to_contain_text("泇河")
    site.shot(desk, f"spoken-call-{language}")
    site.accessible(desk)
    desk.keyboard.press("Alt+t")
    desk.keyboard.type("门锁被撬")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/dispatch/")
    case = Case.objects.get()
    assert (case.address, case.place_code) == (STREET.format(number=159), named.code)


# Mend 7
@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_a_request_by_telephone_with_the_village_in_two_characters(
    site: Site, named: Place, language: str, size: str
) -> None:
    officer = site.page("minjing", language, size)
    officer.goto("/requests/open/")
    officer.locator("#id_category").select_option("streetlight")
    officer.locator("#id_title").fill("路灯不亮")
    village = officer.get_by_role("combobox", name=WORDS[language]["village"])
    for typed in ("泇河", "jh"):
        village.fill("")
        village.press_sequentially(typed)
        option = officer.get_by_role("option", name="泇河社区")
        expect(option).to_have_count(1)
        expect(village).to_have_attribute("aria-expanded", "true")
    site.shot(officer, f"spoken-village-{language}-{size}")
    site.accessible(officer)
    village.press("ArrowDown")
    village.press("Enter")
    expect(village).to_have_value(f"泇河社区（{_township(named)}）")
    officer.keyboard.press("Alt+s")
    officer.wait_for_url("**/receipt/")
    assert Case.objects.get().place_code == named.code


# Mend 7
@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_a_resident_without_scripts_is_asked_which_of_two_villages(
    site: Site, named: Place, language: str, size: str
) -> None:
    said = WORDS[language]
    page = _without_scripts(site, language, size)
    page.goto("/residents/report/request-streetlight/")
    page.locator("#id_title").fill("路灯不亮")
    page.get_by_label(said["village"]).fill("官庄")
    page.get_by_role("button", name=said["send"]).click()
    asked = page.get_by_role("group", name=said["which"])
    expect(asked.get_by_role("radio")).to_have_count(2)
    site.expect_complaint("422")
    site.shot(page, f"spoken-asked-{language}-{size}")
    asked.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name=said["send"]).click()
    page.wait_for_url("**/sent/**")
    expect(page.locator("main")).to_contain_text(said["sent"])


def _township(place: Place) -> str:
    made = map_of(place.deployment_id)
    return made.stations[place.station_code].name.removesuffix("派出所")


def _without_scripts(site: Site, language: str, size: str) -> Page:
    width = 1366 if size == "desktop" else 390
    context = site.launch().new_context(
        viewport={"width": width, "height": 844},
        locale="zh-CN" if language == "zh" else "en-GB",
        base_url=site.url,
        java_script_enabled=False,
    )
    site.contexts.append(context)
    return context.new_page()
