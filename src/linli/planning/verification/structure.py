"""Whether the parts of a deployment fit together: ids, places in beats, stations, contiguity.

Pieces are counted here by a walk over the neighbours that the deployment itself lists.
"""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from linli.kernel.identifiers import PlaceCode
from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import Beat
from linli.planning.verification.register import Register

__all__ = [
    "contiguity",
    "each_place_in_one_beat",
    "identifiers",
    "in_pieces_as_declared",
    "neighbours",
    "references",
    "stations",
    "walk_parts",
]

say = catalogue("linli.planning.verification")


def identifiers(known: Register) -> Iterator[Text]:
    """No two places, beats, posts or stations share an id."""
    deployment = known.deployment
    kinds: Mapping[str, list[str]] = {
        "place": [place.code for place in deployment.places],
        "beat": [beat.id for beat in deployment.beats],
        "post": [post.id for post in deployment.posts],
        "station": [station.id for station in deployment.stations],
    }
    for kind, ids in kinds.items():
        for id_, count in Counter(ids).items():
            if count > 1:
                yield say("identifiers.twice", kind=say(f"kind.{kind}"), id=id_, count=count)


def references(known: Register) -> Iterator[Text]:
    """Every id that a record names belongs to a record."""
    for beat in known.deployment.beats:
        yield from _unknown(beat.id, (*beat.places, beat.centre), known.places, "place")
        yield from _unknown(beat.id, (beat.station,), known.stations, "station")
        yield from _unknown(beat.id, beat.posts, known.posts, "post")
    for post in known.deployment.posts:
        yield from _unknown(post.id, (post.place, *post.serves), known.places, "place")
        yield from _unknown(post.id, post.beats, known.beats, "beat")
    for place in known.deployment.places:
        yield from _unknown(place.code, (place.station,), known.stations, "station")
        yield from _unknown(place.code, (*place.neighbours, *place.across), known.places, "place")


def _unknown(owner: str, ids: Iterable[str], there: Container[object], kind: str) -> Iterator[Text]:
    for id_ in sorted({id_ for id_ in ids if id_ not in there}):
        yield say("references.unknown", owner=owner, kind=say(f"kind.{kind}"), id=id_)


def each_place_in_one_beat(known: Register) -> Iterator[Text]:
    """Each place is in exactly one beat, and each beat has places, its centre among them."""
    for code in known.places:
        beats = known.beats_of.get(code, [])
        if not beats:
            yield say("places.none", place=code)
        elif len(beats) > 1:
            yield say("places.several", place=code, beats=", ".join(beats))
    for beat in known.deployment.beats:
        if beat.centre not in beat.places:
            yield say("places.centre", beat=beat.id, place=beat.centre)


def stations(known: Register) -> Iterator[Text]:
    """No beat crosses the border of a station's area, or mixes the areas it is for."""
    for beat in known.deployment.beats:
        for code in beat.places:
            place = known.places[code]
            if place.station != beat.station:
                yield say(
                    "stations.crossed", beat=beat.id, station=beat.station, place=code, other=place.station
                )
            if beat.area is not None and place.area != beat.area:
                yield say("stations.area", beat=beat.id, place=code)


def neighbours(known: Register) -> Iterator[Text]:
    """Being neighbours is mutual, and no place is its own neighbour."""
    for field in ("neighbours", "across"):
        yield from _mutual({code: set(getattr(place, field)) for code, place in known.places.items()})


def _mutual(listed: Mapping[PlaceCode, set[PlaceCode]]) -> Iterator[Text]:
    for code, others in listed.items():
        if code in others:
            yield say("neighbours.itself", place=code)
        for other in others:
            if code not in listed[other]:
                yield say("neighbours.one_sided", place=code, other=other)


def contiguity(known: Register) -> Iterator[Text]:
    """Each beat lies in as many pieces as it says, and hangs together wherever its station's places do."""
    for beat in known.deployment.beats:
        pieces = walk_parts(beat.places, known)
        if len(pieces) != beat.parts:
            yield say("contiguity.parts", beat=beat.id, given=beat.parts, found=len(pieces))
        joined = walk_parts(beat.places, known, across=True)
        if len(joined) > 1 and not _apart_anyway(beat, joined, known):
            yield say("contiguity.avoidable", beat=beat.id, found=len(joined))


def in_pieces_as_declared(known: Register) -> Iterator[Text]:
    """Beats that lie in several pieces and say so, because they join places across others, or islands."""
    for beat in known.deployment.beats:
        if beat.parts > 1:
            yield say("contiguity.declared", beat=beat.id, name=beat.name, found=beat.parts)


def walk_parts(
    codes: Collection[PlaceCode], known: Register, *, across: bool = False
) -> list[set[PlaceCode]]:
    """The pieces of a set of places, by walking from neighbour to neighbour inside it.

    With ``across`` places that a beat may join over others count as neighbours too.
    """
    left, parts = set(codes), []
    while left:
        edge = [min(left)]
        left.remove(edge[0])
        part = set(edge)
        while edge:
            place = known.places[edge.pop()]
            for other in (*place.neighbours, *(place.across if across else ())):
                if other in left:
                    left.remove(other)
                    part.add(other)
                    edge.append(other)
        parts.append(part)
    return parts


def _apart_anyway(beat: Beat, parts: list[set[PlaceCode]], known: Register) -> bool:
    """Whether no two parts of a beat could be joined through other places open to the same beat."""
    open_places = [
        place.code
        for place in known.at_station.get(beat.station, [])
        if beat.area is None or place.area == beat.area
    ]
    pieces = walk_parts(open_places, known, across=True)
    return all(sum(not part.isdisjoint(piece) for part in parts) <= 1 for piece in pieces)
