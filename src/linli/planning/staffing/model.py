"""What the staffing planner is told: needs with dates and clauses, people on hand, and who may serve where.

Plain counts and ids only: the planner knows neither packs nor territories. Every count is of people;
nothing here can hold a person.
"""

import datetime as dt
from dataclasses import dataclass

from linli.kernel.measures import Ratio

__all__ = [
    "Demand",
    "ShareNorm",
    "StaffingParams",
    "StaffingProblem",
    "Substitution",
    "Supply",
    "TotalNorm",
]


@dataclass(frozen=True, kw_only=True)
class Demand:
    """People of one role whom one clause wants standing in one scope (a beat, a room, a village).

    Several clauses may ask for the same role in the same scope: the same people answer all of them,
    so the largest request counts, never the sum. A later ``effective`` day of the same clause, role
    and scope replaces the earlier one from that day on.
    """

    scope: str
    role: str
    clause: str
    required_exact: float
    """People before rounding, ≥ 0, such as 3 × 1,840 ÷ 1,000 = 5.52."""
    station: str | None = None
    """The station whose people serve this scope; ``None`` where people of any station may."""
    minimum: int = 0
    maximum: int | None = None
    """Bounds on the rounded need: "1 to 2 officers a room" is minimum 1, maximum 2."""
    effective: dt.date | None = None
    """First day on which the clause asks for this; ``None`` for always."""
    rounded_at: str | None = None
    """The wider scope that the clause names (a county): demands that share clause, role and this id
    are added up first and rounded up once. ``None`` rounds at the demand's own scope."""
    firm: bool = True
    """False where the clause asks "as conditions allow": nobody is posted for it while a firm need
    that they could serve lacks people."""


@dataclass(frozen=True, kw_only=True)
class TotalNorm:
    """People of one role whom a clause wants in a whole station or the whole territory, wherever they stand.

    It is met by head count: people standing in a scope and people to spare count alike.
    """

    role: str
    clause: str
    required_exact: float
    station: str | None = None
    """``None`` for the whole territory."""
    effective: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class ShareNorm:
    """At least ``share`` of a station's people of role ``of`` must hold ``role``.

    "Community officers ≥ 40 % of the station's officers" is role ``community_officer`` of ``officer``.
    People of ``role`` are among those of ``of``. It is met by designating people who are there, so it
    never hires; from ``effective`` on, those designated are people on hand.
    """

    station: str
    role: str
    of: str
    clause: str
    share: Ratio
    effective: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Supply:
    """People of one role in one pool (a station, or a reserve of the county) on the day of the count.

    A role without any supply row is *not known*, which is not zero: give a row with count 0 for zero.
    """

    pool: str
    role: str
    count: int
    stations: tuple[str, ...] | None = None
    """Stations whose scopes these people may serve; ``None`` for every scope."""


@dataclass(frozen=True, kw_only=True)
class Substitution:
    """People of one role may stand where another is asked for. Never assumed: only a clause allows it."""

    role: str
    """The role that is asked for."""
    by: str
    """The role whose people may stand in."""
    clause: str


@dataclass(frozen=True, kw_only=True)
class StaffingProblem:
    """All that is asked and all that is there. The order of the tuples does not matter."""

    on: dt.date
    """The day for which people are posted; later days of the demands become hiring steps."""
    demands: tuple[Demand, ...] = ()
    supplies: tuple[Supply, ...] = ()
    totals: tuple[TotalNorm, ...] = ()
    shares: tuple[ShareNorm, ...] = ()
    substitutions: tuple[Substitution, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StaffingParams:
    """How needs are rounded.

    ``tolerance`` is relative: 4.000000000000001, which 0.4 × 10 may give in binary arithmetic, is 4
    and not 5. Range 0 to 1e-6.
    """

    tolerance: float = 1e-9
