"""A deployment's records by id, for the checks: dictionaries and groups, nothing worked out."""

from collections import defaultdict
from dataclasses import dataclass

from linli.kernel.identifiers import BeatId, PlaceCode, PostId, StationId
from linli.planning.deployment import Beat, Deployment, PlaceSummary, Post, StationSummary

__all__ = ["Register", "register"]


@dataclass(frozen=True)
class Register:
    """A deployment with its records findable by id."""

    deployment: Deployment
    places: dict[PlaceCode, PlaceSummary]
    beats: dict[BeatId, Beat]
    posts: dict[PostId, Post]
    stations: dict[StationId, StationSummary]
    beats_of: dict[PlaceCode, list[BeatId]]
    """All beats that name a place; exactly one in a sound deployment."""
    at_station: dict[StationId, list[PlaceSummary]]
    """The places of each station's area."""


def register(deployment: Deployment) -> Register:
    """The register of a deployment; of records with the same id the last one stands."""
    beats_of: dict[PlaceCode, list[BeatId]] = defaultdict(list)
    for beat in deployment.beats:
        for code in beat.places:
            beats_of[code].append(beat.id)
    at_station: dict[StationId, list[PlaceSummary]] = defaultdict(list)
    for place in deployment.places:
        at_station[place.station].append(place)
    return Register(
        deployment,
        {place.code: place for place in deployment.places},
        {beat.id: beat for beat in deployment.beats},
        {post.id: post for post in deployment.posts},
        {station.id: station for station in deployment.stations},
        dict(beats_of),
        dict(at_station),
    )
