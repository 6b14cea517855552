"""Whole numbers from outside, bounded by what every database keeps."""

from typing import Final

__all__ = ["MOST", "whole_of"]

MOST: Final = 2**63 - 1
"""The largest whole number that a database column holds."""
_DIGITS: Final = 19


def whole_of(text: str, *, least: int = 0, most: int = MOST) -> int | None:
    """The whole number that a text writes in decimal digits; ``None`` for anything else or out of bounds."""
    digits = text.strip()
    bare = digits.removeprefix("-")
    if not (bare.isascii() and bare.isdecimal() and len(bare) <= _DIGITS):
        return None
    number = int(digits)
    return number if least <= number <= most else None
