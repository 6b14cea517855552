"""A shop's blocked exit: inspected by telephone, noticed, mended, re-checked; or handed to fire rescue."""

import datetime as dt
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from linli.kernel.texts import Language
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.models import Case
from linli.web.foundation.screens.wording import phrase
from linli.web.ops.premises.actions.register import Details, RegisterPremises
from linli.web.ops.premises.models import Premises, Rectification

from .conftest import LANGUAGES, VIEWS, Site

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REMARK = {"zh": "后门安全出口被货架堵住", "en": "The rear exit is blocked by shelves"}
MENDED = {"zh": "货架已移走，后门可以打开", "en": "The shelves are gone and the door opens"}


def _words(key: str, language: Language, **values: object) -> str:
    return phrase(f"premises:{key}", **values).in_(language)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """What a telephone's camera hands over."""
    path = tmp_path / "exit.jpg"
    Image.new("RGB", (640, 480), (90, 110, 130)).save(path, "JPEG")
    return path


@pytest.fixture
def shop(site: Site) -> Premises:
    """The unit's shop, in the beat of the cast's post."""
    place = site.stage.place
    details = Details(
        kind="shop",
        name="惠民商场",
        name_en="Huimin Mall",
        address="合成路 1 号",
        longitude=place.longitude,
        latitude=place.latitude,
        organisation_id=site.stage.unit.pk,
        duty_telephone="0000-1234567",
        opening_hours="08:00–22:00",
    )
    return perform(RegisterPremises(details=details), actor_of(site.cast["minjing"], site.at), site.at)


@pytest.fixture
def fire_rescue(site: Site) -> Organisation:
    """The partner that a blocked exit is handed to, with a clerk of its own."""
    office = Organisation.objects.create(
        code="partner:fire", kind="partner", name="消防救援大队（合成）", name_en="Fire rescue (synthetic)"
    )
    clerk = User.objects.create_user("xiaofang", None, display_name="消防 秦")
    Grant.objects.create(user=clerk, role="partner", organisation=office, starts=dt.date(2026, 1, 1))
    site.cast["xiaofang"] = clerk
    return office


def _fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _inspect(site: Site, shop: Premises, picture: Path, language: Language) -> Case:
    """Plan, begin, answer every item, find the exit blocked: all with a thumb."""
    page = site.page("minjing", language, "phone")
    page.goto(f"/premises/at/{shop.code}/")
    site.shot(page, f"blocked_exit-{language}-phone-premises")
    site.accessible(page)
    _fits(page)
    page.locator("#act-plan summary").click()
    page.get_by_label(_words("label.occasion", language)).select_option("scheduled")
    page.locator("#act-plan form button").click()
    page.goto("/inspections/")
    site.shot(page, f"blocked_exit-{language}-phone-day")
    site.accessible(page)
    _fits(page)
    page.get_by_role("button", name=_words("begin", language)).click()
    expect(page.locator("#item-exits")).to_be_visible()
    for item in page.locator("fieldset[id^=item-]").all():
        value = "no" if item.get_attribute("id") == "item-exits" else "yes"
        item.locator(f"label[for$='-{value}']").click()
    big = page.locator("label[for=v-exits-no]").bounding_box()
    assert big is not None
    assert big["height"] >= 44
    page.get_by_role("button", name=_words("sheet_finish", language)).click()
    expect(page.locator(".form-errors")).to_be_visible()
    site.expect_complaint("422")
    site.shot(page, f"blocked_exit-{language}-phone-sheet-refused")
    page.locator("#r-exits").fill(REMARK[language])
    page.locator("#p-exits").set_input_files(picture)
    page.get_by_label(_words("label.fix_by", language)).fill("2026-03-17")
    site.accessible(page)
    _fits(page)
    page.get_by_role("button", name=_words("sheet_finish", language)).click()
    expect(page.get_by_text(_words("sheet_finished", language))).to_be_visible()
    site.shot(page, f"blocked_exit-{language}-phone-case")
    return Case.objects.get(case_type="inspection")


def _look_at_notice(site: Site, case: Case, language: Language) -> None:
    """The paper says what was found, until when, and whom it is for."""
    page = site.page("minjing", language)
    page.goto(f"/cases/{case.number}/")
    site.accessible(page)
    site.shot(page, f"blocked_exit-{language}-desktop-case")
    number = Rectification.objects.order_by("-pk")[0].number
    response = page.request.get(f"/inspections/{case.number}/notices/{number}.pdf?language={language}")
    assert response.ok
    site.keep(response.body(), f"blocked_exit-{language}-notice.pdf")
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(response.body())).pages)
    plain = "".join(text.split())
    for part in (number, "2026-03-17", REMARK[language], _words("paper.notice", language)):
        assert "".join(str(part).split()) in plain
    page.goto(f"/inspections/{case.number}/serve/")
    page.get_by_label(_words("label.served_on", language)).fill("2026-03-10")
    page.get_by_label(_words("served.in_person", language)).check()
    site.accessible(page)
    page.get_by_role("button", name=_words("follow.serve", language)).click()
    expect(page.get_by_text(_words("follow_done.serve", language))).to_be_visible()


