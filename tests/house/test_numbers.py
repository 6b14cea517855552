"""No number that people read counts rows: it would tell whoever holds two of them how many there are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "src" / "linli" / "web"


def counted(tree: ast.AST) -> Iterator[int]:
    """Lines on which a row's id is written with a fixed number of digits."""
    for node in ast.walk(tree):
        written = isinstance(node, ast.FormattedValue) and node.format_spec is not None
        if written and isinstance(node.value, ast.Attribute) and node.value.attr in {"pk", "id"}:
            yield node.lineno


@pytest.mark.any_database
# Guard Out
def test_no_number_is_made_of_a_rows_id() -> None:
    found = {
        f"{path.relative_to(WEB)}:{line}"
        for path in sorted(WEB.rglob("*.py"))
        for line in counted(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(), "use numbered() of linli.web.foundation.actions.numbers"


@pytest.mark.any_database
# Guard Out
def test_one_that_is_made_so_is_found() -> None:
    assert list(counted(ast.parse('x = 1\nnumber = f"SQ{day:%y%m%d}-{case.pk:05d}"'))) == [2]
