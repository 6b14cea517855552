"""A water dispute from intake to a fulfilled agreement: two sessions, paper, signed scan, check, figures."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from e2e.platform.conftest import LANGUAGES, Site
from linli.web.foundation.casework.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh": {
        "accept": "受理", "take_on": "由我承办", "begin": "开始调解", "session": "安排调解",
        "hold": "记录结果", "agreement": "登记协议", "signed": "上传签字协议", "check": "90 日回访",
        "fulfilled": "已履行", "court": "向人民法院起诉", "kept": "仍然履行",
    },
    "en": {
        "accept": "Accept", "take_on": "I take it on", "begin": "Begin mediation",
        "session": "Plan a session",
        "hold": "Note the outcome", "agreement": "Enter the agreement", "signed": "Upload the signed",
        "check": "Ask after 90 days", "fulfilled": "Fulfilled", "court": "go to court", "kept": "still holds",
    },
}  # fmt: skip


def scan(folder: Path) -> Path:
    """A picture of a signed paper, as a telephone would take it."""
    kept = io.BytesIO()
    Image.new("RGB", (400, 560), "white").save(kept, "JPEG")
    path = folder / "signed.jpg"
    path.write_bytes(kept.getvalue())
    return path


class Clerk:
    """The mediator at the screen."""

    def __init__(self, site: Site, language: str) -> None:
        self.site, self.language, self.words = site, language, WORDS[language]
        self.page = self._page()
        self.number = ""

    def _page(self) -> Page:
        page = self.site.page("tiaojie", self.language)
        page.set_default_timeout(60_000)
        return page

    def look(self, name: str) -> None:
        self.site.shot(self.page, f"water-{name}-{self.language}")
        # From the top, so that the sticky bar lies over nothing.
        self.page.evaluate("scrollTo(0, 0)")
        self.site.accessible(self.page)

    def case(self) -> None:
        self.page.goto(f"/cases/{self.number}/")

    def later(self, **duration: float) -> None:
        self.site.advance(**duration)
        self.page.context.close()
        self.site.contexts.remove(self.page.context)
        self.page = self._page()
        self.case()

    def send(self) -> None:
        self.page.locator("form.form-narrow button[type=submit]").click()
        expect(self.page.locator(".alert-success").first).to_be_visible()

    def takes_down(self) -> None:
        page = self.page
        page.goto("/disputes/open/")
        expect(page.get_by_text(self.words["court"]).first).to_be_visible()
        page.select_option("#id_category", "water")
        page.select_option("[name=data-level]", "village")
        page.select_option("[name=data-how_found]", "asked")
        page.fill("#id_title", "灌溉用水先后争执")
        page.fill("#id_description", "上游与下游对轮灌次序意见不一。")
        page.fill("#id_place", self.site.stage.place.code)
        page.select_option("[name=parties-0-side]", "applicant")
        page.select_option("[name=parties-0-kind]", "person")
        page.fill("[name=parties-0-name]", "甲某")
        page.fill("[name=parties-0-phone]", "13900000001")
        page.select_option("[name=parties-1-side]", "respondent")
        page.select_option("[name=parties-1-kind]", "unit")
        page.fill("[name=parties-1-unit_name]", "合成灌溉合作社")
        self.look("intake")
        page.locator("button[type=submit][data-shortcut='Alt+s']").click()
        page.wait_for_url("**/cases/JF*/")
        self.number = page.url.rstrip("/").rsplit("/", 1)[1]

    def accepts(self) -> None:
        page = self.page
        page.locator("#step-accept summary").click()
        page.locator("#step-accept button[type=submit]").click()
        expect(page.locator(".alert-success")).to_be_visible()
        page.get_by_role("button", name=self.words["take_on"]).click()
        expect(page.locator(".alert-success")).to_be_visible()
        for party in (1, 2):
            page.goto(f"/disputes/{self.number}/steps/consent/{party}/")
            page.check("#id_told_rights")
            page.check("#id_agrees_0")
            if party == 1:
                self.look("consent")
            self.send()
        page.get_by_role("button", name=self.words["begin"]).click()
        expect(page.locator(".alert-success")).to_be_visible()

    def meets(self, number: int, outcome: int) -> None:
        page = self.page
        when = (self.site.at.replace(tzinfo=None)).strftime("%Y-%m-%d") + "T15:30"
        page.get_by_role("link", name=self.words["session"]).click()
        page.fill("#id_at", when)
        page.fill("#id_place", "村委会调解室")
        self.send()
        self.later(hours=6)
        self.page.get_by_role("link", name=self.words["hold"]).click()
        self.page.check(f"#id_outcome_{outcome}")
        self.page.fill("#id_parties", "2")
        self.page.fill("#id_mediators", "1")
        self.page.fill("#id_committee", "1")
        self.page.fill("#id_note", "第 1 方与第 2 方各自说明用水情况。")
        if number == 1:
            self.look("session")
        self.send()
        self.later(hours=18)

    def agrees(self) -> None:
        page = self.page
        page.get_by_role("link", name=self.words["agreement"]).click()
        page.fill("#id_summary", "双方对轮灌次序达成一致。")
        for row, (party, text, day) in enumerate(
            (("2", "修复支渠闸门", "2026-03-20"), ("1", "按轮灌表用水", "2026-03-25"))
        ):
            page.select_option(f"#id_terms-{row}-party", party)
            page.fill(f"#id_terms-{row}-text", text)
            page.fill(f"#id_terms-{row}-due_on", day)
        page.fill("#id_terms-0-amount_yuan", "300")
        self.look("agreement")
        self.send()

    def prints_and_signs(self, folder: Path) -> None:
        page = self.page
        page.goto(f"/disputes/{self.number}/papers/agreement/1/")
        expect(page.get_by_text("甲某")).to_be_visible()
        expect(page.get_by_text(self.words["court"]).first).to_be_visible()
        self.look("paper")
        pdf = page.request.get(f"/disputes/{self.number}/papers/agreement/1.pdf")
        assert pdf.body().startswith(b"%PDF")
        self.case()
        page.get_by_role("link", name=self.words["signed"]).click()
        page.set_input_files("#id_file", scan(folder))
        self.send()
        expect(page.get_by_role("link", name="signed.jpg").first).to_be_visible()

    def fulfils(self) -> None:
        for number in (1, 2):
            self.page.goto(f"/disputes/{self.number}/steps/mark/{number}/")
            self.page.check("#id_fulfilled_0")
            self.send()
        expect(self.page.locator("p .state").first).to_contain_text(self.words["fulfilled"])
        self.look("fulfilled")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_water_dispute_from_intake_to_a_fulfilled_agreement(
    site: Site, language: str, tmp_path: Path
) -> None:
    clerk = Clerk(site, language)
    clerk.takes_down()
    clerk.accepts()
    clerk.meets(1, outcome=1)
    clerk.meets(2, outcome=0)
    clerk.agrees()
    clerk.prints_and_signs(tmp_path)
    clerk.later(days=10)
    clerk.fulfils()
    clerk.page.goto("/disputes/mine/")
    clerk.look("docket")
    clerk.later(days=100)
    clerk.page.get_by_role("link", name=clerk.words["check"]).click()
    clerk.page.check("#id_kept_0")
    clerk.send()
    expect(clerk.page.get_by_text(clerk.words["kept"]).first).to_be_visible()
    clerk.page.goto("/disputes/figures/?from=2026-03-01&until=2026-03-31")
    expect(clerk.page.get_by_text("100.0 %").nth(1)).to_be_visible()
    clerk.look("figures")
    clerk.page.goto("/disputes/")
    clerk.look("list")
    phone = site.page("tiaojie", language, "phone")
    phone.set_default_timeout(60_000)
    for name, url in (
        ("list", "/disputes/"),
        ("case", f"/cases/{clerk.number}/"),
        ("figures", "/disputes/figures/"),
    ):
        phone.goto(url)
        site.shot(phone, f"water-{name}-{language}-phone")
        site.accessible(phone)
    case = Case.objects.get()
    assert (case.state, case.result) == ("fulfilled", "fulfilled")
    assert not case.events.filter(text__contains="甲某").exists()
