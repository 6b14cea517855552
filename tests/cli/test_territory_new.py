"""``linli territory new`` brings lists as they are published to a checked territory without an editor.

The layouts and counts are made up; names and codes of Luxi's places are real.
"""

import csv
import tomllib
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from linli.cli.main import linli
from linli.io.territory import read_territory
from linli.territory.model import Level, Territory

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[2]
CODES = ROOT / "examples" / "luxi" / "places.csv"
HEAD = ("序号", "所属乡镇", "村（社区）名称", "户数", "人口", "备注")
PUBLISHED = (
    (1, "中枢镇", "长安社区", 4415, 14286, ""),
    (2, "", "钟秀社区居委会", 3386, 11187, ""),
    (3, "", "糯布村", 986, 3516, ""),
    ("", "小计", "", 8787, 28989, ""),
    (4, "金马镇", "爵册村委会", 1293, 4565, ""),
    ("", "小计", "", 1293, 4565, ""),
    ("合计", "", "", 10080, 33554, ""),
)


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def text(path: Path, *rows: Sequence[object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def new(*arguments: str | Path, language: str = "zh") -> Result:
    return CliRunner().invoke(linli, ["--language", language, "territory", "new", *map(str, arguments)])


def made(result: Result, folder: Path) -> Territory:
    assert result.exit_code == 0, result.output
    checked = CliRunner().invoke(linli, ["territory", "check", str(folder)])
    assert checked.exit_code == 0, checked.output
    return read_territory(folder)


# Mend 15
@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("zh", ("6 处的 12 位代码", "第 5、7、8 行是小计或合计", "2 行空白", "已通过检查")),
        ("en", ("6 12-digit codes", "Row 5, 7, 8: totals", "2 rows are empty", "it passes the check")),
    ],
)
def test_the_layout_that_counties_publish_becomes_a_checked_territory(
    language: str, phrases: Sequence[str], tmp_path: Path
) -> None:
    source = workbook(tmp_path / "一览表.xlsx", ("Sheet", [HEAD, *PUBLISHED]))
    done = new(source, "--codes", CODES, "--into", tmp_path / "luxi", language=language)
    place = made(done, tmp_path / "luxi")
    assert place.name.zh == "泸西县"
    assert [(p.code, p.name, p.level.value, p.residents) for p in place.places] == [
        ("532527000000", "泸西县", "county", None),
        ("532527101000", "中枢镇", "township", None),
        ("532527101001", "长安社区", "community", 14286),
        ("532527101002", "钟秀社区居委会", "community", 11187),
        ("532527101207", "糯布村", "village", 3516),
        ("532527102000", "金马镇", "township", None),
        ("532527102201", "爵册村委会", "village", 4565),
    ]
    for phrase in phrases:
        assert phrase in done.output, phrase


