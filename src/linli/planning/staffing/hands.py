"""Who is on hand on a day: the counts given, after designating people into shares that fell due."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace

from linli.planning.staffing.model import ShareNorm, StaffingParams, StaffingProblem, Supply
from linli.planning.staffing.needs import in_force
from linli.planning.staffing.result import Designation
from linli.planning.staffing.rounding import round_up

__all__ = ["Hands", "designations_on", "hands_on"]


@dataclass(frozen=True, kw_only=True)
class Hands:
    """People on hand: ``heads`` counts everyone who holds a role, ``postable`` nobody twice."""

    postable: tuple[Supply, ...]
    heads: tuple[Supply, ...]
    designations: tuple[Designation, ...]


def designations_on(
    problem: StaffingProblem, day: dt.date, params: StaffingParams
) -> tuple[Designation, ...]:
    """For each share norm in force: how many people of the station change into the role.

    Never more than are there without another share's role: where several shares together ask for
    more than everyone, the later ones (by role and clause) stay short and their row shows it.
    """
    counts = {(s.pool, s.role): s.count for s in problem.supplies}
    free = _without_part(problem, counts)
    moved: dict[tuple[str, str], int] = defaultdict(int)
    norms = in_force(problem.shares, day, lambda n: n.effective, lambda n: (n.clause, n.station, n.role))
    norms.sort(key=lambda n: (n.role, n.station, n.clause))
    rows = []
    for norm in norms:
        row = _designation(norm, counts, params)
        if row.to_designate is not None:
            already = moved[norm.station, norm.role]
            more = min(max(0, row.to_designate - already), free[norm.station, norm.of])
            free[norm.station, norm.of] -= more
            moved[norm.station, norm.role] += more
            row = replace(row, to_designate=min(row.to_designate, already + more))
        rows.append(row)
    return tuple(rows)


def _without_part(problem: StaffingProblem, counts: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """People of each station's wider role who hold none of the roles that shares ask for."""
    free = dict(counts)
    for station, of, role in sorted({(n.station, n.of, n.role) for n in problem.shares}):
        if (station, of) in free:
            free[station, of] -= counts.get((station, role), 0)
    return {key: max(0, people) for key, people in free.items()}


def hands_on(problem: StaffingProblem, day: dt.date, params: StaffingParams) -> Hands:
    """People on hand on a day, in order of role and pool."""
    designations = designations_on(problem, day, params)
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for each in designations:
        key = (each.station, each.role)
        moved[key] = max(moved[key], each.to_designate or 0)
    heads = [replace(s, count=s.count + moved[s.pool, s.role]) for s in problem.supplies]
    heads.sort(key=lambda s: (s.role, s.pool))
    # Part of the wider role whether or not a share is due yet, so nobody is posted twice.
    parts = {(n.station, n.of, n.role) for n in problem.shares}
    held = {(s.pool, s.role): s.count for s in heads}
    inside: dict[tuple[str, str], int] = defaultdict(int)
    for station, of, role in parts:
        inside[station, of] += held.get((station, role), 0)
    postable = tuple(replace(s, count=max(0, s.count - inside[s.pool, s.role])) for s in heads)
    return Hands(postable=postable, heads=tuple(heads), designations=designations)


def _designation(norm: ShareNorm, counts: dict[tuple[str, str], int], params: StaffingParams) -> Designation:
    people = counts.get((norm.station, norm.of))
    have = counts.get((norm.station, norm.role))
    # 0.4 × 14 is 5.6000000000000005 in binary; people would ask where the end comes from.
    exact = None if people is None else round(norm.share * people, 9)
    required = None if exact is None else round_up(exact, params.tolerance)
    missing = None if required is None or have is None else max(0, required - have)
    return Designation(
        station=norm.station,
        clause=norm.clause,
        role=norm.role,
        of=norm.of,
        share=norm.share,
        people=people,
        required_exact=exact,
        required=required,
        have=have,
        to_designate=missing,
    )
