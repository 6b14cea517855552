"""The pages that every case type shares, looked at in both languages, on a desk and on a phone."""

import pytest

from e2e.platform.conftest import VIEWS, Site
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.any_database
@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_list_detail_form_and_home_are_readable_and_accessible(site: Site, language: str, size: str) -> None:
    for n, category in enumerate(("streetlight", "noise", "hazard", "road")):
        perform(
            OpenCase(
                kind="request",
                category=category,
                title=f"幸福路 {n + 1} 号门前的情况需要处理",
                description="晚上七点以后看不清路面，老人出行不便。",
                longitude=site.stage.place.longitude + n / 1000,
                latitude=site.stage.place.latitude,
                data={"reporter_name": "张某", "reporter_phone": "13800001234"},
            ),
            SYSTEM,
            site.at,
        )
    site.advance(hours=30)
    page = site.page("minjing", language, size)
    for name, url in (("home", "/"), ("list", "/cases/"), ("form", "/cases/open/request/")):
        page.goto(url)
        site.shot(page, f"cases-{name}-{language}-{size}")
        site.accessible(page)
    page.goto("/cases/")
    page.locator("tbody a").first.click()
    page.locator("details.step summary").first.click()
    site.shot(page, f"cases-detail-{language}-{size}")
    site.accessible(page)
