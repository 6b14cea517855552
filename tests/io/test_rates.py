"""A table of events by area is read whole or refused, with every fault and its place."""

from pathlib import Path

import pytest

from linli.io.rates import read_rates
from linli.kernel.errors import InputRefused, LinliError


def written(folder: Path, text: str, name: str = "rates.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_english_and_chinese_headers_are_read(tmp_path: Path) -> None:
    assert read_rates(written(tmp_path, "area,events\nB1,4\nB2,0.5\n")) == {"B1": 4.0, "B2": 0.5}
    assert read_rates(written(tmp_path, "片区,每月起数,备注\nB1,4,\n")) == {"B1": 4.0}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("beat,events\nB1,4\n", "rates.column_area"),
        ("area,count\nB1,4\n", "rates.column_events"),
        ("area,events\nB1,four\n", "rates.events"),
        ("area,events\nB1,-1\n", "rates.events"),
        ("area,events\nB1,nan\n", "rates.events"),
        ("area,events\nB1,inf\n", "rates.events"),
        ("area,events\nB1,4\nB1,5\n", "rates.area"),
        ("area,events\n,4\n", "rates.area"),
        ("area,events\nB1,4,5\n", "sheets.row_ragged"),
        ("", "sheets.empty"),
        ("area,events\n", "sheets.table_empty"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_rates(written(tmp_path, text))
    assert code in [finding.code for finding in refused.value.findings]
    assert all(finding.where.file == "rates.csv" for finding in refused.value.findings)


def test_a_file_that_is_not_there_or_not_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LinliError, match="cannot be opened"):
        read_rates(tmp_path / "none.csv")
    with pytest.raises(InputRefused):
        read_rates(written(tmp_path, "x", "rates.txt"))
