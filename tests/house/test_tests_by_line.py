"""Which tests hold each line of an issue is written down as it is."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

SCRIPT = Path(__file__).parents[2] / "scripts" / "tests-by-line"


def test_the_lists_of_tests_are_as_they_would_be_written() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
