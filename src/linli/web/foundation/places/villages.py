"""Villages and communities, chosen by typing two characters of the name or its first letters.

A name that several have is told apart by the township beside it. What is typed is brought to the form in
which people say names (``linli.kernel.spelling``), on pages with scripts and without.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from linli.kernel.initials import begins_with
from linli.kernel.spelling import community_name, plain_words, spoken, written
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.places.models import Place

__all__ = ["Village", "fitting", "named_so", "some_villages", "the_only_one", "villages"]

_AREA: Final = re.compile("(?<=..)(街道办事处|街道|镇|乡)$")
"""What is left out where people say a township before its village."""


@dataclass(frozen=True)
class Village:
    """One of a list to choose from; ``township`` is the name of the station's area that it lies in."""

    code: str
    official: str
    township: str
    station_code: str = ""
    key: str = field(init=False, compare=False)
    forms: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        said, whole = spoken(self.official), written(self.official)
        area = written(self.township.removesuffix("派出所"))
        short = _AREA.sub("", area)
        both = (f"{name}{at}" for name in (whole, said) for at in (area, short))
        before = (f"{at}{name}" for name in (whole, said) for at in (area, short))
        object.__setattr__(self, "key", plain_words(self.code))
        object.__setattr__(self, "forms", tuple(dict.fromkeys((said, whole, *both, *before))))

    @property
    def name(self) -> str:
        """What people call it."""
        return community_name(self.official)

    @property
    def label(self) -> str:
        """The name with the township beside it, which is how it is shown and may be typed."""
        area = self.township.removesuffix("派出所")
        return f"{self.name}（{area}）" if area else self.name


def villages() -> tuple[Village, ...]:
    """Those of the deployment in force, in order of their codes; none before there is one."""
    current = current_map()
    return () if current is None else _of(current)


def some_villages(places: Iterable[Place]) -> tuple[Village, ...]:
    """Of those of the deployment in force, some places."""
    codes = {one.code for one in places}
    return tuple(one for one in villages() if one.code in codes)


@lru_cache(maxsize=4)
def _of(made: Map) -> tuple[Village, ...]:
    return tuple(
        Village(
            code,
            place.name,
            made.stations[place.station_code].name if place.station_code in made.stations else "",
            place.station_code,
        )
        for code, place in sorted(made.places.items())
    )


def fitting(typed: str, among: Sequence[Village], *, own: Collection[str] = ()) -> list[Village]:
    """Those that may be meant: of one's ``own`` stations first, then those whose name begins as was typed.

    Examples
    --------
    >>> here = [Village("1", "泇河社区居民委员会", "卞庄街道"), Village("2", "后泇河村村民委员会", "南桥镇")]
    >>> [one.label for one in fitting("泇河", here)]
    ['泇河社区（卞庄街道）', '后泇河村（南桥镇）']
    >>> [one.label for one in fitting("hjh", here)], fitting("  ", here)
    (['后泇河村（南桥镇）'], [])
    """
    found = _degrees(typed, among)
    found.sort(key=lambda pair: (pair[0] > 0, pair[1].station_code not in own, pair[0]))
    return [one for _, one in found]


def named_so(typed: str, among: Sequence[Village]) -> Village | None:
    """The one that is called so; ``None`` where several are: for lists, where nobody is asked."""
    exact = [one for degree, one in _degrees(typed, among) if degree == 0]
    return exact[0] if len(exact) == 1 else None


def the_only_one(typed: str, among: Sequence[Village]) -> Village | None:
    """The one that is called so, or the only one that fits; ``None`` where it may be several or none."""
    found = _degrees(typed, among)
    exact = [one for degree, one in found if degree == 0]
    fits = exact or [one for _, one in found]
    return fits[0] if len(fits) == 1 else None


def _degrees(typed: str, among: Sequence[Village]) -> list[tuple[int, Village]]:
    """Those that fit, each with 0 for the name itself, 1 where it begins so, 2 where it holds it."""
    plain, whole, said = plain_words(typed), written(typed), spoken(typed)
    degrees = ((_degree(one, plain, whole, said), one) for one in among) if plain else ()
    return [(degree, one) for degree, one in degrees if degree is not None]


def _degree(village: Village, plain: str, whole: str, said: str) -> int | None:
    if plain == village.key or whole in village.forms or said in village.forms:
        return 0
    if not whole:
        return None
    if any(form.startswith((whole, said)) for form in village.forms):
        return 1
    if any(whole in form or said in form for form in village.forms[:2]):
        return 2
    if not (whole.isascii() and whole.isalpha()):
        return None
    if begins_with(village.name, whole):
        return 1
    return 2 if len(whole) > 1 and begins_with(village.name, whole, anywhere=True) else None
