"""The units of planning as columns: what every part of the composition works on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from linli.kernel.identifiers import BeatId, PlaceCode, StationId
from linli.territory.model import Area, Level

__all__ = ["Floats", "Integers", "UnitTable"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitTable:
    """One row a unit. Counts that the territory does not give are NaN, never zero."""

    codes: tuple[PlaceCode, ...]
    names: tuple[str, ...]
    stations: tuple[StationId, ...]
    areas: tuple[Area, ...]
    """Where the territory gives none, the area whose rule was applied; an assumption says so."""
    levels: tuple[Level, ...]
    beats: tuple[BeatId | None, ...]
    """The beat that stands today, where the territory says."""
    residents: Floats
    households: Floats
    incidents: Floats
    premises: Floats
    land: Floats
    """Square kilometres."""
    longitude: Floats
    latitude: Floats
    workload: Floats
    edges: NDArray[np.int32]
    """Pairs of units that a beat may join, the lower number first, sorted."""
    touching: NDArray[np.int32]
    """Those of ``edges`` that touch; the others lie across a town from each other."""

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def weights(self) -> Floats:
        """What a unit counts for in means: its residents; one each where any are unknown or all are zero."""
        if np.isnan(self.residents).any() or self.residents.sum() <= 0:
            return np.ones(len(self))
        return self.residents

    @cached_property
    def loads(self) -> Floats:
        """What the planner balances: workload; one a unit where there is none anywhere."""
        return self.workload if self.workload.sum() > 0 else np.ones(len(self))