def _mend(site: Site, case: Case, picture: Path, language: Language) -> None:
    """The unit's manager answers from the telephone."""
    site.advance(days=2)
    page = site.page("danwei", language, "phone")
    page.goto("/inspections/")
    site.shot(page, f"blocked_exit-{language}-phone-unit")
    site.accessible(page)
    page.get_by_role("link", name=_words("follow.answer", language)).click()
    page.get_by_label(_words("label.evidence", language)).fill(MENDED[language])
    page.locator("#files").set_input_files(picture)
    site.accessible(page)
    _fits(page)
    site.shot(page, f"blocked_exit-{language}-phone-answer")
    page.get_by_role("button", name=_words("follow.answer", language)).click()
    expect(page.get_by_text(_words("follow_done.answer", language))).to_be_visible()
    case.refresh_from_db()
    assert case.state == "recheck"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blocked_exit_is_found_mended_and_rechecked(
    site: Site, shop: Premises, picture: Path, language: Language
) -> None:
    case = _inspect(site, shop, picture, language)
    assert case.state == "rectifying"
    _look_at_notice(site, case, language)
    _mend(site, case, picture, language)
    page = site.page("minjing", language, "phone")
    page.goto("/inspections/")
    page.get_by_role("link", name=_words("follow.recheck", language)).click()
    expect(page.get_by_text(MENDED[language])).to_be_visible()
    page.get_by_label(_words("fixed.yes", language), exact=True).check()
    site.accessible(page)
    _fits(page)
    site.shot(page, f"blocked_exit-{language}-phone-recheck")
    page.get_by_role("button", name=_words("follow.recheck", language)).click()
    expect(page.get_by_text(_words("follow_done.recheck", language))).to_be_visible()
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "mended")
    shop.refresh_from_db()
    assert shop.inspected_on == dt.date(2026, 3, 10)
    later = site.page("suozhang", language)
    later.goto(f"/premises/at/{shop.code}/")
    site.accessible(later)
    site.shot(later, f"blocked_exit-{language}-desktop-premises")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blocked_exit_that_stays_blocked_is_handed_to_fire_rescue(
    site: Site, shop: Premises, fire_rescue: Organisation, picture: Path, language: Language
) -> None:
    case = _inspect(site, shop, picture, language)
    site.advance(days=9)
    page = site.page("minjing", language)
    page.goto("/inspections/notices/")
    site.accessible(page)
    site.shot(page, f"blocked_exit-{language}-desktop-notices")
    page.get_by_role("link", name=Rectification.objects.get().number).first.click()
    page.get_by_role("link", name=_words("follow.escalate", language)).click()
    page.get_by_label(_words("label.escalate_to", language)).select_option(str(fire_rescue.pk))
    page.get_by_label(_words("label.escalate_reason", language)).fill(REMARK[language])
    site.accessible(page)
    page.get_by_role("button", name=_words("follow.escalate", language)).click()
    expect(page.get_by_text(_words("follow_done.escalate", language)).first).to_be_visible()
    clerk = site.page("xiaofang", language)
    clerk.goto(f"/cases/{case.number}/")
    clerk.locator("#step-settle summary").click()
    clerk.locator("#step-settle select").select_option("handled")
    clerk.locator("#step-settle textarea").fill(MENDED[language])
    site.shot(clerk, f"blocked_exit-{language}-desktop-settle")
    clerk.locator("#step-settle button[type=submit]").click()
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "handled")


@pytest.mark.any_database
@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_every_kind_of_page_is_accessible_and_fits(
    site: Site, shop: Premises, language: Language, size: str
) -> None:
    page = site.page("suozhang", language, size)
    for name, path in (
        ("list", "/premises/"),
        ("new", "/premises/new/"),
        ("edit", f"/premises/at/{shop.code}/edit/"),
        ("import", "/premises/import/"),
        ("courtyards", "/premises/courtyards/"),
        ("coverage", "/premises/coverage/"),
        ("checklists", "/premises/checklists/"),
        ("checklist", "/premises/checklists/shop/"),
        ("draws", "/inspections/draws/"),
        ("all", "/inspections/all/"),
    ):
        page.goto(path)
        site.shot(page, f"premises-{language}-{size}-{name}")
        site.accessible(page)
        _fits(page)
    county = site.page("guihua", language, size)
    county.goto("/premises/checklists/shop/edit/")
    site.shot(county, f"premises-{language}-{size}-checklist-edit")
    site.accessible(county)
    _fits(county)
