"""Chance in the rules that judge counts of events: N19's ladder of cards and N20's rewards for a fall."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linli.assessment.chance.drawing import Years
from linli.assessment.chance.honest import FIXED, Side, Tails, tail_of_power
from linli.assessment.chance.results import Honest, Luck, TrueChange
from linli.assessment.rules.ladder import Ladder, climb
from linli.assessment.rules.model import Consequence
from linli.assessment.rules.rewards import FallRewards, pay_falls
from linli.assessment.scoring.arrays import BoolArray, FloatArray

__all__ = ["chance_of_ladder", "chance_of_rewards"]


@dataclass
class _Tally:
    """How often something happened over simulated years, (years, areas, months) added up a part at a time."""

    years: int = 0
    cells: int = 0
    times: int = 0
    some: int = 0
    areas: int = 0

    def add(self, happened: BoolArray) -> None:
        self.years += len(happened)
        self.cells += happened.size
        self.times += int(happened.sum())
        self.some += int(happened.any((1, 2)).sum())
        self.areas += int(happened.any(2).sum())

    def luck(
        self, consequence: Consequence, change: TrueChange, power: float, honest: Honest | None = None
    ) -> Luck:
        return Luck(
            consequence=consequence,
            a_year=self.times / self.years,
            share=self.times / self.cells,
            some=self.some / self.years,
            areas=self.areas / self.years,
            change=change,
            power=power,
            honest=honest,
        )


def chance_of_ladder(ladder: Ladder, years: Years, tails: Tails) -> tuple[Luck, ...]:
    """What the ladder proposes in years without a difference, and how often it finds a true doubling.

    A doubling is found by a consequence if the area gets it at least once in the year. The honest rule stands
    beside the yellow card; it is counted in the same way, once for each month in which it flags an area.
    """
    names: tuple[Consequence, ...] = ("notice", "rectification", "yellow_card", "no_excellent")
    tallies: dict[Consequence, _Tally] = {name: _Tally() for name in names}
    found: dict[Consequence, int] = dict.fromkeys(names, 0)
    for part in years.chunks():
        for name, happened in _of_year(ladder, years.null(part)).items():
            tallies[name].add(happened)
        for name, happened in _of_year(ladder, years.changed(part, "doubled")).items():
            found[name] += int(years.of_chosen(happened, part).any(1).sum())
    power = {name: found[name] / len(years) for name in names}
    once = tails.of_changed("doubled").min(1)
    honest = _honest(tails, "high", tail_of_power(once, power["yellow_card"]), once)
    return tuple(
        tallies[name].luck(name, "doubling", power[name], honest if name == "yellow_card" else None)
        for name in names
    )


def _of_year(ladder: Ladder, counts: FloatArray) -> dict[Consequence, BoolArray]:
    year = climb(ladder, counts)
    return {
        "notice": year.notice,
        "rectification": year.rectification,
        "yellow_card": year.yellow_card,
        "no_excellent": np.asarray(year.barred.any(-1, keepdims=True)),
    }


def chance_of_rewards(rewards: FallRewards, years: Years, tails: Tails) -> tuple[Luck, ...]:
    """What is paid in years without a fall, to whom, and how often the months of a true fall are paid.

    The honest rule pays a month whose year to date is low beyond chance, by the step that its figure reaches
    (the first one at least), as often in the months of a true fall as the rule does. The true fall is the one
    that the years were drawn with: the rule's own first step.
    """
    tally, paid = _Tally(), np.zeros(years.counts.shape[1])
    found = 0
    for part in years.chunks():
        year = pay_falls(rewards, years.null(part))
        tally.add(year.step > 0)
        paid += year.yuan.sum((0, 2))
        fallen = pay_falls(rewards, years.changed(part, "fallen"))
        found += int(years.of_chosen(fallen.step > 0, part).sum())
    power = found / years.fallen.size
    months = tails.of_changed("fallen")
    tail = tail_of_power(months, power)
    honest = _honest(tails, "low", tail, months, yuan=_honest_yuan(rewards, years, tails, tail))
    third = _smallest(years)
    luck = replace(tally.luck("reward", "fall", power, honest), change_percent=years.fall)
    return (_with_money(luck, paid / len(years), third, years),)


def _with_money(luck: Luck, paid: FloatArray, third: BoolArray, years: Years) -> Luck:
    total, events = float(paid.sum()), years.counts.mean((0, 2))
    return replace(
        luck,
        yuan=total,
        smallest_third=float(paid[third].sum()) / total if total > 0 else None,
        smallest_part=float(events[third].sum() / events.sum()),
    )


def _smallest(years: Years) -> BoolArray:
    """The third of the areas that count the fewest events."""
    events = years.counts.mean((0, 2))
    third = np.zeros(events.shape, dtype=bool)
    third[np.argsort(events, kind="stable")[: max(1, events.size // 3)]] = True
    return third


def _honest(
    tails: Tails, side: Side, tail: float, changed: NDArray[np.float32], *, yuan: float | None = None
) -> Honest | None:
    """The honest rule at a tail: what it flags by chance, and how often it finds what has changed.

    ``None`` where the areas are too few for it to say anything.
    """
    if not tails.told:
        return None
    null = tails.of_null(side)
    flagged, fixed = null <= tail, null <= FIXED
    return Honest(
        a_year=float(flagged.sum() / len(null)),
        some=float(flagged.any((1, 2)).mean()),
        power=float((changed <= tail).mean()),
        yuan=yuan,
        fixed_a_year=float(fixed.sum() / len(null)),
        fixed_power=float((changed <= FIXED).mean()),
    )


def _honest_yuan(rewards: FallRewards, years: Years, tails: Tails, tail: float) -> float:
    total = 0.0
    amounts = np.array(rewards.yuan)
    for part in years.chunks():
        step = pay_falls(rewards, years.null(part)).step
        flagged = tails.of_null("low")[part] <= tail
        total += float(np.where(flagged, amounts[np.maximum(step, 1) - 1], 0.0).sum())
    return total / len(years)
