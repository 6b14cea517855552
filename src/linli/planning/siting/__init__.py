"""Siting: which places get a police room or a work station, and whom each serves."""

from linli.planning.siting.check import Violation, check
from linli.planning.siting.parameters import SitingParameters
from linli.planning.siting.problem import (
    Centre,
    MaximalCovering,
    Median,
    Model,
    NearestCosts,
    SetCovering,
    SitingProblem,
)
from linli.planning.siting.result import NOT_SERVED, Method, SitingResult
from linli.planning.siting.solve import solve

__all__ = [
    "NOT_SERVED",
    "Centre",
    "MaximalCovering",
    "Median",
    "Method",
    "Model",
    "NearestCosts",
    "SetCovering",
    "SitingParameters",
    "SitingProblem",
    "SitingResult",
    "Violation",
    "check",
    "solve",
]
