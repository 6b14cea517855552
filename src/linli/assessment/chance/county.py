"""The county that chance is simulated for: its areas, how many live there, how many events they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from linli.assessment.chance.assumptions import assumed, assumption_text
from linli.assessment.scoring.arrays import FloatArray
from linli.kernel.texts import Text, catalogue

__all__ = ["County", "by_areas", "by_assumption", "by_rate"]

say = catalogue("linli.assessment.chance")

PER = 1000.0


@dataclass(frozen=True, kw_only=True)
class County:
    """Areas with their residents and the events that each is expected to count a month, both (areas,).

    ``source`` says where the rates come from.
    """

    areas: tuple[str, ...]
    residents: FloatArray
    monthly: FloatArray
    source: Text

    def __post_init__(self) -> None:
        """Refuse what nothing can be simulated for."""
        shape = (len(self.areas),)
        if self.residents.shape != shape or self.monthly.shape != shape:
            raise ValueError(f"{len(self.areas)} areas need as many residents and rates")
        if len(self.areas) < 2 or not (self.monthly >= 0).all() or not self.monthly.sum() > 0:
            raise ValueError("two areas at least, with rates of 0 or more that are not all 0")


def by_rate(residents: Mapping[str, float], rate: float) -> County:
    """The same rate everywhere.

    Parameters
    ----------
    residents : mapping
        Area's code to its residents, ≥ 0.
    rate : float
        Events per 1,000 residents a month, > 0.
    """
    people = _people(residents)
    source = say("county.rate", rate=f"{rate:g}")
    return County(areas=tuple(residents), residents=people, monthly=people * rate / PER, source=source)


def by_areas(residents: Mapping[str, float], events: Mapping[str, float], *, source: Text) -> County:
    """Each area's own mean number of events a month; ``events`` has every area."""
    monthly = np.array([events[area] for area in residents], dtype=np.float64)
    return County(areas=tuple(residents), residents=_people(residents), monthly=monthly, source=source)


def by_assumption(residents: Mapping[str, float]) -> County:
    """A mean of ``assumptions.toml`` events an area, spread by residents; evenly where nobody is counted."""
    people = _people(residents)
    total = people.sum()
    weights = people / total if total > 0 else np.full(people.shape, 1.0 / max(1, people.size))
    monthly = weights * assumed("events") * people.size
    return County(areas=tuple(residents), residents=people, monthly=monthly, source=assumption_text("events"))


def _people(residents: Mapping[str, float] | Sequence[float]) -> FloatArray:
    values = residents.values() if isinstance(residents, Mapping) else residents
    return np.array(list(values), dtype=np.float64)
