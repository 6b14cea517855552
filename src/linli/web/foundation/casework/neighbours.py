"""Guarded reads of what neighbours share: cases elsewhere that the actor's offices may see."""

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from linli.web.foundation.accounts.access import kinds_shared
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Share
from linli.web.foundation.casework.selectors import PAGE, Cursor
from linli.web.foundation.casework.types.register import case_types

__all__ = ["SharedPage", "shared_page", "shares_with"]


@dataclass(frozen=True)
class SharedPage:
    """One page of shares, each with its case and the office it is shared with."""

    shares: tuple[Share, ...]
    next: Cursor | None


def shares_with(actor: Actor, at: dt.datetime) -> QuerySet[Share]:
    """The shares that let the actor's offices see cases now."""
    groups = kinds_shared(actor, case_types()).items()
    ways = [Q(organisation_id__in=offices, case__case_type__in=kinds) for offices, kinds in groups]
    if not ways:
        return Share.objects.none()
    return Share.objects.filter(
        reduce(or_, ways),
        Q(until__isnull=True) | Q(until__gt=at),
        ended_at__isnull=True,
        case__merged_into__isnull=True,
    )


def shared_page(
    actor: Actor, at: dt.datetime, *, open_only: bool = False, after: Cursor | None = None, size: int = PAGE
) -> SharedPage:
    """One page of what is shared with the actor's offices, newest cases first; one query."""
    found = shares_with(actor, at)
    if open_only:
        found = found.filter(case__closed_at__isnull=True)
    if after is not None:
        found = found.filter(
            Q(opened_at__lt=after.moment) | Q(opened_at=after.moment, pk__lt=after.id),
            opened_at__lte=after.moment,
        )
    related = found.select_related("case", "case__organisation", "case__assignee", "organisation")
    rows = list(related.defer("case__description", "case__search").order_by("-opened_at", "-pk")[: size + 1])
    page = tuple(rows[:size])
    last = Cursor(page[-1].opened_at, page[-1].pk) if len(rows) > size else None
    return SharedPage(page, last)
