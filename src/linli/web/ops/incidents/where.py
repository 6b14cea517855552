"""Where a caller says it happened: a standard address (H9), else a village or community, else words alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.web.foundation.places.addresses import best_of, likely_addresses
from linli.web.foundation.places.locating import Located, current_map
from linli.web.foundation.places.models import Address, Place
from linli.web.foundation.places.villages import the_only_one, villages

__all__ = ["FREE_TEXT", "Where", "find_where"]

FREE_TEXT = "none"
"""Chosen where no suggested address is meant: the words are kept as they are."""
MOST = 6


@dataclass(frozen=True, kw_only=True)
class Where:
    """What is known of a place; ``suggested`` are addresses that the words may mean."""

    text: str = ""
    longitude: float | None = None
    latitude: float | None = None
    place: str = ""
    located: Located = field(default_factory=Located)
    suggested: tuple[Address, ...] = ()


def find_where(given: Mapping[str, str]) -> Where:
    """Work out a place from ``address``, ``address_id`` (a chosen one), ``address_choice`` and ``place``.

    Whoever typed an address without choosing one gets it where the words are that of one address alone; where
    they may be several, these are suggested, and nothing is assumed. At most three queries.
    """
    text = given.get("address", "").strip()[:200]
    chosen = given.get("address_choice", "") or given.get("address_id", "")
    place = _place_typed(given.get("place", ""))
    if chosen == FREE_TEXT:
        return _by_place(text, place)
    found = Address.objects.filter(code=chosen).first() if chosen else None
    if found is not None:
        return _at(found)
    if not text:
        return _by_place(text, place)
    likely = likely_addresses(text, most=MOST)
    meant = best_of(likely, text)
    if meant is not None:
        return _at(meant)
    # With the village known, a street without a number is as good as it gets.
    return _by_place(text, place, () if place is not None else tuple(likely))


def _at(address: Address) -> Where:
    places = current_map()
    located = Located() if places is None else places.at(address.longitude, address.latitude)
    return Where(
        text=address.text,
        longitude=address.longitude,
        latitude=address.latitude,
        place=address.place_code,
        located=located,
    )


def _by_place(text: str, place: Place | None, suggested: tuple[Address, ...] = ()) -> Where:
    places = current_map()
    if place is None or places is None:
        return Where(text=text, suggested=suggested)
    return Where(text=text, place=place.code, located=places.of_place(place.code), suggested=suggested)


def _place_typed(typed: str) -> Place | None:
    """The village or community that was typed; ``None`` while it may be several."""
    places, village = current_map(), the_only_one(typed[:80], villages())
    return None if places is None or village is None else places.places[village.code]
