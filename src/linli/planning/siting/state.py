"""A search under way: the best answer so far, the bound so far, and whether to go on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.kernel.seeds import Seed
from linli.planning.search import Ended, Progress, Search, Stop, asked_to_stop

__all__ = ["SearchState", "Stopped"]


class Stopped(Exception):
    """Raised inside a search when the stopping rule strikes; never leaves the package."""


@dataclass(eq=False)
class SearchState:
    """Collects answers and bounds while a search runs; asked for its result at any moment."""

    stop: Stop
    seed: Seed
    tolerance: float
    """The share of the objective below which an improvement does not count."""
    whole: bool
    """Objectives are whole numbers."""
    objective: float = np.inf
    bound: float = -np.inf
    open_sites: tuple[int, ...] = ()
    assignment: NDArray[np.int64] | None = None
    """Kept where it is not simply the nearest open site (capacities)."""
    iterations: int = 0
    struck: Ended | None = None
    proved: bool = False
    """Nothing better than the best answer exists, but for ``tolerance``."""

    def offer(
        self, objective: float, open_sites: tuple[int, ...], assignment: NDArray[np.int64] | None = None
    ) -> bool:
        """Keep an answer if it is better; says whether it was."""
        if objective >= self.objective:
            return False
        self.objective, self.open_sites, self.assignment = objective, open_sites, assignment
        return True

    def prove(self, bound: float) -> None:
        """Take note that no answer lies below ``bound``."""
        self.bound = max(self.bound, bound)

    @property
    def target(self) -> float:
        """A bound above this proves the best answer optimal; infinite while there is none."""
        if not np.isfinite(self.objective):
            return np.inf
        slack = 1e-6 + 1e-9 * abs(self.objective)
        if self.whole and slack < 0.5:
            return self.objective - 1.0 + slack
        return self.objective - self.tolerance * abs(self.objective)

    def settle(self) -> None:
        """Take note that every answer below ``target`` has been ruled out."""
        self.prove(self.objective if self.whole else self.target)
        self.proved = True

    def step(self) -> None:
        """Count one step and raise ``Stopped`` if the stopping rule says so."""
        self.iterations += 1
        if self.asks_to_stop():
            raise Stopped

    def asks_to_stop(self, further: int = 0) -> bool:
        """Ask the stopping rule, ``further`` steps on; a strike is noted."""
        progress = Progress(self.iterations + further, self.objective, self.reported_bound)
        if self.struck is None and self.stop(progress):
            self.struck = "interrupted" if asked_to_stop(self.stop) else "limit"
        return self.struck is not None

    @property
    def reported_bound(self) -> float | None:
        """The bound, rounded up where objectives are whole; never above the objective."""
        if not np.isfinite(self.bound):
            return None
        slack = 1e-6 + 1e-9 * abs(self.bound)
        bound = float(np.ceil(self.bound - slack)) if self.whole and slack < 0.5 else self.bound
        return min(bound, self.objective)

    def search(self) -> Search:
        """How the answer came about."""
        ended: Ended = "optimal" if self.proved else self.struck or "converged"
        return Search(self.objective, self.reported_bound, self.iterations, self.seed, ended)
