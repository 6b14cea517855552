"""The commands in the documentation run, and print what the documentation says they print.

A ``console`` block holds lines ``$ command`` and, below, what it prints. Every ``linli`` command is
run, in the order of the page, beside the project's data. Output is compared where the block's first
line is ``# output checked``. ``make`` and servers are what CI and a person run: skipped by name.
"""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")])
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
NOT_RUN = ("make ", "linli serve", "linli worker", "git ", "cd ", "python -m http")


@dataclass(frozen=True)
class Command:
    """One command of a page and the output that the page promises, if it does."""

    line: str
    output: str | None


def commands(page: Path) -> list[Command]:
    found: list[Command] = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        checked = block.startswith("# output checked\n")
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            if not line.startswith(NOT_RUN):
                found.append(Command(line, output.strip() if checked else None))
    return found


def pages_to_run() -> list[Path]:
    """Pages with commands; of two that differ in the language alone and promise no output, the first."""
    seen: dict[tuple[Command, ...], Path] = {}
    for page in PAGES:
        found = tuple(commands(page))
        if any(one.output is not None for one in found):
            seen[found] = page
        elif found:
            spoken = tuple(Command(one.line.replace("linli --language en ", "linli "), None) for one in found)
            seen.setdefault(spoken, page)
    return sorted(seen.values())


PAGES_WITH_COMMANDS = pages_to_run()


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder where the project's data can be read and ``out/`` written."""
    for name in ("examples", "packs"):
        (tmp_path / name).symlink_to(ROOT / name, target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize("document", PAGES_WITH_COMMANDS, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_commands_of_a_page_run_as_it_says(document: Path, workplace: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LINLI_")},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    for command in commands(document):
        done = subprocess.run(
            shlex.split(command.line),
            cwd=workplace,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command.line}\n{done.stdout}\n{done.stderr}"
        if command.output is not None:
            assert _squeezed(done.stdout) == _squeezed(command.output), command.line


def _squeezed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def test_every_relative_link_of_a_page_leads_somewhere() -> None:
    link = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in PAGES
        for target in link.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []
