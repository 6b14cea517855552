"""Chance in the rules that rank a score of several figures (E6, H7, L17) or compare several figures (Q13)."""

from dataclasses import dataclass

import numpy as np

from linli.assessment.chance.assumptions import assumed
from linli.assessment.chance.honest import tail_of_power
from linli.assessment.chance.results import Honest, Luck, TrueChange
from linli.assessment.chance.scenarios import Scenario
from linli.assessment.rules.model import Consequence, Input, ScoringRule
from linli.assessment.rules.veto import Veto, decide
from linli.assessment.rules.weighting import ScoreYear, Weighting, score
from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray

__all__ = ["chance_of_scores", "chance_of_veto"]

WHOLE = 100.0


def chance_of_scores(
    rule: ScoringRule, weighting: Weighting, scenario: Scenario, years: int, random: np.random.Generator
) -> tuple[Luck, ...]:
    """Who is ranked best and last in years in which all areas are truly alike.

    The true change that ought to be seen: twice the events (half, for a reward), or as many times the
    failures where a figure is a share, in every figure of one area. The honest rule beside it looks at how
    far the year's score lies from the mean, as often right as the rule.
    """
    drawn = _Drawn.of(rule.inputs, scenario, years, random)
    null = score(weighting, drawn.figures)
    found = {name: score(weighting, drawn.changed(name, random)) for name in ("worse", "better")}
    return tuple(
        _score_luck(consequence, null, found[_change_of(consequence)], drawn.chosen)
        for consequence in rule.consequences
    )


def _change_of(consequence: Consequence) -> TrueChange:
    return "better" if consequence in ("best_rewarded", "selected") else "worse"


def _score_luck(consequence: Consequence, null: ScoreYear, changed: ScoreYear, chosen: IntArray) -> Luck:
    rows = np.arange(len(chosen))
    happened, found = _happened(consequence, null), _happened(consequence, changed)
    power = float(found[rows, chosen].mean())
    honest = None
    if consequence != "pay_linked":
        sign = -1.0 if _change_of(consequence) == "better" else 1.0
        honest = _honest(sign * _centred(null.annual), (sign * _centred(changed.annual))[rows, chosen], power)
    of_year: BoolArray = happened if happened.ndim == 2 else np.asarray(happened.any(-1))
    return Luck(
        consequence=consequence,
        a_year=float(happened.sum() / len(happened)),
        share=float(happened.mean()),
        some=float(of_year.any(1).mean()),
        areas=float(of_year.sum() / len(of_year)),
        change=_change_of(consequence),
        power=power,
        honest=honest,
    )


