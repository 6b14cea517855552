"""Chance: N19 and N20 as written in years without any difference, and the honest rule beside them.

    .venv/bin/python benchmarks/assessment_chance.py                 4,000 years a scenario (some minutes)
    .venv/bin/python benchmarks/assessment_chance.py --years 400     a quick look

Part 1 runs N19 and N20 with the pack's own numbers over 60 beats of 4 events a month in which nothing differs
(docs/methods/chance.md says where its figures differ from those that the work began with, and why).

Part 2 compares false yellow cards of N19, under every reading that a pack may choose, with the honest rule in
five kinds of county. The honest rule is not told the truth: it knows residents, which are off the areas' true
shares of events by 20 % either way (log-normal; drawn anew twenty times). A row is one comparison that the
clause allows: what N19 finds and cards under the pack's reading of the rest; the honest rule as strict as
finds as much, and how many false cards N19 makes for each of its own, also the fewest over all eight
readings of the rest; the same for a plain test of the year to date against the area's own year before, which
anybody could write; and the honest rule at the 99.8 % limit that the product uses, with its power.
Comparisons that find a doubling less often than one time in twenty say nothing. "Told the truth" gives the
honest rule the areas' true rates: nobody can have that, and no headline rests on it.

Exit code 1 where, residents being off by 20 %, N19 under the pack's reading of the rest makes fewer than 4
times as many false cards as the honest rule of the same power in the plain county by the year to date, or
fewer than 1.5 times in any county by any comparison that finds something; or where the product's limit makes
more than 2 times the false flags that it promises. No clock decides anything. Nothing here is tuned.
"""

import argparse
import dataclasses
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from linli.assessment.chance.counted import chance_of_ladder, chance_of_rewards
from linli.assessment.chance.county import County, by_assumption
from linli.assessment.chance.drawing import Years, draw
from linli.assessment.chance.honest import FIXED, Tails, tail_of_power, tails_of
from linli.assessment.chance.results import Honest, Luck
from linli.assessment.chance.scenarios import SCENARIOS, ScenarioName, scenario_of
from linli.assessment.rules.comparing import YEAR, Against
from linli.assessment.rules.ladder import Ladder, ladder_on
from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.model import Scoring, ScoringRule
from linli.assessment.rules.rewards import rewards_on
from linli.kernel.seeds import Seed, generator
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Pack

BEATS, MONTHS_A_YEAR = 60, 12
YEARS = 4000
SEED = Seed(20261125)
OFF = 0.2
"""How far residents are from the true shares of events: standard deviation of the logarithm."""
LEAST_TIMES, LEAST_TIMES_PLAIN, MOST_FLAGS = 1.5, 4.0, 2.0
DRAWS_OF_RESIDENTS = 20
FINDS_SOMETHING = 0.05
FALL = 30.0
"""The first fall that N20 pays for, in percent."""
PARTS_OF_YEARS = ("counts", "chosen", "doubled", "fallen")
PARTS_OF_TAILS = ("null", "doubled", "fallen")
COMPARISONS: tuple[Against, ...] = ("year_to_date", "same_month_last_year", "last_month")
Known = Literal["residents off by 20 %", "told the truth"]


@dataclass(frozen=True)
class Row:
    """One comparison in one kind of county.

    ``times``: N19's false cards for each of the honest rule of the same power; ``fewest`` of all readings of
    the rest; ``plain``: false flags of the plain test of the same power.
    """

    luck: Luck
    honest: Honest
    times: float
    fewest: float
    plain: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=YEARS)
    years = parser.parse_args().years
    folder = shipped_packs() / "nanlu-2012"
    pack = load_pack(folder)
    scoring = load_scoring(folder, pack)
    county = by_assumption({f"B{number:02d}": 3000.0 for number in range(BEATS)})
    figures(pack, scoring, county, years)
    kept = compared(pack, scoring, county, years, "residents off by 20 %")
    compared(pack, scoring, county, years, "told the truth")
    print("\nkept" if kept else "\nBROKEN")
    return 0 if kept else 1


