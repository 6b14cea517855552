"""Everything that is checked as a whole: all actions, all addresses, all templates."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import linli.web
from linli.web.foundation.actions.action import Action

__all__ = ["action_names", "actions", "modules"]


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
