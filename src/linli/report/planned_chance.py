"""Chance beside the clauses of a plan: fewer years than the full simulation, its own beats and seed."""

from typing import Final

from linli.assessment.chance.results import ChanceTable
from linli.assessment.chance.simulation import simulate
from linli.assessment.rules.model import Scoring
from linli.kernel.errors import LinliError
from linli.kernel.seeds import Seed
from linli.planning.deployment import Deployment
from linli.policy.model import Pack
from linli.report.counties import counties_of
from linli.territory.model import Territory

__all__ = ["PLAN_YEARS", "chance_of_plan"]

PLAN_YEARS: Final = 400
"""Simulated years behind a plan's table: a second of work, and a share of 32 % to within 0.3 %."""

MOST_AREAS: Final = 400
"""Beats up to which a plan simulates; a larger one is for ``linli assess chance``."""


def chance_of_plan(
    deployment: Deployment, territory: Territory, pack: Pack, scoring: Scoring
) -> ChanceTable | None:
    """What chance alone would make of the pack's scoring rules over a plan's beats.

    Returns
    -------
    ChanceTable or None
        ``None`` where the pack has no scoring rules, the plan has one beat or more than ``MOST_AREAS``, or
        nothing that could be simulated is known of it. The same plan gives the same table.
    """
    if not scoring.rules or not 2 <= len(deployment.beats) <= MOST_AREAS:
        return None
    try:
        counties = counties_of(territory, deployment)
    except LinliError:
        return None
    return simulate(
        scoring, pack, counties, on=deployment.pack.on, years=PLAN_YEARS, seed=Seed(deployment.seed)
    )
