"""What the planner reads from a pack: beat rules, posts, workload weights and staffing norms.

Numbers are never here: each is the id of a dated value of the pack, so that the same plan can be
worked out for each of the pack's dates.
"""

from dataclasses import dataclass
from typing import Literal

from linli.kernel.identifiers import ClauseId, ValueId
from linli.kernel.texts import Text

__all__ = [
    "AreaName",
    "BeatRule",
    "BeatRuleKind",
    "PlanningRules",
    "PostPer",
    "PostRule",
    "StaffPer",
    "StaffScope",
    "StaffingNorm",
    "WorkloadRule",
]

AreaName = Literal["urban", "rural", "any"]
BeatRuleKind = Literal["one_per_unit", "units_per_beat", "residents_per_beat", "beats_in_total", "workload"]
PostPer = Literal["beat", "unit_without_room"]
StaffPer = Literal["beat", "post", "unit", "residents", "share_of_role"]
StaffScope = Literal["beat", "post", "place", "station", "territory"]


@dataclass(frozen=True, kw_only=True)
class BeatRule:
    """How places of one area are grouped into beats inside each station's area.

    - ``one_per_unit``: each village or community is a beat by itself.
    - ``units_per_beat``: ``minimum`` to ``maximum`` units a beat (unit ``village``, ``community`` or
      ``place``).
    - ``residents_per_beat``: about ``target`` residents a beat.
    - ``beats_in_total``: the whole territory's area gets ``total`` beats.
    - ``workload``: ``total`` is the number of beats a station; beats balance workload.

    ``tolerance`` (unit ``%``) is how far a beat's workload or residents may lie from the target.
    """

    area: AreaName
    rule: BeatRuleKind
    clause: ClauseId
    minimum: ValueId | None = None
    maximum: ValueId | None = None
    target: ValueId | None = None
    total: ValueId | None = None
    tolerance: ValueId | None = None
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class PostRule:
    """Which posts stand where.

    ``per`` is ``beat`` (one at the beat's centre) or ``unit_without_room`` (one in each unit that has
    no room; with ``beyond``, in minutes, only where the nearest room is farther than that).
    """

    kind: str
    area: AreaName
    per: PostPer
    clause: ClauseId
    beyond: ValueId | None = None
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class WorkloadRule:
    """Weights of residents, incidents and premises, in resident equivalents (units ``1``,
    ``resident/case``, ``resident/premises``); value ids, mostly assumed ones."""

    residents: ValueId
    incidents: ValueId
    premises: ValueId
    clause: ClauseId


@dataclass(frozen=True, kw_only=True)
class StaffingNorm:
    """How many people of a role a clause asks for.

    - per ``beat``: ``value`` people a beat (of ``area``), at most ``maximum`` where given;
    - per ``post``: ``value`` people a post of the kinds in ``post_kinds``;
    - per ``unit``: ``value`` people a place of the levels in ``levels``;
    - per ``residents``: ``value`` (unit ``person/1000 resident``) times the residents;
    - per ``share_of_role``: at least ``value`` (unit ``%``) of the people of ``of_role``.

    ``scope`` is where the norm is rounded up and checked. ``firm`` is false where the clause asks only
    as conditions allow: the gap is shown and not counted as a breach.
    """

    id: str
    clause: ClauseId
    role: str
    per: StaffPer
    value: ValueId
    scope: StaffScope
    area: AreaName = "any"
    maximum: ValueId | None = None
    post_kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    of_role: str | None = None
    firm: bool = True
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class PlanningRules:
    """Everything a planner needs to know of a pack. Beat rules cover urban and rural areas."""

    beats: tuple[BeatRule, ...]
    posts: tuple[PostRule, ...]
    workload: WorkloadRule
    staffing: tuple[StaffingNorm, ...]

    def beat_rule(self, area: str | None) -> BeatRule:
        """The rule for a place of an area; a place whose area is not known follows the rural rule.

        Raises
        ------
        KeyError
            No rule covers the area. The loader refuses such a pack.
        """
        wanted = "rural" if area is None else area
        for rule in self.beats:
            if rule.area in (wanted, "any"):
                return rule
        raise KeyError(area)
