import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MAP_READY = "#map-canvas[data-ready=true]"
BORDER = (27, 36, 48)
"""Colour of the borders of stations' areas, which bound everything drawn."""


def test_the_page_opens_from_a_disk_without_network_or_complaints(plan_file: Path, open_page) -> None:
    page = open_page(plan_file)
    page.wait_for_selector(MAP_READY)
    expect(page.locator("#chart-load svg")).to_be_visible()
    expect(page.locator("#map-static")).to_be_hidden()
    assert page.complaints == []


def test_it_speaks_chinese_first_and_english_on_request(plan_file: Path, open_page) -> None:
    page = open_page(plan_file)
    expect(page.locator("h1")).to_contain_text("社区警务部署方案")
    expect(page.locator(".banner")).to_contain_text("位置和人口为合成数据")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".banner .en").first).to_have_text("Positions and residents are synthetic")
    expect(page.locator("h1 .zh")).to_be_hidden()
    assert page.title() == "Synthetic County: community policing deployment plan"
    assert page.locator("html").get_attribute("lang") == "en"
    visible = page.evaluate("document.body.innerText")
    leftovers = re.sub(r"合成[\w]*|中文|、", "", visible)
    assert re.findall(r"[\u4e00-\u9fff]+", leftovers) == []


def test_clicking_a_beat_on_the_map_shows_its_card(plan_file: Path, open_page) -> None:
    page = open_page(plan_file)
    page.wait_for_selector(MAP_READY)
    page.wait_for_timeout(800)
    page.locator("#map-canvas canvas").click(position={"x": 330, "y": 300})
    expect(page.locator("#card h3")).to_contain_text("警务区")
    expect(page.locator("#card")).to_contain_text("常住人口")


def test_a_beat_can_be_chosen_by_keyboard_from_the_table(plan_file: Path, open_page) -> None:
    page = open_page(plan_file)
    page.wait_for_selector(MAP_READY)
    button = page.get_by_role("button", name="在地图上查看合成第2警务区", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card h3")).to_have_text("合成第2警务区")
    expect(page.locator("#card .card-staff")).to_contain_text("网格员")


def test_the_map_can_be_coloured_three_ways(plan_file: Path, open_page) -> None:
    page = open_page(plan_file)
    page.wait_for_selector(MAP_READY)
    for name, words in (("到警务区中心平均时间", "分钟"), ("人员缺口", "人"), ("工作量与目标", "接近目标")):
        page.get_by_role("radio", name=name).check()
        expect(page.locator("#map-legend")).to_contain_text(words)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_first_view_shows_the_whole_territory_and_fills_its_frame(
    plan_file: Path, open_page, size: str
) -> None:
    page = open_page(plan_file, size=size)
    page.wait_for_selector(MAP_READY)
    page.wait_for_timeout(800)
    drawn = Image.open(io.BytesIO(page.locator("#map-canvas canvas").screenshot())).convert("RGB")
    lines = np.abs(np.asarray(drawn).astype(int) - BORDER).max(axis=2) < 24
    lines[-60:, :160] = lines[:120, -60:] = False
    rows, columns = np.nonzero(lines.any(axis=1))[0], np.nonzero(lines.any(axis=0))[0]
    across, down = np.ptp(columns) / drawn.width, np.ptp(rows) / drawn.height
    assert 0.84 < max(across, down) <= 0.97


def test_every_number_is_a_link_to_something_on_the_page(plan_file: Path, open_page) -> None:
    page = open_page(plan_file)
    page.locator("#table-beats button.quiet").first.click()
    targets = page.eval_on_selector_all(
        "a.why, .clause-cell a", "links => links.map(l => l.getAttribute('href'))"
    )
    assert len(targets) > 300
    missing = [t for t in set(targets) if page.locator(f"[id='{t[1:]}']").count() != 1]
    assert missing == []
    cells = page.locator("td.number", has_text=re.compile(r"\d")).count()
    assert (
        cells
        == page.locator("td.number a.why").count()
        + page.locator("#clauses td.number", has_text=re.compile(r"\d")).count()
    )


def test_a_number_opens_a_note_and_the_note_leads_to_the_clause(plan_file: Path, open_page) -> None:
    page = open_page(plan_file)
    page.locator("#table-needs a.why, #table-roles a.why").first.click()
    note = page.locator("#why")
    expect(note).to_be_visible()
    expect(note).to_contain_text("X-1")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    page.locator("#table-roles a.why").first.click()
    note.get_by_role("link").click()
    assert page.evaluate("location.hash") == "#clause-X-1"


def test_tables_can_be_searched_sorted_and_paged(plan_file: Path, open_page) -> None:
    page = open_page(plan_file)
    table = page.locator("#table-places")
    expect(table.locator("tbody tr")).to_have_count(25)
    table.get_by_role("button", name="下一页").click()
    expect(table.locator(".pager")).to_contain_text("第 2 页")
    page.locator("#search-places").fill("合成60村")
    expect(table.locator("tbody tr")).to_have_count(1)
    page.locator("#search-places").fill("")
    table.get_by_role("button", name="常住人口（人）").click()
    table.get_by_role("button", name="常住人口（人）").click()
    expect(table.locator("th[aria-sort=descending]")).to_have_count(1)
    shown = [int(t.replace(",", "")) for t in table.locator("tbody tr td:nth-child(6)").all_inner_texts()]
    assert shown == sorted(shown, reverse=True)


@pytest.mark.parametrize(
    ("size", "language", "theme"),
    [
        ("desktop", "zh", "light"),
        ("desktop", "en", "dark"),
        ("phone", "zh", "dark"),
        ("phone", "en", "light"),
    ],
)
def test_axe_finds_nothing(plan_file: Path, open_page, size: str, language: str, theme: str) -> None:
    page = open_page(plan_file, size=size)
    page.emulate_media(color_scheme=theme)
    page.wait_for_selector(MAP_READY)
    page.locator(f"[data-set-language={language}]").click()
    page.locator("#table-beats button.quiet").first.click()
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found] == []


