"""Actions within a caller's own transaction are made by ``together``: a refused try stays in the log."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "linli" / "web"
PERFORMING = {"perform", "carry_out", "once"}


def performed_in_a_transaction(source: str) -> Iterator[int]:
    """The lines of transactions that hold a performed action and would take the entry of a try with them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.With):
            opened = [one.context_expr for one in node.items]
        elif isinstance(node, ast.FunctionDef):
            opened = node.decorator_list
        else:
            continue
        if any("atomic" in ast.unparse(one) for one in opened) and _performs(node):
            yield node.lineno


def _performs(node: ast.AST) -> bool:
    calls = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
    return any(ast.unparse(one).rpartition(".")[2] in PERFORMING for one in calls)


# Guard 4
def test_no_transaction_of_a_callers_own_takes_the_entry_of_a_refused_try_with_it() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line in performed_in_a_transaction(path.read_text("utf-8"))
    ]
    assert found == [], "use together() of linli.web.foundation.actions.together"


def test_a_transaction_that_holds_an_action_is_found() -> None:
    assert list(performed_in_a_transaction("with transaction.atomic():\n    perform(x, y, z)\n")) == [1]
    assert list(performed_in_a_transaction("with together():\n    perform(x, y, z)\n")) == []
