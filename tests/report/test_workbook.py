import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from linli.kernel.texts import Text
from linli.report import workbook
from linli.report.workbook import write_workbook
from report.synthetic import synthetic_plan

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("workbook") / "plan.xlsx"
    deployment, _ = synthetic_plan()
    write_workbook(deployment, path, from_points=False)
    return openpyxl.load_workbook(path)


def test_every_sheet_is_named_in_both_languages_and_set_up_for_a4_landscape(book) -> None:
    assert [name.split(" ")[0] for name in book.sheetnames][:4] == ["摘要", "派出所", "警务区", "警务室"]
    for sheet in book:
        assert HAN.search(sheet.title)
        assert re.search("[A-Za-z]", sheet.title)
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.freeze_panes == "B4"


def test_headers_are_chinese_with_english_under_it(book) -> None:
    for sheet in book:
        for cell in sheet[3]:
            chinese, english = cell.value.split("\n")
            assert HAN.search(chinese)
            assert english


def test_numbers_are_numbers_and_dates_are_dates(book) -> None:
    beats = book["警务区 Beats"]
    assert isinstance(beats["G4"].value, int)
    assert isinstance(book["到位进度 By date"]["A4"].value, dt.datetime)


def test_text_that_looks_like_a_formula_stays_text(book) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=网格员") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_what_is_made_up_is_said_on_every_sheet(book) -> None:
    assert all("合成数据" in sheet["A2"].value for sheet in book)


def test_no_banner_where_nothing_is_made_up(tmp_path: Path) -> None:
    deployment, _ = synthetic_plan(1, 1, 2)
    real = replace(deployment, territory=replace(deployment.territory, synthetic=()))
    write_workbook(real, tmp_path / "plan.xlsx", from_points=True)
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["警务区 Beats"]
    assert sheet["A2"].value.startswith("编号")


def test_a_missing_value_is_a_dash_not_a_zero(book) -> None:
    header = [cell.value.split("\n")[1] for cell in book["警务区 Beats"][3]]
    assert book["警务区 Beats"].cell(4, header.index("Premises") + 1).value == "—"


def test_a_table_longer_than_a_sheet_goes_on_to_the_next(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(workbook, "LONGEST_SHEET", 20)
    deployment, _ = synthetic_plan(2, 3, 5)
    write_workbook(deployment, tmp_path / "plan.xlsx", from_points=False)
    names = openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames
    assert "村与社区 Places" in names
    assert "村与社区 Places 2" in names


def test_remarks_name_what_is_unusual_about_a_beat(tmp_path: Path) -> None:
    deployment, _ = synthetic_plan(1, 2, 2)
    odd = replace(
        deployment.beats[0], heavier_than_target=True, within_rule=False, parts=2, name=Text(zh="甲", en="A")
    )
    write_workbook(
        replace(deployment, beats=(odd, deployment.beats[1])), tmp_path / "p.xlsx", from_points=False
    )
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["警务区 Beats"]
    remark = [c.value for c in sheet[4]][-1]
    assert "已超目标" in remark
    assert "in 2 separate pieces" in remark


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    deployment, _ = synthetic_plan()
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(deployment, tmp_path / name, from_points=False)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_rows_are_tall_enough_for_their_text_and_wide_sheets_go_on_to_a_next_page(tmp_path: Path) -> None:
    deployment, _ = synthetic_plan()
    write_workbook(deployment, tmp_path / "plan.xlsx", from_points=False)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    beats = next(sheet for sheet in book if sheet.title.startswith("警务区"))
    assert beats.page_setup.fitToWidth == 2
    assert beats.print_title_cols == "$A:$B"
    checks = next(sheet for sheet in book if sheet.title.startswith("条款核对"))
    tall = [checks.row_dimensions[row].height for row in range(4, 10)]
    assert max(height for height in tall if height is not None) > 20
