"""Guarded reads of cases: every list, detail, count and search goes through here.

A page of a list is four queries whatever the number of case types, roles or cases: what lies in the
actor's territory, what belongs to the actor's organisations, what is the actor's own, and what was shared.
Each is read to the length of a page in the order of the list and the four are merged, so that no part has to
be read whole (open-zaak#599). What somebody broke the glass for is in no list.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any, Final, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.kernel.spelling import case_number
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import assigned_scope, kinds_shared, kinds_with, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.roles import is_outside
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.border.moments import sensible
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.models import Case, Notice, Share
from linli.web.foundation.casework.searching import matching
from linli.web.foundation.casework.sight import note_look
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_types, openable
from linli.web.foundation.once import once

__all__ = [
    "PAGE",
    "WITHOUT_TITLE",
    "Cursor",
    "Filters",
    "Page",
    "Way",
    "about_seen",
    "case_for",
    "case_page",
    "notices_of",
    "search_cases",
    "seen_numbers",
    "seen_of",
    "visible",
    "visible_kinds",
]

say = catalogue("linli.web.foundation.casework")

PAGE: Final = 30
FEW_SHARES: Final = 100
"""Up to so many shared cases are named one by one, which a database finds at once."""
WITHOUT_TITLE: Final = ("emergency", "emergency_justified", "emergency_unjustified")
"""Notices of who broke the glass and what was found of it: shown by the case's number to who sees no case."""
Order = Literal["newest", "due"]
Way = Literal["seen", "export", "program"]
"""Whom a list is for: somebody who looks, a file that is taken out, or a program that takes it."""
_ORGANISATION_ASIDE: Final = ("organisation__codes", "organisation__level", "organisation__active")
_ASSIGNEE_ASIDE: Final = ("assignee__password", "assignee__last_login", "assignee__joined_at")
"""What a line of a list does not show."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty means everything."""

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    beats: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    status: Literal["", "open", "closed", "late"] = ""
    mine: bool = False
    priority: int | None = None
    opened_from: dt.datetime | None = None
    opened_until: dt.datetime | None = None
    now: dt.datetime | None = field(default=None, compare=False)

    def condition(self, actor: Actor) -> Q:
        """As a condition on cases."""
        wanted: dict[str, Any] = {
            "state__in": self.states,
            "category__in": self.categories,
            "station_code__in": self.stations,
            "beat_code__in": self.beats,
            "place_code__in": self.places,
        }
        q = Q(**{key: value for key, value in wanted.items() if value})
        if self.priority is not None:
            q &= Q(priority__gte=self.priority)
        if self.opened_from is not None:
            q &= Q(opened_at__gte=self.opened_from)
        if self.opened_until is not None:
            q &= Q(opened_at__lt=self.opened_until)
        if self.mine:
            q &= Q(assignee_id=actor.user_id)
        return q & self._status()

    def _status(self) -> Q:
        match self.status:
            case "open":
                return Q(closed_at__isnull=True)
            case "closed":
                return Q(closed_at__isnull=False)
            case "late":
                return Q(closed_at__isnull=True, due_at__lt=self.now)
            case _:
                return Q()


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after this moment and id."""

    moment: dt.datetime
    id: int

    def __str__(self) -> str:
        return f"{self.moment.timestamp():.6f}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """A cursor as it was written into an address; ``None`` for anything else."""
        seconds, _, id_ = text.partition("_")
        number = whole_of(id_)
        try:
            moment = dt.datetime.fromtimestamp(float(seconds), dt.UTC)
        except (ValueError, OverflowError, OSError):
            return None
        return None if number is None or not sensible(moment) else cls(moment, number)


@dataclass(frozen=True)
class Page:
    """One page of cases and where the next one begins."""

    cases: tuple[Case, ...]
    next: Cursor | None


def visible_kinds(actor: Actor, verb: str = "view") -> tuple[str, ...]:
    """Case types of which the actor may see, open or work on some."""
    found = kinds_with(actor, verb, case_types())
    return tuple(kind for kind in found if openable(kind)) if verb == "open" else found


def visible(actor: Actor, *, verb: str = "view", kinds: Sequence[str] = ()) -> QuerySet[Case]:
    """Cases in the actor's own territory; for counts, maps and exports."""
    named = tuple(kinds) or tuple(case_types())
    scope = scopes(actor, verb, named, kind_field="case_type", confidentiality="confidentiality")
    if scope is None:
        return Case.objects.none()
    found = Case.objects.filter(scope)
    return found.filter(case_type__in=kinds) if kinds else found


