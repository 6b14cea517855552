"""A pack's scoring rules in memory. Frozen; numbers are ids of the pack's dated values, never numbers.

A rule holds what its clause leaves open as readings, each chosen by the pack. Nothing here reads a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from linli.kernel.identifiers import ClauseId, PackId, ValueId
from linli.kernel.texts import Text
from linli.policy.model import Reading

__all__ = [
    "Area",
    "Consequence",
    "Direction",
    "Form",
    "Input",
    "RuleKind",
    "Scoring",
    "ScoringRule",
    "Step",
]

RuleKind = Literal[
    "rising_ranks", "fall_rewards", "unit_reward", "weighted_score", "veto", "fall_target", "share_target"
]
"""How a rule works: N19; N20; N20's courtyards; E6, H7 and L17; Q13; L10; N7."""

Consequence = Literal[
    "notice",
    "rectification",
    "yellow_card",
    "no_excellent",
    "reward",
    "pay_linked",
    "best_rewarded",
    "selected",
    "ineligible",
    "talk",
    "veto",
    "target_missed",
]
"""What a rule may propose. That it was carried out is never known here."""

Area = Literal["beat", "station", "territory"]
Direction = Literal["higher", "lower"]
Form = Literal["count", "share"]
"""Whether a figure counts events, or is a part of a whole in percent."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One figure that a rule judges by.

    ``measure`` is its name in the catalogue of measures where it has one; ``direction`` is what counts as
    better; ``group`` is the class that an item belongs to (E6); ``weight`` a value of the pack. A figure is
    ``recorded`` where it counts what the assessed themselves write down.
    """

    indicator: str
    title: Text
    direction: Direction
    measure: str | None = None
    form: Form = "count"
    group: str | None = None
    weight: ValueId | None = None
    recorded: bool = True


@dataclass(frozen=True, kw_only=True)
class Step:
    """A fall (value in ``%``) and the reward it brings (value in ``yuan``)."""

    fall: ValueId
    reward: ValueId


@dataclass(frozen=True, kw_only=True)
class ScoringRule:
    """One scoring rule of a clause, as the pack reads it.

    ``assesses`` is the role whose work is judged. ``met_by_not_recording`` says that a better result can
    be had by leaving events unrecorded; it follows from the inputs and cannot be switched off.
    """

    id: str
    clause: ClauseId
    kind: RuleKind
    title: Text
    area: Area
    inputs: tuple[Input, ...]
    numbers: Mapping[str, ValueId]
    readings: Mapping[str, Reading]
    steps: tuple[Step, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    assesses: str | None = None
    note: Text | None = None

    def chosen(self, name: str) -> str:
        """The option that the pack chose of a reading, such as ``percent`` of ``rise_in``."""
        return self.readings[name].chosen

    @property
    def met_by_not_recording(self) -> bool:
        """Whether a lower count that the assessed record themselves gives a better result."""
        return any(each.recorded and each.direction == "lower" for each in self.inputs)


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """All scoring rules of one pack; ``digest`` is the SHA-256 of the file."""

    pack: PackId
    rules: tuple[ScoringRule, ...]
    digest: str

    def of_clause(self, clause: ClauseId) -> tuple[ScoringRule, ...]:
        """The rules of a clause, in the order of the file."""
        return tuple(rule for rule in self.rules if rule.clause == clause)
