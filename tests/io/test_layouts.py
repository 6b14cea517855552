"""The head of a list is found below titles, in one row or two; a table for programs keeps its first row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.io.territory.layout import find_head, is_remark, is_total, sorted_rows
from linli.io.territory.vocabulary import is_known

pytestmark = pytest.mark.any_database

KNOWN = is_known("places")
NAMES = ("编码", "名称", "上级编码", "层级", "常住人口", "户数")
TITLES = st.text(st.characters(codec="utf-8", categories=("L",)), min_size=1, max_size=20)
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=8)


def padded(*cells: str, width: int = 6) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


# Mend 15
@given(
    st.lists(TITLES, max_size=5), st.permutations(NAMES), st.lists(st.lists(CELLS, min_size=6, max_size=6))
)
def test_a_head_is_found_below_any_titles(titles: list[str], names: list[str], rows: list[list[str]]) -> None:
    head = find_head([*(padded(title) for title in titles), names, *rows], KNOWN)
    assert (head.first, head.names[:6]) == (len(titles), tuple(names)) or head.last == len(titles) + 1
    assert head.titles == tuple(title.strip() for title in titles)


# Mend 15
@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=12))
def test_the_first_row_stays_the_head_where_it_is_one(rows: list[list[str]]) -> None:
    numbered = [[str(number), *row[1:]] for number, row in enumerate(rows)]
    head = find_head([list(NAMES), *numbered], KNOWN)
    assert (head.first, head.last, head.names) == (0, 0, NAMES)


# Mend 15
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=9))
def test_a_list_of_unknown_columns_keeps_its_first_row(rows: list[list[str]]) -> None:
    head = find_head(rows, None)
    assert (head.first, head.last) == (0, 0)


# Mend 15
def test_a_title_over_unknown_columns_is_known_by_its_width() -> None:
    head = find_head(
        [padded("设备登记表"), padded("单位：台", "2026年"), list("甲乙丙丁戊己"), list("123456")], None
    )
    assert (head.first, head.titles) == (2, ("设备登记表", "单位：台", "2026年"))


# Mend 15
def test_a_head_of_two_rows_is_one() -> None:
    head = find_head(
        [
            ["泸西县一览表", "", "", "", ""],
            ["序号", "编码", "名称", "人口情况", ""],
            ["", "", "", "常住人口", "户数"],
            ["1", "532527101001", "长安社区", "14286", "4415"],
        ],
        KNOWN,
    )
    assert (head.first, head.last) == (1, 2)
    assert head.names == ("序号", "编码", "名称", "常住人口", "户数")


# Mend 15
@pytest.mark.parametrize("merged", ["编码", "编码 名称"])
def test_the_upper_row_of_a_head_is_not_lost_where_the_lower_says_more(merged: str) -> None:
    upper = padded(*merged.split(), *["" for _ in range(3 - len(merged.split()))], "基本情况")
    lower = padded("", "" if "名称" in merged else "名称", "层级", "常住人口", "户数", "面积")
    head = find_head([padded("泸西县一览表"), upper, lower, list("123456")], KNOWN)
    assert (head.first, head.last) == (1, 2)
    assert head.names == ("编码", "名称", "层级", "常住人口", "户数", "面积")


# Mend 15
def test_a_name_over_a_name_is_read_together() -> None:
    head = find_head([["编码", "名称", "层级", "人口", ""], ["", "", "", "常住", "户籍"]], KNOWN)
    assert head.names == ("编码", "名称", "层级", "常住人口", "户籍人口")


# Mend 15
@pytest.mark.parametrize(
    "row",
    [
        ["", "小计", "", "52684"],
        ["合 计", "", ""],
        ["中枢镇", "中枢镇小计", "3"],
        ["总计：", "5"],
        ["Total", "5"],
    ],
)
def test_a_total_is_known(row: list[str]) -> None:
    assert is_total(row)


# Mend 15
@pytest.mark.parametrize(
    "row", [["1", "小计村", "3"], ["合计屯村委会", "4"], ["532527101001", "统计社区", "1"]]
)
def test_a_place_is_no_total(row: list[str]) -> None:
    assert not is_total(row)


# Mend 15
def test_remarks_and_a_repeated_head_are_no_data() -> None:
    records = [list(NAMES), ["1", "a", "", "", "", ""], list(NAMES), padded("注：数据截至年末")]
    found = sorted_rows(records, find_head(records, KNOWN))
    assert (found.kept, found.repeated, found.remarks) == ((1,), (2,), (3,))
    assert not is_remark(["注册社区", "1"])
