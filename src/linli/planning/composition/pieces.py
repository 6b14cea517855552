"""Beats whose places lie on several sides of a town: neighbours by estimate, apart on a map."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import Assumption, Beat

__all__ = ["beats_in_pieces", "pieces_assumption"]

say = catalogue("linli.planning.composition")


def beats_in_pieces(beat: NDArray[np.integer], pairs: NDArray[np.integer]) -> list[int]:
    """The beats that are not connected by the given pairs of places alone, in order.

    Parameters
    ----------
    beat : int[n]
        Each place's beat.
    pairs : int[m, 2]
        Places that touch, such as neighbours before any pair across a town was added.
    """
    inside = pairs[beat[pairs[:, 0]] == beat[pairs[:, 1]]]
    graph = coo_array((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), shape=(len(beat), len(beat)))
    _, piece = connected_components(graph, directed=False)
    pieces = np.unique(np.column_stack([beat, piece]), axis=0)
    beats, count = np.unique(pieces[:, 0], return_counts=True)
    return [int(number) for number in beats[count > 1]]


def pieces_assumption(
    beats: Sequence[Beat], beat: NDArray[np.integer], pairs: NDArray[np.integer]
) -> Iterator[Assumption]:
    """One line that names the beats a reader of the map will see in several pieces, if there are any."""
    apart = [beats[number].name for number in beats_in_pieces(beat, pairs)]
    if apart:
        names = Text(zh="、".join(n.zh for n in apart), en=", ".join(n.en for n in apart))
        yield Assumption(topic="neighbours", text=say("assume.in_pieces", count=len(apart), names=names))
