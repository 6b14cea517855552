"""Every text for users is there in Chinese and in English, with the same values in it."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linli.cli.main import linli

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


HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]")
ROOT = Path(__file__).parents[2]
WRITTEN = sorted([*SOURCE.rglob("*.toml"), *ROOT.glob("packs/**/*.toml"), *ROOT.glob("examples/*/*.toml")])


@pytest.mark.parametrize("file", WRITTEN, ids=lambda p: str(p.relative_to(ROOT)))
def test_chinese_text_is_punctuated_as_chinese(file: Path) -> None:
    for line in file.read_text(encoding="utf-8").splitlines():
        for text in re.findall(r'\bzh\s*=\s*"((?:[^"\\]|\\.)*)"', line):
            # Text that quotes a formula or a TOML value keeps the formula's own signs.
            if "share(" not in text and "{{" not in text:
                assert not HALF_WIDTH.search(text), text


def commands(group: click.Group, path: str = "linli") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


@pytest.mark.parametrize(("name", "command"), list(commands(linli)))
def test_the_help_of_each_command_and_option_speaks_both_languages(name: str, command: click.Command) -> None:
    helps = [command.help or ""]
    helps += [option.help or "" for option in command.params if isinstance(option, click.Option)]
    for text in helps:
        assert HAN.search(text), f"{name}: {text}"
        assert re.search(r"[a-z]{3}", text), f"{name}: {text}"
