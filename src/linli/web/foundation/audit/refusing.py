"""Entries of what was refused for want of permission: who tried what on which thing.

Written after the refused change has been rolled back. The same try is written once an hour, and of one
account no more than ``MOST`` an hour, so that who knocks at every door fills no log.
"""

import datetime as dt
from typing import Final

from django.db import transaction

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.audit.models import Entry

__all__ = ["MOST", "REFUSED", "WITHIN", "note_refused"]

REFUSED: Final = "refused"
WITHIN: Final = dt.timedelta(hours=1)
MOST: Final = 60


def note_refused(tried: Record, status: int, actor: Actor, at: dt.datetime) -> None:
    """Write that an account tried what it may not do; ``tried`` names the action and its subject."""
    if actor.user_id is None:
        return
    detail = {**tried.detail, "tried": tried.action, "status": status}
    before = Entry.objects.filter(actor_id=actor.user_id, action=REFUSED, at__gt=at - WITHIN)
    known = list(before.values_list("subject_kind", "subject_id", "detail")[: MOST + 1])
    if len(known) >= MOST or (tried.subject_kind, tried.subject_id, detail) in known:
        return
    if len(known) == MOST - 1:
        detail = {**detail, "last": True}
    record = Record(
        action=REFUSED,
        subject_kind=tried.subject_kind,
        subject_id=tried.subject_id,
        station=tried.station,
        detail=detail,
    )
    with transaction.atomic():
        append(record, actor, at)
