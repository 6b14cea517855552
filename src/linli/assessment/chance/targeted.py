"""Chance in the rules that hold a figure against a target: L10's fall of crimes, N7's share who feel safe."""

from dataclasses import replace

import numpy as np
from scipy.special import betainc

from linli.assessment.chance.assumptions import assumed
from linli.assessment.chance.honest import FIXED, tail_of_power
from linli.assessment.chance.results import Honest, Luck
from linli.assessment.chance.scenarios import Scenario
from linli.assessment.rules.comparing import YEAR
from linli.assessment.rules.targets import FallTarget, meet_fall, meet_share
from linli.assessment.scoring.arrays import BoolArray, FloatArray
from linli.assessment.scoring.funnels import LEVEL
from linli.assessment.scoring.intervals import wilson

__all__ = ["chance_of_fall_target", "chance_of_share_target", "met_by_luck"]

WHOLE = 100.0


def chance_of_fall_target(
    target: FallTarget, scenario: Scenario, years: int, random: np.random.Generator
) -> tuple[Luck, ...]:
    """How often the year's target is missed although crime truly fell by what is asked.

    The change that ought to be seen is a doubling; the honest rule beside it says “missed” as often at one.
    """
    asked = 1.0 - target.fall / WHOLE
    before_now = [_totals(scenario, times, years, random) for times in (asked, 2.0)]
    fallen, doubled = (meet_fall(target, counts) for counts in before_now)
    missed, seen = (result.missed[:, 0, -1] for result in (fallen, doubled))
    null, changed = (-result.percent[:, 0, -1] for result in (fallen, doubled))
    honest = replace(
        _at_power(null, changed, float(seen.mean())),
        fixed_a_year=float(_surely_missed(before_now[0], asked).mean()),
        fixed_power=float(_surely_missed(before_now[1], asked).mean()),
    )
    return (_missed(missed, seen, honest),)


def _surely_missed(counts: FloatArray, asked: float) -> BoolArray:
    """Where by the exact binomial, given both years' events, the fall was surely not reached."""
    before, now = counts[:, 0, :YEAR].sum(-1), counts[:, 0, YEAR:].sum(-1)
    # P(as many or more of both years' events in the judged one) is a regularised incomplete beta.
    upper = np.where(now > 0, betainc(np.maximum(now, 1.0), before + 1.0, asked / (1.0 + asked)), 1.0)
    return np.asarray(upper <= FIXED)


def met_by_luck(target: FallTarget, scenario: Scenario, years: int, random: np.random.Generator) -> float:
    """How often the year's target is met although nothing changed at all."""
    counts = _totals(scenario, 1.0, years, random)
    return float(meet_fall(target, counts).met[:, 0, -1].mean())


def _totals(scenario: Scenario, times: float, years: int, random: np.random.Generator) -> FloatArray:
    """Counts of the whole county, (years, 1, 24), the judged year at ``times`` the earlier rate."""
    mean = scenario.monthly.sum() * scenario.season
    rates = np.concatenate([mean, mean * times])
    if scenario.omega > 0:
        # Scatter of single area-months averages out over the areas by their shares.
        share = scenario.monthly / scenario.monthly.sum()
        omega = scenario.omega * float((share**2).sum())
        rates = rates * random.gamma(1.0 / omega, omega, (years, 2 * YEAR))
    drawn = random.poisson(np.broadcast_to(rates, (years, 2 * YEAR)))
    return np.asarray(drawn[:, np.newaxis, :], dtype=np.float64)


def chance_of_share_target(asked: float, years: int, random: np.random.Generator) -> tuple[Luck, ...]:
    """How often a survey misses the target although the true share is exactly what is asked.

    The change that ought to be seen is twice as many who do not feel safe.
    """
    answers = round(assumed("sample"))
    unsafe = 1.0 - asked / WHOLE
    true, twice = (
        answers - random.binomial(answers, min(1.0, unsafe * times), years).astype(np.float64)
        for times in (1.0, 2.0)
    )
    whole = np.full(years, float(answers))
    missed, seen = (meet_share(asked, part, whole).missed for part in (true, twice))
    fixed = [wilson(part, whole, LEVEL).high < asked / WHOLE for part in (true, twice)]
    honest = replace(
        _at_power(true, twice, float(seen.mean())),
        fixed_a_year=float(fixed[0].mean()),
        fixed_power=float(fixed[1].mean()),
    )
    return (_missed(missed, seen, honest),)


def _at_power(null: FloatArray, changed: FloatArray, power: float) -> Honest:
    """Says “missed” of figures as low as a share ``power`` of the truly changed ones."""
    tail = tail_of_power(changed, power)
    flagged = float((null <= tail).mean()) if power > 0 else 0.0
    return Honest(a_year=flagged, some=flagged, power=float((changed <= tail).mean()) if power > 0 else 0.0)


def _missed(missed: BoolArray, seen: BoolArray, honest: Honest) -> Luck:
    share = float(missed.mean())
    return Luck(
        consequence="target_missed",
        a_year=share,
        share=share,
        some=share,
        areas=share,
        change="worse",
        power=float(seen.mean()),
        honest=honest,
    )
