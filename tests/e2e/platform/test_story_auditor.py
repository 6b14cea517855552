"""An auditor finds who read a record and reviews an emergency; a chief signs in with a passkey."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.platform.conftest import LANGUAGES, VIEWS, Site
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.chain import verify
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, EmergencyAccess
from web.conftest import PASSWORD

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = {
    "zh": {
        "reveal": "查看联系方式",
        "read": "查看个人信息",
        "verdict": "情况属实，确需立即联系报警人。",
        "log": "审计日志",
        "record": "谁看过",
    },
    "en": {
        "reveal": "Show",
        "read": "Read personal fields",
        "verdict": "True: the caller had to be reached at once.",
        "log": "Audit log",
        "record": "Who read",
    },
}
REASON = "嫌疑人正向本辖区逃窜，需要立即联系报警人"


def _case(site: Site) -> Case:
    action = OpenCase(
        kind="request",
        category="streetlight",
        title="幸福路 3 号门前路灯不亮",
        place=site.stage.place.code,
        data={"reporter_name": "张某", "reporter_phone": "13800001234"},
    )
    return perform(action, actor_of(site.cast["minjing"], site.at), site.at)


def _chief_reads_the_contact(site: Site, case: Case, language: str) -> None:
    page = site.page("suozhang", language)
    page.goto(f"/cases/{case.number}/")
    page.locator("#contact button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("13800001234")


def _neighbour_breaks_the_glass(site: Site, case: Case, language: str) -> None:
    page = site.page("linsuo", language)
    page.goto(f"/cases/{case.number}/")
    site.expect_complaint("403")
    page.locator("textarea[name=reason]").fill(REASON)
    page.locator("main button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text(case.title)


@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_an_auditor_finds_who_read_a_record(site: Site, language: str, size: str) -> None:
    said, case = SAID[language], _case(site)
    site.advance(minutes=20)
    _chief_reads_the_contact(site, case, language)
    site.advance(minutes=20)
    _neighbour_breaks_the_glass(site, case, language)
    site.advance(minutes=20)

    page = site.page("shenji", language, size)
    page.goto("/notices/")
    # The notice leads to the log of the case, and the case itself stays closed to the auditor.
    page.get_by_role("link", name=case.number).first.click()
    expect(page.locator("h1")).to_contain_text(said["record"])
    reads = page.locator("table").first
    for name in ("所长 赵", "邻所民警 韩"):
        expect(reads).to_contain_text(name)
    expect(reads).to_contain_text(said["read"])
    for hidden in (case.title, "13800001234", "张某"):
        expect(page.locator("body")).not_to_contain_text(hidden)
    site.shot(page, f"auditor-record-{language}-{size}")
    site.accessible(page)

    page.goto("/audit/")
    expect(page.locator("h1")).to_contain_text(said["log"])
    page.locator("input[name=number]").fill(case.number or "")
    page.locator("select[name=action]").select_option("case.read_personal")
    page.locator("main form[method=get] button[type=submit]").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody")).to_contain_text("所长 赵")
    site.shot(page, f"auditor-log-{language}-{size}")
    site.accessible(page)

    page.goto("/emergencies/")
    expect(page.locator("main")).to_contain_text(REASON)
    page.locator("input[name=justified][value='1']").check()
    page.locator("textarea[name=verdict]").fill(said["verdict"])
    site.shot(page, f"auditor-emergencies-{language}-{size}")
    site.accessible(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(said["verdict"])
    site.shot(page, f"auditor-reviewed-{language}-{size}")

    assert EmergencyAccess.objects.get().justified is True
    assert Entry.objects.filter(action="audit.review_emergency").count() == 1
    page.goto(f"/cases/{case.number}/")
    expect(page.locator("body")).not_to_contain_text(case.title)
    site.expect_complaint("404")
    assert list(verify()) == []


@pytest.mark.any_database
@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_pages_of_people_are_readable_and_accessible(site: Site, language: str, size: str) -> None:
    page = site.page("guanli", language, size)
    pages = {
        "people": "/people/",
        "make": "/people/new/",
        "person": f"/people/{site.cast['minjing'].pk}/",
        "organisations": f"/organisations/{site.stage.station.pk}/",
        "me": "/me/",
    }
    for name, url in pages.items():
        page.goto(url)
        site.shot(page, f"accounts-{name}-{language}-{size}")
        site.accessible(page)
    page.goto("/people/new/")
    page.locator("input[name=username]").fill("xinren")
    page.locator("input[name=display_name]").fill("新人 何")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#temporary-password")).to_be_visible()
    site.shot(page, f"accounts-made-{language}-{size}")
    site.accessible(page)


def _authenticator(page: Page) -> Any:
    """A security key that lives in the browser and says yes to everything."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_passkey_is_set_up_and_signs_in(site: Site, settings: Any, language: str) -> None:
    settings.DEMO = False
    page = site.page(None, language)
    _authenticator(page)
    page.goto("/accounts/login/")
    site.shot(page, f"passkey-login-{language}")
    site.accessible(page)
    page.locator("input[name=login]").fill("suozhang")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    # A chief reaches nothing before a second factor is set up.
    page.wait_for_url("**/accounts/2fa/")
    page.goto("/cases/")
    page.wait_for_url("**/accounts/2fa/")
    site.shot(page, f"passkey-set-up-{language}")
    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/webauthn/add/")
    page.locator("input[name=passwordless]").check()
    site.shot(page, f"passkey-add-{language}")
    site.accessible(page)
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.goto("/")
    expect(page.locator("h1")).to_contain_text("所长 赵")

    page.locator("details.menu summary").last.click()
    page.locator("form[action='/accounts/logout/'] button").click()
    page.wait_for_url("**/accounts/login/**")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    expect(page.locator("h1")).to_contain_text("所长 赵")
    methods = Entry.objects.filter(action="account.sign_in").order_by("-pk")[0].detail["methods"]
    assert "mfa" in methods
