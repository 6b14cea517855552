"""All scoring rules of a pack over one county: what chance alone makes of each, under every reading."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np

from linli.assessment.chance.assumptions import assumption_text
from linli.assessment.chance.composed import chance_of_scores, chance_of_veto
from linli.assessment.chance.counted import chance_of_ladder, chance_of_rewards
from linli.assessment.chance.county import County
from linli.assessment.chance.drawing import HALVING, Years, draw
from linli.assessment.chance.honest import Tails, tails_of
from linli.assessment.chance.results import ChanceTable, Luck, RuleChance
from linli.assessment.chance.scenarios import Scenario, ScenarioName, scenario_of
from linli.assessment.chance.targeted import chance_of_fall_target, chance_of_share_target, met_by_luck
from linli.assessment.rules.ladder import ladder_on
from linli.assessment.rules.model import Area, RuleKind, Scoring, ScoringRule
from linli.assessment.rules.rewards import rewards_on
from linli.assessment.rules.targets import fall_target_on, share_target_on
from linli.assessment.rules.veto import veto_on
from linli.assessment.rules.weighting import weighting_on
from linli.assessment.rules.wording import rule_as_read
from linli.assessment.scoring.power import events_needed
from linli.kernel.errors import LinliError
from linli.kernel.seeds import Seed, generator
from linli.kernel.texts import Text, catalogue
from linli.policy.model import Pack

__all__ = ["DEFAULT_YEARS", "MOST_SCORE_YEARS", "simulate"]

say = catalogue("linli.assessment.chance")

DEFAULT_YEARS: Final = 4000
MOST_SCORE_YEARS: Final = 500
"""Rules that rank a score need every figure drawn and ranked; as many years give 0.5 % at 60 areas."""

COMPARISONS: Final = ("rise_against", "fall_against")
"""Readings whose every option is simulated: what “rise” and “fall” are held against."""


@dataclass(frozen=True)
class _Run:
    """One county in one scenario; years and their tails are drawn once, when a rule first asks."""

    pack: Pack
    on: dt.date
    scenario: Scenario
    years: int
    seed: Seed

    kept: dict[float, tuple[Years, Tails]] = field(default_factory=dict)

    @property
    def drawn(self) -> tuple[Years, Tails]:
        """Years with their tails, for rules that look for rises: with whatever fall is there already."""
        return next(iter(self.kept.values())) if self.kept else self.falling(HALVING)

    def falling(self, fall: float) -> tuple[Years, Tails]:
        """The same years, the one that falls falling by so many percent."""
        if fall not in self.kept:
            years = draw(self.scenario, self.years, self.random("years"), fall=fall)
            self.kept[fall] = (years, tails_of(years))
        return self.kept[fall]

    def random(self, *labels: str) -> np.random.Generator:
        return generator(self.seed, "chance", self.scenario.name, *labels)

    @property
    def fewer(self) -> int:
        return min(self.years, MOST_SCORE_YEARS)


def simulate(
    scoring: Scoring,
    pack: Pack,
    counties: Mapping[Area, County],
    *,
    on: dt.date,
    scenario: ScenarioName = "county",
    years: int = DEFAULT_YEARS,
    seed: Seed,
    tell: Callable[[str], None] | None = None,
) -> ChanceTable:
    """What chance alone makes of every rule.

    Parameters
    ----------
    counties : mapping
        The county cut into beats, and into stations' areas where it has several; rules about the whole
        territory use the beats.
    on : date
        The day whose values of the pack hold.
    years : int
        Pairs of years drawn, ≥ 1.
    tell
        Told the id of each rule before it is worked out.

    Notes
    -----
    A rule whose numbers do not hold on that day, or that compares stations where there is but one, is listed
    with a note and no figures.
    """
    runs: dict[Area, _Run] = {
        area: _Run(pack, on, scenario_of(scenario, county), years, seed) for area, county in counties.items()
    }
    found: list[RuleChance] = []
    for rule in scoring.rules:
        if tell is not None:
            tell(rule.id)
        found += _of_rule(rule, runs)
    beats = counties["beat"]
    return ChanceTable(
        pack=pack.id,
        on=on,
        scenario=scenario,
        areas=len(beats.areas),
        events_a_month=float(beats.monthly.sum()),
        years=years,
        seed=seed,
        assumptions=tuple(_assumptions(scoring, counties, scenario)),
        rules=tuple(found),
    )


def _of_rule(rule: ScoringRule, runs: Mapping[Area, _Run]) -> list[RuleChance]:
    run = runs.get("station" if rule.area == "station" else "beat")
    if run is None:
        return [_silent(rule, say("note.alone"))]
    try:
        return list(_under_readings(rule, run))
    except LinliError as refusal:
        return [_silent(rule, refusal.text)]


def _silent(rule: ScoringRule, why: Text) -> RuleChance:
    return RuleChance(
        rule=rule.id,
        clause=rule.clause,
        kind=rule.kind,
        title=rule.title,
        as_read=rule.title,
        reading=None,
        chosen=True,
        met_by_not_recording=rule.met_by_not_recording,
        areas=0,
        years=0,
        rows=(),
        notes=(why,),
    )


def _under_readings(rule: ScoringRule, run: _Run) -> Iterator[RuleChance]:
    """The pack's reading first, then every other comparison that the wording allows."""
    name = next((each for each in COMPARISONS if each in rule.readings), None)
    if name is None:
        yield _chance(rule, run, None, chosen=True)
        return
    reading = rule.readings[name]
    for option in (reading.option(), *reading.alternatives()):
        other = {**rule.readings, name: replace(reading, chosen=option.name)}
        chosen = option.name == reading.chosen
        yield _chance(replace(rule, readings=other), run, option.title, chosen=chosen)


