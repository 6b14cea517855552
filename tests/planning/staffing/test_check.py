"""The independent check sees every way in which an answer can be wrong."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from linli.kernel.seeds import Seed
from linli.planning.search import MaxIterations
from linli.planning.staffing import (
    Allocation,
    Demand,
    StaffingParams,
    StaffingProblem,
    StaffingResult,
    Supply,
    check,
    solve,
)

PROBLEM = StaffingProblem(
    on=dt.date(2018, 1, 1),
    demands=(
        Demand(scope="a1", role="auxiliary", clause="T1", station="a", required_exact=2.4),
        Demand(scope="b1", role="auxiliary", clause="T1", station="b", required_exact=4),
        Demand(
            scope="b1",
            role="auxiliary",
            clause="T1",
            station="b",
            required_exact=5,
            effective=dt.date(2019, 1, 1),
        ),
    ),
    supplies=(
        Supply(pool="a", role="auxiliary", count=1, stations=("a",)),
        Supply(pool="b", role="auxiliary", count=1, stations=("b",)),
        Supply(pool="county", role="auxiliary", count=3),
    ),
)


@pytest.fixture
def right() -> StaffingResult:
    result = solve(PROBLEM, stop=MaxIterations(1000), seed=Seed(1), params=StaffingParams())
    assert check(PROBLEM, result) == ()
    assert [s.allocated for s in result.standings] == [2, 3]
    return result


def posted(result: StaffingResult, a1: int, b1: int) -> StaffingResult:
    """The same people, posted differently from the county's pool."""
    standings = tuple(replace(s, allocated=n) for s, n in zip(result.standings, (a1, b1), strict=True))
    rows = [("a1", "a", 1), ("b1", "b", 1), ("a1", "county", a1 - 1), ("b1", "county", b1 - 1)]
    return replace(
        result,
        standings=standings,
        allocations=tuple(
            Allocation(scope=s, role="auxiliary", pool=p, by="auxiliary", count=n) for s, p, n in rows if n
        ),
        spare=tuple(replace(s, count=5 - a1 - b1 if s.pool == "county" else 0) for s in result.spare),
    )


def first_row(result: StaffingResult, **change: object) -> StaffingResult:
    return replace(
        result,
        allocations=(replace(result.allocations[0], **change), *result.allocations[1:]),  # type: ignore[arg-type]
    )


WRONG: list[tuple[str, Callable[[StaffingResult], StaffingResult]]] = [
    ("fairest sharing", lambda r: posted(r, 3, 2)),
    ("some to spare", lambda r: posted(r, 2, 2)),
    ("needs 3 people", lambda r: replace(r, standings=(replace(r.standings[0], required=2), r.standings[1]))),
    ("which nothing allows", lambda r: first_row(r, pool="b")),
    ("which nothing allows", lambda r: first_row(r, by="officer")),
    ("no clause asks", lambda r: first_row(r, scope="z9")),
    ("more than the 3 it needs", lambda r: posted(r, 4, 1)),
    ("but has 1", lambda r: first_row(r, count=2)),
    ("add up to", lambda r: replace(r, allocations=r.allocations[1:])),
    ("to spare; the result says 7", lambda r: replace(r, spare=(replace(r.spare[0], count=7), *r.spare[1:]))),
    (
        "falls on 2019-01-01",
        lambda r: replace(r, hiring=tuple(replace(h, to_add=2019 - h.by.year) for h in r.hiring)),
    ),
]


@pytest.mark.parametrize(("sentence", "spoil"), WRONG, ids=[w[0] for w in WRONG])
def test_a_spoilt_answer_is_noticed(
    right: StaffingResult, sentence: str, spoil: Callable[[StaffingResult], StaffingResult]
) -> None:
    assert any(sentence in text.en for text in check(PROBLEM, spoil(right)))


def test_a_run_that_was_stopped_says_so_and_is_not_called_unfair() -> None:
    result = solve(PROBLEM, stop=MaxIterations(2), seed=Seed(1), params=StaffingParams())
    assert result.search.ended == "limit"
    assert (result.search.objective, result.search.bound) == (5.0, 2.0)
    assert check(PROBLEM, result) == ()