def test_nothing_is_wider_than_a_phone(plan_file: Path, open_page) -> None:
    page = open_page(plan_file, size="phone")
    page.wait_for_selector(MAP_READY)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_webgl_the_static_map_is_shown_and_the_rest_works(plan_file: Path, open_page) -> None:
    page = open_page(plan_file, webgl=False)
    expect(page.locator("#map-static img")).to_be_visible()
    expect(page.locator("#map-static-note")).not_to_be_empty()
    expect(page.locator("#map-live")).to_be_hidden()
    expect(page.locator("#table-beats tbody tr")).to_have_count(12)


def test_without_scripts_the_map_the_figures_and_the_clauses_remain(plan_file: Path, open_page) -> None:
    page = open_page(plan_file, scripts=False)
    expect(page.locator("#map-static img")).to_be_visible()
    expect(page.locator(".figures dd a").first).to_be_visible()
    expect(page.locator("#clause-X-3")).to_contain_text("网格员")


def test_a_name_that_looks_like_markup_stays_a_name(tmp_path: Path, open_page) -> None:
    from dataclasses import replace

    from linli.kernel.texts import plain
    from linli.report import write_page
    from linli.report.shapes import work_out_shapes
    from report.synthetic import synthetic_plan

    deployment, territory = synthetic_plan(1, 2, 3)
    trick = "</script><img src=x onerror=alert(1)>"
    beat = replace(deployment.beats[0], name=plain(trick))
    places = tuple(replace(p, name=trick) for p in deployment.places)
    odd = replace(deployment, beats=(beat, *deployment.beats[1:]), places=places)
    write_page(odd, work_out_shapes(odd, territory), tmp_path / "plan.html")
    page = open_page(tmp_path / "plan.html")
    page.wait_for_selector(MAP_READY)
    page.locator("#table-beats button.quiet").first.click()
    expect(page.locator("#card h3")).to_have_text(trick)
    assert page.locator("img[src=x]").count() == 0
    assert page.complaints == []


def test_the_page_asks_for_no_inline_handlers(plan_file: Path) -> None:
    text = plan_file.read_text(encoding="utf-8")
    head = text[: text.index('<script type="application/json"')]
    assert re.search(r"<[^>]+\son\w+=", head) is None
    assert "default-src &#39;none&#39;" in head
    payload = re.search(r'<script type="application/json" id="plan-data">(.*?)</script>', text, re.DOTALL)
    assert payload is not None
    assert json.loads(payload[1])["tables"]["beats"]["length"] == 12
