"""Stopping rules and the gap that a result reports."""

import threading

import pytest

from linli.kernel.measures import Seconds
from linli.kernel.seeds import Seed
from linli.planning.search import AnyOf, Deadline, MaxIterations, Progress, Requested, Search, Watched


def test_a_count_of_zero_stops_at_once() -> None:
    assert MaxIterations(0)(Progress(0, 5.0))


def test_a_count_stops_when_it_is_reached() -> None:
    assert not MaxIterations(3)(Progress(2, 5.0))
    assert MaxIterations(3)(Progress(3, 5.0))


def test_a_deadline_asks_the_clock_it_was_given() -> None:
    assert Deadline(lambda: 10.0, Seconds(10.0))(Progress(0, 1.0))
    assert not Deadline(lambda: 9.9, Seconds(10.0))(Progress(0, 1.0))


def test_a_request_stops_the_search() -> None:
    event = threading.Event()
    rule = AnyOf((MaxIterations(10), Requested(event)))
    assert not rule(Progress(1, 1.0))
    event.set()
    assert rule(Progress(1, 1.0))


def test_a_watcher_sees_each_step_and_does_not_change_the_rule() -> None:
    seen: list[int] = []
    rule = Watched(MaxIterations(2), lambda progress: seen.append(progress.iteration))
    assert [rule(Progress(i, 1.0)) for i in range(3)] == [False, False, True]
    assert seen == [0, 1, 2]


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100.0, 90.0, 0.1), (100.0, 100.0, 0.0), (0.0, 0.0, 0.0), (0.0, -1.0, None), (5.0, None, None)],
)
def test_the_gap_is_relative_to_the_objective(
    objective: float, bound: float | None, gap: float | None
) -> None:
    assert Search(objective, bound, 1, Seed(0), "converged").gap == gap
    assert Progress(1, objective, bound).gap == gap
