"""The simulator of chance: the known figures, the same bytes for the same seed, every rule of every pack."""

import dataclasses
import datetime as dt

import numpy as np
import pytest
from scipy.stats import poisson

from linli.assessment.chance.counted import chance_of_ladder, chance_of_rewards
from linli.assessment.chance.county import County, by_areas, by_assumption, by_rate
from linli.assessment.chance.drawing import Years, draw
from linli.assessment.chance.honest import Tails, tail_of_power, tails_of
from linli.assessment.chance.results import ChanceTable, Luck, RuleChance
from linli.assessment.chance.scenarios import SCENARIOS, scenario_of
from linli.assessment.chance.simulation import simulate
from linli.assessment.rules.ladder import Ladder
from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.model import Area
from linli.assessment.rules.rewards import FallRewards
from linli.kernel.seeds import Seed
from linli.kernel.texts import plain
from linli.policy.loading import load_pack, pack_folders, shipped_packs

COUNTY = by_assumption({f"B{number:02d}": 3000.0 for number in range(60)})
STATIONS = by_assumption({f"S{number:02d}": 18_000.0 for number in range(10)})
LADDER = Ladder(
    against="year_to_date",
    rise_in="percent",
    without_rise="as_ranked",
    still_rising="after_rectification",
    notice_rank=3,
    rectification_months=2,
    yellow_card_months=3,
    rectification_period=1,
)
REWARDS = FallRewards(
    against="same_month_last_year", bounds="reached", falls=(30.0, 50.0, 100.0), yuan=(150.0, 270.0, 300.0)
)
DAYS = {"lanling-2017": dt.date(2018, 6, 30), "hengshan-2020": dt.date(2020, 6, 30)}


@pytest.fixture(scope="module")
def plain_years() -> tuple[Years, Tails]:
    years = draw(scenario_of("plain", COUNTY), 300, np.random.default_rng(7))
    return years, tails_of(years)


def card(rows: tuple[Luck, ...]) -> Luck:
    return next(row for row in rows if row.consequence == "yellow_card")


def table_of(
    name: str, years: int = 30, seed: int = 1, counties: dict[Area, County] | None = None
) -> ChanceTable:
    folder = shipped_packs() / name
    pack = load_pack(folder)
    return simulate(
        load_scoring(folder, pack),
        pack,
        counties or {"beat": COUNTY, "station": STATIONS},
        on=DAYS.get(name, pack.start),
        years=years,
        seed=Seed(seed),
    )


# 32 % of beat-months paid by luck is what the exact Poisson distribution gives: the simulator must find it.
def test_rewards_are_paid_as_often_as_the_exact_distribution_says(plain_years: tuple[Years, Tails]) -> None:
    before = np.arange(1, 60)
    fallen = poisson.cdf(np.floor(0.7 * before + 1e-9), 4.0)
    exact = float((poisson.pmf(before, 4.0) * fallen).sum())
    (luck,) = chance_of_rewards(REWARDS, *plain_years)
    assert luck.share == pytest.approx(exact, abs=0.005)
    assert luck.share == pytest.approx(0.32, abs=0.01)
    assert luck.a_year == pytest.approx(luck.share * 720)


def test_the_ladder_cards_every_year_where_nothing_differs(plain_years: tuple[Years, Tails]) -> None:
    luck = card(chance_of_ladder(LADDER, *plain_years))
    assert luck.a_year == pytest.approx(16.1, abs=1.0)
    assert luck.some == 1.0
    by_month = card(chance_of_ladder(dataclasses.replace(LADDER, against="last_month"), *plain_years))
    assert by_month.power < 0.05


def test_the_honest_rule_finds_as_much_and_errs_far_less(plain_years: tuple[Years, Tails]) -> None:
    luck = card(chance_of_ladder(LADDER, *plain_years))
    assert luck.honest is not None
    assert luck.honest.power >= luck.power
    assert luck.honest.a_year * 25 <= luck.a_year


def test_money_goes_to_the_smallest() -> None:
    years = draw(scenario_of("unequal", COUNTY), 200, np.random.default_rng(3))
    (luck,) = chance_of_rewards(REWARDS, years, tails_of(years))
    assert luck.smallest_third is not None
    assert luck.smallest_part is not None
    assert luck.smallest_third > 2 * luck.smallest_part
    assert luck.honest is not None
    assert luck.honest.yuan is not None
    assert luck.yuan is not None
    assert luck.honest.yuan < luck.yuan


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_honest_limit_errs_no_more_than_it_promises_in_any_scenario(name: str) -> None:
    years = draw(scenario_of(name, COUNTY), 200, np.random.default_rng(11))  # type: ignore[arg-type]
    tails = tails_of(years)
    assert (tails.null <= 0.001).mean() < 0.0015
    assert (1.0 - tails.null <= 0.001).mean() < 0.0015


@pytest.mark.parametrize("name", ["county", *SCENARIOS])
def test_a_scenario_keeps_the_countys_events_and_changes_nothing_between_years(name: str) -> None:
    county = by_rate({"a": 1000.0, "b": 3000.0, "c": 9000.0}, 2.0)
    scenario = scenario_of(name, county)  # type: ignore[arg-type]
    assert scenario.monthly.sum() == pytest.approx(county.monthly.sum())
    assert scenario.season.mean() == pytest.approx(1.0)
    years = draw(scenario, 3000, np.random.default_rng(1))
    assert years.counts[..., :12].mean() == pytest.approx(years.counts[..., 12:].mean(), rel=0.03)
    chosen = years.counts[np.arange(3000), years.chosen, 12:].sum()
    assert years.doubled.sum() == pytest.approx(2 * chosen, rel=0.05)
    assert years.fallen.sum() == pytest.approx(0.5 * chosen, rel=0.05)


