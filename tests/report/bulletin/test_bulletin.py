"""The bulletin in all its forms says what is known, how surely, and who must do what by when."""

import dataclasses
import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from linli.kernel.texts import Text
from linli.report.bulletin import Bulletin, Evidence, names_of, render_bulletin, write_bulletin
from linli.report.bulletin.wording import interval, listed, period_text, shown
from report.bulletin.conftest import item, spot

RECORDS = [
    Evidence(
        indicator="N19.key_cases",
        area="B1",
        period="2026-03",
        record=f"case:{n}",
        numerator=1.0,
        denominator=None,
    )
    for n in range(3)
]


@pytest.fixture
def written(bulletin: Bulletin, tmp_path: Path) -> dict[str, Path]:
    files = write_bulletin(bulletin, tmp_path / "out", evidence=RECORDS)
    return {path.suffix: path for path in files}


def test_the_page_says_what_cannot_be_told_and_who_must_do_what_by_when(bulletin: Bulletin) -> None:
    page = render_bulletin(bulletin)
    for said in (
        "差异不显著，不宜排名",
        "合成数据",
        "95% 置信区间",
        "2026-04-30",
        "第一派出所",
        "限期整改",
        "少记录即可",
        "补录两条",
    ):
        assert said in page, said
    assert "4 个单位之间差异不显著，不宜排名" in page
    assert "规则乙未能计算" in page
    assert page.count('alt="') == 4
    assert "<script" not in page
    assert "http://" not in re.sub(r"data:[^\"]+", "", page)


def test_the_english_page_is_english(bulletin: Bulletin) -> None:
    page = render_bulletin(bulletin, language="en")
    assert "Synthetic County: monthly bulletin of community policing, March 2026" in page
    assert "cannot tell" in page
    text = re.sub(r"<style>.*?</style>|data:[^\"]+", "", page, flags=re.DOTALL)
    assert set(re.findall("[\u4e00-\u9fff]+", text)) == {"第一派出所"}


def test_the_same_bulletin_gives_the_same_bytes(bulletin: Bulletin, tmp_path: Path) -> None:
    first, second = (write_bulletin(bulletin, tmp_path / name, evidence=RECORDS) for name in ("a", "b"))
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_the_pdf_is_tagged_titled_and_in_its_language(written: dict[str, Path]) -> None:
    reader = PdfReader(written[".pdf"])
    assert reader.metadata is not None
    assert reader.metadata.title == "合成县社区警务月度考核通报（2026年3月）"
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_the_word_document_has_headings_tables_and_alternative_texts(written: dict[str, Path]) -> None:
    document = docx.Document(str(written[".docx"]))
    headings = [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"]
    assert [one[:2] for one in headings] == ["一、", "二、", "三、", "四、", "五、", "六、"]
    assert document.core_properties.created == dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(
        tzinfo=None
    ) or (document.core_properties.created is not None and document.core_properties.created.year == 2000)
    told = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(told) == 4
    assert all(told)
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"第一派出所", "2026-04-30", "差异不显著，不宜排名"} <= cells
    assert {one.date_time[0] for one in zipfile.ZipFile(written[".docx"]).infolist()} == {1980}


def test_the_annex_lists_every_figure_and_every_record(written: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written[".xlsx"].read_bytes()))
    figures, records, notes = book.worksheets
    assert figures.max_row == 1 + 2 + 8
    assert [row[3].value for row in records.iter_rows(min_row=2)] == ["case:0", "case:1", "case:2"]
    assert "合成数据" in " ".join(str(row[0].value) for row in notes.iter_rows())


def test_made_up_figures_are_named_so_and_others_are_not(bulletin: Bulletin) -> None:
    assert all(".synthetic." in name for name in names_of(bulletin))
    real = dataclasses.replace(bulletin, synthetic=False)
    assert not any("synthetic" in name for name in names_of(real))
    assert "合成数据" not in render_bulletin(real)
    assert "没有记载所据事实是否含有合成记录" in render_bulletin(
        dataclasses.replace(bulletin, synthetic=None)
    )


def test_an_empty_bulletin_says_so_in_every_section(bulletin: Bulletin, tmp_path: Path) -> None:
    bare = dataclasses.replace(
        bulletin, items=(), demands=(), versions=(), notes=(), period="2026", synthetic=False
    )
    page = render_bulletin(bare)
    for said in ("没有可用的指标结果", "没有整改要求", "没有更正", "未附偶然因素"):
        assert said in page
    assert len(write_bulletin(bare, tmp_path / "bare", language="en")) == 4


def test_text_of_users_is_never_markup(bulletin: Bulletin) -> None:
    nasty = Text("<script>alert(1)</script>&", "<b>")
    page = render_bulletin(dataclasses.replace(bulletin, territory=nasty, items=(item(title=nasty),)))
    assert "<script>alert" not in page


def test_numbers_and_periods_are_said_plainly() -> None:
    assert [shown(v) for v in (None, 3.0, 2.345, 23.45, 12345.0)] == ["—", "3", "2.35", "23.4", "12,345"]
    assert interval(None) == interval(spot("B", None)) == "—"
    assert period_text("2026-Q2").zh == "2026年第2季度"
    assert period_text("2026").en == "2026"
    assert listed([Text("甲", "a")] * 20).zh.endswith("等 20 个单位")