def _happened(consequence: Consequence, year: ScoreYear) -> BoolArray:
    """What is tied to pay is tied to the place: to be among the last third of a month is taken for a loss."""
    if consequence == "pay_linked":
        areas = year.monthly_place.shape[-2]
        return np.asarray(year.monthly_place > areas - areas // 3)
    return year.best if consequence in ("best_rewarded", "selected") else year.last


def _centred(annual: FloatArray) -> FloatArray:
    return np.asarray(annual - np.nanmean(annual, axis=-1, keepdims=True))


def _honest(null: FloatArray, changed: FloatArray, power: float) -> Honest:
    """Flags what lies at least as low as a share ``power`` of the truly changed ones do."""
    tail = tail_of_power(changed, power)
    flagged = null <= tail if power > 0 else np.zeros(null.shape, dtype=bool)
    return Honest(
        a_year=float(flagged.sum() / len(flagged)),
        some=float(flagged.any(-1).mean()),
        power=float((changed <= tail).mean()) if power > 0 else 0.0,
    )


@dataclass(frozen=True)
class _Drawn:
    """Figures (inputs, years, areas, months) of areas that are alike, and how each was drawn."""

    inputs: tuple[Input, ...]
    figures: FloatArray
    mean: FloatArray
    chosen: IntArray

    @classmethod
    def of(
        cls, inputs: tuple[Input, ...], scenario: Scenario, years: int, random: np.random.Generator
    ) -> "_Drawn":
        mean = scenario.monthly[:, np.newaxis] * scenario.season
        shape = (years, *mean.shape)
        figures = np.stack([_figure(each, mean, 1.0, shape, random) for each in inputs])
        return cls(inputs, figures, mean, np.arange(years, dtype=np.int64) % len(mean))

    def changed(self, change: TrueChange, random: np.random.Generator) -> FloatArray:
        """The same figures with the chosen area of each year truly twice as bad, or half."""
        times = 2.0 if change == "worse" else 0.5
        figures, rows = self.figures.copy(), np.arange(len(self.chosen))
        mean = self.mean[self.chosen]
        for number, each in enumerate(self.inputs):
            of_it = 1.0 / times if each.form == "count" and each.direction == "higher" else times
            figures[number, rows, self.chosen] = _figure(each, mean, of_it, mean.shape, random)
        return figures


def _figure(
    each: Input, mean: FloatArray, times: float, shape: tuple[int, ...], random: np.random.Generator
) -> FloatArray:
    """One input's figure: events by what is usual for the area, or a share of answers in percent.

    ``times`` is how many times the usual events, or failures, there truly are.
    """
    if each.form == "count":
        usual = np.maximum(mean, 1e-9)
        return random.poisson(np.broadcast_to(mean * times, shape)) / usual * float(mean.mean())
    answers = round(assumed("answers"))
    failing = (1.0 - assumed("share") / WHOLE) * times
    if each.direction == "lower":
        failing = 1.0 - failing
    return np.asarray(random.binomial(answers, 1.0 - failing, shape) / answers * WHOLE)


def chance_of_veto(
    rule: ScoringRule, veto: Veto, scenario: Scenario, years: int, random: np.random.Generator
) -> tuple[Luck, ...]:
    """Cards and vetoes in years in which all units are alike; one twice as bad is what ought to be seen."""
    drawn = _Drawn.of(rule.inputs, scenario, years, random)
    null = _of_year(drawn, drawn.figures, random, 1.0)
    changed = _of_year(drawn, drawn.changed("worse", random), random, 2.0)
    before, after = decide(veto, null), decide(veto, changed)
    rows = np.arange(years)
    z, far = _farthest(veto, null), _farthest(veto, changed)[rows, drawn.chosen]
    pairs: tuple[tuple[Consequence, BoolArray, BoolArray], ...] = (
        ("veto", before.vetoed, after.vetoed),
        ("yellow_card", before.yellow_card, after.yellow_card),
        ("no_excellent", before.barred, after.barred),
    )
    return tuple(
        Luck(
            consequence=consequence,
            a_year=float(happened.sum() / years),
            share=float(happened.mean()),
            some=float(happened.any(1).mean()),
            areas=float(happened.sum() / years),
            change="worse",
            power=(power := float(found[rows, drawn.chosen].mean())),
            honest=_honest(-z, -far, power) if consequence == "yellow_card" else None,
        )
        for consequence, happened, found in pairs
    )


def _of_year(drawn: _Drawn, figures: FloatArray, random: np.random.Generator, times: float) -> FloatArray:
    """(inputs, years, areas): sums of counts, means of shares; the rare event that vetoes drawn last."""
    found = np.stack(
        [
            figure.mean(-1) if each.form == "share" else figure.sum(-1)
            for each, figure in zip(drawn.inputs, figures, strict=True)
        ]
    )
    rare = np.broadcast_to(drawn.mean.sum(-1) * assumed("serious") / WHOLE, found.shape[1:]).copy()
    rows = np.arange(len(drawn.chosen))
    rare[rows, drawn.chosen] *= times
    found[-1] = random.poisson(rare)
    return found


def _farthest(veto: Veto, figures: FloatArray) -> FloatArray:
    """The worst standardised figure of each unit, high for bad; each against the spread of all years."""
    parts = []
    for figure, direction in zip(figures[:-1], veto.directions, strict=True):
        bad = -figure if direction == "higher" else figure
        parts.append((bad - bad.mean()) / max(float(bad.std()), 1e-9))
    return np.asarray(np.max(parts, axis=0))
