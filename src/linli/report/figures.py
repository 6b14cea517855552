"""The figures that every format of the report shows: totals, needs of a beat, and words for codes.

Needs of different clauses are never added up: two clauses may ask for the same people. Where one
figure is wanted for a beat, it is the largest gap of each role, summed over roles.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linli.kernel.identifiers import BeatId, ClauseId, PlaceCode, PostId
from linli.kernel.measures import Ratio
from linli.kernel.texts import Text, catalogue, plain
from linli.planning.deployment import CheckStatus, ClauseCheck, Deployment, StaffNeed
from linli.planning.yardstick import Count, count_beats, with_measure
from linli.territory.model import Role

__all__ = [
    "STATUSES",
    "TOLERANCE",
    "RoleNeed",
    "Totals",
    "beat_of_place",
    "checks_by_status",
    "credits_of",
    "judged_checks",
    "largest_gap",
    "needs_by_beat",
    "published_figures",
    "role_needs",
    "tolerances",
    "totals",
    "word",
]

CREDIT = re.compile(r"©[^(（;；]+")

TOLERANCE = Ratio(0.10)
"""Share of its target by which a workload may differ and still be drawn as close to it, without a rule."""

STATUSES: tuple[CheckStatus, ...] = (
    "not_met",
    "unknown",
    "not_yet_due",
    "met",
    "waiting",
    "differs",
    "reproduced",
    "worked_out",
    "not_applicable",
    "declined",
)
"""In the order in which a reader should look at them."""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The plan in a handful of figures. ``None`` where nothing was given, never zero."""

    stations: int
    places: int
    residents: int | None
    places_without_residents: int
    beats: int
    posts: int
    new_posts: int
    count: Count
    """Beats outside the rule of their clause, and beats in several pieces."""
    gap: int | None
    mean_minutes: float
    """To the centre of the beat, weighted by residents."""
    longest_minutes: float | None
    """To the centre of the beat, from the place farthest from it."""
    farthest_minutes: float | None
    """To the nearest post that serves a place, from the place farthest from its own."""


@dataclass(frozen=True, kw_only=True)
class RoleNeed:
    """What one clause asks for of one role, summed over the rows of one scope."""

    clause: ClauseId
    role: Role
    scope: str
    rows: int
    required: int
    have: int | None
    gap: int | None


def word(group: str, code: str) -> Text:
    """The word a reader knows for a code such as a role or a status; the code itself if there is none."""
    known = catalogue(__package__).templates
    return known.get(f"{group}.{code}", plain(code))


def totals(deployment: Deployment) -> Totals:
    """The figures of the first page."""
    known = [p.residents for p in deployment.places if p.residents is not None]
    minutes = [p.minutes_to_post for p in deployment.places if p.minutes_to_post is not None]
    return Totals(
        stations=len(deployment.stations),
        places=len(deployment.places),
        residents=sum(known) if known else None,
        places_without_residents=len(deployment.places) - len(known),
        beats=len(deployment.beats),
        posts=len(deployment.posts),
        new_posts=sum(not p.existing for p in deployment.posts),
        count=count_beats(deployment),
        gap=largest_gap(deployment.staffing),
        mean_minutes=deployment.mean_minutes,
        longest_minutes=max((b.longest_minutes for b in deployment.beats), default=None),
        farthest_minutes=max(minutes) if minutes else None,
    )


def tolerances(deployment: Deployment) -> dict[ClauseId, Ratio]:
    """The tolerance that each clause that sizes beats was applied with, where it states one."""
    rules = [with_measure(rule) for rule in deployment.beat_rules]
    return {rule.clause: rule.tolerance for rule in rules if rule.tolerance is not None}


def beat_of_place(deployment: Deployment) -> dict[PlaceCode, BeatId]:
    """Which beat each place lies in."""
    return {code: beat.id for beat in deployment.beats for code in beat.places}


def needs_by_beat(deployment: Deployment) -> dict[BeatId, tuple[StaffNeed, ...]]:
    """The needs of each beat: its own, its places' and those of the posts that stand in it."""
    of_place = beat_of_place(deployment)
    of_post = {post.id: of_place.get(post.place) for post in deployment.posts}
    gathered: defaultdict[BeatId, list[StaffNeed]] = defaultdict(list)
    for need in deployment.staffing:
        beat = _beat_of(need, of_place, of_post)
        if beat is not None:
            gathered[beat].append(need)
    return {beat: tuple(needs) for beat, needs in gathered.items()}


def _beat_of(
    need: StaffNeed, of_place: Mapping[PlaceCode, BeatId], of_post: Mapping[PostId, BeatId | None]
) -> BeatId | None:
    if need.scope == "beat":
        return BeatId(need.scope_id)
    if need.scope == "place":
        return of_place.get(PlaceCode(need.scope_id))
    return of_post.get(PostId(need.scope_id)) if need.scope == "post" else None


def largest_gap(needs: Iterable[StaffNeed]) -> int | None:
    """People missing: the largest gap that one clause leaves for each role, summed over roles.

    ``None`` where no need has a known gap.
    """
    by_clause: defaultdict[tuple[Role, ClauseId], int] = defaultdict(int)
    for need in needs:
        if need.gap is not None:
            by_clause[need.role, need.clause] += need.gap
    largest: dict[Role, int] = {}
    for (role, _), gap in by_clause.items():
        largest[role] = max(gap, largest.get(role, 0))
    return sum(largest.values()) if largest else None


def role_needs(deployment: Deployment) -> tuple[RoleNeed, ...]:
    """Needs summed by clause, role and scope, in the order in which they first appear."""
    groups: defaultdict[tuple[ClauseId, Role, str], list[StaffNeed]] = defaultdict(list)
    for need in deployment.staffing:
        groups[need.clause, need.role, need.scope].append(need)
    return tuple(
        RoleNeed(
            clause=clause,
            role=role,
            scope=scope,
            rows=len(rows),
            required=sum(n.required for n in rows),
            have=_sum_known([n.have for n in rows]),
            gap=_sum_known([n.gap for n in rows]),
        )
        for (clause, role, scope), rows in groups.items()
    )


def _sum_known(values: list[int | None]) -> int | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def credits_of(deployment: Deployment) -> tuple[Text, ...]:
    """The credits that the data's terms want to see on every map, such as “© OpenStreetMap contributors”."""
    found = [
        Text(zh=zh[0].strip(), en=en[0].strip())
        for source in deployment.territory.sources
        if (zh := CREDIT.search(source.zh)) and (en := CREDIT.search(source.en))
    ]
    return tuple(dict.fromkeys(found))


def judged_checks(deployment: Deployment) -> tuple[ClauseCheck, ...]:
    """The checks that judge this plan: all but published figures worked out again."""
    return tuple(c for c in deployment.checks if c.kind != "figure")


def published_figures(deployment: Deployment) -> tuple[ClauseCheck, ...]:
    """Published figures worked out again: they judge the source's arithmetic, not this plan."""
    return tuple(c for c in deployment.checks if c.kind == "figure")


def checks_by_status(deployment: Deployment) -> dict[CheckStatus, tuple[ClauseCheck, ...]]:
    """The clause checks, those that need attention first."""
    return {
        status: found
        for status in STATUSES
        if (found := tuple(c for c in deployment.checks if c.status == status))
    }
