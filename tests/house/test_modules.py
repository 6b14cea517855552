"""Every module says what is in it and lists what it offers; no file outgrows its room."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "linli"
# Migrations are written by Django from the models, which are checked.
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent.name != "migrations")
LONGEST_FILE = 600


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
class TestModule:
    def test_begins_with_a_docstring(self, module: Path) -> None:
        assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))

    def test_lists_only_names_that_it_defines(self, module: Path) -> None:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        listed = _listed(tree)
        if module.name == "__init__.py" and listed is None:
            return
        assert listed is not None, "no __all__"
        assert set(listed) <= _defined(tree)

    def test_is_at_most_600_lines(self, module: Path) -> None:
        assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def _listed(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
            names = ast.literal_eval(node.value)  # type: ignore[attr-defined]
            return list(names)
    return None


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


@pytest.mark.parametrize("mark", ["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"])
def test_nothing_unfinished_is_left_in_the_source(mark: str) -> None:
    found = [str(m.relative_to(SOURCE)) for m in MODULES if mark in m.read_text(encoding="utf-8")]
    assert found == []
