"""Histories hold no resident's name: it moves to the personal values of the cases that they raised."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from linli.web.foundation.online import RewriteOnline

__all__ = ["Migration", "move_names"]

FIELD = "reporter_account"
DAYS = 30


def move_names(apps: Any, events: Sequence[Any]) -> None:
    """Empty the names of those who were residents and nothing else then; of who raised a case it is kept apart."""
    worked = _worked(apps, {one.actor_id for one in events if one.actor_id is not None and one.actor_name})
    residents = [
        one
        for one in events
        if one.actor_name and one.actor_id in worked and not _on(worked[one.actor_id], one.at)
    ]
    _keep(apps, [one for one in residents if one.kind == "opened"])
    for one in residents:
        one.actor_name = ""
    if residents:
        type(residents[0]).objects.bulk_update(residents, ["actor_name"], batch_size=200)


def _worked(apps: Any, accounts: Collection[int]) -> dict[int, list[tuple[dt.date, dt.date | None]]]:
    """Of some accounts those that are or were a resident's, with the days on which they had another role."""
    grants = apps.get_model("accounts", "Grant").objects.filter(user_id__in=accounts)
    homes = grants.filter(role="resident").values_list("user_id", flat=True)
    found: dict[int, list[tuple[dt.date, dt.date | None]]] = {user: [] for user in homes}
    others = grants.filter(user_id__in=list(found)).exclude(role="resident")
    for user, starts, ends in others.values_list("user_id", "starts", "ends"):
        found[user].append((starts, ends))
    return found


def _on(spans: Sequence[tuple[dt.date, dt.date | None]], at: dt.datetime) -> bool:
    day = timezone.localtime(at).date()
    # A role that was taken on its first day ends the day before it began.
    return any(starts <= day and (ends is None or day <= max(starts, ends)) for starts, ends in spans)


def _keep(apps: Any, opened: Sequence[Any]) -> None:
    """Keep the names where the other values of a case are kept, for as long; none whose days are over."""
    values, cases = apps.get_model("casework", "PersonalValue"), apps.get_model("casework", "Case")
    closed = dict(cases.objects.filter(pk__in=[one.case_id for one in opened]).values_list("pk", "closed_at"))
    kept: dict[int, int] = {}
    there = values.objects.filter(case_id__in=list(closed))
    for case, days in there.values_list("case_id", "keep_days"):
        kept[case] = max(days, kept.get(case, 0))
    made = []
    for one in opened:
        days, ended = kept.get(one.case_id, DAYS), closed[one.case_id]
        until = None if ended is None else ended + dt.timedelta(days=days)
        if until is None or until > timezone.now():
            given = {"value": one.actor_name, "keep_days": days, "keep_until": until}
            made.append(values(case_id=one.case_id, role="reporter", field=FIELD, **given))
    values.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("accounts", "0005_keepers"), ("casework", "0013_spoken_words")]
    operations: ClassVar = [RewriteOnline("event", move_names)]
