import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from linli.planning.comparison import compare
from linli.report import COMPARISON_FILES, write_comparison
from linli.report import comparison as comparisons
from report.synthetic import synthetic_plan


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    left, _ = synthetic_plan()
    right, territory = synthetic_plan(shift=1)
    folder = tmp_path_factory.mktemp("compared")
    files = write_comparison(left, right, folder, territory=territory).files
    assert [f.name for f in files] == list(COMPARISON_FILES)
    return folder


def test_the_workbook_names_the_moved_places(written: Path) -> None:
    book = openpyxl.load_workbook(written / "compare.xlsx")
    moved = book["调整的村与社区 Moved places"]
    assert [cell.value for cell in moved[4]][1:2] == ["合成5村"]
    assert moved["D4"].value.startswith("合成第1警务区")
    assert moved["E4"].value.startswith("合成第2警务区")


def test_differences_are_the_second_plan_minus_the_first(written: Path) -> None:
    left, _ = synthetic_plan()
    right, _ = synthetic_plan(shift=1)
    table = comparisons.comparison_tables(compare(left, right))[0]
    for row in table.rows:
        if isinstance(row[1], float | int) and isinstance(row[2], float | int):
            assert row[3] == pytest.approx(row[2] - row[1])
        else:
            assert row[3] is None


def test_the_page_shows_both_plans_and_its_links_lead_somewhere(written: Path) -> None:
    page = (written / "compare.html").read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml;base64,") == 2
    assert "方案甲" in page
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_plans_of_different_packs_and_places_can_be_compared(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(comparisons, "MOST_LISTED", 2)
    left, _ = synthetic_plan(2, 2, 3)
    right, _ = synthetic_plan(3, 2, 3)
    bare = replace(
        right,
        checks=right.checks[:2],
        staffing=(),
        beats=tuple(replace(b, target_workload=None) for b in right.beats),
    )
    write_comparison(left, bare, tmp_path)
    assert (tmp_path / "compare.html").exists()


def test_the_same_plans_give_the_same_bytes(tmp_path: Path) -> None:
    left, territory = synthetic_plan(1, 2, 3)
    for name in ("one", "two"):
        write_comparison(left, left, tmp_path / name, territory=territory)
    for file in COMPARISON_FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_clause_that_one_plan_lacks_has_no_count_there() -> None:
    left, _ = synthetic_plan()
    right = replace(left, checks=left.checks[1:])
    table = next(t for t in comparisons.comparison_tables(compare(left, right)) if t.id == "checks")
    keys = [column.key for column in table.columns]
    row = table.rows[0]
    assert row[keys.index("not_met_left")] == 6
    assert row[keys.index("not_met_right")] is None
