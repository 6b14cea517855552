"""What checks are drawn from: posts, villages, addresses of the register, or streets that are typed in."""

from collections.abc import Mapping
from typing import Final

from linli.web.foundation.places.locating import Map
from linli.web.foundation.places.models import Address, Post
from linli.web.foundation.screens.wording import language
from linli.web.ops.supervision.drawing import Target
from linli.web.ops.supervision.models import Round

__all__ = ["ADDRESS_KINDS", "frame_of", "streets"]

ADDRESS_KINDS: Final[Mapping[str, str]] = {
    Round.Source.COURTYARD: "house",
    Round.Source.PREMISES: "shop",
    Round.Source.UNIT: "unit",
}
"""Kinds of standard address (H9) that a source stands for."""


def frame_of(source: str, current: Map, *, station: str = "", typed: str = "") -> tuple[Target, ...]:
    """Everything that may be drawn, by code; of one station where it is named.

    Parameters
    ----------
    typed : str
        Streets, one a line, each of ``station``; used where the source is streets alone.
    """
    if source == Round.Source.STREET:
        found = streets(typed, station)
    elif source == Round.Source.POST:
        found = _posts(current)
    elif source == Round.Source.VILLAGE:
        found = [Target(p.code, p.name, p.station_code, p.beat_code, p.code) for p in current.places.values()]
    else:
        found = _addresses(ADDRESS_KINDS.get(source, ""), current)
    return tuple(sorted(one for one in found if not station or one.station == station))


def streets(typed: str, station: str) -> list[Target]:
    """Streets as they were typed in, each once."""
    names = dict.fromkeys(" ".join(line.split())[:200] for line in typed.splitlines())
    return [Target(f"street:{name}"[:64], name, station) for name in names if name]


def _posts(current: Map) -> list[Target]:
    english = language() == "en"
    found = []
    for post in Post.objects.filter(deployment_id=current.version):
        place = current.places.get(post.place_code)
        if place is not None:
            name = post.name_en if english and post.name_en else post.name
            found.append(Target(post.code, name, place.station_code, place.beat_code, place.code))
    return found


def _addresses(kind: str, current: Map) -> list[Target]:
    rows = Address.objects.filter(kind=kind).values_list("code", "text", "place_code")
    found = []
    for code, text, place_code in rows.iterator(chunk_size=2000):
        place = current.places.get(place_code)
        if place is not None:
            found.append(Target(code, text, place.station_code, place.beat_code, place.code))
    return found
