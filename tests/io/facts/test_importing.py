"""Lists are taken in whole or not at all; every broken cell is named, and nothing is taken in twice."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.facts import fact_tables
from linli.io.facts import Dataset, open_dataset
from linli.io.facts.cells import CellRefused, value_of
from linli.io.facts.importing import import_list, read_list
from linli.io.sheets import Listing, write_xlsx
from linli.kernel.errors import InputRefused, LinliError

ZONE = "Asia/Shanghai"
CHINESE = "日期,派出所,警务区,警务室,岗位,勤务类别,计划小时,实际小时\n"
ENGLISH = "day,station,beat,post,role,kind of duty,planned hours,hours\n"
ROWS = "2026-03-01,S1,S1-B1,P1,民警,下社区,8,7.5\n2026/3/2,S1,S1-B1,P1,辅警,警务室值守,8,8\n"

Take = Callable[..., tuple[int, int]]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Take a text in as a CSV file; rows and new rows."""

    def take(
        text: str, table: str = "duty_hours", name: str = "hours.csv", **options: bool
    ) -> tuple[int, int]:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        done = import_list(file, table, tmp_path / "facts", zone=ZONE, **options)
        return done.rows, done.added

    return take


def dataset(tmp_path: Path) -> Dataset:
    return open_dataset(tmp_path / "facts")


@pytest.mark.parametrize("header", [CHINESE, ENGLISH])
def test_headings_may_be_chinese_or_english(header: str, take: Take, tmp_path: Path) -> None:
    assert take(header + ROWS) == (2, 2)
    first = min(dataset(tmp_path).read("duty_hours").to_pylist(), key=lambda row: row["day"])
    assert (first["role"], first["kind"], first["hours"], first["day"]) == (
        "officer",
        "community",
        7.5,
        dt.date(2026, 3, 1),
    )
    assert (first["month"], first["source"], first["synthetic"]) == ("2026-03", "import:hours.csv", False)
    assert first["at"] == dt.datetime(2026, 2, 28, 16, tzinfo=dt.UTC)


def test_an_xlsx_file_is_read_like_a_csv_file(tmp_path: Path) -> None:
    header, *lines = (CHINESE + ROWS).strip().split("\n")
    rows = [
        [float(c) if c.replace(".", "").isdigit() and len(c) < 4 else c for c in line.split(",")]
        for line in lines
    ]
    write_xlsx(tmp_path / "hours.xlsx", [Listing("勤务", header.split(","), rows)])
    done = import_list(tmp_path / "hours.xlsx", "duty_hours", tmp_path / "facts", zone=ZONE)
    assert (done.rows, done.added) == (2, 2)


def test_the_same_file_again_adds_nothing_and_a_longer_one_only_its_new_rows(
    take: Take, tmp_path: Path
) -> None:
    take(CHINESE + ROWS)
    digest = dataset(tmp_path).digest
    assert take(CHINESE + ROWS) == (2, 0)
    assert take(CHINESE + ROWS, name="again.csv") == (2, 0)
    assert dataset(tmp_path).digest == digest
    more = "2026-03-03,S1,S1-B1,P1,民警,下社区,8,8\n"
    assert take(CHINESE + ROWS + more) == (3, 1)
    assert [one.added for one in dataset(tmp_path).manifest.imports] == [2, 1]


def test_two_rows_alike_in_one_file_are_two(take: Take, tmp_path: Path) -> None:
    assert take(CHINESE + 2 * "2026-03-01,S1,S1-B1,P1,民警,下社区,8,7.5\n") == (2, 2)


def test_a_made_up_list_is_marked_by_its_name_or_by_hand(take: Take, tmp_path: Path) -> None:
    take(CHINESE + ROWS, name="hours.synthetic.csv")
    assert set(dataset(tmp_path).read("duty_hours").column("synthetic").to_pylist()) == {True}


def test_a_time_decides_the_day_in_the_territorys_zone(take: Take, tmp_path: Path) -> None:
    text = "时间,走访对象\n2026-03-31 23:30,住户\n2026-03-31T23:30:00Z,商铺\n"
    take(text, table="visits", name="v.csv")
    months = sorted(row["month"] for row in dataset(tmp_path).read("visits").to_pylist())
    assert months == ["2026-03", "2026-04"]


def test_staff_numbers_given_later_take_the_place_of_earlier_ones(take: Take, tmp_path: Path) -> None:
    header = "月份,派出所,警务区,岗位,在岗人数\n"
    assert take(header + "2026-03,S1,S1-B1,民警,2\n", table="staff") == (1, 1)
    assert take(header + "2026年3月,S1,S1-B1,民警,3\n", table="staff") == (1, 1)
    assert dataset(tmp_path).read("staff").column("actual").to_pylist() == [3.0]


