"""Beats (警务区): units grouped into contiguous beats inside their groups' borders."""

from linli.planning.beats.apportion import apportion, beats_by_load, beats_by_units, count_range
from linli.planning.beats.check import Violation, ViolationKind, check
from linli.planning.beats.exact import Exact, ExactParams, exact
from linli.planning.beats.exceptions import PlanException, PlanExceptionKind
from linli.planning.beats.heavy import heavier_than_mean
from linli.planning.beats.params import BeatParams
from linli.planning.beats.problem import (
    BeatCount,
    BeatProblem,
    GroupMatrices,
    LoadPerBeat,
    Measure,
    OneUnitEach,
    Prices,
    Rule,
    StraightLine,
    Travel,
    UnitsPerBeat,
)
from linli.planning.beats.result import BeatResult
from linli.planning.beats.solve import solve

__all__ = [
    "BeatCount",
    "BeatParams",
    "BeatProblem",
    "BeatResult",
    "Exact",
    "ExactParams",
    "GroupMatrices",
    "LoadPerBeat",
    "Measure",
    "OneUnitEach",
    "PlanException",
    "PlanExceptionKind",
    "Prices",
    "Rule",
    "StraightLine",
    "Travel",
    "UnitsPerBeat",
    "Violation",
    "ViolationKind",
    "apportion",
    "beats_by_load",
    "beats_by_units",
    "check",
    "count_range",
    "exact",
    "heavier_than_mean",
    "solve",
]
