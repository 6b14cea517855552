"""Chance: N19 and N20 as written in years without any difference, and the honest rule at the same power.

    .venv/bin/python benchmarks/assessment_chance.py                 4,000 years a scenario (about a minute)
    .venv/bin/python benchmarks/assessment_chance.py --years 1000    a quick look

Part 1 repeats, with the pack's own rules, the figures that the work began with: 60 beats, 4 events a month
each, nothing different (docs/methods/chance.md says where ours differ, and why). Part 2 takes five scenarios
and compares false yellow cards of N19 (year to date, the reading that finds most) with the honest rule at
equal power: in each scenario its limit is set so that it finds a true doubling as often as N19 does. Both
count the months in which an area is carded or flagged. Part 3 times ``linli assess chance`` for a whole pack.

Exit code 1 where the honest rule makes fewer than 25 times fewer false cards in the plain scenario or fewer
than 5 times in any, or the simulation of 60 beats × 4,000 years takes more than 10 s. Nothing here is tuned:
the honest rule has no parameter but its limit.
"""

import argparse
import dataclasses
import sys
import time

from linli.assessment.chance.counted import chance_of_ladder, chance_of_rewards
from linli.assessment.chance.county import County, by_assumption
from linli.assessment.chance.drawing import Years, draw
from linli.assessment.chance.honest import Tails, tails_of
from linli.assessment.chance.results import Luck
from linli.assessment.chance.scenarios import SCENARIOS, ScenarioName, scenario_of
from linli.assessment.chance.simulation import simulate
from linli.assessment.rules.comparing import Against
from linli.assessment.rules.ladder import Ladder, ladder_on
from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.model import Scoring
from linli.assessment.rules.rewards import rewards_on
from linli.kernel.seeds import Seed, generator
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Pack

BEATS, STATIONS = 60, 10
YEARS = 4000
SEED = Seed(20261125)
PLAIN_TIMES, WORST_TIMES = 25.0, 5.0
MOST_SECONDS = 10.0
NEVER = 99
COMPARISONS: tuple[Against, ...] = ("year_to_date", "same_month_last_year", "last_month")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=YEARS)
    years = parser.parse_args().years
    folder = shipped_packs() / "nanlu-2012"
    pack = load_pack(folder)
    scoring = load_scoring(folder, pack)
    county = by_assumption({f"B{number:02d}": 3000.0 for number in range(BEATS)})
    figures(pack, scoring, county, years)
    kept = compared(pack, scoring, county, years)
    kept &= timed(pack, scoring, county, years)
    print("\nkept" if kept else "\nBROKEN")
    return 0 if kept else 1


def drawn(name: ScenarioName, county: County, years: int) -> tuple[Years, Tails]:
    made = draw(scenario_of(name, county), years, generator(SEED, "benchmark", name))
    return made, tails_of(made)


def rules_of(pack: Pack, scoring: Scoring) -> Ladder:
    rule = next(rule for rule in scoring.rules if rule.id == "N19.ladder")
    return ladder_on(rule, pack, pack.start)


def card_of(rows: tuple[Luck, ...]) -> Luck:
    return next(row for row in rows if row.consequence == "yellow_card")


def figures(pack: Pack, scoring: Scoring, county: County, years: int) -> None:
    made, tails = drawn("plain", county, years)
    ladder = rules_of(pack, scoring)
    rewards = rewards_on(next(rule for rule in scoring.rules if rule.id == "N20.falls"), pack, pack.start)
    print(f"1. {BEATS} beats, 4 events a month each, no difference, {years:,} years (synthetic)\n")
    print(f"{'N19, yellow cards':46}{'a year':>8}{'areas':>7}{'some year':>11}{'doubling found':>16}")
    for against in COMPARISONS:
        line(
            f"{against}", card_of(chance_of_ladder(dataclasses.replace(ladder, against=against), made, tails))
        )
    second = dataclasses.replace(
        ladder, against="year_to_date", yellow_card_months=2, rectification_months=NEVER
    )
    line("year_to_date, two months running and no more", card_of(chance_of_ladder(second, made, tails)))
    print(f"\n{'N20, months paid':46}{'of all':>8}{'yuan':>8}{'halving found':>15}")
    for against in COMPARISONS:
        (luck,) = chance_of_rewards(dataclasses.replace(rewards, against=against), made, tails)
        print(f"{against:46}{luck.share:8.1%}{luck.yuan or 0:8,.0f}{luck.power:15.1%}")
    unequal, of_unequal = drawn("unequal", county, years)
    (luck,) = chance_of_rewards(rewards, unequal, of_unequal)
    print(
        f"unequal areas, same month: the smallest third has {luck.smallest_part or 0:.0%} of the events "
        f"and gets {luck.smallest_third or 0:.0%} of the money"
    )


def line(name: str, luck: Luck) -> None:
    print(f"{name:46}{luck.a_year:8.2f}{luck.areas:7.2f}{luck.some:11.1%}{luck.power:16.1%}")


def compared(pack: Pack, scoring: Scoring, county: County, years: int) -> bool:
    print("\n2. False yellow cards a year: N19 year to date, and the honest rule at the same power\n")
    header = f"{'scenario':12}{'power':>8}{'N19':>9}{'honest':>9}{'times fewer':>13}{'wanted':>8}"
    print(f"{header}{'honest at 99.8 %':>18}{'its power':>11}")
    ladder = dataclasses.replace(rules_of(pack, scoring), against="year_to_date")
    kept = True
    for name in SCENARIOS:
        luck = card_of(chance_of_ladder(ladder, *drawn(name, county, years)))
        honest = luck.honest
        if honest is None or honest.fixed_a_year is None or honest.fixed_power is None:
            return False
        # Where none was seen, at most as many as could just have been missed.
        times = luck.a_year / max(honest.a_year, 1.0 / years)
        wanted = PLAIN_TIMES if name == "plain" else WORST_TIMES
        kept &= times >= wanted and honest.power >= luck.power
        print(
            f"{name:12}{luck.power:8.1%}{luck.a_year:9.2f}{honest.a_year:9.3f}{times:13,.1f}{wanted:8.0f}"
            f"{honest.fixed_a_year:18.2f}{honest.fixed_power:11.1%}"
        )
    return kept


def timed(pack: Pack, scoring: Scoring, county: County, years: int) -> bool:
    began = time.perf_counter()
    stations = by_assumption({f"S{number:02d}": 18_000.0 for number in range(STATIONS)})
    simulate(scoring, pack, {"beat": county, "station": stations}, on=pack.start, years=years, seed=SEED)
    seconds = time.perf_counter() - began
    print(
        f"\n3. The whole pack, {BEATS} beats × {years:,} years: {seconds:.1f} s (at most {MOST_SECONDS:.0f})"
    )
    return seconds <= MOST_SECONDS


if __name__ == "__main__":
    sys.exit(main())
