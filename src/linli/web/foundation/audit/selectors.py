"""Guarded reads of the audit log: search, one case's readers, emergency accesses."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.lookups import Exact
from django.http import QueryDict

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.audit.models import Entry, NumberOf
from linli.web.foundation.border.moments import moment_of
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.models import Case, EmergencyAccess
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.views.lists import filters_of

__all__ = [
    "PAGE",
    "READS",
    "After",
    "Entries",
    "Wanted",
    "all_entries",
    "case_of_record",
    "emergencies",
    "entries_of_case",
    "entries_page",
    "own_entries",
    "perhaps_in_exports",
]

say = catalogue("linli.web.foundation.audit")

PAGE: Final = 50
READS: Final = ("case.read_personal", "case.emergency", "case.view_outside")
"""What counts as reading a record beyond what one's own territory shows."""
_EXPORTS_LOOKED_AT: Final = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the log is narrowed to; empty means everything."""

    person: str = ""
    number: str = ""
    action: str = ""
    station: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def condition(self) -> Q:
        """As a condition on entries."""
        q = Q()
        if self.person:
            q &= _by(self.person)
        if self.number:
            q &= _about(self.number)
        if self.action:
            q &= Q(action=self.action)
        if self.station:
            q &= Q(station_code=self.station)
        if self.since is not None:
            q &= Q(at__gte=self.since)
        if self.until is not None:
            q &= Q(at__lt=self.until)
        return q


def _by(person: str) -> Q:
    found = User.objects.filter(Q(username__iexact=person) | Q(display_name__icontains=person))
    return Q(actor_id__in=list(found.values_list("pk", flat=True)[:100]))


def _about(number: str) -> Q:
    """Entries about a case, shredded ones too: each of them names the case's number."""
    return Q(subject_kind="case") & Q(Exact(NumberOf("detail"), number))


@dataclass(frozen=True)
class After:
    """Where a page begins: below this moment and id."""

    at: dt.datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> "After | None":
        """A cursor as it was written into an address; ``None`` for anything else."""
        at, _, id_ = text.partition("_")
        moment, number = moment_of(at), whole_of(id_)
        if moment is None or moment.tzinfo is None or number is None:
            return None
        return cls(moment, number)


@dataclass(frozen=True)
class Entries:
    """One page of the log and where the next one begins."""

    entries: tuple[Entry, ...]
    next: After | None


def _visible(actor: Actor) -> QuerySet[Entry]:
    scope = scopes(actor, "view", ("audit",), beat=None, place=None, organisation=None)
    return Entry.objects.none() if scope is None else Entry.objects.filter(scope)


def entries_page(actor: Actor, wanted: Wanted, *, after: After | None = None, size: int = PAGE) -> Entries:
    """One page of the entries that an actor may see, newest first; one query."""
    found = _visible(actor).filter(wanted.condition()).order_by("-at", "-pk")
    if after is not None:
        found = found.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.id), at__lte=after.at)
    rows = list(found[: size + 1])
    more = len(rows) > size
    return Entries(tuple(rows[:size]), After(rows[size - 1].at, rows[size - 1].pk) if more else None)


def all_entries(actor: Actor, wanted: Wanted) -> Iterator[Entry]:
    """The whole filtered log, page by page, oldest pages last."""
    after: After | None = None
    while True:
        page = entries_page(actor, wanted, after=after, size=1000)
        yield from page.entries
        after = page.next
        if after is None:
            return


def case_of_record(actor: Actor, number: str) -> tuple[Case | None, QuerySet[Entry]]:
    """What the log says about a case, and the case itself where it has not been shredded.

    Raises
    ------
    Missing
        The log that the actor may see knows of no such case.
    """
    found = _visible(actor).filter(_about(number)).order_by("-at", "-pk")
    if not found.exists():
        raise missing(
            say("case.missing", number=number), hidden=Entry.objects.filter(_about(number)).exists()
        )
    return Case.objects.filter(number=number).first(), found


def entries_of_case(found: QuerySet[Entry], *, reads_only: bool, most: int = 500) -> list[Entry]:
    """The newest entries about a case: all, or only the reads."""
    return list((found.filter(action__in=READS) if reads_only else found)[:most])


def perhaps_in_exports(actor: Actor, case: Case) -> list[Entry]:
    """Exports of cases since this one was opened whose filter lets it through and whose maker may see it.

    What the filter says of the case's state is what it is now, not what it was then: it is left out.
    """
    exports = _visible(actor).filter(
        action="export", subject_id__in=("cases", case.case_type), at__gte=case.opened_at
    )
    found, actors = [], dict[int, Actor | None]()
    for entry in exports.order_by("-at", "-pk")[:_EXPORTS_LOOKED_AT]:
        if entry.actor_id is None or not _lets_through(entry, case):
            continue
        if entry.actor_id not in actors:
            user = User.objects.filter(pk=entry.actor_id).first()
            actors[entry.actor_id] = None if user is None else actor_of(user, entry.at)
        by = actors[entry.actor_id]
        if by is None or may_case(by, "export", case, entry.at):
            found.append(entry)
    return found


def _lets_through(entry: Entry, case: Case) -> bool:
    wanted = filters_of(QueryDict(str(entry.detail.get("filters", ""))))
    pairs = (
        (wanted.kinds, case.case_type),
        (wanted.categories, case.category),
        (wanted.stations, case.station_code),
        (wanted.beats, case.beat_code),
        (wanted.places, case.place_code),
    )
    in_days = (wanted.opened_from is None or case.opened_at >= wanted.opened_from) and (
        wanted.opened_until is None or case.opened_at < wanted.opened_until
    )
    return in_days and all(not asked or given in asked for asked, given in pairs)


def own_entries(account_id: int, *, most: int = 20) -> list[Entry]:
    """What the log says about an account's own signing in and its roles, for its owner to look at."""
    found = Entry.objects.filter(
        subject_kind="account", subject_id=str(account_id), action__startswith="account."
    )
    return list(found.order_by("-at", "-pk")[:most])


def emergencies(actor: Actor, *, reviewed: bool, most: int = 200) -> list[EmergencyAccess]:
    """Times the glass was broken that wait for a verdict, or those that have one; newest first."""
    scope = scopes(
        actor, "view", ("audit",), station="case__station_code", beat=None, place=None, organisation=None
    )
    if scope is None:
        return []
    found = EmergencyAccess.objects.filter(scope, reviewed_at__isnull=not reviewed)
    return list(found.select_related("case", "user", "reviewed_by").order_by("-since", "-pk")[:most])
