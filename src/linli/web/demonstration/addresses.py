"""Made-up standard addresses: some in every place of the county, more where the cast works."""

import random
from collections.abc import Iterator
from typing import Final

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.places.addresses import keep_addresses
from linli.web.foundation.places.models import Address, Deployment, Place

__all__ = ["make_addresses", "post_addresses"]

_STREETS: Final = ("和平路", "团结街", "幸福巷", "学府路", "市场街", "建设路", "文化巷", "东风路")
_KINDS: Final = ("house", "house", "house", "shop", "unit")
_ENDING: Final = {"house": "号", "shop": "号商铺", "unit": "号院"}
_EVERYWHERE: Final = 2
_ON_STAGE: Final = 12
_SPREAD: Final = 0.004
"""Degrees around the place's own position: about 400 m."""


def make_addresses(version: Deployment, stage: Stage, rng: random.Random) -> int:
    """Keep made-up addresses in a deployment's places; how many are new."""
    near = {stage.station.station_code, stage.other_station.station_code}
    places = Place.objects.filter(deployment=version).order_by("code")
    return keep_addresses(
        address
        for place in places
        for address in _of_place(place, _ON_STAGE if place.station_code in near else _EVERYWHERE, rng)
    )


def _of_place(place: Place, count: int, rng: random.Random) -> Iterator[Address]:
    for index in range(count):
        kind = _KINDS[index % len(_KINDS)]
        street = _STREETS[rng.randrange(len(_STREETS))]
        yield Address(
            code=f"demo-{place.code}-{index:02d}",
            text=f"{place.name}{street}{rng.randrange(1, 200)}{_ENDING[kind]}",
            place_code=place.code,
            kind=kind,
            longitude=round(place.longitude + rng.uniform(-_SPREAD, _SPREAD), 6),
            latitude=round(place.latitude + rng.uniform(-_SPREAD, _SPREAD), 6),
            synthetic=True,
        )


def post_addresses(version: Deployment, post: Organisation) -> list[Address]:
    """The made-up addresses in the beats of a post."""
    codes = Place.objects.filter(deployment=version, beat_code__in=post.codes).values("code")
    return list(Address.objects.filter(synthetic=True, place_code__in=codes).order_by("code"))
