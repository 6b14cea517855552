"""Entries of what was refused for want of permission: who tried what on which thing.

Written after the refused change has been rolled back. The same try is written once an hour, and of one
account no more than ``MOST`` an hour have an entry of their own, so that who knocks at every door fills no
log. Nobody hides one try behind many: the auditors are told when that many were made, and each further one
is named in an entry that tells of up to ``MOST`` at once, written when so many wait or by a job.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.contrib.auth import get_user_model
from django.db import transaction

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.audit.models import Entry, FurtherTry

__all__ = ["FURTHER", "MOST", "REFUSED", "WITHIN", "note_refused", "write_further"]

REFUSED: Final = "refused"
FURTHER: Final = "refused.further"
WITHIN: Final = dt.timedelta(hours=1)
MOST: Final = 60
NAMED: Final = 200
"""Things that one entry names."""


def note_refused(
    tried: Record, status: int, actor: Actor, at: dt.datetime, *, named: Sequence[str] = ()
) -> None:
    """Write that an account tried what it may not do.

    Parameters
    ----------
    tried : Record
        The action and its subject.
    named : Sequence[str]
        What else it named, such as the case to merge into: the same action that names another is another try.
    """
    if actor.user_id is None:
        return
    beside = [one for one in dict.fromkeys(named) if one != tried.detail.get("number")][:NAMED]
    detail = {**tried.detail, "tried": tried.action, "status": status}
    if beside:
        detail["named"] = beside
    before = Entry.objects.filter(actor_id=actor.user_id, action=REFUSED, at__gt=at - WITHIN)
    known = list(before.values_list("subject_kind", "subject_id", "detail")[: MOST + 1])
    told = any("last" in one for _, _, one in known)
    again = (tried.subject_kind, tried.subject_id, detail)
    # The mark of the last one is no part of what was tried.
    if again in known or (*again[:2], {**detail, "last": True}) in known:
        return
    with transaction.atomic():
        if len(known) >= MOST:
            _keep_further(tried, beside, actor, at)
            return
        last = len(known) == MOST - 1
        record = Record(
            action=REFUSED,
            subject_kind=tried.subject_kind,
            subject_id=tried.subject_id,
            station=tried.station,
            detail={**detail, "last": True} if last else detail,
        )
        if last and not told:
            _tell_auditors(actor, at)
        append(record, actor, at)


def _tell_auditors(actor: Actor, at: dt.datetime) -> None:
    # Accounts write into the log themselves.
    from linli.web.foundation.accounts.telling import tell, watchers

    user = get_user_model().objects.get(pk=actor.account)
    tell("refused_often", watchers(at) - {user.pk}, user, at)


def _keep_further(tried: Record, beside: Sequence[str], actor: Actor, at: dt.datetime) -> None:
    subject = tried.detail.get("number") or f"{tried.subject_kind} {tried.subject_id}"
    subject = " ".join([subject, *beside])
    row = FurtherTry(
        actor_id=actor.account,
        what=f"{tried.action} {subject}"[:150],
        at=at,
        name=actor.name[:64],
        via=actor.via,
        address=actor.address[:45],
    )
    FurtherTry.objects.bulk_create([row], ignore_conflicts=True)
    if FurtherTry.objects.filter(actor_id=actor.account).count() >= MOST:
        _write_together(actor.account, at)


def write_further(at: dt.datetime) -> int:
    """Write what waits: an entry for each account and up to ``MOST`` of its tries; says how many tries."""
    waiting = FurtherTry.objects.order_by("actor_id").values_list("actor_id", flat=True).distinct()
    return sum(_write_together(one, at) for one in list(waiting))


def _write_together(account_id: int, at: dt.datetime) -> int:
    with transaction.atomic():
        rows = list(FurtherTry.objects.select_for_update().filter(actor_id=account_id)[:MOST])
        if not rows:
            return 0
        latest = rows[-1]
        by = Actor(user_id=account_id, name=latest.name, via=latest.via, address=latest.address)  # type: ignore[arg-type]  # kept from an actor
        detail = {"count": len(rows), "tries": [one.what for one in rows]}
        FurtherTry.objects.filter(pk__in=[one.pk for one in rows]).delete()
        subject = {"subject_kind": "account", "subject_id": str(account_id)}
        append(Record(action=FURTHER, detail=detail, **subject), by, at)
    return len(rows)
