"""The references of security and permissions name tests that are there, and are made of their tables."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from web.security.walking import TESTS, node_exists

pytestmark = pytest.mark.any_database

ROOT = TESTS.parent
DOCS = ROOT / "docs" / "reference"
GUIDES = {"en": ROOT / "docs" / "guides" / "running.md", "zh": ROOT / "docs" / "guides" / "running.zh.md"}
NODE = re.compile(r"`((?:web|e2e|io|privacy|house)/[\w/]+\.py(?:::\w+)?)`")
ASVS = tomllib.loads((DOCS / "asvs.toml").read_text(encoding="utf-8"))
DENGBAO = tomllib.loads((DOCS / "dengbao.toml").read_text(encoding="utf-8"))
HELD = ("test", "operator", "not_applicable")


def _is_there(node: str) -> bool:
    return node_exists(node) if "::" in node else (TESTS / node).is_file()


@pytest.mark.parametrize("name", ["security.md", "dengbao.md", "dengbao.zh.md", "permissions.md"])
def test_every_test_that_a_reference_names_is_there(name) -> None:
    found = NODE.findall((DOCS / name).read_text(encoding="utf-8"))
    assert len(found) >= 9
    assert [node for node in found if not _is_there(node)] == []


def test_every_item_of_levels_one_and_two_is_listed_once_and_held_by_one_thing() -> None:
    assert len(ASVS) == 253
    assert {item["level"] for item in ASVS.values()} == {1, 2}
    wrong = [id_ for id_, item in [*ASVS.items(), *DENGBAO.items()] if sum(one in item for one in HELD) != 1]
    assert wrong == []
    empty = [id_ for id_, item in ASVS.items() if not item.get("test", item.get("operator", "x"))]
    assert empty == []
    claimed = [node for item in [*ASVS.values(), *DENGBAO.values()] for node in item.get("test", ())]
    assert [node for node in claimed if not _is_there(node)] == []


def test_what_is_the_operators_has_a_part_in_the_guide() -> None:
    heads = {
        language: re.findall(r"^## (.*)$", g.read_text(encoding="utf-8"), re.M)
        for language, g in GUIDES.items()
    }
    missing = [i for i, item in ASVS.items() if "operator" in item and item["operator"] not in heads["en"]]
    for id_, item in DENGBAO.items():
        duty = item.get("operator", {})
        missing += [f"{id_} {language}" for language, part in duty.items() if part not in heads[language]]
    assert missing == []


def test_the_pages_are_made_of_their_tables() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "security-reference", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_file_of_tests_named_is_run_by_the_suite() -> None:
    for path in Path(TESTS / "web" / "security").glob("test_*.py"):
        assert "def test_" in path.read_text(encoding="utf-8")
