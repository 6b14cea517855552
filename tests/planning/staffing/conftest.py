"""Small problems, and the planner run on them."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.kernel.seeds import Seed
from linli.planning.search import MaxIterations
from linli.planning.staffing import StaffingParams, StaffingProblem, StaffingResult, check, solve

ON = dt.date(2017, 10, 9)


@pytest.fixture
def plan() -> Callable[..., StaffingResult]:
    """Solve a problem given by its parts and insist that the independent check agrees."""

    def run(*, on: dt.date = ON, start: StaffingResult | None = None, **parts: object) -> StaffingResult:
        problem = StaffingProblem(on=on, **parts)  # type: ignore[arg-type]
        result = solve(problem, stop=MaxIterations(10**7), seed=Seed(1), params=StaffingParams(), start=start)
        assert check(problem, result) == ()
        return result

    return run
