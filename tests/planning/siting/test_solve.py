"""How a search ends, what it repeats, and what it prefers among equals."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from linli.kernel.errors import LinliError
from linli.kernel.measures import Minutes
from linli.kernel.seeds import Seed
from linli.planning.search import AnyOf, MaxIterations, Progress, Requested, Watched, asked_to_stop
from linli.planning.siting import (
    Centre,
    MaximalCovering,
    Median,
    Model,
    SetCovering,
    SitingParameters,
    SitingProblem,
    check,
    solve,
)

ENOUGH = MaxIterations(50_000)
ALL_MODELS = [Median(4), Centre(4), MaximalCovering(3, Minutes(9.0)), SetCovering(Minutes(14.0))]


def villages(count: int, seed: int = 5) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Synthetic villages on a plain: minutes between them, and residents."""
    rng = np.random.default_rng(seed)
    points = rng.random((count, 2)) * 60.0
    minutes = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return minutes, rng.integers(100, 3000, count).astype(float)


@pytest.mark.parametrize("capacitated", [False, True])
@pytest.mark.parametrize("model", ALL_MODELS)
def test_the_same_seed_gives_the_same_answer(model: Model, capacitated: bool) -> None:
    minutes, residents = villages(24)
    room = np.full(24, residents.sum() / 3.0) if capacitated else None
    problem = SitingProblem(minutes, model, weights=residents, capacities=room)
    one, two = (solve(problem, stop=ENOUGH, seed=Seed(7)) for _ in range(2))
    assert one == two
    assert one.search.ended == "optimal"
    assert one.gap == pytest.approx(0.0, abs=2e-6)
    assert check(problem, one) == ()


def test_a_gap_of_the_relaxation_is_closed_by_branching() -> None:
    # random whole costs have no geometry: the relaxation stays well below the optimum
    costs = np.random.default_rng(11).integers(1, 100, (60, 60)).astype(float)
    problem = SitingProblem(costs, Median(6))
    result = solve(problem, stop=ENOUGH, seed=Seed(1))
    assert result.search.ended == "optimal"
    assert result.search.iterations > 20
    assert result.bound == result.objective
    early = solve(problem, stop=MaxIterations(20), seed=Seed(1))
    assert early.search.ended == "limit"
    assert early.bound is not None
    assert early.bound <= result.objective <= early.objective
    assert check(problem, early) == ()


@pytest.mark.parametrize("capacitated", [False, True])
@pytest.mark.parametrize("model", ALL_MODELS)
def test_a_request_to_stop_gives_the_best_so_far(model: Model, capacitated: bool) -> None:
    minutes, residents = villages(24)
    event = threading.Event()
    event.set()
    room = np.full(24, residents.sum() / 2.0) if capacitated else None
    problem = SitingProblem(minutes, model, weights=residents, capacities=room)
    stop = AnyOf((ENOUGH, Watched(Requested(event), lambda _: None)))
    try:
        result = solve(problem, stop=stop, seed=Seed(1))
    except LinliError:
        # a packing may take more than the one step that was allowed
        assert capacitated
        return
    assert result.search.ended in {"interrupted", "optimal"}
    assert check(problem, result) == ()


def test_a_limit_is_not_a_request() -> None:
    assert not asked_to_stop(AnyOf((MaxIterations(3), Requested(threading.Event()))))


@dataclass
class Impatient:
    """Presses Ctrl-C at the nth question."""

    left: int

    def __call__(self, progress: Progress, /) -> bool:
        self.left -= 1
        if self.left <= 0:
            raise KeyboardInterrupt
        return False


@pytest.mark.parametrize("model", ALL_MODELS)
@pytest.mark.parametrize("questions", [1, 2, 3])
def test_control_c_gives_the_best_so_far(model: Model, questions: int) -> None:
    minutes, residents = villages(24)
    problem = SitingProblem(minutes, model, weights=residents)
    result = solve(problem, stop=Impatient(questions), seed=Seed(1))
    assert result.search.ended in {"interrupted", "optimal"}
    assert check(problem, result) == ()


