"""Every setting that the code reads is explained in the guide, in both languages, and no other is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = ("running.md", "running.zh.md")
NAME = re.compile(r"\b(LINLI_[A-Z0-9_]+|DATABASE_URL)\b")
READ = re.compile(r"""["'](LINLI_[A-Z0-9_]+|DATABASE_URL)["']""")
SECRET = re.compile(r"""\bsecret\(["'](LINLI_[A-Z0-9_]+)["']""")


def settings_read() -> set[str]:
    sources = (ROOT / "src" / "linli").rglob("*.py")
    texts = [source.read_text(encoding="utf-8") for source in sources]
    # A secret may stand in a file that the variable of the same name with _FILE names.
    files = {f"{name}_FILE" for text in texts for name in SECRET.findall(text)}
    return files | {name for text in texts for name in READ.findall(text)}


def explained(guide: str) -> dict[str, str]:
    """The settings of the guide's table, with what it says of each."""
    found = {}
    for line in (ROOT / "docs" / "guides" / guide).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and NAME.match(cells[0]):
            found.update(dict.fromkeys(NAME.findall(cells[0]), cells[-1]))
    return found


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_is_explained(guide: str) -> None:
    assert settings_read() - set(explained(guide)) == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_no_setting_is_explained_that_there_is_not(guide: str) -> None:
    text = (ROOT / "docs" / "guides" / guide).read_text(encoding="utf-8")
    assert set(NAME.findall(text)) - settings_read() == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_each_explanation_says_something(guide: str) -> None:
    assert min(len(said) for said in explained(guide).values()) > 5
