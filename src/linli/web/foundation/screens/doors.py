"""Pages whose code is heavy to load: imported when somebody first asks for one, not when a process starts."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

__all__ = ["doors_to"]

View = Callable[..., HttpResponseBase]


def doors_to(module: str) -> Callable[[str], View]:
    """Gives, by its name, a view that stands for the one in ``module`` and calls it."""

    def door(name: str) -> View:
        def opened(request: HttpRequest, **given: Any) -> HttpResponseBase:
            view: View = getattr(import_module(module), name)
            return view(request, **given)

        opened.__name__ = opened.__qualname__ = name
        return opened

    return door
