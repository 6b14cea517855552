"""The references of security and permissions name tests that are there."""

import re
from pathlib import Path

import pytest

from web.security.walking import TESTS, node_exists

DOCS = TESTS.parent / "docs" / "reference"
NODE = re.compile(r"`((?:web|e2e)/[\w/]+\.py(?:::\w+)?)`")


@pytest.mark.parametrize("name", ["security.md", "permissions.md"])
def test_every_test_that_a_reference_names_is_there(name) -> None:
    found = NODE.findall((DOCS / name).read_text(encoding="utf-8"))
    assert len(found) >= 9
    missing = [
        node for node in found if not (node_exists(node) if "::" in node else (TESTS / node).is_file())
    ]
    assert missing == []


def test_every_item_of_the_list_has_a_test() -> None:
    text = (DOCS / "security.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| (\d|clauses)", line)]
    assert len(rows) >= 55
    assert [row for row in rows if not NODE.search(row)] == []


def test_every_file_of_tests_named_is_run_by_the_suite() -> None:
    for path in Path(TESTS / "web" / "security").glob("test_*.py"):
        assert "def test_" in path.read_text(encoding="utf-8")
