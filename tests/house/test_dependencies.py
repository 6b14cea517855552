"""What pyproject.toml asks for is used, and what the code imports is asked for.

A dependency that nothing uses is a way in that nobody watches; one that only comes along with another goes
with it one day.
"""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHOLE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OTHERWISE = {
    "argon2-cffi": "Django's hasher of passwords, which settings name, asks for it",
    "gunicorn": "serves in production, as docs/guides/running.md says",
    "psycopg": "Django's engine for PostgreSQL asks for it",
    "pytest-xdist": "`pytest -n 2` in the Makefile",
    "slipcover": "`python -m slipcover` in the Makefile",
    "types-jsonschema": "read by mypy",
    "types-openpyxl": "read by mypy",
    "types-shapely": "read by mypy",
}
"""Asked for, neither imported nor named: what uses it."""
OPTIONAL = {"pyspark": "`linli assess run` on Spark, for those who have one"}
"""Imported by the code within functions, and not asked for to run."""
REMEDY = (
    "drop it from pyproject.toml and have `make lock` run, move it to the extra that uses it, or write into "
    "OTHERWISE (tests/house/test_dependencies.py) what does"
)


def plain(name: str) -> str:
    """A distribution's name as registries compare them, without extras and versions."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;~! ]", name, maxsplit=1)[0]).lower()


def asked(extra: str = "") -> list[str]:
    """What is asked for to run, or by an extra."""
    project = WHOLE["project"]
    wanted = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return sorted(plain(name) for name in wanted)


@cache
def brought_by() -> dict[str, set[str]]:
    """The modules that each distribution brings."""
    found: dict[str, set[str]] = {}
    for module, names in packages_distributions().items():
        for name in names:
            found.setdefault(plain(name), set()).add(module)
    return found


@cache
def trees(folder: str) -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_bytes()) for path in sorted((ROOT / folder).rglob("*.py")))


@cache
def imported(folder: str) -> frozenset[str]:
    """The outermost modules that the code in a folder imports, wherever in it."""
    found = set()
    for node in (node for tree in trees(folder) for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            found.add(node.module.partition(".")[0])
    return frozenset(found)


@cache
def named(folder: str) -> frozenset[str]:
    """What a string of the code names: a command by itself, or the beginning of a dotted path."""
    constants = (n.value for tree in trees(folder) for n in ast.walk(tree) if isinstance(n, ast.Constant))
    dotted = (one for one in constants if isinstance(one, str) and re.fullmatch(r"[\w-]+(\.\w+)*", one))
    return frozenset(one.partition(".")[0] for one in dotted)


@cache
def started() -> frozenset[str]:
    """Words of the Makefile, of scripts and of the tools' sections of pyproject.toml."""
    texts = [(ROOT / "Makefile").read_text(encoding="utf-8"), repr(WHOLE["tool"])]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "scripts").iterdir() if path.is_file()]
    return frozenset(word for text in texts for word in re.findall(r"[\w-]+", text))


def is_used(name: str, *folders: str) -> bool:
    known = {name, *brought_by().get(name, ())}
    return any(known & (imported(folder) | named(folder)) for folder in folders)


# Guard 19
@pytest.mark.any_database
@pytest.mark.parametrize("name", asked())
def test_what_is_asked_for_to_run_is_used_by_what_runs(name: str) -> None:
    assert is_used(name, "src") or name in OTHERWISE, f"nothing in src imports or names {name}: {REMEDY}"


# Guard 19
@pytest.mark.any_database
@pytest.mark.parametrize("name", asked("test"))
def test_what_is_asked_for_to_test_is_used_by_tests(name: str) -> None:
    tools = started() & {name, *brought_by().get(name, ())}
    used = is_used(name, "tests", "scripts", "benchmarks") or tools or name in OTHERWISE
    assert used, f"nothing in tests, scripts, benchmarks or the Makefile uses {name}: {REMEDY}"


# Guard 19
@pytest.mark.any_database
@pytest.mark.parametrize("module", sorted(imported("src") - sys.stdlib_module_names - {"linli"}))
def test_what_the_code_imports_is_asked_for_to_run(module: str) -> None:
    bringing = sorted(name for name, modules in brought_by().items() if module in modules)
    if module in OPTIONAL:
        top = {n for tree in trees("src") for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)}
        assert not any(module in ast.unparse(node).split() for node in top)
        return
    assert set(bringing) & set(asked()), f"src imports {module}: add {bringing} to pyproject.toml"


# Guard 19
@pytest.mark.any_database
def test_no_exception_is_left_over() -> None:
    everything = [*asked(), *asked("test")]
    assert sorted(set(OTHERWISE) - set(everything)) == []
    assert [name for name in OTHERWISE if name in asked() and is_used(name, "src")] == []
    assert set(OPTIONAL) <= imported("src")
