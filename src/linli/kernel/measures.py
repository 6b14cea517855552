"""Measures as types: a bare float never crosses a package border.

A percent and a ratio are different types on purpose: 0.05 written where 5 is meant is the
commonest mistake in plan spreadsheets.
"""

from typing import NewType

__all__ = [
    "Hours",
    "Kilometres",
    "KilometresPerHour",
    "Metres",
    "Minutes",
    "Percent",
    "Persons",
    "Ratio",
    "Seconds",
    "SquareKilometres",
    "Workload",
    "Yuan",
    "as_percent",
    "as_ratio",
]

Metres = NewType("Metres", float)
Kilometres = NewType("Kilometres", float)
SquareKilometres = NewType("SquareKilometres", float)
Seconds = NewType("Seconds", float)
Minutes = NewType("Minutes", float)
Hours = NewType("Hours", float)
KilometresPerHour = NewType("KilometresPerHour", float)
Persons = NewType("Persons", int)
Workload = NewType("Workload", float)
Yuan = NewType("Yuan", float)
Ratio = NewType("Ratio", float)
Percent = NewType("Percent", float)


def as_percent(ratio: Ratio) -> Percent:
    """The percent that a ratio stands for: 0.4 is 40 %."""
    return Percent(ratio * 100.0)


def as_ratio(percent: Percent) -> Ratio:
    """The ratio that a percent stands for: 40 % is 0.4."""
    return Ratio(percent / 100.0)
