"""From a pack's rule and the figures of its indicators to proposals: one function for each kind of rule.

The arithmetic is in the modules of the kinds (``ladder``, ``rewards`` …), which the simulator of chance calls
as well; here its answers are put into words, with the figures and records that each rests on.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from linli.assessment.rules import ladder, rewards, targets, veto, weighting
from linli.assessment.rules.comparing import YEAR, Against
from linli.assessment.rules.findings import say
from linli.assessment.rules.model import Consequence, RuleKind, ScoringRule
from linli.assessment.rules.proposals import Proposal, Series, Used, aligned, used
from linli.assessment.rules.wording import rule_as_read
from linli.assessment.scoring.arrays import BoolArray
from linli.kernel.measures import Yuan
from linli.kernel.texts import Text
from linli.policy.model import Pack

__all__ = ["propose"]


@dataclass(frozen=True)
class _Run:
    """One rule on one day over its indicators' series, in the order of its inputs."""

    rule: ScoringRule
    pack: Pack
    on: dt.date
    series: Sequence[Series]
    as_read: Text

    def proposal(
        self,
        consequence: Consequence,
        area: int,
        period: str,
        inputs: tuple[Used, ...],
        reason: Text,
        yuan: float | None = None,
    ) -> Proposal:
        return Proposal(
            rule=self.rule.id,
            clause=self.rule.clause,
            consequence=consequence,
            area=self.series[0].areas[area],
            period=period,
            as_read=self.as_read,
            reason=reason,
            inputs=inputs,
            met_by_not_recording=self.rule.met_by_not_recording,
            assesses=self.rule.assesses,
            yuan=None if yuan is None else Yuan(yuan),
        )

    def of_all(self, area: int, periods: Sequence[int]) -> tuple[Used, ...]:
        """The figures of every input."""
        return tuple(each for series in self.series for each in used(series, area, periods))


def propose(rule: ScoringRule, pack: Pack, on: dt.date, series: Sequence[Series]) -> tuple[Proposal, ...]:
    """Everything that a rule proposes, by period and area.

    Parameters
    ----------
    on : date
        The day whose values of the pack hold, mostly the last day of the period.
    series : sequence of Series
        One for each input of the rule, in its order. Rules that compare with an earlier period (N19, N20,
        L10) take the twelve months of the year before first, then the judged ones; others the judged ones.

    Raises
    ------
    LinliError
        A number of the rule does not hold on that day.
    ValueError
        The series are not those of the rule's inputs, or of other lengths than it needs.
    """
    wanted, given = [each.indicator for each in rule.inputs], [each.indicator for each in series]
    if wanted != given:
        raise ValueError(f"{rule.id} is worked out from {wanted}, not from {given}")
    run = _Run(rule, pack, on, series, rule_as_read(rule, pack, on))
    found = tuple(PROPOSERS[rule.kind](run))
    return tuple(sorted(found, key=lambda each: (each.period, each.area)))


def _ladder(run: _Run) -> Iterator[Proposal]:
    reading = ladder.ladder_on(run.rule, run.pack, run.on)
    series = run.series[0]
    year = ladder.climb(reading, series.values)
    flags: dict[Consequence, BoolArray] = {
        "notice": year.notice & ~year.rectification & ~year.yellow_card,
        "rectification": year.rectification & ~year.yellow_card,
        "yellow_card": year.yellow_card,
        "no_excellent": year.barred,
    }
    back = 1 + reading.rectification_period
    for consequence, flag in flags.items():
        for area, month in np.argwhere(flag).tolist():
            running = int(year.running[area, month])
            first = max(0, month - max(running - 1, back if consequence == "yellow_card" else 0))
            if consequence == "no_excellent":
                first = 0
            cells = [c for m in range(first, month + 1) for c in _compared(m, reading.against)]
            reason = say(
                f"why.{consequence}",
                running=running,
                rise=_signed(float(year.rise[area, month]), reading.rise_in),
            )
            period = series.periods[YEAR + month]
            yield run.proposal(consequence, area, period, used(series, area, cells), reason)


def _compared(month: int, against: Against) -> list[int]:
    """Positions in the series of the months that one judged month is worked out from."""
    if against == "last_month":
        return [YEAR + month - 1, YEAR + month]
    if against == "year_to_date":
        return [*range(month + 1), *range(YEAR, YEAR + month + 1)]
    return [month, YEAR + month]


def _signed(rise: float, rise_in: str) -> Text:
    if np.isinf(rise):
        return say("why.from_none")
    unit = " %" if rise_in == "percent" else ""
    return Text(f"{rise:+.1f}{unit}", f"{rise:+.1f}{unit}")


