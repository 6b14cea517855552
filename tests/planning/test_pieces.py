"""The pieces of each beat are counted by the places that touch."""

import numpy as np

from linli.planning.composition.pieces import pieces_of_beats

LINE = np.array([[0, 1], [1, 2], [2, 3]])


def test_a_beat_on_both_sides_of_another_is_in_pieces() -> None:
    assert pieces_of_beats(np.array([0, 1, 1, 0]), LINE).tolist() == [2, 1]


def test_beats_along_a_line_are_whole() -> None:
    assert pieces_of_beats(np.array([0, 0, 1, 1]), LINE).tolist() == [1, 1]


def test_places_without_neighbours_are_pieces_of_their_own() -> None:
    none = np.empty((0, 2), dtype=np.int64)
    assert pieces_of_beats(np.array([0, 0, 1]), none).tolist() == [2, 1]
    assert pieces_of_beats(np.empty(0, dtype=np.int64), none).tolist() == []