def test_the_same_seed_gives_the_same_table_and_another_seed_another() -> None:
    assert table_of("nanlu-2012") == table_of("nanlu-2012")
    assert table_of("nanlu-2012") != table_of("nanlu-2012", seed=2)


@pytest.mark.parametrize("name", [folder.name for folder in pack_folders(shipped_packs())])
def test_every_scoring_rule_of_every_pack_is_simulated(name: str) -> None:
    table = table_of(name)
    for rule in table.rules:
        assert rule.rows or rule.notes
        for row in rule.rows:
            assert 0.0 <= row.share <= 1.0
            assert 0.0 <= row.some <= 1.0
            assert 0.0 <= row.power <= 1.0
    assert all(assumption.zh for assumption in table.assumptions)


def rows_of(table: ChanceTable, rule: str) -> list[RuleChance]:
    return [each for each in table.rules if each.rule == rule]


def test_every_comparison_that_the_wording_allows_is_shown_the_packs_own_first() -> None:
    rules = rows_of(table_of("nanlu-2012"), "N19.ladder")
    assert [rule.chosen for rule in rules] == [True, False, False]
    assert len({rule.as_read.en for rule in rules}) == 3


def test_somebody_is_always_best_and_last_where_all_are_alike() -> None:
    (rule,) = rows_of(table_of("district-practice"), "E6.classes")
    by_name = {row.consequence: row for row in rule.rows}
    assert by_name["talk"].some == 1.0
    assert by_name["pay_linked"].share == pytest.approx(1 / 3, abs=0.02)


def test_half_of_the_territories_that_reach_a_target_miss_it_on_paper() -> None:
    (rule,) = rows_of(table_of("lanling-2017", years=2000), "L10.fall")
    (row,) = rule.rows
    assert row.a_year == pytest.approx(0.5, abs=0.06)
    assert row.honest is not None
    assert row.honest.fixed_a_year == pytest.approx(0.001, abs=0.003)
    assert any("9,617" in note.en for note in rule.notes)


def test_one_station_is_compared_with_nobody_and_a_day_without_numbers_is_said() -> None:
    (veto,) = table_of("qiubei-2010", counties={"beat": COUNTY}).rules
    assert veto.rows == ()
    assert "nothing to compare" in veto.notes[0].en
    folder = shipped_packs() / "lanling-2017"
    pack = load_pack(folder)
    late = simulate(
        load_scoring(folder, pack), pack, {"beat": COUNTY}, on=dt.date(2031, 1, 1), years=20, seed=Seed(1)
    )
    assert late.rules[0].rows == ()
    assert "2031-01-01" in late.rules[0].notes[0].zh


def test_told_which_rule_is_worked_out() -> None:
    folder = shipped_packs() / "nanlu-2012"
    pack = load_pack(folder)
    heard: list[str] = []
    simulate(
        load_scoring(folder, pack),
        pack,
        {"beat": COUNTY},
        on=pack.start,
        scenario="both",
        years=20,
        seed=Seed(1),
        tell=heard.append,
    )
    assert heard == ["N19.ladder", "N20.falls", "N20.setup", "N7.safety"]


def test_the_tail_of_a_power_flags_just_as_many_as_are_needed() -> None:
    tails = np.array([0.4, 0.1, 0.2, 0.3])
    assert tail_of_power(tails, 0.5) == 0.2
    assert tail_of_power(tails, 1.0) == 0.4
    assert tail_of_power(tails, 0.0) < 0.0


def test_counties_that_cannot_be_simulated_are_refused() -> None:
    with pytest.raises(ValueError, match="two areas"):
        by_assumption({"a": 10.0})
    with pytest.raises(ValueError, match="not all 0"):
        by_areas({"a": 1.0, "b": 1.0}, {"a": 0.0, "b": 0.0}, source=plain("x"))
    with pytest.raises(ValueError, match="as many"):
        County(areas=("a", "b"), residents=np.ones(2), monthly=np.ones(3), source=plain("x"))
    assert by_assumption({"a": 0.0, "b": 0.0}).monthly.tolist() == [4.0, 4.0]


def test_nothing_made_is_no_number_of_times() -> None:
    row = Luck(consequence="talk", a_year=1.0, share=0.1, some=1.0, areas=1.0, change="worse", power=0.5)
    assert row.times_fewer is None


# Mend 20
def test_a_reward_is_judged_by_the_fall_that_it_pays_for() -> None:
    years = draw(scenario_of("plain", COUNTY), 300, np.random.default_rng(7), fall=30.0)
    (luck,) = chance_of_rewards(REWARDS, years, tails_of(years))
    assert (luck.change, luck.change_percent) == ("fall", 30.0)
    halved = draw(scenario_of("plain", COUNTY), 300, np.random.default_rng(7))
    (flattered,) = chance_of_rewards(REWARDS, halved, tails_of(halved))
    assert luck.power < flattered.power
    (rule,) = [rule for rule in rows_of(table_of("nanlu-2012"), "N20.falls") if rule.chosen]
    assert rule.rows[0].change_percent == 30.0


# Mend 18
def test_the_honest_rule_is_silent_where_fewer_than_six_areas_can_be_compared() -> None:
    few = by_assumption({f"B{number}": 3000.0 for number in range(4)})
    table = table_of("nanlu-2012", counties={"beat": few, "station": few})
    for rule in rows_of(table, "N19.ladder"):
        assert all(row.honest is None for row in rule.rows)
        assert any("六个" in note.zh for note in rule.notes)
