from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from linli.kernel.texts import Text, plain
from linli.report import document, maps
from linli.report.document import write_document
from linli.report.layers import map_layers
from linli.report.page import render_page
from linli.report.shapes import work_out_shapes
from report.synthetic import synthetic_plan


@pytest.fixture(scope="module")
def plan():
    deployment, territory = synthetic_plan()
    return deployment, work_out_shapes(deployment, territory)


@pytest.fixture(scope="module")
def chinese(plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("document") / "plan.pdf"
    write_document(*plan, path, language="zh")
    return path


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_the_pdf_is_tagged_titled_and_in_its_language(chinese: Path) -> None:
    reader = PdfReader(chinese)
    assert reader.metadata is not None
    assert reader.metadata.title == "合成县社区警务部署方案"
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_it_is_a4_with_page_numbers_and_a_running_header(chinese: Path) -> None:
    pages = PdfReader(chinese).pages
    assert [round(float(v)) for v in pages[0].mediabox[2:]] == [595, 842]
    second = pages[1].extract_text()
    assert f"2 / {len(pages)}" in second
    assert "合成县社区警务部署方案" in second
    assert "合成数据" in second


def test_each_clause_says_what_it_asks_and_how_it_came_out(chinese: Path) -> None:
    text = text_of(chinese).replace("\n", "")
    assert "每千名常住人口配备网格员不少于 3 名" in text
    assert "数据不足" in text


def test_the_english_document_is_english(plan, tmp_path: Path) -> None:
    write_document(*plan, tmp_path / "plan.en.pdf", language="en")
    reader = PdfReader(tmp_path / "plan.en.pdf")
    assert reader.metadata is not None
    assert reader.metadata.title == "Synthetic County: community policing deployment plan"
    assert "At least 3 grid workers" in text_of(tmp_path / "plan.en.pdf")


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    deployment, territory = synthetic_plan(1, 2, 3)
    shapes = work_out_shapes(deployment, territory)
    for name in ("one.pdf", "two.pdf"):
        write_document(deployment, shapes, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_long_lists_are_cut_and_say_where_the_rest_is(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(document, "MOST_ROWS", 2)
    monkeypatch.setattr(document, "MOST_STATIONS", 1)
    deployment, territory = synthetic_plan(2, 3, 2, polygons=False)
    bare = replace(deployment, assumptions=(), staffing=(), hiring=())
    write_document(bare, work_out_shapes(bare, territory), tmp_path / "plan.pdf")
    text = text_of(tmp_path / "plan.pdf").replace("\n", "")
    assert "plan.xlsx" in text
    assert "只列前 1 个派出所" in text
    assert "没有另外的假设" in text


def test_the_first_page_holds_the_first_map_and_no_page_only_a_heading(plan, tmp_path: Path) -> None:
    for language, caption in (("zh", "图 1"), ("en", "Map 1")):
        write_document(*plan, tmp_path / "plan.pdf", language=language)
        pages = [page.extract_text() for page in PdfReader(tmp_path / "plan.pdf").pages]
        assert caption in pages[0]
        assert all(len(text) > 120 for text in pages[:-1])


def test_maps_name_whose_data_they_show_and_what_they_leave_out(plan, monkeypatch) -> None:
    deployment, shapes = plan
    credit = Text(zh="© OpenStreetMap 贡献者（ODbL-1.0）", en="© OpenStreetMap contributors (ODbL-1.0)")
    credited = replace(deployment, territory=replace(deployment.territory, sources=(credit, credit)))
    monkeypatch.setattr(maps, "MOST_NAMES", 1)
    monkeypatch.setattr(maps, "MOST_MARKS", 3)
    layer = map_layers(credited)[0]
    drawn = maps.draw_map(credited, shapes, layer, language="en")
    assert drawn.count("© OpenStreetMap contributors") == 1
    assert "3 names are left out" in drawn
    assert "12 posts lie too close" in drawn
    page = render_page(credited, shapes)
    assert page.index('class="map-credit"') < page.index('id="map-legend"')
    assert "© OpenStreetMap 贡献者" in document.render_document(credited, shapes, language="zh")


def test_names_that_would_cover_each_other_are_left_out(plan) -> None:
    deployment, shapes = plan
    long = tuple(replace(b, name=plain("合成名字很长很长很长很长的警务区")) for b in deployment.beats)
    layer = map_layers(deployment)[0]
    station = deployment.stations[0].id
    drawn = maps.draw_map(
        replace(deployment, beats=long), shapes, layer, language="zh", station=station, height=2.6
    )
    assert "名称因重叠" in drawn