def case_page(
    actor: Actor,
    filters: Filters,
    *,
    at: dt.datetime,
    after: Cursor | None = None,
    size: int = PAGE,
    order: Order = "newest",
    only: tuple[str, ...] = (),
    way: Way = "seen",
) -> Page:
    """One page of the cases that an actor may see; ``only`` reads no more than some columns, for maps.

    A file (``way="export"``) holds what the actor may export, whatever else may be seen: nothing that is
    merely shared. A program's list holds that, and what is the actor's own: in hand or raised by the
    account, or its office's where that sees nothing else.
    """
    narrowed = replace(filters, now=at).condition(actor)
    if filters.kinds:
        narrowed &= Q(case_type__in=filters.kinds)
    ways = _ways_for(actor, at, way, mine=filters.mine)
    branches = [_branch(way, narrowed, after, size, order, only) for way in ways]
    merged = _merged(branches, order)
    more = len(merged) > size
    page = merged[:size]
    return Page(tuple(page), _cursor(page[-1], order) if more and page else None)


def _ways_for(actor: Actor, at: dt.datetime, way: Way, *, mine: bool) -> list[Q | None]:
    if way == "seen":
        # What an actor raised is the actor's own wherever it lies, and what was given as long as it counts.
        own = _own(actor)
        return [own] if mine else [own, _own_territory(actor), _owned(actor), _shared(actor, at)]
    taken = [
        assigned_scope(actor, "export", case_types()),
        _own_territory(actor, "export"),
        _owned(actor, "export"),
    ]
    outside = replace(actor, held=tuple(held for held in actor.held if is_outside([held.role])))
    return taken if way == "export" else [*taken, _own(actor), _owned(outside)]


def _ways(actor: Actor, at: dt.datetime) -> Q | None:
    """Every way by which an actor comes to see cases in lists, as one condition; ``None`` for no case."""
    ways = (_own_territory(actor), _owned(actor), _own(actor), _shared(actor, at))
    found = [way for way in ways if way is not None]
    # "Or" with an empty condition, which is everything, would be the other condition alone.
    return None if not found else Q() if not all(found) else reduce(or_, found)


def seen_of(cases: QuerySet[Case], actor: Actor, at: dt.datetime) -> QuerySet[Case]:
    """Of some cases that stand beside one, those that the actor sees in lists."""
    ways = _ways(actor, at)
    return cases.none() if ways is None else cases.filter(ways)


def seen_numbers(numbers: Collection[str], actor: Actor, at: dt.datetime) -> frozenset[str]:
    """Of some numbers of cases, those whose case the actor sees; one query, none for no numbers.

    A number is named only to whoever sees its case: others read the sentence without it.
    """
    if not numbers:
        return frozenset()
    found = seen_of(Case.objects.filter(number__in=numbers), actor, at)
    return frozenset(number for number in found.values_list("number", flat=True) if number)


def about_seen(actor: Actor, at: dt.datetime) -> Exists:
    """For a table whose rows have a ``case``: those about a case that the actor sees in lists."""
    return Exists(seen_of(Case.objects.filter(pk=OuterRef("case_id")), actor, at))


def notices_of(actor: Actor, at: dt.datetime, *, unread: bool = False) -> QuerySet[Notice]:
    """What has come up for an actor, newest first; of cases that are no longer to be seen, nothing.

    An auditor sees no case and is told by its number alone that somebody broke the glass.
    """
    found = Notice.objects.filter(user_id=actor.account)
    if unread:
        found = found.filter(read_at__isnull=True)
    return found.filter(Q(case__isnull=True) | Q(kind__in=WITHOUT_TITLE) | about_seen(actor, at))


def _own_territory(actor: Actor, verb: str = "view") -> Q | None:
    kinds = tuple(case_types())
    return scopes(
        actor,
        verb,
        kinds,
        kind_field="case_type",
        organisation=None,
        confidentiality="confidentiality",
    )


