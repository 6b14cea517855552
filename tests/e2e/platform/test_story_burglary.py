"""Story: a burglary call from intake to answer, the dispatcher without a mouse, in both languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.platform.conftest import LANGUAGES, VIEWS, Site
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.addresses import keep_addresses
from linli.web.foundation.places.models import Address
from linli.web.ops.incidents.actions.units import SaveUnit, StartShift
from linli.web.ops.incidents.models import Dispatch

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh": {
        "typed": "rsdq", "category": "入室盗窃", "board": "警情看板", "arrive": "到场",
        "reveal": "查看", "follow": "转后续办理", "end": "办结并答复", "attended": "处置情况",
        "answer": "答复",
        "result": "结果", "opened": "已立案", "closed": "已办结", "restore": "恢复",
        "dispatched": "已派警", "on_scene": "已到场",
    },
    "en": {
        "typed": "resid", "category": "Residential burglary", "board": "Incident board", "arrive": "Arrived",
        "reveal": "Show", "follow": "Follow up", "end": "Close and answer", "attended": "What was done",
        "answer": "Answer", "result": "Result", "opened": "Criminal case opened", "closed": "Closed",
        "restore": "Restore", "dispatched": "Dispatched", "on_scene": "On scene",
    },
}  # fmt: skip


@pytest.fixture
def street(site: Site) -> list[Address]:
    """Some standard addresses, and a unit of each kind on duty."""
    stage: Stage = site.stage
    addresses = [
        Address(
            code=f"A{number}",
            text=f"{stage.place.name}和平路{number}号",
            place_code=stage.place.code,
            longitude=stage.place.longitude + number * 0.0004,
            latitude=stage.place.latitude,
        )
        for number in (1, 2, 3)
    ]
    keep_addresses(addresses)
    kinds = (("城关101", stage.post, "patrol_car", 2), ("城关201", stage.post, "foot_patrol", 2))
    for call_sign, owner, kind, people in (*kinds, ("邻所101", stage.other_post, "patrol_car", 2)):
        saved = SaveUnit(call_sign=call_sign, organisation=owner.code, kind=kind, capacity=people)
        perform(StartShift(unit_id=perform(saved, SYSTEM, site.at).pk), SYSTEM, site.at)
    return addresses


def take_call(page: Page, typed: str, address: Address) -> None:
    """By keyboard alone: the first field has the cursor, Alt and a letter leads to the others."""
    page.goto("/incidents/board/")
    page.keyboard.press("Alt+j")
    page.wait_for_url("**/incidents/intake/")
    expect(page.locator("#id_category")).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Alt+a")
    page.keyboard.type("和平路")
    expect(page.locator(".suggestions [role=option]")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#id_address")).to_have_value(address.text)
    page.keyboard.press("Alt+t")
    page.keyboard.type("家中无人时门锁被撬")
    page.keyboard.press("Alt+m")
    page.keyboard.type("0873-1234567")
    page.keyboard.press("Alt+r")
    page.keyboard.type("赵女士")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_burglary_call_goes_from_intake_to_its_answer(
    site: Site, street: list[Address], language: str
) -> None:
    said = WORDS[language]
    desk = site.page("jiejing", language)
    take_call(desk, said["typed"], street[1])
    expect(desk.locator("#hints")).to_contain_text(said["category"])
    expect(desk.locator("#hints")).to_contain_text(street[1].text)
    site.shot(desk, f"burglary-intake-{language}")
    site.accessible(desk)

    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/dispatch/")
    expect(desk.get_by_role("checkbox", name="城关101")).to_be_checked()
    expect(desk.get_by_role("checkbox", name="邻所101")).not_to_be_checked()
    site.shot(desk, f"burglary-dispatch-{language}")
    site.accessible(desk)
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/incidents/board/")
    lane = desk.get_by_role("region", name=re.compile(f"^{said['dispatched']}"))
    expect(lane).to_contain_text("城关101")
    site.shot(desk, f"burglary-board-{language}")
    site.accessible(desk)

    number = Case.objects.get().number
    site.advance(minutes=6)
    officer = site.page("minjing", language)
    officer.goto(f"/cases/{number}/")
    officer.locator("#units").get_by_role("button", name=said["arrive"]).click()
    expect(officer.locator("#units")).to_contain_text("6")
    assert Dispatch.objects.get().arrived_at == site.at
    # The board that stood open all the while has followed by itself.
    scene = desk.get_by_role("region", name=re.compile(f"^{said['on_scene']}"))
    expect(scene).to_contain_text("城关101", timeout=20_000)

    officer.get_by_role("button", name=said["reveal"]).click()
    expect(officer.locator("#contact")).to_contain_text("0873-1234567")
    site.shot(officer, f"burglary-case-{language}")
    site.accessible(officer)
    desk.close()
    site.advance(minutes=40)
    # The session has ended by then; signed in again, the officer goes on.
    officer = site.page("minjing", language)
    follow(officer, number, said)
    answer(officer, number, said)
    site.shot(officer, f"burglary-closed-{language}")
    case = Case.objects.get()
    assert (case.state, case.result) == ("closed", "case_opened")
    assert Dispatch.objects.get().cleared_at is not None

    auditor = site.page("shenji", language)
    auditor.goto(f"/audit/cases/{number}/")
    expect(auditor.locator("main")).to_contain_text("民警 王")
    site.shot(auditor, f"burglary-audit-{language}")


def follow(page: Page, number: str | None, said: dict[str, str]) -> None:
    page.goto(f"/cases/{number}/")
    step = page.locator("#step-follow")
    step.locator("summary").click()
    step.get_by_label(said["attended"]).fill("已勘查现场，提取痕迹。")
    step.get_by_role("button", name=said["follow"]).click()
    expect(page.locator("#step-end")).to_be_visible()


def answer(page: Page, number: str | None, said: dict[str, str]) -> None:
    step = page.locator("#step-end")
    step.locator("summary").click()
    step.get_by_label(said["result"]).select_option(label=said["opened"])
    step.get_by_label(said["answer"]).fill("您好，现场已勘查并立案，进展将及时告知您。")
    step.get_by_role("button", name=said["end"]).click()
    expect(page.locator("main")).to_contain_text(said["closed"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_call_about_it_shows_it_while_it_is_typed_and_can_be_merged_by_keyboard(
    site: Site, street: list[Address], language: str
) -> None:
    desk = site.page("jiejing", language)
    take_call(desk, WORDS[language]["typed"], street[1])
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/dispatch/")
    first = Case.objects.get()
    take_call(desk, WORDS[language]["typed"], street[1])
    known = desk.locator(f"#same-{first.number}")
    expect(known).to_be_visible()
    site.shot(desk, f"burglary-duplicate-{language}")
    known.focus()
    desk.keyboard.press("Space")
    expect(known).to_be_checked()
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url(f"**/cases/{first.number}/")
    assert Case.objects.latest("pk").merged_into == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_that_was_not_sent_is_offered_again(site: Site, street: list[Address], language: str) -> None:
    desk = site.page("jiejing", language)
    take_call(desk, WORDS[language]["typed"], street[1])
    desk.wait_for_timeout(600)
    desk.reload()
    desk.get_by_role("button", name=WORDS[language]["restore"]).click()
    expect(desk.locator("#id_title")).to_have_value("家中无人时门锁被撬")
    assert not Case.objects.exists()


@pytest.mark.any_database
@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_every_page_is_readable_at_every_size(
    site: Site, street: list[Address], language: str, size: str
) -> None:
    desk = site.page("jiejing", language)
    take_call(desk, WORDS[language]["typed"], street[1])
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/dispatch/")
    number = Case.objects.get().number
    page = site.page("suozhang", language, size)
    pages = {
        "intake": "/incidents/intake/",
        "dispatch": f"/incidents/{number}/dispatch/",
        "board": "/incidents/board/",
        "wall": "/incidents/wall/",
        "map": "/incidents/map/",
        "units": "/incidents/units/",
        "unit-new": "/incidents/units/new/",
        "unit-import": "/incidents/units/import/",
        "statistics": "/incidents/statistics/",
        "case": f"/cases/{number}/",
    }
    for name, path in pages.items():
        page.goto(path)
        site.shot(page, f"burglary-{name}-{size}-{language}")
        site.accessible(page)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
        ), name
