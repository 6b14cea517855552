"""Beats across a town are named, since their reader sees them in pieces."""

import numpy as np

from linli.planning.composition.pieces import beats_in_pieces

LINE = np.array([[0, 1], [1, 2], [2, 3]])


def test_a_beat_on_both_sides_of_another_is_in_pieces() -> None:
    assert beats_in_pieces(np.array([0, 1, 1, 0]), LINE) == [0]


def test_beats_along_a_line_are_whole() -> None:
    assert beats_in_pieces(np.array([0, 0, 1, 1]), LINE) == []


def test_places_without_neighbours_are_pieces_of_their_own() -> None:
    none = np.empty((0, 2), dtype=np.int64)
    assert beats_in_pieces(np.array([0, 0, 1]), none) == [0]
    assert beats_in_pieces(np.empty(0, dtype=np.int64), none) == []
