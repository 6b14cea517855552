"""Minutes between units: by great circle × detour ÷ speed, or over roads, group by group."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from linli.kernel.measures import KilometresPerHour, Ratio
from linli.kernel.texts import Text, catalogue
from linli.planning import beats as planner
from linli.planning.composition.table import Floats, Integers
from linli.territory.model import Territory
from linli.territory.units import Units

__all__ = ["EARTH_RADIUS_KM", "GreatCircle", "Journeys", "great_circle", "great_circle_kilometres"]

say = catalogue("linli.planning.composition")

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


class Journeys(Protocol):
    """Travel between units of one group, however it is reckoned."""

    @property
    def method(self) -> Literal["roads", "great_circle"]:
        """How travel is reckoned."""
        ...

    @property
    def note(self) -> Text:
        """The same for a reader, with its figures."""
        ...

    @property
    def detour(self) -> Ratio | None:
        """The detour factor, where there is one."""
        ...

    @property
    def speed(self) -> KilometresPerHour | None:
        """The speed, where one speed is used for all."""
        ...

    def minutes(self, start: Integers, end: Integers) -> Floats:
        """Travel time from each unit of ``start`` to that of ``end`` in the same row; both in one group."""
        ...

    def for_beats(self) -> planner.Travel:
        """The same as the beat planner takes it."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class GreatCircle:
    """Great-circle distance × detour ÷ speed; the beat planner gets the same on the territory's plane."""

    longitude: Floats
    latitude: Floats
    x: Floats
    y: Floats
    detour: Ratio
    speed: KilometresPerHour

    method: Literal["great_circle"] = "great_circle"

    @property
    def note(self) -> Text:
        """How travel is reckoned, with its figures."""
        return say("travel.great_circle", detour=f"{self.detour:g}", speed=f"{self.speed:g}")

    def minutes(self, start: Integers, end: Integers) -> Floats:
        """Travel time from each unit of ``start`` to the unit of ``end`` in the same row."""
        kilometres = great_circle_kilometres(self.longitude, self.latitude, start, end)
        return kilometres * (self.detour / self.speed * 60.0)

    def for_beats(self) -> planner.Travel:
        """Straight lines on the plane, in minutes."""
        return planner.StraightLine(x=self.x, y=self.y, factor=self.detour / self.speed * 60.0 / 1000.0)


def great_circle(territory: Territory, units: Units) -> GreatCircle:
    """Travel by the territory's detour and speed."""
    return GreatCircle(
        longitude=units.longitude,
        latitude=units.latitude,
        x=units.x,
        y=units.y,
        detour=territory.travel.detour,
        speed=territory.travel.speed,
    )


def great_circle_kilometres(longitude: Floats, latitude: Floats, start: Integers, end: Integers) -> Floats:
    """Great-circle distance between positions in degrees, row by row (haversine formula)."""
    east = np.radians(longitude[end] - longitude[start])
    north = np.radians(latitude[end] - latitude[start])
    across = np.cos(np.radians(latitude[start])) * np.cos(np.radians(latitude[end]))
    half = np.sin(north / 2) ** 2 + across * np.sin(east / 2) ** 2
    length: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return length
