"""Which place, beat and station a position lies in, under the deployment in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from shapely import STRtree, points
from shapely.geometry import shape

from linli.web.foundation.once import once
from linli.web.foundation.places.models import Beat, Deployment, Place, Station

__all__ = ["Located", "Map", "current_map", "map_of"]


@dataclass(frozen=True)
class Located:
    """Where something is: codes of the deployment of ``version``; empty where there is none."""

    version: int | None = None
    station: str = ""
    beat: str = ""
    place: str = ""


class Map:
    """The places of one deployment, for looking up; made once a process and version.

    A position belongs to the beat whose outline holds it; outside all outlines, or where the plan gave
    none, to the nearest place. On a border the beat with the smaller code has it.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.version: int = deployment.pk
        self.synthetic: tuple[str, ...] = tuple(deployment.synthetic)
        self._names = (deployment.name, deployment.name_en)
        rows = list(Place.objects.filter(deployment=deployment).order_by("code"))
        self.places: Mapping[str, Place] = {row.code: row for row in rows}
        self.beats: Mapping[str, Beat] = {row.code: row for row in Beat.objects.filter(deployment=deployment)}
        self.stations: Mapping[str, Station] = {
            row.code: row for row in Station.objects.filter(deployment=deployment)
        }
        self._codes = [row.code for row in rows]
        self._narrowing = float(np.cos(np.radians(np.mean([row.latitude for row in rows] or [0.0]))))
        self._tree = STRtree(points([(row.longitude * self._narrowing, row.latitude) for row in rows]))
        outlines = sorted(
            (str(f["properties"]["id"]), shape(f["geometry"]))
            for f in deployment.outlines.get("features", [])
            if f.get("geometry")
        )
        self._outline_codes = [code for code, _ in outlines]
        self._outlines = STRtree([outline for _, outline in outlines])
        self._of_beat: dict[str, list[Place]] = {}
        for row in rows:
            self._of_beat.setdefault(row.beat_code, []).append(row)

    def named(self, language: str) -> str:
        """The territory's name; Chinese where it has no other."""
        chinese, english = self._names
        return english if language == "en" and english else chinese

    def at(self, longitude: float, latitude: float) -> Located:
        """The place, beat and station of a position."""
        inside = self._outlines.query(points(longitude, latitude), predicate="intersects")
        if len(inside):
            beat = min(self._outline_codes[i] for i in inside)
            if self._of_beat.get(beat):
                return self._of_place(
                    min(self._of_beat[beat], key=lambda p: self._far(p, longitude, latitude))
                )
        if not self._codes:
            return Located(self.version)
        nearest = int(self._tree.nearest(points(longitude * self._narrowing, latitude)))
        return self._of_place(self.places[self._codes[nearest]])

    def of_place(self, code: str) -> Located:
        """A place's beat and station; nothing for an unknown code."""
        place = self.places.get(code)
        return Located(self.version) if place is None else self._of_place(place)

    def _far(self, place: Place, longitude: float, latitude: float) -> tuple[float, str]:
        across = (place.longitude - longitude) * self._narrowing
        return (across**2 + (place.latitude - latitude) ** 2, place.code)

    def _of_place(self, place: Place) -> Located:
        return Located(self.version, place.station_code, place.beat_code, place.code)


@lru_cache(maxsize=4)
def map_of(version: int) -> Map:
    """The map of one version; its rows never change, so it is kept."""
    return Map(Deployment.objects.get(pk=version))


def current_map() -> Map | None:
    """The map of the deployment in force, or ``None`` before there is one."""
    version = once("version in force", _version_in_force)
    return None if version is None else map_of(version)


def _version_in_force() -> int | None:
    return Deployment.objects.filter(status=Deployment.Status.IN_FORCE).values_list("pk", flat=True).first()
