"""What a beat planner is asked: units, borders, travel and the rule of each group of units.

Arrays only: nothing here knows of packs or territories. A *group* is a set of units that one rule
speaks of and that no beat leaves: a station's area, or the urban or rural half of it where the two
have different norms.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = [
    "BeatCount",
    "BeatProblem",
    "GroupMatrices",
    "LoadPerBeat",
    "Measure",
    "OneUnitEach",
    "Prices",
    "Rule",
    "StraightLine",
    "Travel",
    "UnitsPerBeat",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

Measure = Literal["workload", "residents"]
"""Which column a norm on a beat's size is about."""


@dataclass(frozen=True)
class OneUnitEach:
    """One community, one beat (一社区一警务区)."""


@dataclass(frozen=True, kw_only=True)
class UnitsPerBeat:
    """So many units to a beat: 4 to 6 villages around a centre room (中心警务室).

    Without ``beats`` every connected part of the group gets the number of beats that brings it
    nearest to the middle of the range. With ``beats`` the group gets that many in all, where the
    range allows it.
    """

    minimum: int
    maximum: int
    beats: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.minimum <= self.maximum:
            raise ValueError(
                f"units per beat from {self.minimum} to {self.maximum}: need 1 ≤ minimum ≤ maximum"
            )
        _refuse_no_beats(self.beats)


@dataclass(frozen=True, kw_only=True)
class LoadPerBeat:
    """So much load to a beat, give or take: 5,000 residents to a room.

    ``tolerance`` is a ratio of the target: 0.1 accepts 4,500 to 5,500.
    """

    target: float
    tolerance: float = 0.1
    measure: Measure = "residents"

    def __post_init__(self) -> None:
        if not (np.isfinite(self.target) and self.target > 0):
            raise ValueError(f"a target load of {self.target}: need a number above zero")
        _refuse_tolerance(self.tolerance)


@dataclass(frozen=True, kw_only=True)
class BeatCount:
    """A fixed number of beats in the group, each within ``tolerance`` of the group's mean load."""

    beats: int
    tolerance: float = 0.1
    measure: Measure = "workload"

    def __post_init__(self) -> None:
        _refuse_no_beats(self.beats)
        _refuse_tolerance(self.tolerance)


Rule = OneUnitEach | UnitsPerBeat | LoadPerBeat | BeatCount


@dataclass(frozen=True, kw_only=True, eq=False)
class StraightLine:
    """Travel = straight-line distance × ``factor``.

    Positions lie in a plane, in metres. With ``factor`` 1 travel is in metres; a detour factor
    divided by a speed makes it minutes.
    """

    x: Floats
    y: Floats
    factor: float = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupMatrices:
    """Travel from every unit (row) to every unit (column) of its group, such as minutes by road.

    One square matrix a group; rows and columns follow the units of the group in their order.
    """

    matrices: tuple[Floats, ...]


Travel = StraightLine | GroupMatrices


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What breaking a wish costs, in multiples of a typical beat's whole resident-weighted travel.

    ``count``: a unit too many or too few in a beat. ``outside``: a beat outside its load tolerance.
    ``beyond``: for each 100 % of the target beyond the tolerance. ``uneven``: under ``UnitsPerBeat``,
    for each 100 % by which a beat's workload differs from the mean. ``moved``: a unit that leaves the
    beat it has in ``start``; 1,000 and more makes keeping the beats come before travel and balance.
    """

    count: float = 1000.0
    outside: float = 1.0
    beyond: float = 10.0
    uneven: float = 0.5
    moved: float = 0.0

    def __post_init__(self) -> None:
        for name in ("count", "outside", "beyond", "uneven", "moved"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise ValueError(f"the price {name} is {value}: need a number of zero or more")


@dataclass(frozen=True, kw_only=True, eq=False)
class BeatProblem:
    """Units to be grouped into contiguous beats.

    Parameters
    ----------
    workload, residents
        One number a unit, zero or more. Travel is weighted by residents.
    group
        The group of each unit, ``0 ≤ group < len(rules)``.
    edges
        Pairs of units that touch; pairs across groups are ignored.
    travel
        How far each unit is from each other unit of its group.
    rules
        The rule of each group.

    Raises
    ------
    ValueError
        Arrays of unlike lengths, numbers below zero or not finite, units or groups that are not there.
    """

    workload: Floats
    residents: Floats
    group: Integers
    edges: Integers
    travel: Travel
    rules: tuple[Rule, ...]
    prices: Prices = field(default_factory=Prices)

    def __post_init__(self) -> None:
        n = len(self.group)
        for name in ("workload", "residents"):
            _refuse_column(name, getattr(self, name), n)
        if self.edges.ndim != 2 or self.edges.shape[1] != 2:
            raise ValueError(f"edges have the shape {self.edges.shape}: need one row of two units a pair")
        _refuse_index("edges", self.edges, n)
        _refuse_index("group", self.group, len(self.rules))
        _refuse_travel(self.travel, self.group, len(self.rules))

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.group)

    def members(self, group: int) -> npt.NDArray[np.int64]:
        """The units of one group, in order."""
        return np.flatnonzero(self.group == group)


def _refuse_no_beats(beats: int | None) -> None:
    if beats is not None and beats < 1:
        raise ValueError(f"{beats} beats in a group: need one or more")


def _refuse_tolerance(tolerance: float) -> None:
    if not 0 <= tolerance < 1:
        raise ValueError(f"a tolerance of {tolerance}: need a ratio from 0 up to, not including, 1")


def _refuse_column(name: str, values: Floats, n: int) -> None:
    if values.shape != (n,):
        raise ValueError(f"{name} has the shape {values.shape}: need one number for each of {n} units")
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise ValueError(f"{name} holds numbers below zero or not finite")


def _refuse_index(name: str, values: Integers, limit: int) -> None:
    if values.size and not (values.min() >= 0 and values.max() < limit):
        raise ValueError(f"{name} names {values.min()} to {values.max()}: need 0 to {limit - 1}")


def _refuse_travel(travel: Travel, group: Integers, groups: int) -> None:
    if isinstance(travel, StraightLine):
        for name, values in (("x", travel.x), ("y", travel.y)):
            if values.shape != group.shape or not np.isfinite(values).all():
                raise ValueError(f"travel.{name}: need one finite number for each of {len(group)} units")
        if not (np.isfinite(travel.factor) and travel.factor >= 0):
            raise ValueError(f"travel.factor is {travel.factor}: need a number of zero or more")
        return
    sizes = np.bincount(group, minlength=groups)
    if len(travel.matrices) != groups:
        raise ValueError(f"{len(travel.matrices)} travel matrices: need one for each of {groups} groups")
    for g, matrix in enumerate(travel.matrices):
        if matrix.shape != (sizes[g], sizes[g]):
            raise ValueError(
                f"the travel matrix of group {g} is {matrix.shape}: need {sizes[g]} × {sizes[g]}"
            )
        _refuse_column(f"the travel matrix of group {g}", matrix.ravel(), matrix.size)
