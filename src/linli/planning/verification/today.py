"""Whether what a deployment says of today's beats is so: who stays, who leaves, and how many of each."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from linli.kernel.identifiers import PlaceCode
from linli.kernel.texts import Text, catalogue
from linli.planning.verification.register import Register

__all__ = ["today"]

say = catalogue("linli.planning.verification")


def today(known: Register) -> Iterator[Text]:
    """No place leaves its beat of today without a reason, and the counts are those of the places."""
    beats = known.deployment.beats
    for name, count in Counter(beat.today for beat in beats if beat.today is not None).items():
        if count > 1:
            yield say("today.twice", name=name, count=count)
    home = {code: beat.today for beat in beats for code in beat.places}
    for place in known.deployment.places:
        leaves = place.today is not None and home.get(place.code) != place.today
        if leaves != (place.left is not None):
            yield say("today.reason", place=place.code, today=place.today or "–")
    yield from _counts(known, home)


def _counts(known: Register, home: dict[PlaceCode, str | None]) -> Iterator[Text]:
    old: dict[str, set[PlaceCode]] = defaultdict(set)
    for place in known.deployment.places:
        if place.today is not None:
            old[place.today].add(place.code)
    keeping = known.deployment.keeping
    if keeping is None:
        if old:
            yield say("today.missing")
        return
    found = {
        "beats": len(old),
        "unchanged": sum(set(b.places) == old.get(b.today or "", set()) for b in known.deployment.beats),
        "places": sum(map(len, old.values())),
        "kept": sum(home.get(code) == name for name, codes in old.items() for code in codes),
    }
    for name, count in found.items():
        if getattr(keeping, name) != count:
            yield say(
                "today.count", what=say(f"today.what.{name}"), given=getattr(keeping, name), found=count
            )
