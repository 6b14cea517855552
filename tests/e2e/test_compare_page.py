from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from linli.report import write_comparison
from report.synthetic import synthetic_plan

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def compare_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    left, _ = synthetic_plan()
    right, territory = synthetic_plan(shift=1)
    folder = tmp_path_factory.mktemp("compare")
    return write_comparison(left, right, folder, territory=territory).files[0]


def test_the_moved_places_are_listed_and_nothing_complains(compare_file: Path, open_page) -> None:
    page = open_page(compare_file)
    expect(page.locator("#table-moved tbody tr")).to_have_count(1)
    expect(page.locator("#table-moved")).to_contain_text("合成5村")
    expect(page.locator("#table-comparison")).to_contain_text("换了警务区的村（社区）")
    assert page.complaints == []


@pytest.mark.parametrize(("size", "language"), [("desktop", "zh"), ("phone", "en")])
def test_axe_finds_nothing(compare_file: Path, open_page, size: str, language: str) -> None:
    page = open_page(compare_file, size=size)
    page.locator(f"[data-set-language={language}]").click()
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
