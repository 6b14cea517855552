"""A command that a hint, a message, a comment or a page names is there."""

import functools
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linli.cli.main import COMMANDS, linli

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[2]
KINDS = frozenset({".py", ".toml", ".md", ".html", ".sh", ""})
HERE = ("src", "tests", "docs", "scripts", "Makefile", "README.md", "README.zh.md", "SECURITY.md")
COMMAND = re.compile(r"linli(?<![\w./{-]linli) ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?")
SCRIPT = re.compile(r"scripts/(?<![\w./]scripts/)([a-z][a-z-]+)(?![\w./])")
NO_COMMANDS = frozenset({Path(__file__), ROOT / "src/linli/privacy/forbidden.toml"})
"""This file names what is not there; the other is a list of words."""
QUOTED = frozenset("`'\"")
"""What begins with one of these, or follows ``run: `` or ``$ ``, is a command and no sentence."""
PROSE: defaultdict[str, frozenset[str]] = defaultdict(frozenset, {"audit": frozenset({"key", "on"})})


def _files() -> Iterator[Path]:
    for name in HERE:
        top = ROOT / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and path.suffix in KINDS and "node_modules" not in path.parts:
                yield path


@functools.cache
def _groups() -> dict[str, frozenset[str]]:
    """The commands, each with its own commands: none where it has no further ones."""
    context = click.Context(linli)
    found = {name: linli.get_command(context, name) for name in COMMANDS}
    return {
        name: frozenset(one.list_commands(context)) if isinstance(one, click.Group) else frozenset()
        for name, one in found.items()
    }


def _wrong(text: str) -> Iterator[str]:
    groups = _groups()
    for found in COMMAND.finditer(text):
        first, second = found[1], found[2]
        before = text[max(0, found.start() - 5) : found.start()]
        meant = before[-1:] in QUOTED or before.endswith(("run: ", "$ "))
        if first not in groups:
            if meant:
                yield found[0]
        # After the name of a group a word is one of its commands, or a sentence goes on.
        elif groups[first] and second is not None and second not in groups[first] | PROSE[first]:
            yield found[0]
    for script in SCRIPT.finditer(text):
        if not (ROOT / "scripts" / script[1]).exists():
            yield script[0]


def test_every_command_that_is_named_is_there() -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {one}"
        for path in _files()
        if path not in NO_COMMANDS
        for one in _wrong(path.read_text(encoding="utf-8"))
    }
    assert wrong == set()


def test_a_command_that_is_not_there_is_found() -> None:
    assert list(_wrong("run: linli platform api-schema > x")) == ["linli platform api-schema"]
    assert list(_wrong("use `linli nothing` or scripts/nothing")) == ["linli nothing", "scripts/nothing"]
    assert list(_wrong("`linli platform check` and scripts/api-schema; linli plan writes it")) == []
