"""Whether the parts of a deployment fit together: ids, places in beats, stations, contiguity, bounds.

Contiguity is decided here by a walk over the neighbours that the deployment itself lists.
"""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from linli.kernel.identifiers import PlaceCode
from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import Beat, BeatRule
from linli.planning.verification.register import Register

__all__ = [
    "bounds",
    "contiguity",
    "each_place_in_one_beat",
    "identifiers",
    "neighbours",
    "outside_bounds_as_declared",
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
        yield from _unknown(place.code, place.neighbours, known.places, "place")


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
    listed = {code: set(place.neighbours) for code, place in known.places.items()}
    for code, others in listed.items():
        if code in others:
            yield say("neighbours.itself", place=code)
        for other in others:
            if code not in listed[other]:
                yield say("neighbours.one_sided", place=code, other=other)


def contiguity(known: Register) -> Iterator[Text]:
    """Each beat is as contiguous as it says, and torn apart only where its station's places are."""
    for beat in known.deployment.beats:
        parts = walk_parts(beat.places, known)
        if len(parts) != beat.parts:
            yield say("contiguity.parts", beat=beat.id, given=beat.parts, found=len(parts))
        if len(parts) > 1 and not _apart_anyway(beat, parts, known):
            yield say("contiguity.avoidable", beat=beat.id, found=len(parts))


def walk_parts(codes: Collection[PlaceCode], known: Register) -> list[set[PlaceCode]]:
    """The contiguous parts of a set of places, by walking from neighbour to neighbour inside it."""
    left, parts = set(codes), []
    while left:
        edge = [min(left)]
        left.remove(edge[0])
        part = set(edge)
        while edge:
            for other in known.places[edge.pop()].neighbours:
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
    pieces = walk_parts(open_places, known)
    return all(sum(not part.isdisjoint(piece) for part in parts) <= 1 for piece in pieces)


def bounds(known: Register) -> Iterator[Text]:
    """Each beat is as large as its clause's rule asks, but for those that the deployment names."""
    for beat, rule in _ruled(known):
        if beat.within_rule and _outside(beat, rule):
            yield say(
                "bounds.outside",
                beat=beat.id,
                count=len(beat.places),
                fewest="–" if rule.fewest_places is None else rule.fewest_places,
                most="–" if rule.most_places is None else rule.most_places,
                clause=rule.clause,
            )
    ruled = {beat.id for beat, _ in _ruled(known)}
    for beat in known.deployment.beats:
        if beat.id not in ruled:
            yield say("bounds.no_rule", beat=beat.id, clause=beat.clause)
        if _heavier(beat, known) != beat.heavier_than_target:
            yield say("bounds.heavier", beat=beat.id)


def _heavier(beat: Beat, known: Register) -> bool:
    """Whether one of its places alone exceeds the beat's target, of residents where there is one."""
    places = [known.places[code] for code in beat.places]
    if beat.target_residents is not None:
        return any((place.residents or 0) > beat.target_residents for place in places)
    target = beat.target_workload
    return target is not None and any(place.workload > target + 1e-3 for place in places)


def outside_bounds_as_declared(known: Register) -> Iterator[Text]:
    """Beats that the deployment itself names as outside the rule, because nothing better is possible."""
    for beat, rule in _ruled(known):
        if not beat.within_rule:
            yield say("bounds.declared", beat=beat.id, count=len(beat.places), clause=rule.clause)


def _ruled(known: Register) -> Iterator[tuple[Beat, BeatRule]]:
    rules = known.deployment.beat_rules
    for beat in known.deployment.beats:
        for rule in rules:
            if rule.clause == beat.clause and rule.area in (None, beat.area):
                yield beat, rule
                break


def _outside(beat: Beat, rule: BeatRule) -> bool:
    count = len(beat.places)
    too_few = rule.fewest_places is not None and count < rule.fewest_places
    too_many = rule.most_places is not None and count > rule.most_places
    return too_few or too_many
