"""What a beat planner answers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.planning.beats.exceptions import PlanException
from linli.planning.search import Search

__all__ = ["BeatResult"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, eq=False)
class BeatResult:
    """A plan: whole units in contiguous beats, numbered by group and then by their lowest unit."""

    assignment: Integers
    """The beat of each unit."""
    centres: Integers
    """Each beat's centre: its resident-weighted 1-median unit, the lowest of equals."""
    group: Integers
    """Each beat's group."""
    load: Floats
    """Each beat's load, in the measure of its group's rule."""
    target: Floats
    """The load each beat should have; under a rule about units, the mean of its connected part."""
    travel: Floats
    """Each beat's resident-weighted travel to its centre (Σ residents × travel)."""
    kept: Integers
    """Each beat's number in ``start``, -1 for a new beat."""
    moved: int
    """Units that left the beat they have in ``start``."""
    heavier: Integers
    """Units whose load alone exceeds the target of their beat."""
    exceptions: tuple[PlanException, ...]
    mean_travel: float
    """Resident-weighted mean travel to the beat's centre; 0 where there are no residents."""
    search: Search

    @property
    def beats(self) -> int:
        """How many beats there are."""
        return len(self.centres)
