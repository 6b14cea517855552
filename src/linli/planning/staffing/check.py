"""Checking an answer from the problem alone, by other means than it was found.

Needs are rounded again with whole-number arithmetic on decimal fractions, people are counted again,
and fairness is proved by exchange: a posting is the fairest exactly if no single person can be posted
from the spare ones, and none moved from one scope to another (through others if need be), with gain.
On the bases of an integral polymatroid, local optimality in this sense is global (Murota, *Discrete
Convex Analysis*, 2003, chapter 6: the M-optimality criterion). Nothing of the planner but its data
classes is used.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from linli.kernel.texts import Text, catalogue
from linli.planning.staffing.model import Demand, StaffingProblem, Supply
from linli.planning.staffing.result import StaffingResult, Standing

__all__ = ["check"]

say = catalogue(__package__)

Pool = tuple[str, str]
"""Pool id and the role its people hold."""


def check(problem: StaffingProblem, result: StaffingResult) -> tuple[Text, ...]:
    """Everything that is wrong with an answer; empty for a right one.

    Fairness is judged only where the search says it ended with a proof.
    """
    wrong = [*_needs(problem, result), *_counts(problem, result), *_hiring(result)]
    if not wrong and result.search.ended == "optimal":
        wrong += _fairness(problem, result)
    return tuple(wrong)


def _needs(problem: StaffingProblem, result: StaffingResult) -> Iterator[Text]:
    given = {(s.role, s.scope): (s.required, s.firm) for s in result.standings}
    expected = _required(problem)
    firm = _required(problem, firm_only=True)
    for key in sorted(expected.keys() | given.keys()):
        wanted = (expected.get(key, 0), firm.get(key, 0))
        if wanted != given.get(key, (0, 0)):
            yield say(
                "check.required_wrong",
                role=key[0],
                scope=key[1],
                expected=wanted[0],
                given=given.get(key, (0, 0))[0],
                expected_firm=wanted[1],
                given_firm=given.get(key, (0, 0))[1],
            )


def _required(problem: StaffingProblem, *, firm_only: bool = False) -> dict[tuple[str, str], int]:
    latest: dict[tuple[str, str, str], Demand] = {}
    for demand in problem.demands:
        asked = (demand.clause, demand.role, demand.scope)
        starts = demand.effective or dt.date.min
        held = latest.get(asked)
        if starts <= problem.on and (held is None or (held.effective or dt.date.min) < starts):
            latest[asked] = demand
    together: dict[tuple[str, str, str], list[Demand]] = defaultdict(list)
    for demand in latest.values():
        wider = f"\x00{demand.scope}" if demand.rounded_at is None else demand.rounded_at
        together[demand.clause, demand.role, wider].append(demand)
    required: dict[tuple[str, str], int] = defaultdict(int)
    for members in together.values():
        for demand, number in _rounded(members):
            if firm_only and not demand.firm:
                continue
            key = (demand.role, demand.scope)
            most = number if demand.maximum is None else min(number, demand.maximum)
            required[key] = max(required[key], most, demand.minimum)
    return dict(required)


def _rounded(members: list[Demand]) -> list[tuple[Demand, int]]:
    """Largest remainders over the scopes that are rounded together; for one scope, plainly up."""
    exact = {d.scope: Fraction(d.required_exact).limit_denominator(10**9) for d in members}
    people = -(-sum(exact.values()) // 1)
    whole = {scope: value // 1 for scope, value in exact.items()}
    left = people - sum(whole.values())
    ranked = sorted(members, key=lambda d: (whole[d.scope] - exact[d.scope], d.scope))
    return [(d, int(whole[d.scope] + (place < left))) for place, d in enumerate(ranked)]


def _counts(problem: StaffingProblem, result: StaffingResult) -> Iterator[Text]:
    standings = {(s.role, s.scope): s for s in result.standings}
    hands = _hands(problem, result)
    allowed = {(rule.role, rule.by) for rule in problem.substitutions}
    used: Counter[Pool] = Counter()
    posted: Counter[tuple[str, str]] = Counter()
    for row in result.allocations:
        used[row.pool, row.by] += row.count
        posted[row.role, row.scope] += row.count
        slot, pool = standings.get((row.role, row.scope)), hands.get((row.pool, row.by))
        if slot is None or row.count < 1:
            yield say("check.allocated_to_nowhere", count=row.count, role=row.role, scope=row.scope)
        elif (
            pool is None or not _may(pool, slot) or (row.by != row.role and (row.role, row.by) not in allowed)
        ):
            yield say("check.not_allowed", pool=row.pool, by=row.by, scope=row.scope, role=row.role)
    spare = {(s.pool, s.role): s.count for s in result.spare}
    for key, supply in sorted(hands.items()):
        where = {"pool": key[0], "role": key[1]}
        if used[key] > supply.count:
            yield say("check.more_than_there_are", used=used[key], count=supply.count, **where)
        if spare.get(key) != supply.count - used[key]:
            yield say("check.spare_wrong", expected=supply.count - used[key], given=spare.get(key), **where)
    for (role, scope), slot in sorted(standings.items()):
        total = posted[role, scope]
        if total != (slot.allocated or 0):
            yield say("check.sum_wrong", role=role, scope=scope, expected=total, given=slot.allocated)
        if total > slot.required:
            yield say("check.over_filled", role=role, scope=scope, given=total, required=slot.required)


def _hands(problem: StaffingProblem, result: StaffingResult) -> dict[Pool, Supply]:
    """People who may be posted: those designated are in their new role, and in no other."""
    counts = {(s.pool, s.role): s.count for s in problem.supplies}
    changed: dict[Pool, int] = {}
    for row in result.designations:
        key = (row.station, row.role)
        changed[key] = max(changed.get(key, 0), row.to_designate or 0)
    for key, people in changed.items():
        if key in counts:
            counts[key] += people
    for station, of, role in {(n.station, n.of, n.role) for n in problem.shares}:
        if (station, of) in counts:
            counts[station, of] -= counts.get((station, role), 0)
    return {
        (s.pool, s.role): Supply(
            pool=s.pool, role=s.role, count=max(0, counts[s.pool, s.role]), stations=s.stations
        )
        for s in problem.supplies
    }


def _may(supply: Supply, slot: Standing) -> bool:
    return slot.station is None or supply.stations is None or slot.station in supply.stations


def _hiring(result: StaffingResult) -> Iterator[Text]:
    before: dict[tuple[str, str | None, str | None], int] = {}
    for row in sorted(result.hiring, key=lambda r: r.by):
        key = (row.role, row.clause, row.station)
        if row.to_add is not None:
            if row.to_add < before.get(key, 0):
                yield say("check.hiring_falls", role=row.role, clause=row.clause or "", by=row.by)
            before[key] = row.to_add


@dataclass
class _Class:
    """Scopes that the same pools may serve."""

    pools: tuple[Pool, ...]
    members: list[Standing] = field(default_factory=list)

    def neediest(self) -> "_Unit | None":
        """Whose next person is worth most: firmly asked for, the smallest share, the smallest need."""
        wanting = [s for s in self.members if s.required > (s.allocated or 0)]
        return min((_unit(s, s.allocated or 0) for s in wanting), default=None)

    def easiest(self) -> "_Unit | None":
        """Whose last person is worth least."""
        return max((_unit(s, s.allocated - 1) for s in self.members if s.allocated), default=None)


_Unit = tuple[bool, Fraction, int, str]
"""One person at a scope: asked as conditions allow only, the share before them, the need, the scope."""


def _unit(standing: Standing, before: int) -> _Unit:
    firm = before < standing.firm
    need = standing.firm if firm else standing.required
    return not firm, Fraction(before, need), need, standing.scope


def _fairness(problem: StaffingProblem, result: StaffingResult) -> Iterator[Text]:
    hands = _hands(problem, result)
    classes = _classes(problem, result, hands)
    of_scope = {(s.role, s.scope): c for c in classes.values() for s in c.members}
    users: dict[Pool, set[tuple[str, tuple[Pool, ...]]]] = defaultdict(set)
    for row in result.allocations:
        users[row.pool, row.by].add((row.role, of_scope[row.role, row.scope].pools))
    spare = {(s.pool, s.role) for s in result.spare if s.count}
    last = {key: each.easiest() for key, each in classes.items()}
    for role, pools in sorted(classes):
        wanting = classes[role, pools].neediest()
        if wanting is None:
            continue
        reached, givers = _reach((role, pools), users)
        for pool in sorted(reached & spare):
            yield say("check.idle", scope=wanting[3], role=role, pool=pool[0])
        for giver in sorted(givers):
            giving = last[giver]
            if giving is not None and wanting[:3] < giving[:3]:
                yield say("check.unfair", role=role, donor=giving[3], scope=wanting[3])


def _classes(
    problem: StaffingProblem, result: StaffingResult, hands: dict[Pool, Supply]
) -> dict[tuple[str, tuple[Pool, ...]], _Class]:
    stand_in = defaultdict(set)
    for rule in problem.substitutions:
        stand_in[rule.role].add(rule.by)
    serving: dict[tuple[str, str | None], tuple[Pool, ...]] = {}
    classes: dict[tuple[str, tuple[Pool, ...]], _Class] = {}
    for slot in result.standings:
        if slot.allocated is None:
            continue
        if (slot.role, slot.station) not in serving:
            roles = {slot.role, *stand_in[slot.role]}
            serving[slot.role, slot.station] = tuple(
                sorted(key for key, supply in hands.items() if key[1] in roles and _may(supply, slot))
            )
        pools = serving[slot.role, slot.station]
        classes.setdefault((slot.role, pools), _Class(pools)).members.append(slot)
    return classes


def _reach(
    first: tuple[str, tuple[Pool, ...]], users: dict[Pool, set[tuple[str, tuple[Pool, ...]]]]
) -> tuple[set[Pool], set[tuple[str, tuple[Pool, ...]]]]:
    """Pools and classes from which a person could come to the first class, by a chain of moves."""
    pools: set[Pool] = set()
    classes = {first}
    open_classes = [first]
    while open_classes:
        for pool in open_classes.pop()[1]:
            if pool not in pools:
                pools.add(pool)
                new = users[pool] - classes
                classes |= new
                open_classes += sorted(new)
    return pools, classes
