"""Every text for users is there in Chinese and in English, with the same values in it."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "linli"
CATALOGUES = sorted(SOURCE.rglob("messages.toml"))
HAN = re.compile(r"[\u4e00-\u9fff]")


def entries(catalogue: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(catalogue.read_text(encoding="utf-8"))


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_each_text_has_both_languages_and_the_same_placeholders(catalogue: Path) -> None:
    for key, entry in entries(catalogue).items():
        assert set(entry) == {"zh", "en"}, key
        assert entry["zh"].strip(), key
        assert entry["en"].strip(), key
        assert fields(entry["zh"]) == fields(entry["en"]), key


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_english_text_holds_untranslated_chinese(catalogue: Path) -> None:
    for key, entry in entries(catalogue).items():
        words = re.sub(r"\{[^}]*\}", "", entry["en"])
        # A Chinese term in brackets beside its English is a service to the reader.
        words = re.sub(r"\([^)]*\)|“[^”]*”|（[^）]*）", "", words)
        assert not HAN.search(words), key


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_chinese_text_is_a_copy_of_the_english(catalogue: Path) -> None:
    for key, entry in entries(catalogue).items():
        letters = re.sub(r"\{[^}]*\}", "", entry["zh"])
        if re.search(r"[A-Za-z]{3}", letters):
            assert HAN.search(letters), key


def spoken_keys(folder: Path) -> Iterator[tuple[Path, str]]:
    for module in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _is_say(node.func):
                key = node.args[0]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield module, key.value


def _is_say(function: ast.expr) -> bool:
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name in {"say", "_say"}


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_each_text_that_the_code_asks_for_exists(catalogue: Path) -> None:
    nested = {other.parent for other in CATALOGUES if catalogue.parent in other.parent.parents}
    known = entries(catalogue)
    for module, key in spoken_keys(catalogue.parent):
        if not any(folder in module.parents for folder in nested):
            assert key in known, f"{module.relative_to(SOURCE)} asks for {key}"
