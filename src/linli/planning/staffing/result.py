"""What the staffing planner answers: who stands where, what is missing, and what to add by when."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linli.kernel.measures import Ratio
from linli.planning.search import Search

__all__ = [
    "Allocation",
    "Designation",
    "HiringRow",
    "Need",
    "NeedKind",
    "Spare",
    "StaffingResult",
    "Standing",
]

NeedKind = Literal["demand", "total", "share"]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One role in one scope on the day: what all its clauses together need, and who is posted there."""

    scope: str
    station: str | None
    role: str
    required: int
    firm: int
    """The part of ``required`` that clauses ask for firmly; the rest is asked as conditions allow."""
    clauses: tuple[str, ...]
    """The clauses that ask for this many; others ask for fewer."""
    allocated: int | None
    """``None`` where the number of people on hand is not known."""
    gap: int | None
    share: Ratio | None
    """``allocated`` ÷ ``required``; 1 where nothing is required."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """What one clause asks for in one scope on the day, against what is there."""

    kind: NeedKind
    clause: str
    role: str
    scope: str
    """The scope's id; for totals the station's id, or empty for the whole territory."""
    station: str | None
    required_exact: float
    required: int
    have: int | None
    gap: int | None


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """``count`` people of a pool posted to a scope; ``by`` differs from ``role`` for substitutes."""

    scope: str
    role: str
    pool: str
    by: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Spare:
    """People of a pool whom no clause needs where they may serve."""

    pool: str
    role: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Designation:
    """How one share norm is met at one station from the people who are there."""

    station: str
    clause: str
    role: str
    of: str
    share: Ratio
    people: int | None
    """People of role ``of`` at the station."""
    required_exact: float | None
    required: int | None
    have: int | None
    to_designate: int | None


@dataclass(frozen=True, kw_only=True)
class HiringRow:
    """What must be in place by a day, from the people on hand today; counts are cumulative.

    ``clause`` ``None`` joins all clauses of the role; ``station`` ``None`` is the whole territory.
    """

    by: dt.date
    role: str
    clause: str | None
    station: str | None
    required: int
    have: int | None
    """People on hand who count towards it, never more than ``required``; those whom this clause itself
    (in joined rows: any clause) designates are not among them but in ``to_designate``."""
    to_add: int | None
    """To hire until then, in total since today. Never falls: nobody is hired to be let go."""
    added_now: int | None
    """The part of ``to_add`` that this step adds to the step before."""
    to_designate: int | None
    """People on hand in the wider role who change into this one until then (share norms), not hired."""


@dataclass(frozen=True, kw_only=True)
class StaffingResult:
    """The whole answer. Rows are ordered by ids, so the same problem gives the same bytes.

    ``search.objective`` is the number of people missing on the day; it is minimal, and among all
    postings that reach it the shares are the lexicographic max-min (see docs/methods/staffing.md).
    """

    on: dt.date
    standings: tuple[Standing, ...]
    needs: tuple[Need, ...]
    allocations: tuple[Allocation, ...]
    spare: tuple[Spare, ...]
    designations: tuple[Designation, ...]
    hiring: tuple[HiringRow, ...]
    search: Search

    @property
    def worst_share(self) -> Ratio:
        """The smallest satisfied share of any known scope; 1 where nothing is asked."""
        return min((s.share for s in self.standings if s.share is not None), default=Ratio(1.0))
