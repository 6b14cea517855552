"""How far what is installed reaches, and how much of it works: shares with their parts.

Pure arithmetic. A village counts as covered by a kind of device where one that is in use stands in it, and as
reached where its centre lies within the radius that some such device's keeper states. A stated radius is a
statement, not a measurement: walls, trees and darkness are not known here (docs/methods/coverage.md).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from linli.kernel.measures import Percent, Ratio, as_percent

__all__ = ["Place", "Reach", "Share", "Spot", "circle", "reach", "share"]

EARTH_M: Final = 6_371_008.8
"""Mean radius of the Earth (IUGG) in metres."""
CHUNK: Final = 512


@dataclass(frozen=True)
class Share:
    """A part of a whole, both as counts."""

    part: int
    whole: int

    @property
    def percent(self) -> Percent | None:
        """Part ÷ whole in percent; ``None`` where the whole is nothing."""
        return None if self.whole == 0 else as_percent(Ratio(self.part / self.whole))


@dataclass(frozen=True)
class Place:
    """A village or community: its centre, and its residents where they are known."""

    code: str
    longitude: float
    latitude: float
    residents: int | None = None


@dataclass(frozen=True)
class Spot:
    """A device in use: the village it stands in, and how far it is said to reach."""

    place: str
    longitude: float | None = None
    latitude: float | None = None
    radius_m: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What one kind of device covers."""

    devices: int
    covered: Share
    """Villages with at least one device ÷ villages."""
    residents: Share
    """Residents of those villages ÷ residents, of the villages whose residents are known."""
    residents_unknown: int
    """Villages left out of ``residents``."""
    reached: Share
    """Villages whose centre lies within a stated radius ÷ villages."""
    without_radius: int
    """Devices that state no radius or no position, and so reach nothing."""


def share(part: Iterable[bool]) -> Share:
    """How many of some are so.

    Examples
    --------
    >>> share([True, False, True])
    Share(part=2, whole=3)
    >>> share([]).percent is None
    True
    """
    given = list(part)
    return Share(sum(given), len(given))


def reach(places: Sequence[Place], spots: Sequence[Spot]) -> Reach:
    """What some devices of one kind cover of some villages.

    Examples
    --------
    >>> villages = [Place("a", 104.0, 24.0, 800), Place("b", 104.5, 24.0, None)]
    >>> found = reach(villages, [Spot("a", 104.0, 24.001, 200)])
    >>> found.covered, found.reached, found.residents_unknown
    (Share(part=1, whole=2), Share(part=1, whole=2), 1)
    >>> reach([], []).covered.percent is None
    True
    """
    with_one = {spot.place for spot in spots}
    known = [place for place in places if place.residents is not None]
    stating = [spot for spot in spots if None not in (spot.radius_m, spot.longitude, spot.latitude)]
    return Reach(
        devices=len(spots),
        covered=share(place.code in with_one for place in places),
        residents=Share(
            sum(place.residents or 0 for place in known if place.code in with_one),
            sum(place.residents or 0 for place in known),
        ),
        residents_unknown=len(places) - len(known),
        reached=share(_within(places, stating)),
        without_radius=len(spots) - len(stating),
    )


def _within(places: Sequence[Place], spots: Sequence[Spot]) -> list[bool]:
    """For each place whether its centre lies within some spot's radius."""
    if not places or not spots:
        return [False] * len(places)
    centres = np.radians([(place.longitude, place.latitude) for place in places])
    found = np.zeros(len(places), dtype=bool)
    for start in range(0, len(spots), CHUNK):
        part = spots[start : start + CHUNK]
        at = np.radians([(spot.longitude or 0.0, spot.latitude or 0.0) for spot in part])
        radius = np.array([spot.radius_m for spot in part], dtype=float)
        found |= (_metres(centres[:, None, :], at[None, :, :]) <= radius[None, :]).any(axis=1)
    return [bool(one) for one in found]


def _metres(a: "np.ndarray", b: "np.ndarray") -> "np.ndarray":
    """Great-circle distances (haversine) between positions in radians."""
    across, up = (a - b)[..., 0], (a - b)[..., 1]
    half = np.sin(up / 2) ** 2 + np.cos(a[..., 1]) * np.cos(b[..., 1]) * np.sin(across / 2) ** 2
    return np.asarray(2 * EARTH_M * np.arcsin(np.sqrt(half)))


def circle(
    longitude: float, latitude: float, radius_m: float, corners: int = 48
) -> list[tuple[float, float]]:
    """A closed ring around a position, for the map."""
    up = math.degrees(radius_m / EARTH_M)
    across = up / max(math.cos(math.radians(latitude)), 1e-6)
    turns = [2 * math.pi * step / corners for step in range(corners)]
    ring = [
        (round(longitude + across * math.cos(turn), 6), round(latitude + up * math.sin(turn), 6))
        for turn in turns
    ]
    return [*ring, ring[0]]
