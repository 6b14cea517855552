"""Drafts belong to an account: there after an ended session, gone at sign-out, for nobody else to read."""

import pytest
from playwright.sync_api import Page, expect

from e2e.platform.conftest import PATIENCE, Site
from web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = "/requests/open/"
WORDS = "赵老太家门口的路灯不亮"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('linli-draft:'))"
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
OFFER = ".draft-offer"


def _until(page: Page, condition: str) -> None:
    """Wait for what happens in the page, whose policy lets no script be made of a text."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def _sign_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("form[data-sign-in] button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)


def _write(page: Page) -> None:
    page.goto(FORM)
    page.fill("[name=title]", WORDS)
    _until(page, f"{KEPT}.length > 0")


def _sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.click("main form[data-sign-out] button[type=submit]")
    page.wait_for_url("**/accounts/login/**")


# Guard 13
@pytest.mark.any_database
def test_a_draft_is_there_again_after_an_ended_session_and_never_for_the_next_person(site: Site) -> None:
    page = site.page(None)
    _sign_in(page, "minjing")
    _write(page)
    stored = page.evaluate(STORED)
    assert WORDS not in stored
    assert "request-open" not in stored
    # Half an hour without work: what is sent now does not arrive.
    site.advance(minutes=31)
    page.locator("#opening button[type=submit]").last.click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate(f"{KEPT}.length") == 1
    _sign_in(page, "fujing")
    page.goto(FORM)
    expect(page.locator("[name=title]")).to_have_value("")
    page.fill("[name=title]", "另一件")
    _until(page, f"{KEPT}.length == 2")
    expect(page.locator(OFFER)).to_have_count(0)
    site.advance(minutes=31)
    _sign_in(page, "minjing")
    page.goto(FORM)
    page.locator(f"{OFFER} .btn-primary").click()
    expect(page.locator("[name=title]")).to_have_value(WORDS)


# Guard 13
@pytest.mark.any_database
def test_a_draft_is_gone_at_sign_out_in_every_tab_and_after_a_shift(site: Site) -> None:
    page = site.page(None)
    _sign_in(page, "minjing")
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(FORM)
    _write(page)
    _sign_out(page)
    _until(page, f"{KEPT}.length == 0")
    # The tab that was left open keeps nothing any more.
    other.fill("[name=title]", WORDS)
    other.locator("[name=title]").blur()
    _sign_in(page, "minjing")
    page.goto(FORM)
    _until(page, f"{KEPT}.length == 0")
    page.fill("[name=title]", "新的一件")
    _until(page, f"{KEPT}.length == 1")
    aged = "{at: Date.now() - 13 * 3600 * 1000, iv: '', data: ''}"
    page.evaluate(f"localStorage.setItem({KEPT}[0], JSON.stringify({aged}))")
    page.goto("/")
    _until(page, f"{KEPT}.length == 0")
