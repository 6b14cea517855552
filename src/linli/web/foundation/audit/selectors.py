"""Guarded reads of the audit log: search, one case's readers, emergency accesses."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.lookups import Exact
from django.http import QueryDict

from linli.kernel.spelling import plain_words
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.directory import called
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.roles import is_outside
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.audit.models import Entry, NumberOf
from linli.web.foundation.border.moments import moment_of
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.models import Case, EmergencyAccess, Share
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
_LISTS_LOOKED_AT: Final = 5000
_PROGRAMS_LIST: Final = "list_cases"
_NARROWING: Final = ("type", "state", "station", "beat", "status")
"""What narrows a program's list; pages, sizes and orders of one list are one list."""


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
    named = called(User.objects.all(), person, by=("display_name",), most=100)
    exact = User.objects.filter(username__iexact=plain_words(person)).values_list("pk", flat=True)
    return Q(actor_id__in=[*named, *exact])


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
    """Exports and programs' lists of cases, since this one was opened, that may have held it; newest first.

    Their filter lets it through, and their maker may export it, has it in hand, raised it, or was shown it by
    a share at that moment: of what was shared, lists have left. What the filter says of the case's state is
    what it is now, not what it was then: it is left out. Of the lists that one program asks for again and
    again in the same words, the newest counts.
    """
    since = _visible(actor).filter(at__gte=case.opened_at).order_by("-at", "-pk")
    files = since.filter(action="export", subject_id__in=("cases", case.case_type))
    found = [entry for entry in files[:_EXPORTS_LOOKED_AT] if _lets_through(entry, case)]
    found += [entry for entry in _asked_by_programs(since) if _lets_through(entry, case)]
    makers = _Makers(case)
    return sorted(
        (one for one in found if makers.may_hold(one)), key=lambda one: (one.at, one.pk), reverse=True
    )


def _asked_by_programs(since: QuerySet[Entry]) -> list[Entry]:
    """The newest list of each account and filter."""
    newest: dict[tuple[int | None, str], Entry] = {}
    lists = since.filter(action="download", subject_kind="file", subject_id=_PROGRAMS_LIST)
    for entry in lists[:_LISTS_LOOKED_AT]:
        wanted = {
            name: values
            for name, values in QueryDict(str(entry.detail.get("filters", ""))).lists()
            if name in _NARROWING
        }
        newest.setdefault((entry.actor_id, str(sorted(wanted.items()))), entry)
    return list(newest.values())


class _Makers:
    """Whoever took lists out, as they were then; each asked for once at a moment."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._shares = list(Share.objects.filter(case=case))
        self._users: dict[int, User | None] = {}

    def may_hold(self, entry: Entry) -> bool:
        """Whether the list of an entry may have held the case."""
        by = self._by(entry)
        if by is None:
            return False
        return may_case(by, "export", self._case, entry.at) or self._own(entry, by) or self._shared(entry, by)

    def _by(self, entry: Entry) -> Actor | None:
        if entry.actor_id is None:
            return None
        if entry.actor_id not in self._users:
            self._users[entry.actor_id] = User.objects.filter(pk=entry.actor_id).first()
        user = self._users[entry.actor_id]
        return None if user is None else actor_of(user, entry.at)

    def _own(self, entry: Entry, by: Actor) -> bool:
        mine = by.user_id in (self._case.assignee_id, self._case.opened_by_id)
        offices = self._case.organisation_id in by.organisation_ids and is_outside(by.roles)
        return entry.action == "download" and (mine or offices)

    def _shared(self, entry: Entry, by: Actor) -> bool:
        return any(
            share.organisation_id in by.organisation_ids
            and share.since <= entry.at
            and (share.ended_at is None or share.ended_at > entry.at)
            and (share.until is None or share.until > entry.at)
            for share in self._shares
        )


def _lets_through(entry: Entry, case: Case) -> bool:
    asked = QueryDict(str(entry.detail.get("filters", "")), mutable=True)
    # The API's own word for what pages call the kind.
    asked.setlist("kind", [*asked.getlist("kind"), *asked.getlist("type")])
    wanted = filters_of(asked)
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
