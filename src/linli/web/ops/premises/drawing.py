"""A random draw that anybody can repeat with a calculator for SHA-256.

Each code of the frame is given the number SHA-256("seed|code"); the smallest numbers are drawn. The frame
is the list of codes in order, and its digest SHA-256 of the codes joined by line feeds.
"""

import hashlib
from collections.abc import Sequence

__all__ = ["digest_of", "drawn", "rank"]


def digest_of(frame: Sequence[str]) -> str:
    """The digest of a frame, for comparing it with a printed one."""
    return hashlib.sha256("\n".join(frame).encode()).hexdigest()


def rank(seed: str, code: str) -> str:
    """The number by which a code is drawn, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}|{code}".encode()).hexdigest()


def drawn(frame: Sequence[str], size: int, seed: str) -> tuple[str, ...]:
    """The codes drawn, in the order in which they come out.

    Parameters
    ----------
    frame : sequence of str
        Codes, each once; their order does not matter.
    size : int
        How many to draw; more than there are draws them all.
    seed : str
        Decides everything else.

    Examples
    --------
    >>> drawn(["A", "B", "C"], 2, "1f") == drawn(["C", "B", "A"], 2, "1f")
    True
    >>> drawn([], 3, "1f")
    ()
    """
    return tuple(sorted(frame, key=lambda code: (rank(seed, code), code))[: max(0, size)])
