"""Minutes between units as the parts of the composition need them, from the territory's travel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from linli.kernel.measures import KilometresPerHour, Ratio
from linli.kernel.texts import Text
from linli.planning import beats as planner
from linli.planning.composition.table import Floats, Integers
from linli.territory.model import Territory, TravelAssumptions
from linli.territory.travel import GreatCircleTravel, Travel, travel_between
from linli.territory.units import Units

__all__ = ["Journeys", "journeys_of"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Journeys:
    """Travel between units of one station's area, over roads where there are any."""

    travel: Travel
    x: Floats
    y: Floats
    assumptions: TravelAssumptions

    @property
    def method(self) -> Literal["roads", "great_circle"]:
        """How travel is reckoned."""
        return self.travel.method

    @property
    def note(self) -> Text:
        """The same for a reader, with its figures."""
        return self.travel.note

    @property
    def detour(self) -> Ratio | None:
        """The detour factor; ``None`` over roads."""
        return self.assumptions.detour if isinstance(self.travel, GreatCircleTravel) else None

    @property
    def speed(self) -> KilometresPerHour | None:
        """The speed; ``None`` over roads."""
        return self.assumptions.speed if isinstance(self.travel, GreatCircleTravel) else None

    def minutes(self, start: Integers, end: Integers) -> Floats:
        """Travel time from each unit of ``start`` to that of ``end`` in the same row; both of one station."""
        return self.travel.minutes(start, end)

    def for_beats(self, groups: Sequence[Integers]) -> planner.Travel:
        """As the beat planner takes it: straight lines on the territory's plane, or a table a group."""
        if isinstance(self.travel, GreatCircleTravel):
            factor = self.assumptions.detour / self.assumptions.speed * 60.0 / 1000.0
            return planner.StraightLine(x=self.x, y=self.y, factor=factor)
        return planner.GroupMatrices(matrices=tuple(self.travel.among(members) for members in groups))


def journeys_of(territory: Territory, units: Units) -> Journeys:
    """Travel by the best that the territory gives.

    Raises
    ------
    LinliError
        The territory names a file of roads that cannot be used.
    """
    return Journeys(
        travel=travel_between(territory, units), x=units.x, y=units.y, assumptions=territory.travel
    )
