"""Guarded reads of the register and of inspections: every list, page and count goes through here."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from linli.web.foundation.accounts.access import may_anywhere, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import Missing, missing
from linli.web.foundation.casework.models import Case, Share
from linli.web.foundation.casework.selectors import Cursor, Filters, case_for, case_page, visible
from linli.web.foundation.findable import holding
from linli.web.ops.premises.actions.base import say
from linli.web.ops.premises.actions.planning import AHEAD
from linli.web.ops.premises.actions.steps import INSPECTION
from linli.web.ops.premises.models import Draw, Inspection, Premises, Rectification
from linli.web.ops.premises.subjects import KIND, may_premises

__all__ = [
    "PAGE",
    "STATUSES",
    "PremisesFilters",
    "PremisesPage",
    "draws_of",
    "inspection_for",
    "inspections_of",
    "inspections_page",
    "notices_due",
    "open_inspections",
    "premises_for",
    "premises_page",
    "visible_premises",
]

PAGE: Final = 30
STATUSES: Final = ("", "due", "overdue", "key", "closed")


@dataclass(frozen=True, kw_only=True)
class PremisesFilters:
    """What the register is narrowed to."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    status: str = ""
    station: str = ""
    today: dt.date

    def condition(self) -> Q:
        """As a condition on premises."""
        q = Q(closed_on__isnull=self.status != "closed")
        if self.words:
            q &= holding(self.words)
        if self.kinds:
            q &= Q(kind__in=self.kinds)
        if self.station:
            q &= Q(station_code=self.station)
        if self.status == "due":
            q &= Q(due_on__lte=self.today + AHEAD)
        elif self.status == "overdue":
            q &= Q(due_on__lt=self.today)
        elif self.status == "key":
            q &= ~Q(key_clause="")
        return q


@dataclass(frozen=True)
class PremisesPage:
    """One page of the register; ``next`` is the id after which the following page begins."""

    rows: tuple[Premises, ...]
    next: int | None


def visible_premises(actor: Actor, verb: str = "view") -> QuerySet[Premises]:
    """The premises that an actor may see, or do something to."""
    scope = scopes(actor, verb, [KIND])
    return Premises.objects.none() if scope is None else Premises.objects.filter(scope)


def premises_page(
    actor: Actor, filters: PremisesFilters, *, after: int | None = None, size: int = PAGE
) -> PremisesPage:
    """One page of the register, in order of entry; one query."""
    found = visible_premises(actor).filter(filters.condition()).select_related("organisation").order_by("pk")
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found[: size + 1])
    page = tuple(rows[:size])
    return PremisesPage(page, page[-1].pk if len(rows) > size else None)


def premises_for(actor: Actor, code: str, *, verb: str = "view") -> Premises:
    """Premises that an actor may see, by their code.

    Raises
    ------
    Missing
        There are none, or the actor may not know of them: the two look the same.
    """
    found = Premises.objects.select_related("organisation", "duty_telephone").filter(code=code).first()
    if found is None or not may_premises(actor, verb, found):
        raise missing(say("missing", code=code), hidden=found is not None)
    return found


def inspection_for(actor: Actor, number: str, *, at: dt.datetime, verb: str = "view") -> Inspection:
    """An inspection whose case an actor may see, by the case's number.

    Raises
    ------
    Missing
        There is none, or the actor may not know of it.
    """
    case = case_for(actor, number, at=at, verb=verb)
    rows = Inspection.objects.select_related("premises__organisation", "checklist", "case")
    found = rows.filter(case=case).first()
    if found is None:
        raise Missing(say("inspection_unlinked"))
    return found


def open_inspections(
    actor: Actor, *, at: dt.datetime, states: Sequence[str], after: Cursor | None = None
) -> tuple[list[Inspection], Cursor | None]:
    """Inspections in some states that an actor may see, the earliest day first; four queries."""
    filters = Filters(kinds=(INSPECTION,), states=tuple(states), status="open")
    page = case_page(actor, filters, at=at, after=after, order="due")
    return _with_premises(page.cases), page.next


def inspections_page(
    actor: Actor, *, at: dt.datetime, states: Sequence[str] = (), after: Cursor | None = None
) -> tuple[list[Inspection], Cursor | None]:
    """All inspections that an actor may see, newest first; four queries."""
    page = case_page(actor, Filters(kinds=(INSPECTION,), states=tuple(states)), at=at, after=after)
    return _with_premises(page.cases), page.next


def _with_premises(cases: Iterable[Case]) -> list[Inspection]:
    by_id = {case.pk: case for case in cases}
    rows = Inspection.objects.filter(case_id__in=by_id).select_related("premises")
    found = {one.case_id: one for one in rows}
    for one in found.values():
        one.case = by_id[one.case_id]
    return [found[pk] for pk in by_id if pk in found]


def inspections_of(actor: Actor, premises: Premises, *, at: dt.datetime) -> QuerySet[Inspection]:
    """The inspections of premises that an actor may see: a unit sees none before something was found."""
    shares = Share.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at), organisation_id__in=actor.organisation_ids, ended_at=None
    )
    seen = Q(case__in=visible(actor, kinds=(INSPECTION,)).values("pk"))
    if may_anywhere(actor, "view", INSPECTION):
        seen |= Q(case__in=shares.values("case_id"))
    found = premises.inspections.filter(seen).select_related("case", "premises")
    return found.order_by("-planned_for", "-pk")


def notices_due(actor: Actor, *, at: dt.datetime, most: int = 200) -> list[Rectification]:
    """Notices that wait for the unit or the re-check, the earliest day first; two queries."""
    cases = Filters(kinds=(INSPECTION,), states=("rectifying", "recheck"), status="open")
    own = case_page(actor, cases, at=at, size=most, order="due").cases
    rows = Rectification.objects.filter(inspection__case_id__in=[c.pk for c in own], ended_at__isnull=True)
    return list(rows.select_related("inspection__premises", "inspection__case").order_by("fix_by", "pk"))


def draws_of(actor: Actor) -> QuerySet[Draw]:
    """Draws of the areas that an actor answers for."""
    scope = scopes(
        actor, "open", [KIND], station="station_code", beat="beat_code", place="beat_code", organisation=None
    )
    return Draw.objects.none() if scope is None else Draw.objects.filter(scope)
