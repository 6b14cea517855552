"""The letters that Chinese names are typed by: 泇河社区 by ``jhsq``.

Limits: a character with several readings is found by up to three of them, whichever the name has; characters
outside GBK have no letter and are found by themselves alone.
"""

import functools
from collections.abc import Mapping
from importlib import resources

__all__ = ["begins_with", "letters_of"]

_FILE = "initials.txt"


@functools.cache
def _table() -> Mapping[str, str]:
    text = resources.files("linli.kernel").joinpath(_FILE).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        letter, _, characters = line.partition(" ")
        for character in characters if letter != "#" else "":
            found[character] = found.get(character, "") + letter
    return found


@functools.lru_cache(maxsize=16_384)
def letters_of(name: str) -> tuple[str, ...]:
    """For each character of a name the letters that it may be typed by; a Latin one stands for itself."""
    table = _table()
    return tuple(table.get(sign, sign.casefold()) for sign in name)


def begins_with(name: str, typed: str, *, anywhere: bool = False) -> bool:
    """Whether letters are those that a name begins with, or holds ``anywhere``.

    Examples
    --------
    >>> begins_with("泇河社区", "jh"), begins_with("泇河社区", "hs"), begins_with("泇河社区", "")
    (True, False, True)
    >>> begins_with("泇河社区", "hs", anywhere=True)
    True
    """
    letters, wanted = letters_of(name), typed.casefold()
    starts = range(len(letters) - len(wanted) + 1) if anywhere else range(min(1, len(letters) + 1))
    return any(
        len(letters) - start >= len(wanted)
        and all(sign in letters[start + i] for i, sign in enumerate(wanted))
        for start in starts
    )
