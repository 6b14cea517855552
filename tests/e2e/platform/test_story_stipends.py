"""A payment lot: proposed, a duplicate attempt refused, approved, paid by a third person."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.locating import current_map
from linli.web.ops.stipends.actions.budgets import MakeBudget, OpenLine
from linli.web.ops.stipends.models import Lot, Payment

from .conftest import LANGUAGES, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAY = {
    "zh": {
        "search": "查找可计发的记录",
        "send": "提出批次",
        "twice": "不能重复计发",
        "waits": "已提出",
        "approve": "批准",
        "approved": "已批准",
        "pay": "登记付款",
        "voucher": "财务凭证号",
        "paid": "已付款",
        "mine": "我的补助",
    },
    "en": {
        "search": "Find what can be paid",
        "send": "Propose this lot",
        "twice": "it is not paid twice",
        "waits": "proposed",
        "approve": "Approve",
        "approved": "approved",
        "pay": "Record payment",
        "voucher": "Finance voucher",
        "paid": "paid",
        "mine": "My stipends",
    },
}


def _settled(site: Site, number: int) -> None:
    """A dispute that the mediator of the cast settled five days ago."""
    place, at = site.stage.place, site.at - dt.timedelta(days=5)
    version = current_map()
    assert version is not None
    Case.objects.create(
        number=f"MJ-{number:04d}",
        case_type="dispute",
        type_version=1,
        category="water",
        state="fulfilled",
        result="fulfilled",
        title="一件纠纷（合成）",
        confidentiality=1,
        version_id=version.version,
        station_code=place.station_code,
        beat_code=place.beat_code,
        place_code=place.code,
        assignee=site.cast["tiaojie"],
        opened_at=at - dt.timedelta(days=9),
        state_since=at,
        closed_at=at,
    )


@pytest.fixture
def budget(site: Site) -> None:
    """A line for settled disputes, and two that were settled in March."""
    planner = actor_of(site.cast["guihua"], site.at)
    made = perform(MakeBudget(year=2026, source="government", cap_cents=1_000_000), planner, site.at)
    opening = OpenLine(budget_id=made.pk, rule="Q6.settled", cap_cents=100_000, amount_cents=6416)
    perform(opening, planner, site.at)
    for number in (1, 2):
        _settled(site, number)


def _search(page: Page, say: dict[str, str]) -> None:
    page.goto("/stipends/propose/")
    page.locator('input[name="starts"]').fill("2026-03-01")
    page.locator('input[name="ends"]').fill("2026-03-10")
    page.get_by_role("button", name=say["search"]).click()
    expect(page.get_by_role("button", name=say["send"])).to_be_visible()


def _step(site: Site, username: str, lot: Lot, language: str) -> Page:
    page = site.page(username, language)
    page.goto(f"/stipends/{lot.pk}/")
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_duplicate_attempt_is_refused_and_three_people_pay_a_lot(
    site: Site, budget: None, language: str
) -> None:
    say = SAY[language]
    first, second = site.page("minjing", language), site.page("suozhang", language)
    _search(first, say)
    site.accessible(first)
    site.shot(first, f"stipends-propose-{language}")
    # The chief has the same records before her when the officer sends them.
    _search(second, say)
    first.get_by_role("button", name=say["send"]).click()
    expect(first.get_by_text(say["waits"], exact=True).first).to_be_visible()
    lot = Lot.objects.get()
    second.get_by_role("button", name=say["send"]).click()
    refusal = second.get_by_role("alert").filter(has_text=say["twice"])
    expect(refusal).to_contain_text(lot.number or "")
    site.expect_complaint("409")
    site.accessible(second)
    site.shot(second, f"stipends-twice-{language}")
    assert Payment.objects.count() == 2

    chief = _step(site, "suozhang", lot, language)
    chief.get_by_role("button", name=say["approve"], exact=True).click()
    expect(chief.get_by_text(say["approved"], exact=True).first).to_be_visible()
    planner = _step(site, "guihua", lot, language)
    planner.get_by_label(say["voucher"]).fill("C-2026-17")
    site.accessible(planner)
    planner.get_by_role("button", name=say["pay"]).click()
    expect(planner.get_by_text(say["paid"], exact=True).first).to_be_visible()
    site.shot(planner, f"stipends-paid-{language}")
    lot.refresh_from_db()
    assert (lot.status, lot.total_cents) == ("paid", 2 * 6416)

    mediator = site.page("tiaojie", language, size="phone")
    mediator.goto("/stipends/mine/")
    expect(mediator.get_by_role("heading", name=say["mine"])).to_be_visible()
    expect(mediator.get_by_text("¥128.32")).to_be_visible()
    site.accessible(mediator)
    site.shot(mediator, f"stipends-mine-{language}-phone")
    budgets = site.page("guihua", language)
    budgets.goto("/stipends/budgets/")
    site.accessible(budgets)
    site.shot(budgets, f"stipends-budgets-{language}")
