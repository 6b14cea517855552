"""A plane in metres for one territory, so that distances and areas can be computed.

Lambert azimuthal equal-area about the territory's middle: areas are exact, and within 500 km of the
middle distances are off by under 0.1 % (Snyder 1987, "Map projections: a working manual", ch. 24).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

__all__ = ["LocalPlane", "plane_about"]

Axes = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class LocalPlane:
    """Turns WGS 84 degrees into metres east and north of a middle, and back."""

    longitude: float
    latitude: float

    def to_metres(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> Axes:
        """Metres east and north of the middle."""
        x, y = self._transformer("FORWARD")(longitude, latitude)
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def to_degrees(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Axes:
        """Degrees from metres."""
        lon, lat = self._transformer("INVERSE")(x, y)
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)

    def geometries_to_metres(self, geometries: NDArray[Any] | BaseGeometry) -> Any:
        """Geometries in metres; one in, one out, or an array."""
        return _transformed(geometries, self.to_metres)

    def geometries_to_degrees(self, geometries: NDArray[Any] | BaseGeometry) -> Any:
        """Geometries in degrees; one in, one out, or an array."""
        return _transformed(geometries, self.to_degrees)

    def _transformer(self, direction: str) -> Callable[[Any, Any], tuple[Any, Any]]:
        projection = pyproj.Proj(
            proj="laea", lon_0=self.longitude, lat_0=self.latitude, datum="WGS84", units="m"
        )
        return lambda a, b: projection(a, b, inverse=direction == "INVERSE")


def plane_about(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> LocalPlane:
    """The plane about the middle of some positions; also where they straddle the date line.

    The middle is rounded to 0.01°, so that a small change of the data does not move the plane.
    """
    if len(longitude) == 0:
        return LocalPlane(0.0, 0.0)
    radians = np.radians(longitude)
    lon = np.degrees(np.arctan2(np.mean(np.sin(radians)), np.mean(np.cos(radians))))
    return LocalPlane(round(float(lon), 2), round(float(np.mean(latitude)), 2))


def _transformed(geometries: Any, convert: Callable[..., Axes]) -> Any:
    transform: Callable[..., Any] = shapely.transform
    return transform(geometries, lambda points: np.column_stack(convert(points[:, 0], points[:, 1])))