def _falls(run: _Run) -> Iterator[Proposal]:
    reading = rewards.rewards_on(run.rule, run.pack, run.on)
    series = run.series[0]
    year = rewards.pay_falls(reading, series.values)
    for area, month in np.argwhere(year.step > 0).tolist():
        cells = used(series, area, _compared(month, reading.against))
        reason = say("why.fall", fall=f"{year.fall[area, month]:.1f}", step=int(year.step[area, month]))
        yuan = float(year.yuan[area, month])
        yield run.proposal("reward", area, series.periods[YEAR + month], cells, reason, yuan)


def _units(run: _Run) -> Iterator[Proposal]:
    each = rewards.unit_reward_on(run.rule, run.pack, run.on)
    series = run.series[0]
    yuan = rewards.pay_units(each, series.values)
    for area, period in np.argwhere(yuan > 0).tolist():
        reason = say("why.units", count=f"{series.values[area, period]:g}", yuan=f"{each:g}")
        cells = used(series, area, [period])
        yield run.proposal("reward", area, series.periods[period], cells, reason, float(yuan[area, period]))


def _weighted(run: _Run) -> Iterator[Proposal]:
    reading = weighting.weighting_on(run.rule, run.pack, run.on)
    items = aligned(run.series)
    year = weighting.score(reading, items)
    periods = run.series[0].periods
    if "pay_linked" in run.rule.consequences:
        for area, month in np.argwhere(year.monthly_place > 0).tolist():
            place = int(year.monthly_place[area, month])
            reason = _scored(float(year.monthly[area, month]), place, len(year.annual))
            yield run.proposal("pay_linked", area, periods[month], run.of_all(area, [month]), reason)
    whole = range(len(periods))
    span = f"{periods[0]}/{periods[-1]}"
    ends: dict[Consequence, BoolArray] = {
        "best_rewarded": year.best,
        "selected": year.best,
        "ineligible": year.last,
        "talk": year.last,
    }
    for consequence in (name for name in ends if name in run.rule.consequences):
        for (area,) in np.argwhere(ends[consequence]).tolist():
            reason = _scored(float(year.annual[area]), int(year.annual_place[area]), len(year.annual))
            yield run.proposal(consequence, area, span, run.of_all(area, whole), reason)


def _scored(score: float, place: int, areas: int) -> Text:
    return say("why.score", score=f"{score:.1f}", place=place, areas=areas)


def _veto(run: _Run) -> Iterator[Proposal]:
    reading = veto.veto_on(run.rule, run.pack, run.on)
    months = aligned(run.series)
    of_year = [
        month.mean(-1) if each.form == "share" else month.sum(-1)
        for each, month in zip(run.rule.inputs, months, strict=True)
    ]
    decided = veto.decide(reading, np.stack(of_year))
    periods = run.series[0].periods
    span, whole = f"{periods[0]}/{periods[-1]}", range(len(periods))
    flags: dict[Consequence, BoolArray] = {
        "veto": decided.vetoed,
        "yellow_card": decided.yellow_card,
        "no_excellent": decided.barred,
    }
    for consequence, flag in flags.items():
        for (area,) in np.argwhere(flag).tolist():
            reason = say(f"why.of_year.{consequence}")
            yield run.proposal(consequence, area, span, run.of_all(area, whole), reason)


def _fall_target(run: _Run) -> Iterator[Proposal]:
    reading = targets.fall_target_on(run.rule, run.pack, run.on)
    series = run.series[0]
    result = targets.meet_fall(reading, series.values)
    for area, month in np.argwhere(result.missed).tolist():
        reason = say(
            "why.fall_target", change=f"{result.percent[area, month]:+.1f}", fall=f"{reading.fall:g}"
        )
        cells = used(series, area, _compared(month, "year_to_date"))
        yield run.proposal("target_missed", area, series.periods[YEAR + month], cells, reason)


def _share_target(run: _Run) -> Iterator[Proposal]:
    asked = targets.share_target_on(run.rule, run.pack, run.on)
    part, whole = aligned(run.series)
    result = targets.meet_share(asked, part, whole)
    for area, period in np.argwhere(result.missed).tolist():
        reason = say("why.share_target", share=f"{result.percent[area, period]:.1f}", asked=f"{asked:g}")
        name = run.series[0].periods[period]
        yield run.proposal("target_missed", area, name, run.of_all(area, [period]), reason)


PROPOSERS: Final[Mapping[RuleKind, Callable[[_Run], Iterator[Proposal]]]] = MappingProxyType(
    {
        "rising_ranks": _ladder,
        "fall_rewards": _falls,
        "unit_reward": _units,
        "weighted_score": _weighted,
        "veto": _veto,
        "fall_target": _fall_target,
        "share_target": _share_target,
    }
)
