"""In how many pieces each beat lies: a beat may join villages on several sides of a town."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import Assumption, Beat

__all__ = ["pieces_assumption", "pieces_of_beats"]

say = catalogue("linli.planning.composition")


def pieces_of_beats(beat: NDArray[np.integer], touching: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many pieces each beat lies in.

    Parameters
    ----------
    beat : int[n]
        Each place's beat, numbered from 0 without gaps.
    touching : int[m, 2]
        Places that touch; pairs across a town are not among them.
    """
    if len(beat) == 0:
        return np.empty(0, dtype=np.int64)
    inside = touching[beat[touching[:, 0]] == beat[touching[:, 1]]]
    graph = coo_array((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), shape=(len(beat), len(beat)))
    _, piece = connected_components(graph, directed=False)
    pieces = np.unique(np.column_stack([beat, piece]), axis=0)
    return np.bincount(pieces[:, 0], minlength=int(beat.max()) + 1).astype(np.int64)


def pieces_assumption(beats: Sequence[Beat]) -> Iterator[Assumption]:
    """One line that names the beats a reader of the map will see in several pieces, if there are any."""
    apart = [say("beat.in_pieces", name=beat.name, pieces=beat.parts) for beat in beats if beat.parts > 1]
    if apart:
        names = Text(zh="、".join(n.zh for n in apart), en=", ".join(n.en for n in apart))
        yield Assumption(topic="neighbours", text=say("assume.in_pieces", count=len(apart), names=names))
