"""A month assessed: computed, approved by the stations, locked by the county; an officer objects and wins."""

import datetime as dt
import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from e2e.platform.conftest import LANGUAGES, Site
from linli.web.foundation.jobs.worker import Labourer
from linli.web.foundation.places.models import Deployment
from linli.web.workbench.assessment.keeping import facts_folder
from linli.web.workbench.assessment.models import Consequence, Version
from linli.web.workbench.assessment.synthetic import write_synthetic

pytestmark = [
    pytest.mark.any_database,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Ibis 12 still calls what DuckDB 2 and pandas 3 are going to take away.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string':DeprecationWarning"),
]

WORDS = {
    "zh": {
        "open": "新建考核期", "compute": "计算", "approve": "核对无误", "lock": "锁定",
        "propose": "送被考核单位查看", "object": "提出异议", "decide": "裁定异议",
        "upheld": "异议成立", "cannot": "差异不显著，不宜排名", "honest": "如实解读",
    },
    "en": {
        "open": "Open a period", "compute": "Compute", "approve": "Approve the station", "lock": "Lock",
        "propose": "Put them before", "object": "Object", "decide": "Decide the objection",
        "upheld": "Objection upheld", "cannot": "cannot tell", "honest": "An honest reading",
    },
}  # fmt: skip
WHY = "其中两起是同一案件重复登记，附登记截图为证。"
REASON = "经核对登记记录，两起确系重复登记，异议成立。"


def screenshot(folder: Path) -> Path:
    """A picture that an officer brings as evidence."""
    kept = io.BytesIO()
    Image.new("RGB", (320, 200), "white").save(kept, "PNG")
    path = folder / "register.png"
    path.write_bytes(kept.getvalue())
    return path


class Month:
    """February, from nothing to the lock."""

    def __init__(self, site: Site, language: str) -> None:
        self.site, self.language, self.words = site, language, WORDS[language]
        write_synthetic(facts_folder(), Deployment.objects.get(), dt.date(2026, 2, 1))

    def page(self, username: str, size: str = "desktop") -> Page:
        page = self.site.page(username, self.language, size)
        page.set_default_timeout(30_000)
        return page

    def look(self, page: Page, name: str) -> None:
        self.site.shot(page, f"assessment-{name}-{self.language}")
        page.evaluate("scrollTo(0, 0)")
        self.site.accessible(page)

    def press(self, page: Page, word: str) -> None:
        page.locator("main").get_by_role("button", name=self.words[word]).first.click()

    def opened(self, page: Page) -> None:
        page.goto("/assessment/")
        page.get_by_role("link", name=self.words["open"]).click()
        page.select_option("#id_pack", "nanlu-2012")
        page.fill("#id_month", "2026-02")
        self.look(page, "open")
        self.press(page, "open")
        expect(page.locator(".alert-success").first).to_be_visible()

    def computed(self, page: Page) -> Version:
        self.press(page, "compute")
        expect(page.locator(".alert-success").first).to_be_visible()
        worker = Labourer()
        while worker.step():
            pass
        version = Version.objects.get()
        assert version.status == Version.Status.COMPUTED
        page.goto(f"/assessment/versions/{version.pk}/")
        self.look(page, "version")
        return version

    def approved(self, version: Version, county: Page) -> None:
        for username in ("suozhang", "linsuozhang"):
            page = self.page(username)
            page.goto(f"/assessment/versions/{version.pk}/")
            self.press(page, "approve")
            expect(page.locator(".alert-success").first).to_be_visible()
        # The third station has no chief: the county speaks for it.
        county.goto(f"/assessment/versions/{version.pk}/")
        self.press(county, "approve")
        expect(county.locator(".alert-success").first).to_be_visible()

    def locked(self, version: Version) -> None:
        county = self.page("guihua")
        county.goto(f"/assessment/versions/{version.pk}/")
        self.press(county, "lock")
        expect(county.locator(".alert-success").first).to_be_visible()
        self.press(county, "propose")
        expect(county.locator(".alert-success").first).to_be_visible()
        self.look(county, "consequences")

    def compared(self, version: Version) -> None:
        for size in ("desktop", "phone"):
            page = self.page("guihua", size)
            page.goto(f"/assessment/versions/{version.pk}/compare/?indicator=N19.key_cases&kind=beat")
            expect(page.locator("linli-chart[data-ready=true]").first).to_be_visible()
            expect(page.get_by_text(self.words["cannot"]).first).to_be_visible()
            self.look(page, f"compare-{size}")
            page.locator("table a").first.click()
            expect(page.locator("linli-chart[data-ready=true]").first).to_be_visible()
            self.look(page, f"figure-{size}")
        page = self.page("guihua")
        page.goto(f"/assessment/versions/{version.pk}/chance/")
        self.look(page, "chance")
        page.goto(f"/assessment/versions/{version.pk}/clauses/")
        self.look(page, "clauses")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_is_computed_approved_locked_and_an_officer_objects_and_wins(
    site, language, tmp_path
) -> None:
    month = Month(site, language)
    county = month.page("guihua")
    month.opened(county)
    version = month.computed(county)
    month.approved(version, county)
    month.locked(version)
    month.compared(version)
    objected(month, version, tmp_path)


def objected(month: Month, version: Version, folder: Path) -> None:
    """The officer sees what is proposed, objects with a picture, and the auditor upholds it."""
    one = proposed_for_the_officer(month, version)
    officer = month.page("minjing")
    officer.goto("/assessment/consequences/")
    officer.locator(f'a[href="/assessment/consequences/{one.pk}/"]').click()
    expect(officer.get_by_role("heading", name=month.words["honest"])).to_be_visible()
    month.look(officer, "consequence")
    officer.fill("#id_text", WHY)
    officer.set_input_files("#id_file", screenshot(folder))
    month.press(officer, "object")
    expect(officer.locator(".alert-success").first).to_be_visible()
    auditor = month.page("shenji")
    auditor.goto(f"/assessment/consequences/{one.pk}/")
    auditor.locator("input[name=outcome][value=uphold]").check()
    auditor.fill("[name=reason]", REASON)
    month.look(auditor, "decide")
    month.press(auditor, "decide")
    expect(auditor.locator(".alert-success").first).to_be_visible()
    officer.goto(f"/assessment/consequences/{one.pk}/")
    expect(officer.get_by_text(REASON)).to_be_visible()
    expect(officer.locator(".state").first).to_have_text(month.words["upheld"])
    month.look(officer, "won")
    one.refresh_from_db()
    assert (one.status, one.seen_by.username) == (Consequence.Status.UPHELD, "minjing")


def proposed_for_the_officer(month: Month, version: Version) -> Consequence:
    """A notice for the officer's own beat; where chance gave none, one of another beat is moved there."""
    beat, station = month.site.stage.post.codes[0], month.site.stage.station.station_code
    own = version.consequences.filter(beat_code=beat, area_kind="beat").first()
    if own is None:
        own = version.consequences.filter(area_kind="beat").first()
        own.area, own.beat_code, own.station_code = beat, beat, station
        own.save()
    return own