def _owned(actor: Actor, verb: str = "view") -> Q | None:
    # Who reaches the whole county reaches what any organisation owns.
    local = replace(actor, held=tuple(held for held in actor.held if held.level != "county"))
    kinds = tuple(case_types())
    return scopes(
        local,
        verb,
        kinds,
        kind_field="case_type",
        station=None,
        beat=None,
        place=None,
        confidentiality="confidentiality",
    )


def _own(actor: Actor) -> Q | None:
    kinds = visible_kinds(actor)
    if actor.user_id is None or not kinds:
        return None
    raised = Q(opened_by_id=actor.user_id)
    if len(kinds) < len(case_types()):
        raised &= Q(case_type__in=kinds)
    given = assigned_scope(actor, "view", case_types())
    return raised if given is None else raised | given


def _shared(actor: Actor, at: dt.datetime) -> Q | None:
    groups = kinds_shared(actor, case_types())
    ways = [_shared_with(organisations, kinds, at) for organisations, kinds in groups.items()]
    found = [way for way in ways if way is not None]
    return reduce(or_, found) if found else None


def _shared_with(organisations: frozenset[int], kinds: tuple[str, ...], at: dt.datetime) -> Q | None:
    shares = Share.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at), organisation_id__in=organisations, ended_at=None
    ).values_list("case_id", flat=True)
    few = once(("shared", organisations, at), lambda: list(shares[: FEW_SHARES + 1]))
    if not few:
        return None
    shared = Q(pk__in=shares) if len(few) > FEW_SHARES else Q(pk__in=few)
    return shared if len(kinds) == len(case_types()) else shared & Q(case_type__in=kinds)


def _branch(
    scope: Q | None,
    narrowed: Q,
    after: Cursor | None,
    size: int,
    order: Order,
    only: tuple[str, ...],
) -> list[Case]:
    if scope is None:
        return []
    found = Case.objects.filter(scope, narrowed)
    if order == "due":
        found = found.filter(closed_at__isnull=True, due_at__isnull=False).order_by("due_at", "id")
        if after is not None:
            found = found.filter(
                Q(due_at__gt=after.moment) | Q(due_at=after.moment, id__gt=after.id), due_at__gte=after.moment
            )
    else:
        found = found.order_by("-opened_at", "-id")
        if after is not None:
            found = found.filter(
                Q(opened_at__lt=after.moment) | Q(opened_at=after.moment, id__lt=after.id),
                opened_at__lte=after.moment,
            )
    if only:
        return list(found.only("opened_at", "due_at", "case_type", "type_hash", "state", *only)[: size + 1])
    found = found.defer("description", "data", "search", *_ORGANISATION_ASIDE, *_ASSIGNEE_ASIDE)
    return list(found.select_related("organisation", "assignee")[: size + 1])


def _merged(branches: Iterable[list[Case]], order: Order) -> list[Case]:
    once = {case.pk: case for branch in branches for case in branch}
    if order == "due":
        return sorted(once.values(), key=lambda c: (c.due_at or c.opened_at, c.pk))
    return sorted(once.values(), key=lambda c: (c.opened_at, c.pk), reverse=True)


def _cursor(case: Case, order: Order) -> Cursor:
    return Cursor((case.due_at if order == "due" and case.due_at else case.opened_at), case.pk)


def case_for(actor: Actor, number: str, *, at: dt.datetime, verb: str = "view") -> Case:
    """A case that the actor may see (or whatever ``verb`` says), by its number. Looks are logged.

    Raises
    ------
    Missing
        There is none, or the actor may not know of it: the two look the same.
    """
    number = case_number(number)
    found = Case.objects.select_related("organisation", "assignee", "parent", "merged_into")
    case = found.filter(number=number).first()
    if case is None or not may_case(actor, verb, case, at):
        raise missing(say("case.missing", number=number), hidden=case is not None, what=number)
    note_look(actor, case, at)
    return case


def search_cases(actor: Actor, words: str, *, at: dt.datetime, most: int = PAGE) -> list[Case]:
    """Cases that the actor may see and whose number, title or address hold some words, newest first."""
    exact = Case.objects.filter(number=case_number(words))
    found = [
        case for case in exact.select_related("organisation", "assignee") if may_case(actor, "view", case, at)
    ]
    if found:
        return found
    # One condition, unlike a list's four branches: the words narrow the cases, whoever asks.
    cases = matching(seen_of(Case.objects.all(), actor, at), words)
    return list(cases.select_related("organisation", "assignee").order_by("-opened_at", "-id")[:most])