def drawn(name: ScenarioName, county: County, years: int, known: Known) -> tuple[Years, Tails]:
    scenario = scenario_of(name, county)
    if known == "told the truth":
        made = draw(scenario, years, generator(SEED, "benchmark", name), fall=FALL)
        return made, tails_of(made)
    blocks = []
    for number in range(DRAWS_OF_RESIDENTS):
        off = np.exp(
            generator(SEED, "residents", name, str(number)).normal(0.0, OFF, scenario.exposure.shape)
        )
        told = dataclasses.replace(scenario, exposure=scenario.exposure * off)
        random = generator(SEED, "benchmark", name, str(number))
        blocks.append(draw(told, max(BEATS, years // DRAWS_OF_RESIDENTS), random, fall=FALL))
    tails = [tails_of(block) for block in blocks]
    counts, chosen, doubled, fallen = (
        np.concatenate([getattr(each, part) for each in blocks]) for part in PARTS_OF_YEARS
    )
    made = Years(counts, chosen, doubled, fallen, scenario.exposure, FALL)
    null, doubled, fallen = (np.concatenate([getattr(t, part) for t in tails]) for part in PARTS_OF_TAILS)
    return made, Tails(null, doubled, fallen)


def ladder_rule(scoring: Scoring) -> ScoringRule:
    return next(rule for rule in scoring.rules if rule.id == "N19.ladder")


def readings(rule: ScoringRule, pack: Pack, against: Against) -> Iterator[Ladder]:
    """Every reading of N19 that a pack may choose, under one comparison."""
    others = [reading for name, reading in rule.readings.items() if name != "rise_against"]
    # Each reading's own choice first, so that the first of all is the pack's.
    names = ([one.chosen, *(option.name for option in one.alternatives())] for one in others)
    for chosen in itertools.product(*names):
        read = {one.id.rpartition(".")[2]: name for one, name in zip(others, chosen, strict=True)}
        under = {
            name: dataclasses.replace(reading, chosen=read.get(name, against))
            for name, reading in rule.readings.items()
        }
        yield ladder_on(dataclasses.replace(rule, readings=under), pack, pack.start)


def card_of(rows: tuple[Luck, ...]) -> Luck:
    return next(row for row in rows if row.consequence == "yellow_card")


def figures(pack: Pack, scoring: Scoring, county: County, years: int) -> None:
    made, tails = drawn("plain", county, years, "residents off by 20 %")
    ladder = ladder_on(ladder_rule(scoring), pack, pack.start)
    rewards = rewards_on(next(rule for rule in scoring.rules if rule.id == "N20.falls"), pack, pack.start)
    print(f"1. {BEATS} beats, 4 events a month each, no difference, {years:,} years (synthetic)\n")
    print(f"{'N19, yellow cards':46}{'a year':>8}{'areas':>7}{'some year':>11}{'doubling found':>16}")
    for against in COMPARISONS:
        luck = card_of(chance_of_ladder(dataclasses.replace(ladder, against=against), made, tails))
        print(f"{against:46}{luck.a_year:8.2g}{luck.areas:7.2g}{luck.some:11.0%}{luck.power:16.0%}")
    fall = f"fall of {rewards.falls[0]:g} % found"
    print(f"\n{'N20, months paid':46}{'of all':>8}{'yuan':>8}{fall:>20}")
    for against in COMPARISONS:
        (luck,) = chance_of_rewards(dataclasses.replace(rewards, against=against), made, tails)
        print(f"{against:46}{luck.share:8.0%}{luck.yuan or 0:8,.0f}{luck.power:20.0%}")
    (luck,) = chance_of_rewards(rewards, *drawn("unequal", county, years, "residents off by 20 %"))
    print(
        f"unequal areas, same month: the smallest third has {luck.smallest_part or 0:.0%} of the events "
        f"and gets {luck.smallest_third or 0:.0%} of the money"
    )


def compared(pack: Pack, scoring: Scoring, county: County, years: int, known: Known) -> bool:
    print(f"\n2. False yellow cards a year of N19 and of the honest rule, {known}\n")
    print(f"{'':32}{'N19':>14}{'honest, same power':>28}{'plain test':>18}{'honest, 99.8 %':>16}")
    header = f"{'county, comparison':32}{'finds':>7}{'false':>7}{'false':>10}{'N19 ÷':>9}{'fewest':>9}"
    print(f"{header}{'false':>9}{'N19 ÷':>9}{'false':>8}{'finds':>8}")
    kept = True
    for name in SCENARIOS:
        made, tails = drawn(name, county, years, known)
        plain = plain_tails(made)
        for against in COMPARISONS:
            found = row_of(list(readings(ladder_rule(scoring), pack, against)), made, tails, plain)
            if found is None:
                print(f"{f'{name}, {against}':32}  finds nothing")
                continue
            show(f"{name}, {against}", found)
            least = LEAST_TIMES_PLAIN if (name, against) == ("plain", "year_to_date") else LEAST_TIMES
            promised = FIXED * BEATS * MONTHS_A_YEAR
            kept &= found.times >= least and (found.honest.fixed_a_year or 0.0) <= MOST_FLAGS * promised
    return kept


def show(name: str, row: Row) -> None:
    luck, honest = row.luck, row.honest
    least = "≥ " if honest.a_year == 0 else ""
    print(
        f"{name:32}{luck.power:7.0%}{luck.a_year:7.2g}{honest.a_year:10.2g}{least + two(row.times):>9}"
        f"{two(row.fewest):>9}{row.plain:9.2g}{two(luck.a_year / row.plain):>9}"
        f"{honest.fixed_a_year or 0:8.2g}{honest.fixed_power or 0:8.0%}"
    )


def two(number: float) -> str:
    """Two digits: simulations of a few thousand years bear no more."""
    return f"{float(f'{number:.2g}'):,.0f}" if number >= 10 else f"{number:.2g}"


def row_of(ladders: list[Ladder], made: Years, tails: Tails, plain: Tails) -> Row | None:
    """The pack's reading of the rest, which comes first, and the fewest of all; ``None``: finds nothing."""
    found: list[tuple[Luck, Honest, float] | None] = []
    for ladder in ladders:
        luck = card_of(chance_of_ladder(ladder, made, tails))
        if luck.power < FINDS_SOMETHING or luck.honest is None:
            found.append(None)
            continue
        # Where none was seen, at most as many as could just have been missed.
        times = luck.a_year / max(luck.honest.a_year, 1.0 / len(made))
        found.append((luck, luck.honest, times))
    of_all = [each for each in found if each is not None]
    if not of_all:
        return None
    luck, honest, times = found[0] or of_all[0]
    return Row(luck, honest, times, min(each[2] for each in of_all), at_power(plain, luck.power))


def at_power(tails: Tails, power: float) -> float:
    """False flags a year of a test that finds a doubling as often."""
    tail = tail_of_power(tails.doubled.min(1), power)
    return max(float((tails.null <= tail).sum() / len(tails.null)), 1.0 / len(tails.null))


def plain_tails(made: Years) -> Tails:
    """The year to date against the area's own year before: given both, the judged one is binomial, ½."""
    before = made.counts[..., :YEAR].cumsum(-1).astype(np.float64)
    now = made.counts[..., YEAR:].cumsum(-1).astype(np.float64)
    rows = np.arange(len(made))
    own = before[rows, made.chosen]
    doubled = made.doubled.cumsum(-1).astype(np.float64)
    return Tails(mid_p(now, before), mid_p(doubled, own), np.zeros_like(doubled, dtype=np.float32))


def mid_p(now: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float32]:
    """P(more) + ½ P(as many) of ``now``, binomial of both with ½."""
    more = betainc(now + 1.0, np.maximum(before, 1e-9), 0.5)
    as_many = np.where(now > 0, betainc(np.maximum(now, 1e-9), before + 1.0, 0.5), 1.0) - more
    return np.asarray(more + 0.5 * as_many, dtype=np.float32)


if __name__ == "__main__":
    sys.exit(main())
