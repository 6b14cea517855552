"""China's Gauss–Krüger plane on CGCS2000 (EPSG:4491 to 4554): zones, and their number before the easting.

Surveys write a position in zone 34 as 677 502 m or as 34 677 502 m east, and keep both under either code.
"""

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyproj
from numpy.typing import NDArray

__all__ = ["Zone", "epsg_of", "is_exchanged", "other_zone", "zone_of", "zoned"]

MILLION: Final = 1_000_000.0
WIDTHS: Final = {
    # First code, with the number before the easting and without, by the zones' width; first zone, last zone.
    6: (4491, 4502, 13, 23),
    3: (4513, 4534, 25, 45),
}
EASTINGS: Final = (100_000.0, 900_000.0)
"""Metres east within a zone, without its number; a zone is at most 670 km wide."""
NORTHINGS: Final = (1_500_000.0, 6_200_000.0)
"""Metres north of the equator in China."""


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A zone of 3° or 6°; ``numbered`` says whether the system's own eastings begin with the number."""

    width: int
    number: int
    numbered: bool

    def beside(self, number: int) -> int | None:
        """EPSG code of another zone of the same kind; ``None`` if China has no such."""
        for width, (with_number, without, first, last) in WIDTHS.items():
            if first <= number <= last:
                start = with_number if self.numbered else without
                return start + number - first if width == self.width else with_number + number - first
        return None


@functools.cache
def zone_of(epsg: int | None) -> Zone | None:
    """The zone that an EPSG code stands for; ``None`` if it is none of CGCS2000's."""
    if epsg is None:
        return None
    for width, (with_number, without, first, last) in WIDTHS.items():
        for start, numbered in ((with_number, True), (without, False)):
            if start <= epsg <= start + last - first:
                return Zone(width=width, number=first + epsg - start, numbered=numbered)
    return None


def zoned(zone: Zone, easting: NDArray[np.float64]) -> NDArray[np.float64]:
    """Eastings as the zone's system has them, whether or not they came with the zone's own number."""
    leading = np.floor(easting / MILLION)
    if zone.numbered:
        return np.where(leading == 0, easting + zone.number * MILLION, easting)
    return np.where(leading == zone.number, easting - zone.number * MILLION, easting)


def other_zone(zone: Zone, easting: float) -> int | None:
    """The number before an easting if it is another zone's than this, else ``None``."""
    number = int(easting // MILLION) if np.isfinite(easting) else 0
    known = any(first <= number <= last for _, _, first, last in WIDTHS.values())
    return number if known and number != zone.number and _is_easting(easting) else None


def is_exchanged(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where the first is a northing and the second an easting, which cannot be taken for each other."""
    northing = (x >= NORTHINGS[0]) & (x <= NORTHINGS[1])
    return np.asarray(northing & _easting(y), dtype=np.bool_)


def _is_easting(value: float) -> bool:
    return bool(_easting(np.array([value]))[0])


def _easting(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    within = np.mod(values, MILLION)
    numbered = (values < MILLION) | ((values >= 13 * MILLION) & (values < 46 * MILLION))
    return np.asarray(numbered & (within >= EASTINGS[0]) & (within <= EASTINGS[1]), dtype=np.bool_)


def epsg_of(crs: pyproj.CRS) -> int | None:
    """The EPSG code of a file's own system if it is one of CGCS2000's planes, else ``None``."""
    code = crs.to_epsg(min_confidence=25) if crs.is_projected else None
    return code if zone_of(code) is not None else None
