"""The staffing planner's door: one problem in, one answer out, the same every time."""

import datetime as dt
from collections import defaultdict

from linli.kernel.measures import Ratio
from linli.kernel.seeds import Seed
from linli.planning.search import Ended, Search, Stop
from linli.planning.staffing.hands import Hands, hands_on
from linli.planning.staffing.hiring import DayBook, hiring_path
from linli.planning.staffing.model import StaffingParams, StaffingProblem
from linli.planning.staffing.needs import days_of_change, slots_on, totals_on
from linli.planning.staffing.posting import Posting, post, postings
from linli.planning.staffing.result import Allocation, Need, Spare, StaffingResult, Standing
from linli.planning.staffing.validation import refuse_too_many, validate

__all__ = ["solve"]


def solve(
    problem: StaffingProblem,
    *,
    stop: Stop,
    seed: Seed,
    params: StaffingParams,
    start: StaffingResult | None = None,
) -> StaffingResult:
    """Post the people on hand fairly, name what is missing, and what to add by each day.

    Parameters
    ----------
    problem : StaffingProblem
        Needs, people on hand and who may serve where.
    stop : Stop
        Asked before each person is posted. The answer is exact when it never says so.
    seed : Seed
        Recorded only: nothing here is random.
    params : StaffingParams
        How needs are rounded.
    start : StaffingResult, optional
        An earlier answer: among equally fair postings, scopes that had people there keep them.

    Raises
    ------
    LinliError
        The problem contradicts itself or exceeds what can be counted.

    Notes
    -----
    People missing are the fewest possible; the satisfied shares are their lexicographic max-min.
    Hiring steps post today's people anew for each later day, as if they could be moved.
    """
    validate(problem, params)
    kept = _kept(start)
    runs = [_day(problem, day, kept, stop=stop, params=params) for day in days_of_change(problem)]
    hands, posting, book = runs[0]
    allocations = postings(posting)
    ended: Ended = "optimal" if all(run[1].ended == "optimal" for run in runs) else "limit"
    return StaffingResult(
        on=problem.on,
        standings=tuple(_standing(posting, index) for index in range(len(posting.slots))),
        needs=book.needs,
        allocations=allocations,
        spare=_spare(hands, allocations),
        designations=hands.designations,
        hiring=hiring_path([run[2] for run in runs]),
        search=Search(
            objective=float(posting.missing),
            bound=float(posting.fewest_missing),
            iterations=sum(run[1].units for run in runs),
            seed=seed,
            ended=ended,
        ),
    )


def _day(
    problem: StaffingProblem,
    day: dt.date,
    kept: dict[tuple[str, str], int],
    *,
    stop: Stop,
    params: StaffingParams,
) -> tuple[Hands, Posting, DayBook]:
    hands = hands_on(problem, day, params)
    slots = slots_on(problem, day, params)
    refuse_too_many(sum(slot.required for slot in slots))
    posting = post(slots, hands.postable, problem.substitutions, kept=kept, stop=stop)
    needs = (*_demand_needs(posting), *_total_needs(problem, day, hands, params), *_share_needs(hands))
    missing = [
        None if people is None else slot.required - people
        for slot, people in zip(slots, posting.allocated, strict=True)
    ]
    book = DayBook(
        day=day,
        needs=needs,
        slots=tuple((s.role, s.station, s.required, m) for s, m in zip(slots, missing, strict=True)),
        designations=hands.designations,
    )
    return hands, posting, book


def _demand_needs(posting: Posting) -> list[Need]:
    return [
        Need(
            kind="demand",
            clause=demand.clause,
            role=slot.role,
            scope=slot.scope,
            station=slot.station,
            required_exact=demand.required_exact,
            required=number,
            have=people,
            gap=None if people is None else max(0, number - people),
        )
        for slot, people in zip(posting.slots, posting.allocated, strict=True)
        for demand, number in slot.asked
    ]


def _total_needs(problem: StaffingProblem, day: dt.date, hands: Hands, params: StaffingParams) -> list[Need]:
    needs = []
    for norm, number in totals_on(problem, day, params):
        counts = [
            s.count
            for s in hands.heads
            if s.role == norm.role and (norm.station is None or norm.station == s.pool)
        ]
        have = sum(counts) if counts else None
        needs.append(
            Need(
                kind="total",
                clause=norm.clause,
                role=norm.role,
                scope=norm.station or "",
                station=norm.station,
                required_exact=norm.required_exact,
                required=number,
                have=have,
                gap=None if have is None else max(0, number - have),
            )
        )
    return needs


def _share_needs(hands: Hands) -> list[Need]:
    needs = []
    for row in hands.designations:
        known = row.have is not None and row.required is not None
        needs.append(
            Need(
                kind="share",
                clause=row.clause,
                role=row.role,
                scope=row.station,
                station=row.station,
                required_exact=row.required_exact or 0.0,
                required=row.required or 0,
                have=row.have,
                gap=max(0, (row.required or 0) - (row.have or 0)) if known else None,
            )
        )
    return needs


def _standing(posting: Posting, index: int) -> Standing:
    slot, people = posting.slots[index], posting.allocated[index]
    share = None if people is None else Ratio(people / slot.required if slot.required else 1.0)
    return Standing(
        scope=slot.scope,
        station=slot.station,
        role=slot.role,
        required=slot.required,
        firm=slot.firm,
        clauses=tuple(demand.clause for demand, number in slot.asked if number == slot.required),
        allocated=people,
        gap=None if people is None else slot.required - people,
        share=share,
    )


def _spare(hands: Hands, allocations: tuple[Allocation, ...]) -> tuple[Spare, ...]:
    used: dict[tuple[str, str], int] = defaultdict(int)
    for row in allocations:
        used[row.pool, row.by] += row.count
    return tuple(
        Spare(pool=s.pool, role=s.role, count=s.count - used[s.pool, s.role]) for s in hands.postable
    )


def _kept(start: StaffingResult | None) -> dict[tuple[str, str], int]:
    if start is None:
        return {}
    return {(s.role, s.scope): s.allocated or 0 for s in start.standings}
