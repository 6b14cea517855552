"""A random draw that anybody can repeat with a calculator for SHA-256.

Each code of the list is given the number SHA-256("seed|code"); the smallest numbers are drawn, in the county
or in each station by itself. The list's digest is SHA-256 of its codes in order, joined by line feeds.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Target", "digest_of", "draw", "rank"]


@dataclass(frozen=True, order=True)
class Target:
    """Something that may be checked, and where it is."""

    code: str
    name: str
    station: str
    beat: str = ""
    place: str = ""


def digest_of(codes: Sequence[str]) -> str:
    """The digest of a list, for comparing it with a printed one."""
    return hashlib.sha256("\n".join(codes).encode()).hexdigest()


def rank(seed: str, code: str) -> str:
    """The number by which a code is drawn, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}|{code}".encode()).hexdigest()


def draw(frame: Sequence[Target], size: int, seed: str, *, per_station: bool = False) -> tuple[Target, ...]:
    """The targets drawn, in the order in which they come out.

    Parameters
    ----------
    frame : sequence of Target
        Each code once; their order does not matter.
    size : int
        How many to draw; more than there are draws them all.
    per_station : bool
        So many of each station.

    Examples
    --------
    >>> a, b = Target("A", "", "S1"), Target("B", "", "S2")
    >>> draw([a, b], 1, "1f") == draw([b, a], 1, "1f"), len(draw([a, b], 1, "1f", per_station=True))
    (True, 2)
    >>> draw([], 3, "1f")
    ()
    """
    ordered = sorted(frame, key=lambda one: (rank(seed, one.code), one.code))
    if not per_station:
        return tuple(ordered[: max(0, size)])
    taken: defaultdict[str, int] = defaultdict(int)
    found = []
    for one in ordered:
        taken[one.station] += 1
        if taken[one.station] <= size:
            found.append(one)
    return tuple(found)
