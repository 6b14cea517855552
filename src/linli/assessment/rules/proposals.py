"""What a rule proposes, with everything it rests on. There is no state beyond *proposed*: a person decides.

A proposal names its clause, the rule as it was read, why, the figures used and the ids of the records behind
them. It holds no field that says it was carried out; deciding is another room's record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from linli.assessment.rules.model import Consequence
from linli.assessment.scoring.arrays import FloatArray
from linli.kernel.identifiers import ClauseId
from linli.kernel.measures import Yuan
from linli.kernel.texts import Text

__all__ = ["Cell", "Proposal", "Series", "Used", "aligned", "used"]

Cell = tuple[str, str]
"""An area's code and a period, such as ``("B00001", "2026-03")``."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One indicator's figures by area and period, and the ids of the records counted in each.

    ``values`` is (areas, periods), ``nan`` where not known.
    """

    indicator: str
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    values: FloatArray
    records: Mapping[Cell, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse values of another shape than areas × periods."""
        shape = (len(self.areas), len(self.periods))
        if np.shape(self.values) != shape:
            raise ValueError(f"{self.indicator}: values are {np.shape(self.values)}, expected {shape}")


@dataclass(frozen=True, kw_only=True)
class Used:
    """One figure that a proposal rests on; ``value`` is ``None`` where it is not known."""

    indicator: str
    area: str
    period: str
    value: float | None
    records: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One consequence that a rule proposes for an area and a period."""

    rule: str
    clause: ClauseId
    consequence: Consequence
    area: str
    period: str
    as_read: Text
    reason: Text
    inputs: tuple[Used, ...]
    met_by_not_recording: bool
    assesses: str | None = None
    yuan: Yuan | None = None

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators used, each once."""
        return tuple(dict.fromkeys(each.indicator for each in self.inputs))

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of all records counted, each once."""
        return tuple(dict.fromkeys(record for each in self.inputs for record in each.records))


def used(series: Series, area: int, periods: Iterable[int]) -> tuple[Used, ...]:
    """The figures of one area in some periods, by position, in the order of time."""
    code = series.areas[area]
    found = []
    for position in sorted(set(periods)):
        period, value = series.periods[position], float(series.values[area, position])
        records = series.records.get((code, period), ())
        shown = None if np.isnan(value) else value
        found.append(Used(indicator=series.indicator, area=code, period=period, value=shown, records=records))
    return tuple(found)


def aligned(series: Sequence[Series]) -> FloatArray:
    """The figures of several indicators, (indicators, areas, periods).

    Raises
    ------
    ValueError
        They are not of the same areas and periods, in the same order.
    """
    first = series[0]
    for other in series[1:]:
        if (other.areas, other.periods) != (first.areas, first.periods):
            raise ValueError(f"{other.indicator} and {first.indicator} are of other areas or periods")
    return np.stack([each.values for each in series])
