"""What all planners share: when to stop, how far they got, and how a result says so.

A planner is ``solve(problem, *, stop, seed, params, start=None) -> Result``. Stopping by count
(``MaxIterations``) keeps runs byte-identical; a deadline is a safety net and the result says when
it struck (``ended == "limit"``).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from linli.kernel.measures import Ratio, Seconds
from linli.kernel.seeds import Seed

__all__ = [
    "AnyOf",
    "Deadline",
    "Ended",
    "MaxIterations",
    "Progress",
    "Requested",
    "Search",
    "Stop",
    "Watched",
    "asked_to_stop",
    "relative_gap",
]

Ended = Literal["optimal", "converged", "limit", "interrupted"]
"""How a search ended: proved optimal, nothing left to try, a limit struck, or the user asked."""


@dataclass(frozen=True)
class Progress:
    """How far a search is: lower objectives are better; the bound is ``None`` where none is known."""

    iteration: int
    objective: float
    bound: float | None = None

    @property
    def gap(self) -> Ratio | None:
        """(objective − bound) ÷ objective, or ``None`` where no bound is known."""
        return relative_gap(self.objective, self.bound)


class Stop(Protocol):
    """Asked once an iteration; true means stop and return the best so far."""

    def __call__(self, progress: Progress, /) -> bool: ...


@dataclass(frozen=True)
class MaxIterations:
    """Stop after a count of iterations: the deterministic limit."""

    iterations: int

    def __call__(self, progress: Progress, /) -> bool:
        return progress.iteration >= self.iterations


@dataclass(frozen=True)
class Deadline:
    """Stop when the given clock reaches a time. Not deterministic: results say so."""

    clock: Callable[[], float]
    at: Seconds

    def __call__(self, progress: Progress, /) -> bool:
        return self.clock() >= self.at


@dataclass(frozen=True)
class Requested:
    """Stop when someone asks, as Ctrl-C does."""

    event: threading.Event

    def __call__(self, progress: Progress, /) -> bool:
        return self.event.is_set()


@dataclass(frozen=True)
class AnyOf:
    """Stop when any of several rules says so."""

    rules: tuple[Stop, ...]

    def __call__(self, progress: Progress, /) -> bool:
        return any(rule(progress) for rule in self.rules)


@dataclass(frozen=True)
class Watched:
    """Show each step to an observer, then ask the inner rule."""

    inner: Stop
    observe: Callable[[Progress], None]

    def __call__(self, progress: Progress, /) -> bool:
        self.observe(progress)
        return self.inner(progress)


def asked_to_stop(stop: Stop) -> bool:
    """Whether a stopping rule struck because someone asked, rather than for a limit."""
    if isinstance(stop, Requested):
        return stop.event.is_set()
    if isinstance(stop, AnyOf):
        return any(asked_to_stop(rule) for rule in stop.rules)
    return isinstance(stop, Watched) and asked_to_stop(stop.inner)


@dataclass(frozen=True)
class Search:
    """How a result came about: part of every planner's result."""

    objective: float
    bound: float | None
    iterations: int
    seed: Seed
    ended: Ended

    @property
    def gap(self) -> Ratio | None:
        """(objective − bound) ÷ objective; 0 when proved optimal; ``None`` where no bound is known."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float, bound: float | None) -> Ratio | None:
    """The relative gap, zero for a zero objective that its bound meets."""
    if bound is None:
        return None
    if objective == bound:
        return Ratio(0.0)
    return Ratio((objective - bound) / abs(objective)) if objective else None
