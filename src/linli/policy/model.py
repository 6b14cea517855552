"""A policy pack in memory: one published plan as data. Frozen; nothing here reads a file.

A pack holds dated values, clauses with their checks, published figures as worked arithmetic, worked
cases, and the rules that the planner reads. Roles, kinds of posts and levels are the plain names
that ``linli.territory.model`` uses: policy and territory do not import each other.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

from linli.kernel.identifiers import ClauseId, PackId, ValueId
from linli.kernel.texts import Text
from linli.kernel.units import Unit
from linli.policy.planning_rules import PlanningRules

__all__ = [
    "Ban",
    "Check",
    "CheckId",
    "Clause",
    "ClauseKind",
    "ClauseStatus",
    "DatedEntry",
    "DatedValue",
    "Equivalent",
    "Expectation",
    "Figure",
    "FigureId",
    "FigureInput",
    "GivenBy",
    "Measure",
    "Pack",
    "Reading",
    "ReadingOption",
    "Scope",
    "ValueCase",
    "WorkedCase",
]

CheckId = NewType("CheckId", str)
"""A check inside a clause, such as ``H2.villages_per_beat``."""

FigureId = NewType("FigureId", str)
"""A published figure worked out, such as ``H1.village_coverage``."""

ClauseKind = Literal["norm", "target", "rule", "flow", "score", "record", "publish", "figure", "declined"]
ClauseStatus = Literal["evaluated", "waiting", "declined"]
Scope = Literal["territory", "station", "beat", "post", "place"]
GivenBy = Literal["plan", "run", "account", "field", "public"]
"""Which part of Linli gives a measure: a plan gives it now; the others are later parts."""

Expectation = Literal["met", "not_met", "unknown", "not_applicable", "not_yet_due", "not_in_force"]


@dataclass(frozen=True, kw_only=True)
class DatedEntry:
    """A value from ``start`` to ``end``, both included. ``value`` is ``None`` where the plan announced
    a value without giving it (``expected``): everything worked out from it is unknown."""

    start: dt.date
    end: dt.date | None
    value: float | None


@dataclass(frozen=True, kw_only=True)
class DatedValue:
    """One number of a plan with its unit, its clause and the days it holds for.

    ``assumed`` marks a number that no clause gives and that the planner needs all the same; ``note``
    then gives the reason, and every report shows it as an assumption.
    """

    id: ValueId
    title: Text
    unit: Unit
    clause: ClauseId
    entries: tuple[DatedEntry, ...]
    note: Text | None = None
    assumed: bool = False

    def entry_on(self, day: dt.date) -> DatedEntry | None:
        """The entry in force on a day; ``None`` outside all entries."""
        for entry in self.entries:
            if entry.start <= day and (entry.end is None or day <= entry.end):
                return entry
        return None

    def on(self, day: dt.date) -> float | None:
        """The number in force on a day, in ``unit``; ``None`` where there is none or it is not known."""
        entry = self.entry_on(day)
        return None if entry is None else entry.value


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A named measure that rules may use, from the catalogue ``measures.toml``.

    ``unit`` is ``None`` for a yes/no measure. ``record`` names the record that gives the measure and
    ``source`` says it for people.
    """

    id: str
    title: Text
    unit: Unit | None
    scopes: frozenset[Scope]
    given_by: GivenBy
    record: str
    source: Text


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule of a clause over the rows of one scope.

    ``rule`` and ``applies`` are texts in the expression language; rows for which ``applies`` is false
    are not applicable. ``start`` and ``end`` bound the days the check is in force; before ``due`` a
    row that fails is *not yet due*. ``assesses`` names the role whose work a scoring rule judges.
    """

    id: CheckId
    clause: ClauseId
    title: Text
    scope: Scope
    rule: str
    start: dt.date
    applies: str | None = None
    end: dt.date | None = None
    due: dt.date | None = None
    assesses: str | None = None
    met_by_not_recording: bool = False


@dataclass(frozen=True, kw_only=True)
class ReadingOption:
    """One way to read a clause; ``measures`` are those its rules use under this reading, in an order
    that is the same for every option, so that a rule can be worked out under each."""

    name: str
    title: Text
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A choice the pack makes where the source's words allow several; shown with its alternatives.

    ``chosen`` is the name of one of ``options``; ``id`` is such as ``N19.rise_against``.
    """

    id: str
    clause: ClauseId
    question: Text
    chosen: str
    reason: Text
    options: tuple[ReadingOption, ...]

    def option(self) -> ReadingOption:
        """The option that the pack chose."""
        return next(option for option in self.options if option.name == self.chosen)

    def alternatives(self) -> tuple[ReadingOption, ...]:
        """The options that the pack did not choose, in its order."""
        return tuple(option for option in self.options if option.name != self.chosen)