def _chance(rule: ScoringRule, run: _Run, reading: Text | None, *, chosen: bool) -> RuleChance:
    rows, notes, years = RUNNERS[rule.kind](rule, run)
    return RuleChance(
        rule=rule.id,
        clause=rule.clause,
        kind=rule.kind,
        title=rule.title,
        as_read=rule_as_read(rule, run.pack, run.on),
        reading=reading,
        chosen=chosen,
        met_by_not_recording=rule.met_by_not_recording,
        areas=1 if rule.area == "territory" else run.scenario.monthly.size,
        years=years,
        rows=rows,
        notes=notes,
    )


Found = tuple[tuple[Luck, ...], tuple[Text, ...], int]


def _ladder(rule: ScoringRule, run: _Run) -> Found:
    return chance_of_ladder(ladder_on(rule, run.pack, run.on), *run.drawn), _few(run.drawn[1]), run.years


def _rewards(rule: ScoringRule, run: _Run) -> Found:
    rewards = rewards_on(rule, run.pack, run.on)
    years, tails = run.falling(rewards.falls[0])
    return chance_of_rewards(rewards, years, tails), _few(tails), run.years


def _few(tails: Tails) -> tuple[Text, ...]:
    return () if tails.told else (say("note.few"),)


def _units(rule: ScoringRule, run: _Run) -> Found:
    return (), (say("note.units"),), run.years


def _scores(rule: ScoringRule, run: _Run) -> Found:
    weighting = weighting_on(rule, run.pack, run.on)
    rows = chance_of_scores(rule, weighting, run.scenario, run.fewer, run.random(rule.id))
    notes = (say("note.pay"),) if "pay_linked" in rule.consequences else ()
    return rows, notes, run.fewer


def _veto(rule: ScoringRule, run: _Run) -> Found:
    veto = veto_on(rule, run.pack, run.on)
    return chance_of_veto(rule, veto, run.scenario, run.fewer, run.random(rule.id)), (), run.fewer


def _fall_target(rule: ScoringRule, run: _Run) -> Found:
    target = fall_target_on(rule, run.pack, run.on)
    random = run.random(rule.id)
    rows = chance_of_fall_target(target, run.scenario, run.years, random)
    lucky = met_by_luck(target, run.scenario, run.years, random)
    a_year = float(run.scenario.monthly.sum() * run.scenario.season.sum())
    needed = _needed(target.fall)
    notes = (
        say("note.met_by_luck", share=f"{lucky * 100:.0f}"),
        say("note.needed", fall=f"{target.fall:g}", needed=f"{needed:,}", count=f"{a_year:,.0f}"),
    )
    return rows, notes, run.years


@cache
def _needed(fall: float) -> int:
    return events_needed(-fall / 100.0)


def _share_target(rule: ScoringRule, run: _Run) -> Found:
    asked = share_target_on(rule, run.pack, run.on)
    rows = chance_of_share_target(asked, run.years, run.random(rule.id))
    return rows, (say("note.share", share=f"{asked:g}"),), run.years


RUNNERS: Final[Mapping[RuleKind, Callable[[ScoringRule, _Run], Found]]] = MappingProxyType(
    {
        "rising_ranks": _ladder,
        "fall_rewards": _rewards,
        "unit_reward": _units,
        "weighted_score": _scores,
        "veto": _veto,
        "fall_target": _fall_target,
        "share_target": _share_target,
    }
)


def _assumptions(scoring: Scoring, counties: Mapping[Area, County], scenario: ScenarioName) -> Iterator[Text]:
    kinds = {rule.kind for rule in scoring.rules}
    yield counties["beat"].source
    if kinds & {"weighted_score", "veto"}:
        yield assumption_text("answers")
        yield assumption_text("share")
    if "veto" in kinds:
        yield assumption_text("serious")
    if "share_target" in kinds:
        yield assumption_text("sample")
    for name, scenarios in (("omega", ("dispersed", "both")), ("season", ("seasonal", "both"))):
        if scenario in scenarios:
            yield assumption_text(name)
    if scenario == "unequal":
        yield assumption_text("spread")
