"""Existing posts and forbidden sites, brought to the units that they stand in."""

from dataclasses import replace

from linli.kernel.identifiers import PlaceCode
from linli.kernel.texts import catalogue
from linli.planning.composition.table import UnitTable
from linli.planning.deployment import Assumption
from linli.territory.model import ExistingPost, Territory

__all__ = ["unit_sites"]

say = catalogue("linli.planning.composition")


def unit_sites(
    territory: Territory, units: UnitTable
) -> tuple[tuple[ExistingPost, ...], tuple[Assumption, ...]]:
    """Posts at units; a post in a natural village stands in its village.

    A post at a place above the units (a township) cannot be given to one of them: it is left out and
    named.
    """
    parents = {place.code: place.parent for place in territory.places}
    known = set(units.codes)
    placed: list[ExistingPost] = []
    left: list[str] = []
    for post in territory.posts:
        home: PlaceCode | None = post.place
        while home is not None and home not in known:
            home = parents.get(home)
        if home is None:
            left.append(post.name or post.id)
        else:
            placed.append(replace(post, place=home))
    if not left:
        return tuple(placed), ()
    names = ", ".join(left[:6]) + (" …" if len(left) > 6 else "")
    text = say("assume.posts_unplaced", count=len(left), names=names)
    return tuple(placed), (Assumption(topic="posts", text=text),)
