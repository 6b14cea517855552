"""Rewards that a named person confirmed, as what N20, L17 and E6 pay for; nothing that is only proposed."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from django.utils import timezone

from linli.assessment.stipends.model import cents_of
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.payables import Payable, register_payables
from linli.web.workbench.assessment.models import Consequence

__all__ = ["confirmed_rewards", "register_payable"]

REWARDS: Final = ("reward", "best_rewarded", "selected")


def register_payable() -> None:
    """Called by the app's ``ready``."""
    register_payables("confirmed_decision", confirmed_rewards)


def confirmed_rewards(start: dt.date, end: dt.date) -> Iterator[Payable]:
    """Rewards confirmed from a day to a day, owed to the post of the beat or to the station.

    A reward keeps its id by rule, area and month: another version of the month, confirmed again, is the
    same reward and is not owed twice.
    """
    zone = timezone.get_default_timezone()
    first = dt.datetime.combine(start, dt.time(), zone)
    last = dt.datetime.combine(end + dt.timedelta(days=1), dt.time(), zone)
    found = Consequence.objects.filter(
        status=Consequence.Status.CONFIRMED, kind__in=REWARDS, decided_at__gte=first, decided_at__lt=last
    )
    offices = _offices()
    for one in found.order_by("decided_at", "pk"):
        if one.decided_at is None:
            continue
        owed = offices.get(f"{one.area_kind}:{one.area}")
        yield Payable(
            record=f"consequence:{one.rule}:{one.area}:{one.token}",
            on=one.decided_at.astimezone(zone).date(),
            station=one.station_code,
            beat=one.beat_code,
            organisation_id=owed,
            decides=one.rule,
            cents=None if one.yuan is None else cents_of(one.yuan),
        )


def _offices() -> Mapping[str, int]:
    """The post of each beat and the station of each station's area."""
    found: dict[str, int] = {}
    for one in Organisation.objects.filter(kind__in=("post", "station"), active=True).order_by("-pk"):
        level = "beat" if one.kind == Organisation.Kind.POST else "station"
        found.update({f"{level}:{code}": one.pk for code in one.codes})
    return found
