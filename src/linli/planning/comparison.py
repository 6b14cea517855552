"""Two deployments side by side: which places move, and what that does to travel, balance, gaps and clauses.

Beats are matched by the residents they share, the largest overlap first, so that no two beats would
both rather be matched with each other (a stable matching; ties go by id). A place moves when its new
beat is not the match of its old one: a beat that only changes its id moves nobody.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Generic, TypeVar

from linli.kernel.identifiers import BeatId, ClauseId, PlaceCode
from linli.kernel.measures import Kilometres, Minutes, Ratio
from linli.kernel.texts import Text
from linli.planning.deployment import CheckStatus, ClauseCheck, Deployment, StaffNeed
from linli.planning.yardstick import Count, count_beats
from linli.territory.model import PostKind, Role

__all__ = [
    "Balance",
    "BeatPair",
    "Change",
    "Comparison",
    "GapChange",
    "MovedPlace",
    "People",
    "PostChange",
    "StatusChange",
    "compare",
    "people_by_role",
]

Value = TypeVar("Value")


@dataclass(frozen=True)
class Change(Generic[Value]):
    """The same quantity in both deployments."""

    left: Value
    right: Value

    @property
    def differs(self) -> bool:
        """Whether the two are not equal."""
        return self.left != self.right


@dataclass(frozen=True, kw_only=True)
class BeatPair:
    """A beat of the left deployment and its match in the right one; ``None`` where there is none."""

    left: BeatId | None
    right: BeatId | None
    shared_places: int
    shared_residents: int


@dataclass(frozen=True, kw_only=True)
class MovedPlace:
    """A place whose new beat is not the match of its old one."""

    code: PlaceCode
    name: str
    residents: int | None
    left: BeatId
    right: BeatId


@dataclass(frozen=True, kw_only=True)
class Balance:
    """How evenly workload lies on the beats.

    ``spread`` is the standard deviation ÷ the mean, ``heaviest`` the heaviest beat ÷ the mean; both are
    ``None`` where there is no workload. ``count`` says how many beats are outside the rule of their own
    clause and how many lie in several pieces.
    """

    spread: Ratio | None
    heaviest: Ratio | None
    count: Count


@dataclass(frozen=True, kw_only=True)
class People:
    """People of a role that a clause asks for; ``have`` and ``gap`` are ``None`` where any row is unknown."""

    required: int
    have: int | None
    gap: int | None


@dataclass(frozen=True, kw_only=True)
class GapChange:
    """One clause and role in both deployments; ``None`` where a deployment has no such requirement."""

    clause: ClauseId
    role: Role
    left: People | None
    right: People | None


@dataclass(frozen=True, kw_only=True)
class PostChange:
    """How many posts of one kind there are in each deployment."""

    kind: PostKind
    left: int
    right: int


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """A clause check in both deployments; ``None`` where a deployment does not have it."""

    clause: ClauseId
    title: Text
    left: CheckStatus | None
    right: CheckStatus | None
    not_met: Change[int]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything that differs between two deployments, and what stayed the same."""

    left: Deployment
    right: Deployment
    pairs: tuple[BeatPair, ...]
    moved: tuple[MovedPlace, ...]
    only_left: tuple[PlaceCode, ...]
    """Places that only the left deployment has."""
    only_right: tuple[PlaceCode, ...]
    same_places: int
    """Places that stay in the match of their beat."""
    beats: Change[int]
    mean_minutes: Change[Minutes]
    longest_minutes: Change[Minutes | None]
    mean_distance: Change[Kilometres]
    balance: Change[Balance]
    posts: tuple[PostChange, ...]
    gaps: tuple[GapChange, ...]
    statuses: tuple[StatusChange, ...]
    """All checks of both deployments, in the order of the left one, then new ones."""


def compare(left: Deployment, right: Deployment) -> Comparison:
    """What changes from the left deployment to the right one.

    The two may be for different packs, days or even territories; places are matched by code.
    """
    homes = (_homes(left), _homes(right))
    shared = [code for code in homes[0] if code in homes[1]]
    pairs = _match(left, right)
    partner = {pair.left: pair.right for pair in pairs if pair.left is not None}
    known = {place.code: place for place in right.places}
    moved = tuple(
        MovedPlace(
            code=code,
            name=known[code].name,
            residents=known[code].residents,
            left=homes[0][code],
            right=homes[1][code],
        )
        for code in shared
        if partner.get(homes[0][code]) != homes[1][code]
    )
    return Comparison(
        left=left,
        right=right,
        pairs=pairs,
        moved=moved,
        only_left=tuple(code for code in homes[0] if code not in homes[1]),
        only_right=tuple(code for code in homes[1] if code not in homes[0]),
        same_places=len(shared) - len(moved),
        beats=Change(len(left.beats), len(right.beats)),
        mean_minutes=Change(left.mean_minutes, right.mean_minutes),
        longest_minutes=Change(_longest(left), _longest(right)),
        mean_distance=Change(left.mean_distance, right.mean_distance),
        balance=Change(_balance(left), _balance(right)),
        posts=_posts(left, right),
        gaps=_gaps(left, right),
        statuses=_statuses(left, right),
    )


