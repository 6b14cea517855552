"""A deployment: beats, posts, staff and clause checks, each number with the clause that asks for it.

This is what ``linli plan`` writes and every later part of Linli builds on. It is plain data:
everything in it can be checked again from the territory and the pack by ``linli deployment check``.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linli.kernel.identifiers import BeatId, ClauseId, PlaceCode, PostId, StationId
from linli.kernel.measures import Kilometres, KilometresPerHour, Minutes, Ratio, SquareKilometres, Workload
from linli.kernel.texts import Text
from linli.planning.search import Ended
from linli.territory.model import Area, Level, PostKind, Role

__all__ = [
    "FORMAT",
    "Assumption",
    "Beat",
    "BeatRule",
    "CheckStatus",
    "ClauseCheck",
    "Deployment",
    "HiringStep",
    "InputValue",
    "Keeping",
    "LeftReason",
    "Measure",
    "PackReference",
    "PlaceSummary",
    "Post",
    "SearchSummary",
    "StaffNeed",
    "StaffPool",
    "StationSummary",
    "TerritoryReference",
    "WorkloadWeights",
]

FORMAT = "linli-deployment/2"
"""``/1`` marked ``within_rule`` by the number of places alone, and had pairs across a town among the
neighbours; a reader brings such a file up to date."""

LeftReason = Literal[
    "beat_given_up",
    "other_area",
    "heavy_place",
    "does_not_touch",
    "holds_its_beat_together",
    "rule",
    "travel",
    "with_others",
]
"""Why a place is not in its beat of today: that beat is not carried on, as the rule gives fewer or other
beats; it belongs to another station's area or rule; it or what is left of its beat is heavier than a beat
and stands alone; it does not touch its beat any more; its new beat would be empty or fall apart without it;
going back would break the rule, or break it more; it would lengthen travel; it moved together with others."""

Measure = Literal["places", "residents", "workload"]
"""What a clause measures a beat in."""

CheckStatus = Literal[
    "met",
    "not_met",
    "unknown",
    "not_yet_due",
    "waiting",
    "declined",
    "not_applicable",
    "reproduced",
    "differs",
    "worked_out",
]
"""Outcome of a clause: ``unknown`` where a value is missing; ``waiting`` where the records that the
clause needs come from a part of Linli that is not running yet; ``declined`` on purpose. The last three are
of published figures worked out again, which judge the source and not the plan: the same number, another
number, or a number that the source only implies."""


@dataclass(frozen=True, kw_only=True)
class TerritoryReference:
    """Which territory the plan is for, exactly."""

    id: str
    name: Text
    digest: str
    """SHA-256 over the territory's input files."""
    synthetic: tuple[str, ...]
    """Names of fields that are made up, such as ``longitude``; shown wherever they are used."""
    sources: tuple[Text, ...]
    travel_method: Literal["roads", "great_circle"]
    travel_note: Text
    adjacency_method: Literal["borders", "table", "gabriel"]
    detour: Ratio | None = None
    """Road length ÷ great-circle length that travel was reckoned with; ``None`` over a road network."""
    speed: KilometresPerHour | None = None
    """Speed that travel was reckoned with; ``None`` over a road network."""


@dataclass(frozen=True, kw_only=True)
class PackReference:
    """Which pack, and the day its values were read for."""

    id: str
    title: Text
    digest: str
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class WorkloadWeights:
    """Workload of a place = residents·w₁ + incidents·w₂ + premises·w₃, in resident equivalents."""

    residents: float
    incidents: float
    premises: float


