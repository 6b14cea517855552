"""The benchmarks of published values and of false flags hold, where their data are."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.skipif(not (DATA / "assessment").exists(), reason="the published tables are not here")
def test_published_values_are_reproduced() -> None:
    ran = _run("benchmarks/assessment_reference.py")
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert "FAIL" not in ran.stdout


@pytest.mark.skipif(not (DATA / "assessment").exists(), reason="the real counts are not here")
def test_false_flags_are_as_promised_and_flags_are_worth_something() -> None:
    ran = _run("benchmarks/assessment_calibration.py")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_without_the_data_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "main").mkdir()
    (tmp_path / "main" / "benchmarks").symlink_to(ROOT / "benchmarks")
    code = (
        "import sys; sys.path.insert(0, 'benchmarks')\n"
        "import assessment_reference as b, pathlib\n"
        f"b.DATA = pathlib.Path({str(tmp_path)!r})\n"
        "sys.exit(b.main())"
    )
    ran = _run("-c", code)
    assert ran.returncode == 2
    assert "Not run" in ran.stdout
