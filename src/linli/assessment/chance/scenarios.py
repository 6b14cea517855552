"""Years in which nothing differs: the county's own sizes, and five textbook cases beside it.

In every scenario each area's true rate is the same in both years; what varies is chance, and in some of them
the season that all areas share or scatter of single months.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import ndtri

from linli.assessment.chance.assumptions import assumed
from linli.assessment.chance.county import County
from linli.assessment.scoring.arrays import FloatArray

__all__ = ["SCENARIOS", "Scenario", "ScenarioName", "scenario_of"]

ScenarioName = Literal["county", "plain", "unequal", "dispersed", "seasonal", "both"]

SCENARIOS: Final[tuple[ScenarioName, ...]] = ("plain", "unequal", "dispersed", "seasonal", "both")
"""The five of the calibration; ``both`` is seasonal and over-dispersed."""

PEAK: Final = 7
MONTHS: Final = 12


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """True means a month (areas,), the season (12,) of mean 1, the relative variance of single months.

    ``exposure`` (areas,) are the sizes that are known of the areas: residents, or the true means where the
    scenario makes the areas up.
    """

    name: ScenarioName
    monthly: FloatArray
    season: FloatArray
    omega: float
    exposure: FloatArray


def scenario_of(name: ScenarioName, county: County) -> Scenario:
    """A scenario over as many areas, with as many events in all, as the county has."""
    own = county.monthly
    even = np.full(own.shape, own.mean())
    monthly = {"county": own, "unequal": _unequal(even)}.get(name, even)
    return Scenario(
        name=name,
        monthly=monthly,
        season=_season() if name in ("seasonal", "both") else np.ones(MONTHS),
        omega=assumed("omega") if name in ("dispersed", "both") else 0.0,
        exposure=_sizes(county) if name == "county" else monthly,
    )


def _sizes(county: County) -> FloatArray:
    """Residents where everybody has some, else events: nobody lives in a market, and it has its cases."""
    known = county.residents if (county.residents > 0).all() else county.monthly
    return np.asarray(np.maximum(known, known[known > 0].min()))


def _unequal(even: FloatArray) -> FloatArray:
    """Log-normal quantiles, so that every run has the same sizes."""
    places = (np.arange(even.size) + 0.5) / even.size
    spread = np.exp(assumed("spread") * ndtri(places))
    return np.asarray(even * spread / spread.mean())


def _season() -> FloatArray:
    turn = 2.0 * np.pi * (np.arange(MONTHS) - (PEAK - 1)) / MONTHS
    return np.asarray(1.0 + assumed("season") / 100.0 * np.cos(turn))
