"""Units of measure as algebra: ``person/1000 resident`` is a unit, people plus hours is a refusal.

A unit is a product of named base dimensions with integer powers and an exact scale. Kinds of things
that are counted are dimensions of their own (``village``, ``person``, ``post`` ...), so that four
villages are never compared with four people, and a percent is not a ratio: ``40 %`` against ``0.4``
is refused. Scales are fractions, never floats: a norm of 3 people per 1,000 residents meets a beat
of 7,000 residents at exactly 21.

Limits: months and years are not turned into days (their length varies); money has no exchange rate.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

__all__ = ["PERCENT", "RATIO", "Unit", "UnitUnknown", "known_units", "parse_unit"]

# name: (base dimension, scale to the dimension's base unit)
NAMED: Final[dict[str, tuple[str, Fraction]]] = {
    **{
        counted: (counted, Fraction(1))
        for counted in (
            "person", "resident", "household", "volunteer_group",
            "village", "community", "place", "beat", "post", "station", "township",
            "case", "visit", "activity", "device", "record", "indicator", "premises", "courtyard", "survey",
            "yuan",
        )
    },
    "%": ("%", Fraction(1)),
    "min": ("time", Fraction(60)),
    "hour": ("time", Fraction(3600)),
    "day": ("time", Fraction(86400)),
    "week": ("time", Fraction(604800)),
    "month": ("month", Fraction(1)),
    "year": ("month", Fraction(12)),
    "m": ("length", Fraction(1)),
    "km": ("length", Fraction(1000)),
}  # fmt: skip

FACTOR: Final = re.compile(r"(?:(?P<scale>[0-9]+) )?(?P<name>[A-Za-z_]+|%)(?:\^(?P<power>[2-3]))?")


class UnitUnknown(ValueError):
    """A unit's text that cannot be read; ``part`` is the piece that was not understood."""

    def __init__(self, text: str, part: str) -> None:
        super().__init__(f"unit {text!r}: {part!r} is not a unit; known: {', '.join(known_units())}")
        self.text = text
        self.part = part


@dataclass(frozen=True)
class Unit:
    """A product of dimensions; ``scale`` turns a number in this unit into base units.

    ``powers`` is sorted by dimension and holds no zero power, so equal units compare equal.
    """

    powers: tuple[tuple[str, int], ...]
    scale: Fraction = Fraction(1)
    text: str = "1"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unit) and (self.powers, self.scale) == (other.powers, other.scale)

    def __hash__(self) -> int:
        return hash((self.powers, self.scale))

    def __mul__(self, other: "Unit") -> "Unit":
        """The unit of a product."""
        return self._joined(other, 1)

    def __truediv__(self, other: "Unit") -> "Unit":
        """The unit of a quotient."""
        return self._joined(other, -1)

    def __str__(self) -> str:
        return self.text

    def same_dimension(self, other: "Unit") -> bool:
        """Whether numbers in both units may be added or compared."""
        return self.powers == other.powers

    def per(self, other: "Unit") -> Fraction:
        """How many of ``other`` one of this unit is: an hour per minute is 60.

        Raises
        ------
        ValueError
            The two measure different things.
        """
        if not self.same_dimension(other):
            raise ValueError(f"{self} and {other} measure different things")
        return self.scale / other.scale

    def divided(self, parts: int, times: int = 1) -> "Unit":
        """The unit that is a whole fraction of this one; itself where nothing changes."""
        scale = self.scale * times / parts
        return self if scale == self.scale else Unit(self.powers, scale, _describe(self.powers, scale))

    def _joined(self, other: "Unit", sign: int) -> "Unit":
        powers = dict(self.powers)
        for dimension, power in other.powers:
            powers[dimension] = powers.get(dimension, 0) + sign * power
        kept = tuple(sorted((d, p) for d, p in powers.items() if p != 0))
        scale = self.scale * other.scale if sign > 0 else self.scale / other.scale
        return Unit(kept, scale, _describe(kept, scale))


def _describe(powers: tuple[tuple[str, int], ...], scale: Fraction) -> str:
    """A readable text for a unit that arithmetic made."""
    for name, (dimension, factor) in NAMED.items():
        if powers == ((dimension, 1),) and scale == factor:
            return name
    above = [d if p == 1 else f"{d}^{p}" for d, p in powers if p > 0]
    below = [d if p == -1 else f"{d}^{-p}" for d, p in powers if p < 0]
    text = "·".join(above) or "1"
    if below:
        text += "/" + "/".join(below)
    return text if scale == 1 else f"{text} × {scale}"


RATIO: Final = Unit(())
"""A plain number: a share of one, a factor."""

PERCENT: Final = Unit((("%", 1),), Fraction(1), "%")
"""A share of a hundred; never compared with a ratio."""


def known_units() -> tuple[str, ...]:
    """All unit names that a text may use, ``1`` for a plain number included."""
    return ("1", *NAMED)


def parse_unit(text: str) -> Unit:
    """The unit that a text such as ``hour/week`` or ``person/1000 resident`` stands for.

    Parameters
    ----------
    text : str
        Names joined by ``·`` (times) and ``/`` (per each following name), with an optional number
        before a name and a power 2 or 3 after it; ``1`` is a plain number.

    Raises
    ------
    UnitUnknown
        A part is not a unit.

    Examples
    --------
    >>> parse_unit("hour").per(parse_unit("min"))
    Fraction(60, 1)
    >>> parse_unit("")
    Traceback (most recent call last):
    linli.kernel.units.UnitUnknown: unit '': '' is not a unit; known: ...
    """
    if text == "1":
        return RATIO
    result = RATIO
    for position, group in enumerate(text.split("/")):
        for part in group.split("·"):
            if position == 0 and part == "1" and "/" in text:
                continue
            factor = _factor(text, part)
            result = result * factor if position == 0 else result / factor
    return Unit(result.powers, result.scale, text)


def _factor(text: str, part: str) -> Unit:
    match = FACTOR.fullmatch(part)
    if match is None or match["name"] not in NAMED:
        raise UnitUnknown(text, part)
    count = Fraction(int(match["scale"] or "1"))
    if count == 0:
        raise UnitUnknown(text, part)
    dimension, scale = NAMED[match["name"]]
    power = int(match["power"] or "1")
    return Unit(((dimension, power),), count * scale**power)