# Mend 15
def test_without_codes_local_ones_are_made_and_said(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", ("Sheet", [["泸西县行政村一览表"], HEAD, *PUBLISHED]))
    done = new(source, "--into", tmp_path / "luxi")
    place = made(done, tmp_path / "luxi")
    assert place.name.zh == "泸西县"
    assert [p.code for p in place.places][:4] == ["L", "L01", "L01-001", "L01-002"]
    for phrase in ("本地编码", "已取自标题", "表头在第 2 行"):
        assert phrase in done.output


# Mend 15
def test_a_name_that_the_codes_do_not_have_gets_a_local_code_and_is_named(tmp_path: Path) -> None:
    rows = [
        HEAD,
        (1, "中枢镇", "长安社区", 1, 2, ""),
        (2, "", "无名村", 1, 2, ""),
        (3, "新镇", "新村", 1, 2, ""),
    ]
    done = new(workbook(tmp_path / "a.xlsx", ("S", rows)), "--codes", CODES, "--into", tmp_path / "b")
    codes = {p.name: p.code for p in made(done, tmp_path / "b").places}
    assert codes["长安社区"] == "532527101001"
    assert codes["无名村"] == "532527101-002"
    assert (codes["新镇"], codes["新村"]) == ("L02", "L02-001")
    assert "无名村、新镇、新村" in done.output
    assert "还有" in done.output


# Mend 15
def test_townships_as_sheets_and_as_rows_of_their_own_are_understood(tmp_path: Path) -> None:
    head = ["村名", "人口"]
    sheets = workbook(
        tmp_path / "a.xlsx",
        ("中枢镇", [head, ["长安社区", 14286]]),
        ("金马镇", [head, ["爵册村委会", 4565]]),
    )
    rows = text(
        tmp_path / "b.csv", head, ["中枢镇", ""], ["长安社区", 14286], ["金马镇", ""], ["爵册村委会", 4565]
    )
    for number, source in enumerate((sheets, rows)):
        folder = tmp_path / str(number)
        place = made(new(source, "--codes", CODES, "--into", folder), folder)
        assert [p.code for p in place.places] == [
            "532527000000",
            "532527101000",
            "532527101001",
            "532527102000",
            "532527102201",
        ]


# Mend 15
def test_the_two_columns_of_the_statistics_bureau_are_enough(tmp_path: Path) -> None:
    source = text(
        tmp_path / "a.csv",
        ["统计用区划代码", "名称"],
        ["532527000000", "泸西县"],
        ["532527101000", "中枢镇"],
        ["532527101001", "长安社区"],
        ["532527101207", "糯布村委会"],
    )
    place = made(new(source, "--into", tmp_path / "b"), tmp_path / "b")
    assert [(p.level, p.parent) for p in place.places] == [
        (Level.COUNTY, None),
        (Level.TOWNSHIP, "532527000000"),
        (Level.COMMUNITY, "532527101000"),
        (Level.VILLAGE, "532527101000"),
    ]


# Mend 15
def test_a_second_list_adds_to_the_first(tmp_path: Path) -> None:
    first = text(tmp_path / "a.csv", ["乡镇", "村名", "人口"], ["中枢镇", "糯布村", 3516])
    second = text(tmp_path / "b.csv", ["乡镇", "村名", "户数"], ["中枢镇", "糯布村", 986])
    place = made(new(first, second, "--name", "泸西县", "--into", tmp_path / "c"), tmp_path / "c")
    assert [(p.residents, p.households) for p in place.places if p.level is Level.VILLAGE] == [(3516, 986)]


# Mend 15
@pytest.mark.parametrize(("language", "asked"), [("zh", "坐标系"), ("en", "coordinate system")])
def test_what_the_list_does_not_say_is_asked_in_a_file_and_nothing_waits(
    language: str, asked: str, tmp_path: Path
) -> None:
    source = text(
        tmp_path / "a.csv",
        ["乡镇", "村名", "人口", "经度", "纬度"],
        ["中枢镇", "长安", 14286, 103.75, 24.61],
    )
    folder = tmp_path / "luxi"
    done = new(source, "--into", folder, language=language)
    assert done.exit_code == 2
    assert not folder.exists()
    questions = tmp_path / "luxi.questions.toml"
    assert asked in questions.read_text(encoding="utf-8")
    assert set(tomllib.loads(questions.read_text(encoding="utf-8"))) == {"name", "coordinates", "level"}
    for option in ("--name", "--coordinates", "--level", str(questions)):
        assert option in done.output
    assert new(source, "--into", folder).exit_code == 2, "a file of questions is not written over"
    answers = {"name": "泸西县", "coordinates": "GCJ-02", "level": "community"}
    filled = "".join(f'{key} = "{value}"\n' for key, value in answers.items())
    questions.write_text(filled, encoding="utf-8")
    place = made(new(source, "--into", folder, "--answers", questions), folder)
    assert (place.coordinates, place.places[-1].level) == ("GCJ-02", Level.COMMUNITY)


# Mend 15
def test_columns_about_persons_are_left_out_and_named(tmp_path: Path) -> None:
    source = text(
        tmp_path / "a.csv", ["乡镇", "村名", "姓名", "联系电话"], ["中枢镇", "糯布村", "张三", "138"]
    )
    done = new(source, "--name", "泸西县", "--into", tmp_path / "b")
    made(done, tmp_path / "b")
    assert "姓名、联系电话" in done.output
    assert "张三" not in done.output + (tmp_path / "b" / "places.csv").read_text(encoding="utf-8")


# Mend 15
def test_what_is_not_clear_is_refused_by_cell_and_nothing_is_written(tmp_path: Path) -> None:
    source = text(
        tmp_path / "a.csv",
        ["序号", "乡镇", "村名", "人口"],
        [1, "", "甲村", 100],
        [2, "中枢镇", "乙村", "约3000"],
        [3, "", "乙村", 4],
    )
    done = new(source, "--name", "泸西县", "--into", tmp_path / "b")
    assert done.exit_code == 2
    for phrase in ("第 2 行，“乡镇”列", "第 3 行，“人口”列", "第 4 行，“村名”列", "第 3 行重复"):
        assert phrase in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]


