"""What each kind of rule needs of its pack: numbers with their units, and wording that must be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from linli.assessment.rules.model import Consequence, RuleKind

__all__ = ["KINDS", "Kind"]

MANY: Final = 100
COMPARISONS: Final = ("last_month", "same_month_last_year", "year_to_date")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """The shape of one kind of rule.

    ``numbers`` maps each number's name to the unit it must have; ``readings`` each open question to the
    answers that the kind can carry out; ``consequences`` are those it may propose, all of them by default
    (``choose`` false) or those that the file lists.
    """

    numbers: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    consequences: tuple[Consequence, ...] = ()
    choose: bool = False
    inputs: tuple[int, int] = (1, 1)
    steps: bool = False
    area_is_read: bool = False


KINDS: Final[Mapping[RuleKind, Kind]] = MappingProxyType(
    {
        "rising_ranks": Kind(
            numbers={
                "notice_rank": "1",
                "rectification_months": "month",
                "yellow_card_months": "month",
                "rectification_period": "month",
            },
            readings={
                "rise_against": COMPARISONS,
                "rise_in": ("percent", "number"),
                "without_rise": ("as_ranked", "only_risen"),
                "still_rising": ("after_rectification", "third_month"),
                "ranked_area": ("beat", "station"),
            },
            consequences=("notice", "rectification", "yellow_card", "no_excellent"),
            area_is_read=True,
        ),
        "fall_rewards": Kind(
            readings={"fall_against": COMPARISONS, "step_bounds": ("reached", "exceeded")},
            consequences=("reward",),
            steps=True,
        ),
        "unit_reward": Kind(numbers={"reward": "yuan/*"}, consequences=("reward",)),
        "weighted_score": Kind(
            readings={"item_marks": ("by_rank", "share_of_best")},
            consequences=("pay_linked", "best_rewarded", "selected", "ineligible", "talk"),
            choose=True,
            inputs=(2, MANY),
        ),
        "veto": Kind(
            numbers={"veto_from": "case", "last_ranks": "1"},
            consequences=("veto", "yellow_card", "no_excellent"),
            inputs=(2, MANY),
        ),
        "fall_target": Kind(
            numbers={"fall": "%"},
            readings={"compared_with": ("same_months", "whole_years")},
            consequences=("target_missed",),
        ),
        "share_target": Kind(numbers={"share": "%"}, consequences=("target_missed",), inputs=(2, 2)),
    }
)
"""Every kind of rule that Linli carries out."""
