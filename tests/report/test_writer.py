from pathlib import Path

import pytest

from linli.report import FILES, write_report, writer
from linli.report.writing import STAGE
from report.synthetic import synthetic_plan


def test_all_files_are_written_and_named_as_they_finish(tmp_path: Path) -> None:
    told: list[str] = []
    written = write_report(*synthetic_plan(1, 2, 2), tmp_path / "out", done=told.append)
    assert tuple(told) == FILES
    assert [f.name for f in written.files] == list(FILES)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(FILES)


def test_a_report_that_fails_leaves_the_folder_as_it_was(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "plan.xlsx").write_text("before")

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(writer, "write_page", fail)
    with pytest.raises(OSError, match="disk full"):
        write_report(*synthetic_plan(1, 2, 2), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["plan.xlsx"]
    assert (tmp_path / "plan.xlsx").read_text() == "before"
    assert not (tmp_path / STAGE).exists()