@pytest.mark.parametrize("capacitated", [False, True])
@pytest.mark.parametrize("model", ALL_MODELS)
def test_a_start_never_makes_the_answer_worse(model: Model, capacitated: bool) -> None:
    minutes, residents = villages(18)
    room = np.full(18, residents.sum() / 2.0) if capacitated else None
    problem = SitingProblem(
        minutes, model, weights=residents, existing=frozenset({2}), forbidden=frozenset({5}), capacities=room
    )
    plain = solve(problem, stop=ENOUGH, seed=Seed(1))
    for start in (frozenset(plain.open_sites), frozenset({0, 1}), frozenset(range(6, 17))):
        warm = solve(problem, stop=ENOUGH, seed=Seed(1), start=start)
        assert warm.objective == pytest.approx(plain.objective, rel=2e-6)
        assert check(problem, warm) == ()


def test_among_equal_radii_less_travel_is_preferred() -> None:
    # Either of the first two sites halves the longest cost; the second is nearer to everyone else.
    costs = np.array([[0.0, 8.0, 8.0], [8.0, 1.0, 8.0], [8.0, 0.0, 1.0], [8.0, 0.0, 1.0]])
    result = solve(SitingProblem(costs, Centre(1)), stop=ENOUGH, seed=Seed(1))
    assert result.open_sites == (1,)


def test_equal_coverage_prefers_less_travel() -> None:
    costs = np.array([[5.0, 1.0], [5.0, 1.0]])
    for model in (MaximalCovering(1, Minutes(5.0)), SetCovering(Minutes(5.0))):
        assert solve(SitingProblem(costs, model), stop=ENOUGH, seed=Seed(1)).open_sites == (1,)


def test_everything_open_leaves_nothing_to_choose() -> None:
    minutes, _ = villages(6)
    result = solve(SitingProblem(minutes, Median(6)), stop=ENOUGH, seed=Seed(1))
    assert result.open_sites == tuple(range(6))
    assert result.assignment == tuple(range(6))
    assert result.objective == 0.0
    assert result.gap == 0.0


def test_existing_sites_that_cover_everyone_need_no_more() -> None:
    minutes, residents = villages(12)
    problem = SitingProblem(
        minutes, SetCovering(Minutes(90.0)), weights=residents, existing=frozenset({3, 4})
    )
    result = solve(problem, stop=ENOUGH, seed=Seed(1))
    assert result.open_sites == (3, 4)
    assert result.search.ended == "optimal"
    covering = SitingProblem(minutes, MaximalCovering(3, Minutes(90.0)), existing=frozenset({3}))
    assert solve(covering, stop=ENOUGH, seed=Seed(1)).objective == 0.0


@pytest.mark.parametrize("model", ALL_MODELS)
def test_above_the_exact_size_the_answer_carries_its_gap(model: Model) -> None:
    minutes, residents = villages(20)
    problem = SitingProblem(minutes, model, weights=residents, capacities=np.full(20, residents.sum() / 2.5))
    exact = solve(problem, stop=ENOUGH, seed=Seed(1))
    rough = solve(problem, stop=ENOUGH, seed=Seed(1), params=SitingParameters(exact_pairs=0, packings=50))
    assert exact.search.ended == "optimal"
    assert rough.method in {"local_search", "milp"}
    assert rough.objective >= exact.objective * (1.0 - 1e-6)
    assert rough.bound is not None
    assert rough.bound <= exact.objective
    assert check(problem, rough) == ()


def test_a_packing_that_greed_misses_is_found() -> None:
    # 6 + 4 and 5 + 5 fill two sites of 10 exactly; any other pairing leaves someone out.
    demands = np.array([6.0, 5.0, 5.0, 4.0])
    costs = np.array([[1.0, 2.0], [1.0, 3.0], [2.0, 1.0], [3.0, 1.0]])
    for model in (Median(2), Centre(2), SetCovering(Minutes(9.0))):
        problem = SitingProblem(costs, model, demands=demands, capacities=np.full(2, 10.0))
        result = solve(problem, stop=ENOUGH, seed=Seed(1))
        assert check(problem, result) == ()
        assert result.search.ended == "optimal"
