"""Guarded reads of agreements and of what joint meetings left to the actor's offices."""

import datetime as dt
from typing import Final

from django.db.models import Count, Q, QuerySet

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import kinds_with, scopes, today
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Share
from linli.web.ops.jointwork.models import Agreement, Task
from linli.web.ops.jointwork.parties import KIND

__all__ = ["PAGE", "agreement_for", "agreements", "due_tasks", "shared_count"]

say = catalogue("linli.web.ops.jointwork")

PAGE: Final = 30


def agreements(actor: Actor, *, state: str = "") -> QuerySet[Agreement]:
    """The agreements that an actor may see: of an office of theirs, or of one in their area."""
    if not kinds_with(actor, "view", [KIND]):
        return Agreement.objects.none()
    condition = Q(parties__organisation_id__in=actor.organisation_ids)
    scope = scopes(
        actor,
        "view",
        [KIND],
        station="parties__organisation__station_code",
        beat=None,
        place=None,
        organisation="parties__organisation_id",
    )
    if scope is not None:
        condition = Q() if not scope else condition | scope
    found = Agreement.objects.filter(pk__in=Agreement.objects.filter(condition).values("pk"))
    match state:
        case "draft":
            found = found.filter(in_force_at__isnull=True, ended_at__isnull=True)
        case "in_force":
            found = found.filter(in_force_at__isnull=False, ended_at__isnull=True)
        case "ended":
            found = found.filter(ended_at__isnull=False)
    return found


def agreement_for(actor: Actor, pk: int) -> Agreement:
    """An agreement that the actor may see.

    Raises
    ------
    Missing
        There is none, or it is none of the actor's business.
    """
    found = agreements(actor).filter(pk=pk).select_related("drafted_by").first()
    if found is None:
        raise missing(say("missing"), hidden=Agreement.objects.filter(pk=pk).exists())
    return found


def shared_count(agreement: Agreement) -> list[tuple[str, int]]:
    """How many cases are shared by an agreement now, by office; one query."""
    reason = f"{agreement.number} {agreement.title}"
    found = Share.objects.filter(kind=Share.Kind.RULE, reason=reason, ended_at__isnull=True)
    rows = found.values("organisation__name").annotate(count=Count("pk")).order_by("organisation__name")
    return [(row["organisation__name"], row["count"]) for row in rows]


def due_tasks(actor: Actor, at: dt.datetime, *, most: int = 10) -> list[Task]:
    """What joint meetings left to the actor's offices and is late or due within a week; one query."""
    if not actor.organisation_ids or not kinds_with(actor, "view", [KIND]):
        return []
    soon = today(at, zone()) + dt.timedelta(days=7)
    found = Task.objects.filter(
        organisation_id__in=actor.organisation_ids, done_at__isnull=True, due__lte=soon
    )
    return list(found.select_related("meeting", "organisation").order_by("due")[:most])
