"""What must hold for every problem: conservation, fairness, monotonicity, order does not matter."""

import datetime as dt
import itertools
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.measures import Ratio
from linli.kernel.seeds import Seed
from linli.planning.search import MaxIterations
from linli.planning.staffing import (
    Demand,
    ShareNorm,
    StaffingParams,
    StaffingProblem,
    StaffingResult,
    Substitution,
    Supply,
    TotalNorm,
    check,
    solve,
)

ON = dt.date(2017, 10, 9)
STATIONS = ("a", "b", "c")


def solved(problem: StaffingProblem) -> StaffingResult:
    return solve(problem, stop=MaxIterations(10**6), seed=Seed(1), params=StaffingParams())


@st.composite
def problems(draw: st.DrawFn, scopes: int = 4, most: int = 4) -> StaffingProblem:
    """Up to four scopes of three stations, two roles, station pools and a county pool."""
    demands = [
        Demand(
            scope=f"{role}{number}",
            role=role,
            clause="T1",
            station=draw(st.sampled_from((*STATIONS, None))),
            required_exact=draw(st.integers(0, most)),
        )
        for number in range(scopes // 2)
        for role in ("p", "q")
    ]
    supplies = [
        Supply(pool=pool, role=role, count=draw(st.integers(0, 3)), stations=reach)
        for pool, reach in (("a", ("a",)), ("b", ("b",)), ("bc", ("b", "c")), ("county", None))
        for role in ("p", "q")
    ]
    rules = draw(st.sampled_from(((), (Substitution(role="q", by="p", clause="T9"),))))
    return StaffingProblem(on=ON, demands=tuple(demands), supplies=tuple(supplies), substitutions=rules)


@st.composite
def dated_problems(draw: st.DrawFn) -> StaffingProblem:
    """Everything at once: several clauses a scope, dates, bounds, wider rounding, shares and totals."""
    days = (None, ON, dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    demands = {}
    for _ in range(draw(st.integers(0, 14))):
        station = draw(st.sampled_from(STATIONS))
        minimum = draw(st.integers(0, 2))
        demand = Demand(
            scope=f"{station}{draw(st.integers(1, 3))}",
            role="part",
            clause=draw(st.sampled_from(("T1", "T2"))),
            station=station,
            required_exact=draw(st.integers(0, 8000)) / 1000,
            minimum=minimum,
            maximum=draw(st.none() | st.integers(minimum, 5)),
            effective=draw(st.sampled_from(days)),
            rounded_at=draw(st.sampled_from((None, "wide"))),
            firm=draw(st.booleans()),
        )
        demands[demand.clause, demand.scope, demand.effective] = demand
    counts = [(station, draw(st.integers(0, 9)), draw(st.integers(0, 5))) for station in STATIONS]
    supplies = [
        Supply(pool=station, role=role, count=count, stations=(station,))
        for station, part, rest in counts
        for role, count in (("part", part), ("all", part + rest))
    ]
    shares = [
        ShareNorm(
            station=station, role="part", of="all", clause="T3", share=Ratio(share / 100), effective=day
        )
        for station in STATIONS
        for day, share in draw(
            st.dictionaries(st.sampled_from(days), st.integers(0, 100), max_size=2)
        ).items()
    ]
    totals = [
        TotalNorm(role="part", clause="T4", station=station, required_exact=need)
        for station, need in draw(
            st.dictionaries(st.sampled_from((*STATIONS, None)), st.integers(0, 30), max_size=3)
        ).items()
    ]
    return StaffingProblem(
        on=ON,
        demands=tuple(demands.values()),
        supplies=tuple(supplies),
        shares=tuple(shares),
        totals=tuple(totals),
    )


def shares(result: StaffingResult) -> list[Fraction]:
    return sorted(
        Fraction(s.allocated or 0, s.required) if s.required else Fraction(1) for s in result.standings
    )


def deliverable(problem: StaffingProblem, people: tuple[int, ...]) -> bool:
    """Hall's condition: no set of scopes takes more than all pools that may serve any of it hold."""
    by = {(rule.role, rule.by) for rule in problem.substitutions}

    def serves(supply: Supply, demand: Demand) -> bool:
        role = supply.role == demand.role or (demand.role, supply.role) in by
        near = demand.station is None or supply.stations is None or demand.station in supply.stations
        return role and near

    wanted = [(d, n) for d, n in zip(problem.demands, people, strict=True) if n]
    for size in range(1, len(wanted) + 1):
        for some in itertools.combinations(wanted, size):
            there = sum(s.count for s in problem.supplies if any(serves(s, d) for d, _ in some))
            if sum(n for _, n in some) > there:
                return False
    return True


def best_by_trying_all(problem: StaffingProblem) -> list[Fraction]:
    ranges = [range(int(d.required_exact) + 1) for d in problem.demands]
    vectors = (v for v in itertools.product(*ranges) if deliverable(problem, v))
    return max(
        sorted(
            Fraction(n, int(d.required_exact)) if d.required_exact else Fraction(1)
            for d, n in zip(problem.demands, v, strict=True)
        )
        for v in vectors
    )


# The planner must find what trying every posting finds: the whole sorted vector, not its minimum only.
@settings(max_examples=120, deadline=None)
@given(problems())
def test_shares_are_the_lexicographic_max_min_of_all_postings(problem: StaffingProblem) -> None:
    assert shares(solved(problem)) == best_by_trying_all(problem)


Unit = tuple[bool, Fraction, int]


def served(problem: StaffingProblem, people: tuple[int, ...]) -> list[Unit]:
    """The people posted, most valuable first: firmly asked for, low share before them, small need."""
    units = [
        (not d.firm, Fraction(before, int(d.required_exact)), int(d.required_exact))
        for d, number in zip(problem.demands, people, strict=True)
        for before in range(number)
    ]
    return [*sorted(units), (True, Fraction(2), 0)]


# What is asked only as conditions allow never takes a person from what is asked firmly.
@settings(max_examples=80, deadline=None)
@given(problems(), st.lists(st.booleans(), min_size=4, max_size=4))
def test_firm_needs_come_first_and_each_kind_is_shared_fairly(
    problem: StaffingProblem, firm: list[bool]
) -> None:
    demands = tuple(replace(d, firm=f) for d, f in zip(problem.demands, firm, strict=True))
    problem = replace(problem, demands=demands)
    result = solved(problem)
    assert check(problem, result) == ()
    allocated = {(s.role, s.scope): s.allocated or 0 for s in result.standings}
    ours = served(problem, tuple(allocated[d.role, d.scope] for d in demands))
    ranges = [range(int(d.required_exact) + 1) for d in demands]
    assert ours == min(served(problem, v) for v in itertools.product(*ranges) if deliverable(problem, v))


@settings(max_examples=200, deadline=None)
@given(dated_problems())
def test_the_independent_check_agrees_whatever_is_asked(problem: StaffingProblem) -> None:
    result = solved(problem)
    assert check(problem, result) == ()
    assert result.search.gap == 0


@settings(max_examples=150, deadline=None)
@given(dated_problems())
def test_hiring_steps_add_up_and_never_fall(problem: StaffingProblem) -> None:
    result = solved(problem)
    before: dict[tuple[str | None, str | None], int] = {}
    for row in result.hiring:
        assert row.to_add is not None
        assert row.have is not None
        assert row.to_designate is not None
        assert 0 <= row.have <= row.required <= row.have + row.to_add + row.to_designate
        assert row.to_add - (row.added_now or 0) == before.get((row.clause, row.station), 0)
        before[row.clause, row.station] = row.to_add
    joined = [row for row in result.hiring if row.clause is None and row.by == ON]
    whole = [row.to_add or 0 for row in joined if row.station is None]
    stations = sum(row.to_add or 0 for row in joined if row.station is not None)
    assert not joined or whole[0] >= stations


@settings(max_examples=150, deadline=None)
@given(problems(scopes=12, most=9))
def test_the_independent_check_agrees_and_the_gap_is_closed(problem: StaffingProblem) -> None:
    result = solved(problem)
    assert check(problem, result) == ()
    assert result.search.ended == "optimal"
    assert result.search.gap == 0


@settings(max_examples=100, deadline=None)
@given(problems(scopes=12, most=9))
def test_nobody_is_posted_twice_and_nobody_is_lost(problem: StaffingProblem) -> None:
    result = solved(problem)
    used: Counter[tuple[str, str]] = Counter()
    for row in result.allocations:
        used[row.pool, row.by] += row.count
    for spare in result.spare:
        used[spare.pool, spare.role] += spare.count
    assert used == Counter({(s.pool, s.role): s.count for s in problem.supplies})
    assert all((s.allocated or 0) <= s.required for s in result.standings)


@settings(max_examples=100, deadline=None)
@given(problems(scopes=10, most=9), st.integers(0, 7))
def test_one_more_person_never_makes_the_worst_off_worse(problem: StaffingProblem, who: int) -> None:
    more = list(problem.supplies)
    row = more[who]
    more[who] = Supply(pool=row.pool, role=row.role, count=row.count + 1, stations=row.stations)
    richer = StaffingProblem(
        on=ON, demands=problem.demands, supplies=tuple(more), substitutions=problem.substitutions
    )
    before, after = solved(problem), solved(richer)
    assert shares(after) >= shares(before)
    assert after.worst_share >= before.worst_share
    assert after.search.objective <= before.search.objective


@settings(max_examples=60, deadline=None)
@given(problems(scopes=10, most=9), st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(problem: StaffingProblem, seed: int) -> None:
    demands, supplies = list(problem.demands), list(problem.supplies)
    shuffle = random.Random(seed).shuffle  # noqa: S311
    shuffle(demands)
    shuffle(supplies)
    shuffled = StaffingProblem(
        on=ON,
        demands=tuple(demands),
        supplies=tuple(supplies),
        substitutions=problem.substitutions,
    )
    assert solved(shuffled) == solved(problem)


@settings(max_examples=60, deadline=None)
@given(problems(scopes=8, most=9))
def test_an_earlier_answer_changes_nobody_s_share_and_is_kept(problem: StaffingProblem) -> None:
    first = solved(problem)
    again = solve(problem, stop=MaxIterations(10**6), seed=Seed(1), params=StaffingParams(), start=first)
    assert again == first
