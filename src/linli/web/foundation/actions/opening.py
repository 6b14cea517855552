"""A file is opened once, before anything is locked; a refusal is said after permission was asked."""

import contextlib
from collections.abc import Callable
from typing import TypeVar

from linli.kernel.errors import InputRefused

__all__ = ["open_ahead", "opened_once"]

Opened = TypeVar("Opened")


def opened_once(holder: object, open_file: Callable[[], Opened]) -> Opened:
    """What opening gave, or the refusal that it gave, however often it is asked for.

    Raises
    ------
    InputRefused
        The file is refused.
    """
    if "_opened" not in holder.__dict__:
        object.__setattr__(holder, "_opened", _tried(open_file))
    found: tuple[Opened, InputRefused | None] = holder.__dict__["_opened"]
    if found[1] is not None:
        raise found[1]
    return found[0]


def _tried(open_file: Callable[[], object]) -> tuple[object, InputRefused | None]:
    try:
        return open_file(), None
    except InputRefused as refused:
        return None, refused


def open_ahead(*open_files: Callable[[], object]) -> None:
    """Open them now, up to the first that is refused; the refusal waits until the action checks."""
    with contextlib.suppress(InputRefused):
        for open_file in open_files:
            open_file()
