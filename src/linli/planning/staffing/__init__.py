"""Staffing: people to posts by dated norms, shortfalls shared fairly, and a hiring path to each date."""

from linli.planning.staffing.check import check
from linli.planning.staffing.model import (
    Demand,
    ShareNorm,
    StaffingParams,
    StaffingProblem,
    Substitution,
    Supply,
    TotalNorm,
)
from linli.planning.staffing.result import (
    Allocation,
    Designation,
    HiringRow,
    Need,
    NeedKind,
    Spare,
    StaffingResult,
    Standing,
)
from linli.planning.staffing.rounding import apportion, round_up
from linli.planning.staffing.solving import solve

__all__ = [
    "Allocation",
    "Demand",
    "Designation",
    "HiringRow",
    "Need",
    "NeedKind",
    "ShareNorm",
    "Spare",
    "StaffingParams",
    "StaffingProblem",
    "StaffingResult",
    "Standing",
    "Substitution",
    "Supply",
    "TotalNorm",
    "apportion",
    "check",
    "round_up",
    "solve",
]
