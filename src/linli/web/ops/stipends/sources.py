"""Settled disputes and whole months on duty, as what can be paid for.

Both come from the foundation: a dispute is a case like any other, and whoever is on duty holds a role.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.facts.cases import case_record
from linli.web.foundation.payables import Payable, register_payables
from linli.web.ops.stipends.wording import checked

__all__ = ["duty_months", "register_sources", "settled_disputes"]

DISPUTE = "dispute"


def register_sources() -> None:
    """Called by the app's ``ready``."""
    register_payables("settled_dispute", settled_disputes)
    register_payables("duty_month", duty_months)


def settled_disputes(start: dt.date, end: dt.date) -> Iterator[Payable]:
    """Disputes closed as settled from a day to a day, owed to the account they were assigned to (Q6)."""
    spec = case_types().get(DISPUTE)
    if spec is None:
        return
    solved = [result.id for result in spec.results if result.solved]
    found = Case.objects.filter(
        case_type=DISPUTE,
        result__in=solved,
        merged_into=None,
        closed_at__gte=_midnight(start),
        closed_at__lt=_midnight(end + dt.timedelta(days=1)),
    )
    rows = list(
        found.order_by("closed_at", "pk").values(
            "number", "closed_at", "station_code", "beat_code", "assignee_id"
        )
    )
    grants = _grants({row["assignee_id"] for row in rows} - {None})
    for row in rows:
        day = checked(row["closed_at"]).astimezone(zone()).date()
        held = grants.get(row["assignee_id"], [])
        yield Payable(
            record=case_record(checked(row["number"])),
            on=day,
            station=row["station_code"],
            beat=row["beat_code"],
            user_id=row["assignee_id"],
            roles=frozenset(grant.role for grant in held if grant.holds_on(day)),
        )


def duty_months(start: dt.date, end: dt.date) -> Iterator[Payable]:
    """Each account and month, over and within the days asked for, through which it held a role (Q2)."""
    for first, last in _months(start, end):
        grants = Grant.objects.filter(starts__lte=first, organisation__station_code__gt="")
        grants = grants.exclude(ends__lt=last).select_related("organisation").order_by("user_id", "pk")
        by_user: dict[int, list[Grant]] = defaultdict(list)
        for grant in grants:
            by_user[grant.user_id].append(grant)
        for user, held in by_user.items():
            yield Payable(
                record=f"duty:{user}:{first:%Y-%m}",
                on=last,
                station=held[0].organisation.station_code,
                user_id=user,
                roles=frozenset(grant.role for grant in held),
            )


def _months(start: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    first = start.replace(day=1)
    while True:
        following = (first + dt.timedelta(days=32)).replace(day=1)
        last = following - dt.timedelta(days=1)
        if last > end:
            return
        if last >= start:
            yield first, last
        first = following


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone())


def _grants(users: set[int]) -> Mapping[int, list[Grant]]:
    found: dict[int, list[Grant]] = defaultdict(list)
    for grant in Grant.objects.filter(user_id__in=users):
        found[grant.user_id].append(grant)
    return found