def _homes(deployment: Deployment) -> dict[PlaceCode, BeatId]:
    return {code: beat.id for beat in deployment.beats for code in beat.places}


def _match(left: Deployment, right: Deployment) -> tuple[BeatPair, ...]:
    there = _homes(right)
    residents = {place.code: place.residents or 0 for place in right.places}
    places: dict[tuple[BeatId, BeatId], int] = defaultdict(int)
    people: dict[tuple[BeatId, BeatId], int] = defaultdict(int)
    for beat in left.beats:
        for code in beat.places:
            if code in there:
                places[beat.id, there[code]] += 1
                people[beat.id, there[code]] += residents[code]
    free = ({beat.id for beat in left.beats}, {beat.id for beat in right.beats})
    matched: dict[BeatId, BeatPair] = {}
    for one, other in sorted(places, key=lambda pair: (-people[pair], -places[pair], pair)):
        if one in free[0] and other in free[1]:
            free[0].discard(one)
            free[1].discard(other)
            matched[one] = BeatPair(
                left=one,
                right=other,
                shared_places=places[one, other],
                shared_residents=people[one, other],
            )
    alone = [matched.get(beat.id) or _lone(left=beat.id) for beat in left.beats]
    return (*alone, *(_lone(right=beat.id) for beat in right.beats if beat.id in free[1]))


def _lone(*, left: BeatId | None = None, right: BeatId | None = None) -> BeatPair:
    return BeatPair(left=left, right=right, shared_places=0, shared_residents=0)


def _longest(deployment: Deployment) -> Minutes | None:
    return max((beat.longest_minutes for beat in deployment.beats), default=None)


def _balance(deployment: Deployment) -> Balance:
    workloads = [beat.workload for beat in deployment.beats]
    mean = fmean(workloads) if workloads else 0.0
    return Balance(
        spread=Ratio(pstdev(workloads) / mean) if mean > 0 else None,
        heaviest=Ratio(max(workloads) / mean) if mean > 0 else None,
        count=count_beats(deployment),
    )


def _posts(left: Deployment, right: Deployment) -> tuple[PostChange, ...]:
    counts = [[sum(post.kind is kind for post in one.posts) for kind in PostKind] for one in (left, right)]
    rows = zip(PostKind, *counts, strict=True)
    return tuple(PostChange(kind=kind, left=before, right=after) for kind, before, after in rows)


def _gaps(left: Deployment, right: Deployment) -> tuple[GapChange, ...]:
    sides = (people_by_role(left), people_by_role(right))
    return tuple(
        GapChange(
            clause=clause, role=role, left=sides[0].get((clause, role)), right=sides[1].get((clause, role))
        )
        for clause, role in sorted(sides[0].keys() | sides[1].keys())
    )


def people_by_role(deployment: Deployment) -> dict[tuple[ClauseId, Role], People]:
    """What each clause asks of each role over all its scopes, against those on hand."""
    groups: dict[tuple[ClauseId, Role], list[StaffNeed]] = defaultdict(list)
    for need in deployment.staffing:
        groups[need.clause, need.role].append(need)
    return {
        key: People(
            required=sum(need.required for need in rows),
            have=_sum(need.have for need in rows),
            gap=_sum(need.gap for need in rows),
        )
        for key, rows in groups.items()
    }


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum, unknown where any part is."""
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _statuses(left: Deployment, right: Deployment) -> tuple[StatusChange, ...]:
    sides = (_by_check(left), _by_check(right))
    keys = [*sides[0], *(key for key in sides[1] if key not in sides[0])]
    return tuple(_status(sides[0].get(key), sides[1].get(key)) for key in keys)


def _by_check(deployment: Deployment) -> dict[tuple[str, ...], ClauseCheck]:
    return {(check.clause, check.id, check.scope, check.title.en): check for check in deployment.checks}


def _status(left: ClauseCheck | None, right: ClauseCheck | None) -> StatusChange:
    either = left or right
    if either is None:
        raise ValueError("a status change needs at least one check")
    return StatusChange(
        clause=either.clause,
        title=either.title,
        left=None if left is None else left.status,
        right=None if right is None else right.status,
        not_met=Change(0 if left is None else left.not_met, 0 if right is None else right.not_met),
    )
