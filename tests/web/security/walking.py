"""Everything that is checked as a whole: all actions, all addresses, all templates."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import linli.web
from linli.web.foundation.actions.action import Action

__all__ = ["action_names", "actions", "modules", "node_exists", "places_that_name"]

TESTS = Path(__file__).resolve().parents[2]


def modules() -> Iterator[str]:
    """Every module of the platform but its settings, its server and migrations."""
    for found in pkgutil.walk_packages(linli.web.__path__, "linli.web."):
        if ".migrations" not in found.name and not found.name.endswith((".wsgi", ".asgi", ".__main__")):
            yield found.name


def actions() -> list[type[Action]]:
    """Every action that can be performed, by name."""
    for name in modules():
        importlib.import_module(name)
    found: set[type[Action]] = set()

    def collect(of: type[Action]) -> None:
        for one in of.__subclasses__():
            if not inspect.isabstract(one) and isinstance(getattr(one, "name", None), str):
                found.add(one)
            collect(one)

    collect(Action)
    return sorted(
        (one for one in found if one.__module__.startswith("linli.web.")),
        key=lambda one: (one.name, one.__name__),
    )


def action_names() -> list[str]:
    """What the audit log calls them."""
    return sorted({one.name for one in actions()})


def node_exists(node: str) -> bool:
    """Whether a test is there, by its file below ``tests`` and its name (``web/x/test_y.py::test_z``)."""
    file, _, name = node.partition("::")
    path = TESTS / file
    return (
        path.is_file()
        and re.search(rf"^ *(async )?def {name}\(", path.read_text(encoding="utf-8"), re.M) is not None
    )


def places_that_name(names: Iterable[str]) -> list[str]:
    """Files of the platform that import one of some names."""
    wanted = "|".join(map(re.escape, names))
    pattern = re.compile(rf"import .*\b({wanted})\b") if wanted else re.compile(r"(?!)")
    root = Path(linli.web.__path__[0])
    found = [path for path in root.rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))]
    return sorted(str(path.relative_to(root)) for path in found)
