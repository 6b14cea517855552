"""What chance makes of a rule, as plain data: printed on screens, in reports and in files."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linli.assessment.chance.scenarios import ScenarioName
from linli.assessment.rules.model import Consequence, RuleKind
from linli.kernel.identifiers import ClauseId, PackId
from linli.kernel.texts import Text

__all__ = ["ChanceTable", "Honest", "Luck", "RuleChance", "TrueChange"]

TrueChange = Literal["doubling", "fall", "worse", "better"]
"""The true change of an area that a rule ought to see; ``worse`` and ``better`` where a score has parts.

Of a reward for a fall it is the ``fall`` that the rule itself pays for, its first step: a halving would
flatter a rule that pays from 10 % on, and wrong one that pays from 60 % on."""


@dataclass(frozen=True, kw_only=True)
class Honest:
    """The honest rule beside a consequence: at the same power, and at the fixed 99.8 % limit.

    All are a year for the whole county; ``some`` is the probability of at least one.
    """

    a_year: float
    some: float
    power: float
    yuan: float | None = None
    fixed_a_year: float | None = None
    fixed_power: float | None = None
    """At the fixed limit; ``None`` for a score, which has none."""


@dataclass(frozen=True, kw_only=True)
class Luck:
    """One consequence of a rule in years in which nothing differs.

    ``a_year``: how many a year, all of them false; ``share`` of the areas' periods; ``some``: the probability
    of at least one in a year; ``areas``: how many areas a year; ``power``: how often the true ``change`` of
    an area is found, and ``change_percent`` its size where it is a fall; ``yuan``: paid a year by luck;
    ``smallest_third``: the part of it that goes to the third of the areas with the fewest events, whose own
    part of the events is ``smallest_part``.
    """

    consequence: Consequence
    a_year: float
    share: float
    some: float
    areas: float
    change: TrueChange
    power: float
    change_percent: float | None = None
    yuan: float | None = None
    smallest_third: float | None = None
    smallest_part: float | None = None
    honest: Honest | None = None

    @property
    def times_fewer(self) -> float | None:
        """How many the rule makes for each of the honest one of equal power; ``None``: that made none."""
        if self.honest is None or self.honest.a_year == 0:
            return None
        return self.a_year / self.honest.a_year


@dataclass(frozen=True, kw_only=True)
class RuleChance:
    """One rule under one reading; ``chosen``: whether it is the pack's; ``years``: how many were drawn."""

    rule: str
    clause: ClauseId
    kind: RuleKind
    title: Text
    as_read: Text
    reading: Text | None
    chosen: bool
    met_by_not_recording: bool
    areas: int
    years: int
    rows: tuple[Luck, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChanceTable:
    """Every scoring rule of a pack over one county. Simulated: ``synthetic`` in every name and heading."""

    pack: PackId
    on: dt.date
    scenario: ScenarioName
    areas: int
    events_a_month: float
    years: int
    seed: int
    assumptions: tuple[Text, ...]
    rules: tuple[RuleChance, ...]