@dataclass(frozen=True, kw_only=True)
class PlaceSummary:
    """One unit of planning as it was used, so that the checker needs no other file."""

    code: PlaceCode
    name: str
    station: StationId
    area: Area | None
    residents: int | None
    households: int | None
    incidents: int | None
    premises: int | None
    longitude: float
    latitude: float
    workload: Workload
    minutes_to_post: Minutes | None
    """Travel time to the nearest post that serves the place; ``None`` where no post does."""
    neighbours: tuple[PlaceCode, ...]
    """The places of its station that it touches, in order of code."""
    level: Level | None = None
    minutes_to_room: Minutes | None = None
    """Travel time to the nearest police room of its beat; ``None`` where its beat has none."""
    across: tuple[PlaceCode, ...] = ()
    """Places of its station that a beat may join it with although others lie between, such as villages on
    two sides of a town, in order of code. Only where neighbours are estimated from positions."""
    today: str | None = None
    """The beat that the territory's list says it has today."""
    left: LeftReason | None = None
    """Why it is not in that beat; ``None`` where it is, or has none today."""


@dataclass(frozen=True, kw_only=True)
class StationSummary:
    """One station's area and its totals."""

    id: StationId
    name: str
    assumed: bool
    """The area was taken to be one township, because the territory names no stations."""
    places: int
    residents: int | None


@dataclass(frozen=True, kw_only=True)
class Beat:
    """One beat (警务区): whole places of one station's area, in one piece unless ``parts`` > 1."""

    id: BeatId
    name: Text
    station: StationId
    area: Area | None
    places: tuple[PlaceCode, ...]
    centre: PlaceCode
    """The place that the beat's travel is measured to: where its room stands, else the best place for one."""
    residents: int | None
    households: int | None
    incidents: int | None
    premises: int | None
    workload: Workload
    target_workload: Workload | None
    land: SquareKilometres | None
    mean_minutes: Minutes
    """Resident-weighted mean travel time from the beat's places to its centre."""
    longest_minutes: Minutes
    """Travel time from the farthest place of the beat to its centre."""
    parts: int
    """In how many pieces it lies: sets of its places that hang together by ``neighbours``. 1 for a
    contiguous beat; more for one that joins places ``across`` others or islands."""
    heavier_than_target: bool
    """One of its places alone is heavier than the target; where the rule is about load it stands alone."""
    clause: ClauseId
    """The clause that fixes how large a beat is."""
    posts: tuple[PostId, ...]
    target_residents: float | None = None
    """Residents that the clause wants in a beat, where it speaks of residents."""
    within_rule: bool | None = True
    """Whether it is inside its clause's rule, by the rule's own measure and tolerance; ``None`` where the
    territory does not give the number that the rule needs. The report names each beat outside."""
    worth_beats: int = 1
    """How many beats of the target's size its load would fill: more than 1 where one place alone is far
    heavier than the target, which needs that many beats' people or rooms there."""
    today: str | None = None
    """The beat of today that it carries on, and whose name it keeps; ``None`` for a new one."""


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """What became of the beats that the territory's list of places names."""

    weight: float
    """Price of a place that leaves its beat, in a typical beat's travel; a beat outside its rule costs 1 and
    more. 0 plans as if no beat stood; 1,000 and more keeps them before rule and travel."""
    beats: int
    """Beats that stand today."""
    unchanged: int
    """Those that keep every place and gain none."""
    places: int
    """Places that have a beat today."""
    kept: int
    """Those that stay in it."""


@dataclass(frozen=True, kw_only=True)
class BeatRule:
    """How large one clause says a beat is, as it was applied; ``None`` where it says nothing."""

    clause: ClauseId
    area: Area | None
    """Which places it is for; ``None`` for all of them."""
    fewest_places: int | None
    most_places: int | None
    target_residents: float | None
    """Residents that a beat should have."""
    tolerance: Ratio | None
    """How far a beat's residents or workload may lie from its target, as a share of the target; ``None``
    where the rule is about the number of places."""
    measure: Measure | None = None
    """What the rule counts in a beat: places, residents or workload; ``None`` only in older files."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """A police room (警务室) or work station (警务工作站)."""

    id: PostId
    kind: PostKind
    name: Text
    place: PlaceCode
    longitude: float
    latitude: float
    existing: bool
    beats: tuple[BeatId, ...]
    """The beats it works for; its place lies in one of them."""
    serves: tuple[PlaceCode, ...]
    """The places whose residents go to it, its own among them."""
    clause: ClauseId


@dataclass(frozen=True, kw_only=True)
class StaffPool:
    """People of one role at one station on the day of the territory's staff table; never names."""

    station: StationId
    role: Role
    count: int
    designated: int = 0
    """Of the station's other people, how many the plan gives this role to meet a share that is due."""


