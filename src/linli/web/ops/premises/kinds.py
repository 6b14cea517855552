"""Kinds of premises, what each is asked for, and how the classes of a schedule are named."""

from typing import Final

__all__ = [
    "BASES",
    "COMMON",
    "COURTYARD",
    "HOUSING",
    "KEY_CLAUSES",
    "KINDS",
    "LETTER_KINDS",
    "POINTS",
    "SCHOOL",
    "classes_of",
]

COURTYARD: Final = "courtyard"
SCHOOL: Final = "school"
HOUSING: Final = "housing"
KINDS: Final = ("shop", "venue", "hotel", SCHOOL, "unit", COURTYARD, HOUSING)
"""Shops and restaurants; entertainment; lodging; schools; other units; courtyards (N9); new housing (L11)."""

LETTER_KINDS: Final = ("shop", "venue", "hotel", SCHOOL, "unit")
"""Kinds that sign a safety responsibility letter (N3, N13)."""

KEY_CLAUSES: Final = ("N2", "N13", "N14")
"""Clauses by which premises are a key unit: alarm linked to the command centre; key place; school."""

BASES: Final = ("guarded", "good", "fair", "poor")
"""Classes of courtyards (N9)."""

POINTS: Final = ("gate", "main_road", "side_street")
"""Places at a school that each have an owner (N14)."""

COMMON: Final = ("key", "ordinary")


def classes_of(kind: str) -> tuple[str, ...]:
    """The classes that a kind's schedule tells apart."""
    return BASES if kind == COURTYARD else COMMON
