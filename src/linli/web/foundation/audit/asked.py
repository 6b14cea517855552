"""What an entry keeps of a list's filters: codes, days and small numbers, never words that were typed."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

__all__ = ["told_filters"]

LONGEST: Final = 500
_WORDS: Final = frozenset({"q", "search", "words", "name", "text"})
"""Parts of an address in which somebody types; a person is asked for by user name, or else by words."""
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,39}|[0-9]{1,6}|[0-9]{4}-[0-9]{2}(-[0-9]{2})?|")
"""A code, a small number, a month or a day: nothing as long as a telephone or a name in characters."""
_DIGITS: Final = re.compile(r"[0-9]{7}")
_PLACE: Final = re.compile(r"[0-9]{9}|[0-9]{12}")
"""Codes of places are digits alone, and neither as long as a telephone nor as an identity number."""


def told_filters(query: str) -> str:
    """The filters as they may stand in the log for ever.

    What somebody typed is left out; of each such part it is told that there was one and how many letters it
    had, so that a narrowed list is not taken for the whole one.
    """
    head, space, rest = query.rpartition(" ")
    if "=" in head:
        head, space, rest = "", "", query
    if space and not all(_plain(one) for one in head.split()):
        head = ""
    if "=" not in rest:
        return (f"{head}{space}{rest}" if _plain(rest) else head)[:LONGEST]
    told = [
        (name, value) if name not in _WORDS and _plain(value) else (f"{name}_letters", str(len(value)))
        for name, value in parse_qsl(rest)
        if re.fullmatch(r"[a-z_]{1,30}", name)
    ]
    return f"{head}{space}{urlencode(told)}"[:LONGEST]


def _plain(value: str) -> bool:
    if _PLACE.fullmatch(value):
        return True
    return _CODE.fullmatch(value) is not None and _DIGITS.search(value) is None