@dataclass(frozen=True, kw_only=True)
class StaffNeed:
    """People of one role that one clause asks for in one scope, against those there are."""

    clause: ClauseId
    role: Role
    scope: Literal["beat", "post", "place", "station", "territory"]
    scope_id: str
    required: int
    required_exact: float
    """Before rounding up, so that the rounding can be seen."""
    have: int | None
    """People on hand assigned here; ``None`` where the territory gives no staff table."""
    gap: int | None
    """``max(0, required − have)``; ``None`` where ``have`` is."""
    formula: Text
    """How ``required`` follows from the clause's value, in words and figures."""
    rounded_at: str | None = None
    """The wider scope whose rows are added up, rounded up once and shared out again in whole people;
    ``None`` where this row is rounded up by itself."""


@dataclass(frozen=True, kw_only=True)
class HiringStep:
    """What must be in place by a date of the pack, and how many to add until then."""

    by: dt.date
    clause: ClauseId
    role: Role
    required: int
    have: int | None
    """Those of today's people who count towards it."""
    to_add: int | None
    """To hire until then, counted from today; it never falls from one date to the next."""
    to_designate: int | None = 0
    """Of today's people, how many change into the role until then (shares of a station's officers)."""


@dataclass(frozen=True, kw_only=True)
class InputValue:
    """One named input of a clause check. Over many rows ``value`` is their total, their mean or the
    count of "yes", whichever means something for the measure; ``source`` says which."""

    name: str
    title: Text
    value: float | None
    unit: str
    source: Text


@dataclass(frozen=True, kw_only=True)
class ClauseCheck:
    """One clause evaluated for one scope: what it asks, what there is, and how that was worked out."""

    clause: ClauseId
    kind: str
    title: Text
    scope: Literal["territory", "station", "beat", "post", "place"]
    status: CheckStatus
    rows: int
    """How many rows of the scope were checked."""
    met: int
    not_met: int
    unknown: int
    value: float | None
    """The measured value where the clause has one for the whole territory."""
    threshold: float | None
    unit: str | None
    formula: str | None
    inputs: tuple[InputValue, ...]
    failing: tuple[str, ...]
    """Ids of the first rows that fail, at most 20; ``not_met`` says how many there are."""
    note: Text | None
    id: str = ""
    """The check inside its clause, such as ``H2.villages_per_beat``."""


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """Something the plan takes for granted, with the reason; nothing is assumed silently."""

    topic: str
    text: Text
    clause: ClauseId | None = None


@dataclass(frozen=True, kw_only=True)
class SearchSummary:
    """How one planner's answer came about."""

    part: Literal["beats", "siting", "staffing"]
    method: str
    objective: float
    bound: float | None
    gap: Ratio | None
    iterations: int
    ended: Ended


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The whole plan. Same input, pack, day and seed give the same deployment, byte for byte."""

    format: str
    linli_version: str
    territory: TerritoryReference
    pack: PackReference
    seed: int
    weights: WorkloadWeights
    mean_minutes: Minutes
    """Resident-weighted mean travel time from each place to the centre of its beat."""
    mean_distance: Kilometres
    """Resident-weighted mean great-circle distance from each place to the centre of its beat."""
    stations: tuple[StationSummary, ...]
    places: tuple[PlaceSummary, ...]
    beats: tuple[Beat, ...]
    posts: tuple[Post, ...]
    staffing: tuple[StaffNeed, ...]
    hiring: tuple[HiringStep, ...]
    checks: tuple[ClauseCheck, ...]
    assumptions: tuple[Assumption, ...]
    searches: tuple[SearchSummary, ...]
    beat_rules: tuple[BeatRule, ...] = ()
    staff: tuple[StaffPool, ...] = ()
    """Empty where the territory gives no staff table."""
    keeping: Keeping | None = None
    """``None`` where the territory names no beats of today."""
