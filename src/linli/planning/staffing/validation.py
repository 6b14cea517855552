"""Refusing a staffing problem that cannot be meant, before anything is worked out."""

import math
from collections.abc import Iterator

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue
from linli.planning.staffing.model import Demand, StaffingParams, StaffingProblem, TotalNorm
from linli.planning.staffing.sharing import LARGEST_NEED, MOST_UNITS

__all__ = ["refuse_too_many", "validate"]

say = catalogue(__package__)


def validate(problem: StaffingProblem, params: StaffingParams) -> None:
    """Refuse the first thing that is wrong.

    Raises
    ------
    LinliError
        A number is out of range, something is given twice, or a part exceeds its whole.
    """
    if not 0 <= params.tolerance <= 1e-6:
        raise LinliError(say("invalid.tolerance", given=params.tolerance))
    for wrong in (*_demands(problem), *_supplies(problem), *_shares(problem)):
        raise LinliError(wrong)


def refuse_too_many(people: int) -> None:
    """Refuse a day on which all scopes together need more than can be shared out in one run.

    Raises
    ------
    LinliError
        ``people`` exceeds ``MOST_UNITS``.
    """
    if people > MOST_UNITS:
        raise LinliError(say("invalid.too_many", given=people, most=MOST_UNITS))


def _demands(problem: StaffingProblem) -> Iterator[Text]:
    seen: set[object] = set()
    station_of: dict[str, str] = {}
    asked: tuple[Demand | TotalNorm, ...] = (*problem.demands, *problem.totals)
    for each in asked:
        scope = each.scope if isinstance(each, Demand) else each.station or ""
        where = {"clause": each.clause, "role": each.role, "scope": scope}
        if not (math.isfinite(each.required_exact) and 0 <= each.required_exact < LARGEST_NEED):
            yield say("invalid.required", given=each.required_exact, most=LARGEST_NEED, **where)
        key = (type(each), each.clause, each.role, scope, each.effective)
        if key in seen:
            yield say("invalid.duplicate_demand", effective=each.effective, **where)
        seen.add(key)
        if isinstance(each, Demand):
            yield from _bounds(each)
            station = each.station or ""
            if station_of.setdefault(each.scope, station) != station:
                yield say("invalid.two_stations", scope=scope, first=station_of[each.scope], second=station)


def _bounds(demand: Demand) -> Iterator[Text]:
    most = demand.minimum if demand.maximum is None else demand.maximum
    if not 0 <= demand.minimum <= most < LARGEST_NEED:
        yield say(
            "invalid.bounds",
            clause=demand.clause,
            scope=demand.scope,
            minimum=demand.minimum,
            maximum=demand.maximum,
        )


def _supplies(problem: StaffingProblem) -> Iterator[Text]:
    seen: set[tuple[str, str]] = set()
    for supply in problem.supplies:
        where = {"pool": supply.pool, "role": supply.role}
        if supply.count < 0:
            yield say("invalid.count", given=supply.count, **where)
        if (supply.pool, supply.role) in seen:
            yield say("invalid.duplicate_supply", **where)
        seen.add((supply.pool, supply.role))


def _shares(problem: StaffingProblem) -> Iterator[Text]:
    counts = {(s.pool, s.role): s.count for s in problem.supplies}
    for norm in problem.shares:
        if not 0 <= norm.share <= 1:
            yield say("invalid.share", clause=norm.clause, station=norm.station, given=norm.share)
        everyone = counts.get((norm.station, norm.of))
        part = counts.get((norm.station, norm.role))
        if everyone is not None and part is not None and part > everyone:
            yield say(
                "invalid.more_than_all",
                station=norm.station,
                role=norm.role,
                count=part,
                of=norm.of,
                all=everyone,
            )
