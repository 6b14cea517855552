"""Guarded reads of disputes: what comes next in each, a mediator's docket, the figures of a period."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from linli.kernel.texts import Text
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import about_seen, seen_of, visible
from linli.web.foundation.casework.types.register import case_type
from linli.web.ops.disputes.actions.base import KIND, local_day, say
from linli.web.ops.disputes.models import Agreement, Handover, Obligation, Session
from linli.web.ops.disputes.settling import Agreed, Found, Kept, Share, kept_share, settled_share

__all__ = ["Figures", "Next", "docket", "figures", "next_dates", "stages", "waiting_here"]

DOCKET_MOST: Final = 200
What = Literal["session", "term", "check", "acknowledge"]


@dataclass(frozen=True, order=True)
class Next:
    """Something that comes up in a dispute, and when."""

    at: dt.datetime
    what: What
    case_id: int
    text: Text
    late: bool


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(17, 30), zone())


def _sessions(cases: Q) -> Iterator[tuple[dt.datetime, What, int, Text]]:
    rows = Session.objects.filter(cases, state=Session.State.PLANNED).order_by("planned_at")[:DOCKET_MOST]
    for row in rows:
        yield row.planned_at, "session", row.case_id, say("next.session", number=row.number, place=row.place)


def _terms(cases: Q) -> Iterator[tuple[dt.datetime, What, int, Text]]:
    rows = Obligation.objects.filter(
        cases, state=Obligation.State.OPEN, agreement__relapsed_on=None, agreement__case__state="agreed"
    ).select_related("agreement")
    for row in rows.order_by("due_on")[:DOCKET_MOST]:
        text = say("next.term", number=row.number, party=row.party)
        yield _moment(row.due_on), "term", row.agreement.case_id, text


def _checks(cases: Q) -> Iterator[tuple[dt.datetime, What, int, Text]]:
    rows = Agreement.objects.filter(cases, kept=None, relapsed_on=None, fulfilled_on__isnull=False)
    for row in rows.order_by("check_on")[:DOCKET_MOST]:
        yield _moment(row.check_on), "check", row.case_id, say("next.check")


def _acknowledgements(cases: Q) -> Iterator[tuple[dt.datetime, What, int, Text]]:
    rows = Handover.objects.filter(cases, direction="out", acknowledged_at=None, returned_at=None)
    for row in rows.select_related("organisation").order_by("acknowledge_by")[:DOCKET_MOST]:
        yield (
            row.acknowledge_by,
            "acknowledge",
            row.case_id,
            say("next.acknowledge", office=row.organisation.name),
        )


def _coming(direct: Q, through_agreement: Q, at: dt.datetime) -> list[Next]:
    found = [*_sessions(direct), *_terms(through_agreement), *_checks(direct), *_acknowledgements(direct)]
    return sorted(
        (Next(moment, what, case, text, moment < at) for moment, what, case, text in found),
        key=lambda one: (one.at, one.case_id, one.what),
    )


def next_dates(cases: Iterable[Case], at: dt.datetime) -> Mapping[int, Next]:
    """What comes next in each of some disputes that were read through casework's selectors; four queries."""
    ids = [case.pk for case in cases]
    if not ids:
        return {}
    found: dict[int, Next] = {}
    for one in _coming(Q(case_id__in=ids), Q(agreement__case_id__in=ids), at):
        found.setdefault(one.case_id, one)
    return found


def docket(actor: Actor, at: dt.datetime) -> list[tuple[Next, Case]]:
    """Everything with a date in the disputes that the actor mediates, earliest first."""
    if actor.user_id is None:
        return []
    own = Q(case__assignee_id=actor.user_id)
    coming = _coming(own, Q(agreement__case__assignee_id=actor.user_id), at)[:DOCKET_MOST]
    named = Case.objects.filter(pk__in={one.case_id for one in coming})
    cases = {case.pk: case for case in seen_of(named, actor, at).defer("search")}
    return [(one, cases[one.case_id]) for one in coming if one.case_id in cases]


def waiting_here(actor: Actor, at: dt.datetime) -> list[Handover]:
    """Hand-overs that the actor's own office has not acknowledged, of disputes that it still sees."""
    rows = Handover.objects.filter(
        about_seen(actor, at),
        organisation_id__in=actor.organisation_ids,
        direction="out",
        acknowledged_at=None,
        returned_at=None,
    )
    return list(
        rows.select_related("case", "organisation", "handed_by").order_by("acknowledge_by")[:DOCKET_MOST]
    )


