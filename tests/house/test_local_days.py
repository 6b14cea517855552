"""A day is a day of the territory: nobody takes the day of a moment without saying in which zone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import linli.web

WEB = Path(linli.web.__path__[0])
DAY_OF_A_MOMENT = re.compile(r"\.date\(\)")
ZONE_SAID = ("astimezone(", "localtime(")
LOCAL_ALREADY = {
    "foundation/border/moments.py",
    "foundation/database/guard.py",
    "ops/incidents/views/units.py",
    "ops/meetings/selectors.py",
}
"""Whose moments are in the territory's zone, or who asks for bounds so wide that a day does not matter."""


def test_the_day_of_a_moment_is_asked_of_local_day() -> None:
    found = {
        f"{path.relative_to(WEB)}: {line.strip()}"
        for path in WEB.rglob("*.py")
        if str(path.relative_to(WEB)) not in LOCAL_ALREADY
        for line in path.read_text("utf-8").splitlines()
        if DAY_OF_A_MOMENT.search(line) and not any(zone in line for zone in ZONE_SAID)
    }
    assert found == set(), "write local_day(moment)"


def _names_a_moment(node: ast.expr) -> bool:
    """Whether an expression is a moment by its name: ``at``, ``opened_at``, ``context.at``, ``now()``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "now"
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in ("at", "moment", "now") or name.endswith("_at")


def _written_out(tree: ast.AST) -> Iterator[ast.expr]:
    """What is written as a date: by a format in an f-string, by ``strftime``, by its year, month or day."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            if "%" in ast.unparse(node.format_spec):
                yield node.value
        elif isinstance(node, ast.Attribute) and node.attr in ("strftime", "year", "month", "day", "hour"):
            yield node.value


# Mend 9
def test_a_moment_is_written_out_in_the_territorys_zone() -> None:
    found = {
        f"{path.relative_to(WEB)}:{node.lineno}: {ast.unparse(node)}"
        for path in WEB.rglob("*.py")
        for node in _written_out(ast.parse(path.read_text("utf-8")))
        if _names_a_moment(node)
    }
    assert found == set(), "write file_stamp(moment), local_day(moment) or timezone.localtime(moment)"
