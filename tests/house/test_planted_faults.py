"""The list of planted faults does not rot: each can still be planted, and its tests are there."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from planted_faults import Fault, faults  # noqa: E402 - found beside the benchmarks

FAULTS = faults()


# Guard E
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_can_be_planted_and_its_tests_are_there(fault: Fault) -> None:
    source = (ROOT / fault.path).read_text(encoding="utf-8")
    assert source.count(fault.text) == 1, f"{fault.path}: {fault.text}"
    assert fault.text != fault.instead
    planted = source.replace(fault.text, fault.instead)
    if fault.path.endswith(".toml"):
        tomllib.loads(planted)
    else:
        compile(planted, fault.path, "exec")
    for test in fault.tests:
        file, _, name = test.partition("::")
        assert (ROOT / file).exists(), test
        wanted = re.sub(r"\[.*\]$", "", name.rpartition("::")[2])
        assert not name or f"def {wanted}(" in (ROOT / file).read_text(encoding="utf-8"), test


# Guard E
def test_no_fault_was_dropped_and_none_is_listed_twice() -> None:
    ids = [fault.id for fault in FAULTS]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 127
