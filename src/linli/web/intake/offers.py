"""What residents may raise, as the operations that deal with it declare it: they register a source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from linli.kernel.texts import Text

__all__ = [
    "Offer",
    "OfferedCategory",
    "OfferedField",
    "Source",
    "Village",
    "Why",
    "category_of",
    "offers",
    "outlines",
    "register_source",
    "villages",
]


@dataclass(frozen=True)
class Why:
    """Why a personal field is asked for, on what basis, and how long it is kept after closing."""

    purpose: Text
    legal_basis: Text
    keep_days: int


@dataclass(frozen=True, kw_only=True)
class OfferedField:
    """One field of the residents' form."""

    id: str
    name: Text
    kind: str
    help: Text | None = None
    required: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    why: Why | None = None
    """Given for a personal field; such a field is never required and left out by whoever stays anonymous."""


@dataclass(frozen=True, kw_only=True)
class OfferedCategory:
    """Something that can be raised."""

    kind: str
    """The case type."""
    id: str
    name: Text
    hours: float | None
    """Time until the answer."""
    working: bool
    """Whether that time counts working hours alone."""

    @property
    def code(self) -> str:
        """What it is called in addresses and in Open311."""
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One kind of thing that residents can raise."""

    kind: str
    name: Text
    categories: tuple[OfferedCategory, ...]
    fields: tuple[OfferedField, ...]
    positioned: bool
    reopen_days: int


@dataclass(frozen=True)
class Village:
    """A village or community to choose from, and where it lies."""

    code: str
    name: str
    longitude: float
    latitude: float
    station: str


class Source(Protocol):
    """Knows what can be raised and where."""

    def offers(self) -> tuple[Offer, ...]:
        """Everything that residents can raise."""
        ...

    def villages(self) -> tuple[Village, ...]:
        """Every village, in order of its station and code."""
        ...

    def outlines(self) -> Mapping[str, Any]:
        """The outlines of the area for the map, as GeoJSON."""
        ...


_SOURCES: list[Source] = []


def register_source(source: Source) -> None:
    """Say who knows; called by an app's ``ready``."""
    _SOURCES[:] = [source]


def offers() -> tuple[Offer, ...]:
    """What can be raised; nothing where no source is there."""
    return tuple(offer for source in _SOURCES for offer in source.offers())


def villages() -> tuple[Village, ...]:
    """Where it can be raised."""
    return tuple(village for source in _SOURCES for village in source.villages())


def outlines() -> Mapping[str, Any]:
    """The area's outlines."""
    found = [source.outlines() for source in _SOURCES]
    return found[0] if found else {"type": "FeatureCollection", "features": []}


def category_of(code: str) -> tuple[Offer, OfferedCategory] | None:
    """A category by its code, with the offer it belongs to; ``None`` for an unknown one."""
    pairs = ((offer, category) for offer in offers() for category in offer.categories)
    return next((pair for pair in pairs if pair[1].code == code), None)