@dataclass(frozen=True, kw_only=True)
class Ban:
    """Measures that no scoring, target or norm rule may set for a role (clauses L7, E3)."""

    clause: ClauseId
    role: str
    measures: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One clause of the source: what it asks and how far Linli carries it.

    ``waits_for`` holds the ids of measures that later parts of Linli will give. A declined clause has
    ``reason`` and ``instead``, and ``limits`` lists the pack's own clauses that are carried out only
    within that limit.
    """

    id: ClauseId
    kind: ClauseKind
    status: ClauseStatus
    title: Text
    section: str
    asks: Text
    start: dt.date
    checks: tuple[Check, ...] = ()
    evidence: tuple[Text, ...] = ()
    bans: tuple[Ban, ...] = ()
    waits_for: tuple[str, ...] = ()
    reason: Text | None = None
    instead: Text | None = None
    limits: tuple[ClauseId, ...] = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FigureInput:
    """One number that a published figure is worked out from, as the source gives it."""

    name: str
    title: Text
    value: float
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A published figure of a source as arithmetic that anyone can repeat.

    ``computed`` is the expression's result rounded to ``decimals``; ``stated`` is what the source
    says, ``None`` where the source only implies it. Where the two differ, ``note`` says so.
    """

    id: FigureId
    clause: ClauseId
    title: Text
    expression: str
    inputs: tuple[FigureInput, ...]
    unit: Unit
    decimals: int
    computed: float
    stated: float | None
    note: Text | None

    @property
    def agrees(self) -> bool | None:
        """Whether the source's own numbers add up; ``None`` where it states no result."""
        return None if self.stated is None else self.stated == self.computed


@dataclass(frozen=True, kw_only=True)
class WorkedCase:
    """Inputs on a day and the result a planner expects of one check.

    ``given`` maps each measure to a number, to 1 or 0 for yes/no, or to ``None`` for not known.
    """

    check: CheckId
    on: dt.date
    given: Mapping[str, float | None]
    expect: Expectation
    file: str = ""
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class ValueCase:
    """What a dated value is on a day: ``None`` where there is none or it is only announced."""

    value: ValueId
    on: dt.date
    expect: float | None
    unit: Unit
    file: str = ""
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Equivalent:
    """A mutant that cannot be noticed because it means the same, with the argument."""

    mutant: str
    reason: Text


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One policy pack, whole and checked.

    ``issued`` is as precise as the source: a year, a month, a day in ISO form, or ``undated``;
    ``start`` is the day from which values and clauses hold, and ``start_note`` says why where the source
    gives no day.
    """

    id: PackId
    title: Text
    issuer: Text
    covers: Text
    issued: str
    start: dt.date
    start_note: Text | None
    source: Text
    values: Mapping[ValueId, DatedValue]
    clauses: Mapping[ClauseId, Clause]
    figures: tuple[Figure, ...]
    cases: tuple[WorkedCase, ...]
    value_cases: tuple[ValueCase, ...]
    planning: PlanningRules
    equivalents: tuple[Equivalent, ...] = ()
    digest: str = ""
    files: tuple[str, ...] = field(default=())

    def checks(self) -> tuple[Check, ...]:
        """All checks of all clauses, in the pack's order."""
        return tuple(check for clause in self.clauses.values() for check in clause.checks)

    def value_on(self, value: ValueId, day: dt.date) -> float | None:
        """A dated value on a day, in its own unit; ``None`` where there is none or it is not known.

        Raises
        ------
        KeyError
            The pack has no such value.
        """
        return self.values[value].on(day)

    def dates(self) -> tuple[dt.date, ...]:
        """Every day on which a value changes or a check starts or falls due, in order."""
        days = {entry.start for value in self.values.values() for entry in value.entries}
        days |= {check.start for check in self.checks()}
        days |= {check.due for check in self.checks() if check.due is not None}
        return tuple(sorted(days))
