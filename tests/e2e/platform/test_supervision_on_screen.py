"""Every page of supervision, in both languages and sizes, held against axe; a check is made in it."""

import random

import pytest
from playwright.sync_api import expect

from e2e.platform.conftest import VIEWS, Site
from linli.web.demonstration.scene import Scene
from linli.web.foundation.places.models import Deployment
from linli.web.ops.supervision.demonstration import fill
from linli.web.ops.supervision.models import Check, Group, Publication, Round

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def filled(site: Site) -> None:
    version = Deployment.objects.get()
    rng = random.Random(1)  # noqa: S311 - synthetic data
    fill(Scene(version=version, stage=site.stage, cast=site.cast, rng=rng, now=site.at, addresses=[]))


@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_every_page_of_supervision_is_accessible(site: Site, language: str, size: str) -> None:
    filled(site)
    done, planned = Check.objects.filter(status="done")[0], Check.objects.filter(status="planned")[0]
    pages = {
        "checks": "/supervision/",
        "check": f"/supervision/checks/{done.pk}/",
        "sheet": f"/supervision/checks/{planned.pk}/",
        "rounds": "/supervision/rounds/",
        "round": f"/supervision/rounds/{Round.objects.earliest('pk').pk}/",
        "draw": "/supervision/rounds/draw/",
        "rooms": "/supervision/rooms/",
        "progress": "/supervision/progress/",
        "groups": "/supervision/groups/",
        "group": f"/supervision/groups/{Group.objects.earliest('pk').pk}/",
        "home": "/",
    }
    published = Publication.objects.first()
    if published is not None:
        pages["publication"] = f"/supervision/progress/{published.pk}/"
    page = site.page("guihua", language, size)
    for name, address in pages.items():
        page.goto(address)
        site.accessible(page)
        if name in ("sheet", "rooms", "round"):
            site.shot(page, f"supervision-{name}-{language}-{size}")
    chief = site.page("suozhang", language, size)
    chief.goto("/supervision/rooms/")
    site.accessible(chief)
    site.shot(chief, f"supervision-chief-{language}-{size}")
    assert site.complaints == []


def test_a_check_is_drawn_made_and_becomes_a_case(site: Site) -> None:
    page = site.page("shenji", "zh")
    page.goto("/supervision/rounds/draw/")
    page.get_by_label("批次名称").fill("夜间暗访")
    page.locator("#id_kind").select_option("street")
    page.locator("#id_source").select_option("village")
    page.locator("#id_due_on").fill("2026-03-31")
    page.get_by_role("button", name="抽取检查").click()
    page.wait_for_url("**/supervision/rounds/*/")
    page.locator("tbody a").first.click()
    for name in ("identified", "shopfronts", "room_open"):
        page.locator(f"input[name={name}][value=yes]").check()
    page.locator("input[name=on_duty][value=no]").check()
    page.locator("#id_found_on_duty").fill("应有两人，实到一人")
    for name, count in (("asked", "10"), ("know_officer", "6"), ("see_patrols", "7")):
        page.locator(f"#id_{name}").fill(count)
    page.locator("#id_fix_by").fill("2026-03-25")
    page.get_by_role("button", name="提交检查表").click()
    page.get_by_role("link", name="DC").first.click()
    expect(page.get_by_text("2026-03-25").first).to_be_visible()
    site.accessible(page)
    assert site.complaints == []
