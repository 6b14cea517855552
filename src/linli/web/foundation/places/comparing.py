"""A proposed version beside the one in force: who moves, which posts come and go, what changes in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from linli.io.deployment import parse_deployment
from linli.planning.comparison import Comparison, compare
from linli.planning.deployment import Deployment as Plan
from linli.planning.deployment import Post as PlannedPost
from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.places.models import Deployment

__all__ = ["Difference", "PlaceChange", "difference"]


@dataclass(frozen=True, kw_only=True)
class PlaceChange:
    """A place that comes to another beat or another station."""

    code: str
    name: str
    residents: int | None
    beats: tuple[str, str]
    stations: tuple[str, str]
    longitude: float
    latitude: float

    @property
    def changes_station(self) -> bool:
        """To another station, not only to another beat of the same."""
        return self.stations[0] != self.stations[1]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Everything that a reader of a proposal wants to know."""

    places: tuple[PlaceChange, ...]
    residents: int
    """Residents of the places that move; those without a number count as none."""
    unknown: int
    """Places that move and have no number of residents."""
    new_places: tuple[str, ...]
    lost_places: tuple[str, ...]
    renamed: int
    """Beats that keep their places under another code."""
    posts_added: tuple[PlannedPost, ...]
    posts_removed: tuple[PlannedPost, ...]
    accounts: int
    """Accounts that work at a post that goes."""
    comparison: Comparison

    @property
    def is_nothing(self) -> bool:
        """No place moves, comes or goes, and no post does."""
        return not (
            self.places or self.new_places or self.lost_places or self.posts_added or self.posts_removed
        )


@lru_cache(maxsize=4)
def _plan(pk: int, digest: str) -> Plan:
    """A version's plan; its file never changes."""
    return parse_deployment(Deployment.objects.values_list("document", flat=True).get(pk=pk))


def difference(left: Deployment, right: Deployment) -> Difference:
    """What changes from one version to another."""
    before, after = _plan(left.pk, left.digest), _plan(right.pk, right.digest)
    compared = compare(before, after)
    places = _places(before, after, compared)
    old, new = ({post.id: post for post in one.posts} for one in (before, after))
    removed = tuple(post for id_, post in old.items() if id_ not in new)
    names = {place.code: place.name for one in (before, after) for place in one.places}
    return Difference(
        places=places,
        residents=sum(one.residents or 0 for one in places),
        unknown=sum(one.residents is None for one in places),
        new_places=tuple(names.get(code, code) for code in compared.only_right),
        lost_places=tuple(names.get(code, code) for code in compared.only_left),
        renamed=sum(
            pair.left is not None and pair.right is not None and pair.left != pair.right
            for pair in compared.pairs
        ),
        posts_added=tuple(post for id_, post in new.items() if id_ not in old),
        posts_removed=removed,
        accounts=_accounts(removed),
        comparison=compared,
    )


def _places(before: Plan, after: Plan, compared: Comparison) -> tuple[PlaceChange, ...]:
    moved = {one.code for one in compared.moved}
    stations = [{str(place.code): str(place.station) for place in one.places} for one in (before, after)]
    beats = [
        {str(code): str(beat.id) for beat in one.beats for code in beat.places} for one in (before, after)
    ]
    names = [_names(one) for one in (before, after)]
    found = [
        PlaceChange(
            code=place.code,
            name=place.name,
            residents=place.residents,
            beats=(_named(names[0], beats[0], place.code), _named(names[1], beats[1], place.code)),
            stations=(_named(names[0], stations[0], place.code), _named(names[1], stations[1], place.code)),
            longitude=place.longitude,
            latitude=place.latitude,
        )
        for place in after.places
        if place.code in stations[0]
        and (place.code in moved or stations[0][place.code] != stations[1][place.code])
    ]
    return tuple(sorted(found, key=lambda one: (one.stations, one.beats, one.code)))


def _names(plan: Plan) -> Mapping[str, str]:
    stations = {str(one.id): str(one.name) for one in plan.stations}
    return {**stations, **{str(beat.id): beat.name.zh for beat in plan.beats}}


def _named(names: Mapping[str, str], of_place: Mapping[str, str], code: str) -> str:
    id_ = of_place.get(code, "")
    return names.get(id_, id_)


def _accounts(posts: tuple[PlannedPost, ...]) -> int:
    codes = [f"post:{post.id}" for post in posts]
    grants = Grant.objects.filter(organisation__code__in=codes, ends__isnull=True, user__is_active=True)
    return grants.values("user_id").distinct().count()