# Mend 15
@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.csv"],
        ["a.csv", "--coordinates", "BD-09"],
        ["a.csv", "--codes", "short.csv"],
        ["a.csv", "--answers", "other.toml"],
        ["a.docx"],
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    text(tmp_path / "a.csv", ["乡镇", "村名"], ["中枢镇", "糯布村"])
    text(tmp_path / "short.csv", ["代码", "名称"], ["12", "甲"], ["x", "乙"])
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "other.toml").write_text("password = 1\n", encoding="utf-8")
    paths = [tmp_path / a if "." in a else a for a in arguments]
    done = new(*paths, "--name", "泸西县", "--into", tmp_path / "b")
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert len(done.output.strip()) > 20
    assert not (tmp_path / "b").exists()


# Mend 15
def test_an_existing_folder_is_not_written_over(tmp_path: Path) -> None:
    source = text(tmp_path / "a.csv", ["乡镇", "村名"], ["中枢镇", "糯布村"])
    (tmp_path / "b").mkdir()
    done = new(source, "--name", "泸西县", "--into", tmp_path / "b")
    assert done.exit_code == 2
    assert list((tmp_path / "b").iterdir()) == []


# Mend 15
def test_at_a_terminal_the_questions_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = text(tmp_path / "a.csv", ["乡镇", "村名"], ["中枢镇", "长安"])
    monkeypatch.setattr("linli.cli.territory_new.is_at_terminal", lambda: True)
    arguments = ["territory", "new", str(source), "--into", str(tmp_path / "b")]
    done = CliRunner().invoke(linli, arguments, input="泸西县\ncommunity\n")
    place = made(done, tmp_path / "b")
    assert (place.name.zh, place.places[-1].level) == ("泸西县", Level.COMMUNITY)


# Mend 15
def test_several_counties_that_fit_are_asked_about(tmp_path: Path) -> None:
    codes = text(
        tmp_path / "codes.csv",
        ["代码", "名称"],
        *((f"5325{n}000000", f"县{n}") for n in (27, 28)),
        *((f"5325{n}101000", "中枢镇") for n in (27, 28)),
        *((f"5325{n}101201", "糯布村委会") for n in (27, 28)),
    )
    source = text(tmp_path / "a.csv", ["乡镇", "村名"], ["中枢镇", "糯布村"])
    asked = new(source, "--codes", codes, "--into", tmp_path / "b")
    assert asked.exit_code == 2
    assert "县28 532528" in (tmp_path / "b.questions.toml").read_text(encoding="utf-8")
    done = new(source, "--codes", codes, "--county", "县28 532528", "--into", tmp_path / "b")
    assert made(done, tmp_path / "b").places[-1].code == "532528101201"