BAD = {
    "facts.header_unknown": ("日期,岗位,勤务类别,实际小时,天气\n2026-03-01,民警,下社区,8,晴\n", 1, "天气"),
    "facts.header_forbidden": (
        "日期,岗位,勤务类别,实际小时,身份证号\n2026-03-01,民警,下社区,8,1\n",
        1,
        "身份证号",
    ),
    "facts.header_missing": ("日期,岗位,实际小时\n2026-03-01,民警,8\n", 1, None),
    "facts.header_twice": (
        "日期,day,岗位,勤务类别,实际小时\n2026-03-01,2026-03-01,民警,下社区,8\n",
        1,
        "day",
    ),
    "facts.empty": ("日期,岗位,勤务类别,实际小时\n2026-03-01,民警,下社区,\n", 2, "实际小时"),
    "facts.no_day": ("日期,岗位,勤务类别,实际小时\n,民警,下社区,8\n", 2, None),
    "facts.day": ("日期,岗位,勤务类别,实际小时\n2026-02-30,民警,下社区,8\n", 2, "日期"),
    "facts.word": ("日期,岗位,勤务类别,实际小时\n2026-03-01,警官,下社区,8\n", 2, "岗位"),
    "facts.number": ("日期,岗位,勤务类别,实际小时\n2026-03-01,民警,下社区,八\n", 2, "实际小时"),
    "facts.bounds": ("日期,岗位,勤务类别,实际小时\n2026-03-01,民警,下社区,25\n", 2, "实际小时"),
    "facts.code": ("日期,岗位,勤务类别,实际小时,岗位编号\n2026-03-01,民警,下社区,8,王某\n", 2, "岗位编号"),
    "facts.day_differs": (
        "日期,时间,岗位,勤务类别,实际小时\n2026-03-01,2026-03-02 08:00,民警,下社区,8\n",
        2,
        None,
    ),
    "facts.moment": ("时间,岗位,勤务类别,实际小时\n昨天,民警,下社区,8\n", 2, "时间"),
    "sheets.row_ragged": ("日期,岗位,勤务类别,实际小时\n2026-03-01,民警\n", 2, None),
}


@pytest.mark.parametrize("code", BAD)
def test_a_mistake_is_named_with_row_and_column_and_nothing_is_taken_in(
    code: str, take: Take, tmp_path: Path
) -> None:
    text, row, column = BAD[code]
    with pytest.raises(InputRefused) as refused:
        take(text)
    (finding,) = refused.value.findings
    assert (finding.code, finding.where.row, finding.where.column) == (code, row, column)
    assert finding.sentence("zh") != finding.sentence("en")
    assert not (tmp_path / "facts" / "manifest.json").exists()


def test_every_broken_row_is_reported(take: Take) -> None:
    rows = "".join(
        f"2026-03-{day:02},民警,下社区,{hours}\n" for day, hours in enumerate([8, 99, 8, "x", 30], 1)
    )
    with pytest.raises(InputRefused) as refused:
        take("日期,岗位,勤务类别,实际小时\n" + rows)
    assert [finding.where.row for finding in refused.value.findings] == [3, 5, 6]


def test_a_number_that_stands_for_another_row_is_refused(take: Take) -> None:
    header = "记录编号,日期,岗位,勤务类别,实际小时\n"
    assert take(header + "H1,2026-03-01,民警,下社区,8\n") == (1, 1)
    assert take(header + "H1,2026-03-01,民警,下社区,8\n") == (1, 0)
    with pytest.raises(InputRefused) as refused:
        take(header + "H1,2026-03-01,民警,下社区,7\n")
    assert [finding.code for finding in refused.value.findings] == ["facts.conflict"]


def test_an_unknown_table_or_file_is_refused(take: Take, tmp_path: Path) -> None:
    with pytest.raises(LinliError, match="no table people"):
        take(CHINESE + ROWS, table="people")
    with pytest.raises(LinliError, match="cannot be read"):
        import_list(tmp_path / "none.csv", "visits", tmp_path / "facts", zone=ZONE)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]), st.sampled_from(sorted(fact_tables())))
def test_any_bytes_are_read_or_refused(content: bytes, name: str, table: str) -> None:
    try:
        read_list(name, content, table, zone=ZONE)
    except InputRefused as refusal:
        refused = refusal.findings
    else:
        refused = ()
    assert all(finding.sentence("en") for finding in refused)


@settings(max_examples=300, deadline=None)
@given(st.text(min_size=1, max_size=20), st.sampled_from(sorted(fact_tables())), st.data())
def test_any_cell_is_a_value_of_its_column_or_refused(cell: str, table: str, data: st.DataObject) -> None:
    from zoneinfo import ZoneInfo

    column = data.draw(st.sampled_from(sorted(fact_tables()[table].columns.values(), key=lambda c: c.name)))
    try:
        value = value_of(column, cell, ZoneInfo(ZONE))
    except CellRefused as refusal:
        assert refusal.kind  # noqa: PT017 - one of two outcomes
    else:
        assert value is not None


# Mend 15
@pytest.mark.parametrize("day", ["2026.3.1", "2026年3月1日", "２０２６-3-1", "2026-03-01 00:00:00"])
def test_a_day_is_read_however_it_is_parted(day: str) -> None:
    column, zone = fact_tables()["duty_hours"].columns["day"], ZoneInfo("Asia/Shanghai")
    assert str(value_of(column, day, zone)) == "2026-03-01"
    for unclear in ("46082", "2026-03-01 08:05", "1.3.2026"):
        with pytest.raises(CellRefused):
            value_of(column, unclear, zone)


# Mend 15
def test_a_moment_is_read_as_people_write_it() -> None:
    column = fact_tables()["duty_hours"].columns["at"]
    found = value_of(column, "2026年3月1日8时5分", ZoneInfo("Asia/Shanghai"))
    assert str(found) == "2026-03-01 00:05:00+00:00"