def stages(actor: Actor) -> list[tuple[str, int]]:
    """How many disputes of the actor's own area are in each state, in the order of the type."""
    counted = dict(
        visible(actor, kinds=(KIND,))
        .filter(merged_into=None)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    return [(state.id, counted.get(state.id, 0)) for state in case_type(KIND).states]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of a period, for the disputes of the actor's own area."""

    first: dt.date
    last: dt.date
    settled: Share
    kept: Kept
    by_category: Mapping[str, Share]
    by_level: Mapping[str, Share]
    by_month: Mapping[str, Share]
    results: Mapping[str, int]
    """How those found in the period ended so far."""
    handed_out: int
    acknowledged: int
    late_acknowledgements: int
    taken_in: int
    sessions: int
    """Sessions held in the period."""


@dataclass(frozen=True)
class _Row:
    category: str
    level: str
    result: str
    found: Found


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone())


def figures(actor: Actor, first: dt.date, last: dt.date, at: dt.datetime) -> Figures:
    """Count the disputes found, agreements reached, hand-overs made in a period; both days included."""
    own = visible(actor, kinds=(KIND,)).filter(merged_into=None)
    rows = list(_found(own, first, last))
    agreed = [_agreed(one) for one in _agreements(own, first, last)]
    out = _handovers(own, first, last)
    return Figures(
        first=first,
        last=last,
        settled=settled_share((row.found for row in rows), first, last),
        kept=kept_share(agreed, first, last, local_day(at)),
        by_category=_shares(rows, first, last, lambda row: row.category),
        by_level=_shares(rows, first, last, lambda row: row.level),
        by_month=_shares(rows, first, last, lambda row: f"{row.found.found_on:%Y-%m}"),
        results=Counter(row.result for row in rows if row.result),
        handed_out=sum(h.direction == "out" for h in out),
        acknowledged=sum(h.direction == "out" and h.acknowledged_at is not None for h in out),
        late_acknowledgements=sum(h.direction == "out" and _late(h, at) for h in out),
        taken_in=sum(h.direction == "in" for h in out),
        sessions=_held(own, first, last),
    )


def _late(handover: Handover, at: dt.datetime) -> bool:
    return (handover.acknowledged_at or at) > handover.acknowledge_by


def _found(own: QuerySet[Case], first: dt.date, last: dt.date) -> Iterator[_Row]:
    period = own.filter(opened_at__gte=_start(first), opened_at__lt=_start(last + dt.timedelta(days=1)))
    rows = period.annotate(settled_on=Min("agreements__reached_on")).order_by("opened_at")
    for category, data, result, opened, settled in rows.values_list(
        "category", "data", "result", "opened_at", "settled_on"
    ).iterator(chunk_size=2000):
        found = Found(found_on=timezone.localdate(opened, zone()), settled_on=settled)
        yield _Row(category, str(data.get("level", "")), result, found)


def _agreements(own: QuerySet[Case], first: dt.date, last: dt.date) -> list[Agreement]:
    return list(Agreement.objects.filter(case__in=own, reached_on__gte=first, reached_on__lte=last))


def _agreed(row: Agreement) -> Agreed:
    return Agreed(
        reached_on=row.reached_on,
        due_on=row.due_on,
        fulfilled_on=row.fulfilled_on,
        broken_on=row.broken_on,
        relapsed_on=row.relapsed_on,
        checked=row.kept,
    )


def _handovers(own: QuerySet[Case], first: dt.date, last: dt.date) -> list[Handover]:
    until = _start(last + dt.timedelta(days=1))
    return list(Handover.objects.filter(case__in=own, handed_at__gte=_start(first), handed_at__lt=until))


def _held(own: QuerySet[Case], first: dt.date, last: dt.date) -> int:
    until = _start(last + dt.timedelta(days=1))
    held = Session.objects.filter(case__in=own, state=Session.State.HELD)
    return held.filter(planned_at__gte=_start(first), planned_at__lt=until).count()


def _shares(
    rows: Iterable[_Row], first: dt.date, last: dt.date, key: Callable[[_Row], str]
) -> Mapping[str, Share]:
    groups: dict[str, list[Found]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row.found)
    return {name: settled_share(found, first, last) for name, found in sorted(groups.items())}
