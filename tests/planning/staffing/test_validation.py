"""A problem that cannot be meant is refused in a sentence."""

import datetime as dt
import math

import pytest

from linli.kernel.errors import LinliError
from linli.kernel.measures import Ratio
from linli.kernel.seeds import Seed
from linli.planning.search import MaxIterations
from linli.planning.staffing import (
    Demand,
    ShareNorm,
    StaffingParams,
    StaffingProblem,
    Supply,
    TotalNorm,
    solve,
)


def demand(**change: object) -> Demand:
    parts: dict[str, object] = {"scope": "v", "role": "assistant", "clause": "L4", "required_exact": 1.0}
    return Demand(**{**parts, **change})  # type: ignore[arg-type]


def share(**change: object) -> ShareNorm:
    parts: dict[str, object] = {
        "station": "s",
        "role": "community_officer",
        "of": "officer",
        "clause": "L5",
        "share": Ratio(0.4),
    }
    return ShareNorm(**{**parts, **change})  # type: ignore[arg-type]


WRONG: list[tuple[str, dict[str, object]]] = [
    ("asks for -1", {"demands": (demand(required_exact=-1.0),)}),
    ("asks for nan", {"demands": (demand(required_exact=math.nan),)}),
    ("asks for inf", {"totals": (TotalNorm(role="r", clause="c", required_exact=math.inf),)}),
    ("minimum 3", {"demands": (demand(minimum=3, maximum=2),)}),
    ("minimum -1", {"demands": (demand(minimum=-1),)}),
    ("given twice", {"demands": (demand(), demand())}),
    ("two stations", {"demands": (demand(station="a"), demand(station="b", clause="L5"))}),
    ("out of range", {"supplies": (Supply(pool="s", role="officer", count=-1),)}),
    ("more than once", {"supplies": (Supply(pool="s", role="officer", count=1),) * 2}),
    ("write 40 % as 0.4", {"shares": (share(share=Ratio(40)),)}),
    (
        "of whom they are part",
        {
            "shares": (share(),),
            "supplies": (
                Supply(pool="s", role="officer", count=1),
                Supply(pool="s", role="community_officer", count=2),
            ),
        },
    ),
    ("Plan the stations one by one", {"demands": (demand(required_exact=6_000_000.0),)}),
]


@pytest.mark.parametrize(("sentence", "parts"), WRONG, ids=[w[0] for w in WRONG])
def test_it_is_refused_in_both_languages(sentence: str, parts: dict[str, object]) -> None:
    problem = StaffingProblem(on=dt.date(2018, 1, 1), **parts)  # type: ignore[arg-type]
    with pytest.raises(LinliError) as refusal:
        solve(problem, stop=MaxIterations(10), seed=Seed(1), params=StaffingParams())
    assert sentence in refusal.value.text.en
    assert refusal.value.text.zh


def test_a_tolerance_that_would_swallow_people_is_refused() -> None:
    problem = StaffingProblem(on=dt.date(2018, 1, 1))
    with pytest.raises(LinliError, match="tolerance"):
        solve(problem, stop=MaxIterations(10), seed=Seed(1), params=StaffingParams(tolerance=0.5))
