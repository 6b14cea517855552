"""How much is covered, as a numerator over a denominator: nothing here is a percentage without both."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from linli.web.foundation.accounts.actor import Actor
from linli.web.ops.premises.actions.base import local_day
from linli.web.ops.premises.jobs import DRILL_EVERY
from linli.web.ops.premises.kinds import COURTYARD, HOUSING, LETTER_KINDS
from linli.web.ops.premises.models import CourtyardSurvey, Premises, Presence, Rectification, SchoolPoint
from linli.web.ops.premises.selectors import visible_premises

__all__ = ["LOOK_BACK", "Rate", "rates"]

LOOK_BACK: Final = dt.timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """One coverage: so many of so many."""

    id: str
    clause: str
    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """Per hundred, one decimal; ``None`` where there is nothing to cover."""
        return None if self.denominator == 0 else round(100 * self.numerator / self.denominator, 1)


def rates(actor: Actor, at: dt.datetime) -> list[Rate]:
    """Every coverage of what an actor may see; a constant number of queries."""
    today = local_day(at)
    rows = visible_premises(actor).filter(closed_on__isnull=True)
    return [*_register(rows, today), *_notices(rows, today), *_courtyards(rows), *_schools(rows, today)]


def _register(rows: QuerySet[Premises], today: dt.date) -> list[Rate]:
    signs, key, housing = Q(kind__in=LETTER_KINDS), ~Q(key_clause=""), Q(kind=HOUSING)
    signed = Q(pk__in=rows.filter(letters__expires_on__gte=today).values("pk"))
    planned = Q(pk__in=rows.filter(plans__isnull=False).values("pk"))
    drilled = Q(pk__in=rows.filter(plans__drills__held_on__gt=today - DRILL_EVERY).values("pk"))
    c = rows.aggregate(
        all=Count("pk"),
        current=Count("pk", filter=Q(due_on__gte=today)),
        signs=Count("pk", filter=signs),
        signed=Count("pk", filter=signs & signed),
        key=Count("pk", filter=key),
        alarm=Count("pk", filter=key & Q(alarm_linked_on__isnull=False)),
        planned=Count("pk", filter=key & planned),
        drilled=Count("pk", filter=key & drilled),
        housing=Count("pk", filter=housing),
        accepted=Count("pk", filter=housing & Q(accepted_on__isnull=False)),
    )
    return [
        Rate(id="current", clause="E10", numerator=c["current"], denominator=c["all"]),
        Rate(id="letters", clause="N3", numerator=c["signed"], denominator=c["signs"]),
        Rate(id="alarms", clause="N2", numerator=c["alarm"], denominator=c["key"]),
        Rate(id="plans", clause="N13", numerator=c["planned"], denominator=c["key"]),
        Rate(id="drills", clause="N13", numerator=c["drilled"], denominator=c["key"]),
        Rate(id="accepted", clause="L11", numerator=c["accepted"], denominator=c["housing"]),
    ]


def _notices(rows: QuerySet[Premises], today: dt.date) -> list[Rate]:
    """Of the notices whose day came in the last year: mended at the re-check, and answered by the day."""
    due = Rectification.objects.filter(
        inspection__premises__in=rows.values("pk"), fix_by__lt=today, fix_by__gte=today - LOOK_BACK
    )
    c = due.aggregate(
        all=Count("pk"),
        fixed=Count("pk", filter=Q(outcome="fixed")),
        answered=Count("pk", filter=Q(answered_at__date__lte=F("fix_by"))),
    )
    return [
        Rate(id="mended", clause="N13", numerator=c["fixed"], denominator=c["all"]),
        Rate(id="answered", clause="N13", numerator=c["answered"], denominator=c["all"]),
    ]


def _courtyards(rows: QuerySet[Premises]) -> list[Rate]:
    yards = rows.filter(kind=COURTYARD)
    newest = yards.annotate(newest=Max("surveys__pk")).values("newest")
    c = CourtyardSurvey.objects.filter(pk__in=newest).aggregate(
        surveyed=Count("pk"),
        better=Count("pk", filter=Q(basis__in=("guarded", "good"))),
        staffed=Count("pk", filter=Q(basis__in=("guarded", "good"), staffed=True)),
        rest=Count("pk", filter=Q(basis__in=("fair", "poor"))),
        watched=Count("pk", filter=Q(basis__in=("fair", "poor"), volunteers__gt=0)),
        doors=Sum("doors", default=0),
        security=Sum("security_doors", default=0),
    )
    return [
        Rate(id="surveyed", clause="N9", numerator=c["surveyed"], denominator=yards.count()),
        Rate(id="staffed", clause="N9", numerator=c["staffed"], denominator=c["better"]),
        Rate(id="volunteers", clause="N9", numerator=c["watched"], denominator=c["rest"]),
        Rate(id="doors", clause="N9", numerator=c["security"], denominator=c["doors"]),
    ]


def _schools(rows: QuerySet[Premises], today: dt.date) -> list[Rate]:
    points = SchoolPoint.objects.filter(premises__in=rows.values("pk"), removed_on__isnull=True)
    p = points.aggregate(all=Count("pk"), owned=Count("pk", filter=Q(owner__isnull=False)))
    seen = Presence.objects.filter(point__in=points.values("pk"), day__gt=today - dt.timedelta(days=30))
    s = seen.aggregate(all=Count("pk"), present=Count("pk", filter=Q(present=True)))
    return [
        Rate(id="owners", clause="N14", numerator=p["owned"], denominator=p["all"]),
        Rate(id="presence", clause="N14", numerator=s["present"], denominator=s["all"]),
    ]
