"""How long the files of one request may take to open, all together: whoever sends a dozen waits no longer.

By the clock, waiting for a place included. The first file has its own limits; those after it have what is
left. Outside a request (a job, a command) there is no such limit.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

__all__ = ["SECONDS", "Allowance", "allowance", "is_spent", "opening", "spending"]

SECONDS: Final = 5.0
"""Of one request. A dozen of a telephone's photographs take as long."""


@dataclass
class Allowance:
    """What there is, and what was used of it."""

    seconds: float
    spent: float = 0.0
    opened: float = 0.0
    """Seconds in which a file was open, without those in which it waited for its place."""
    begun: bool = False


_ALLOWED: Final[ContextVar[Allowance | None]] = ContextVar("allowed", default=None)


@contextmanager
def allowance(seconds: float = SECONDS) -> Iterator[Allowance]:
    """Let the files that are opened until the end of the block take so many seconds."""
    allowed = Allowance(seconds)
    token = _ALLOWED.set(allowed)
    try:
        yield allowed
    finally:
        _ALLOWED.reset(token)


def is_spent() -> bool:
    """Whether nothing is left; another file would not be opened."""
    allowed = _ALLOWED.get()
    return allowed is not None and allowed.spent >= allowed.seconds


@contextmanager
def spending() -> Iterator[float | None]:
    """Seconds that the next file may take, ``None`` for as many as it likes; the block is counted."""
    allowed = _ALLOWED.get()
    if allowed is None:
        yield None
        return
    left, allowed.begun = (allowed.seconds - allowed.spent if allowed.begun else None), True
    start = time.monotonic()
    try:
        yield left
    finally:
        allowed.spent += time.monotonic() - start


@contextmanager
def opening() -> Iterator[None]:
    """Count what the block takes as time in which a file was open."""
    allowed, start = _ALLOWED.get(), time.monotonic()
    try:
        yield
    finally:
        if allowed is not None:
            allowed.opened += time.monotonic() - start
