"""What lies in the intake queue becomes cases: each entry once, whoever else drains at the same time.

An entry and the case that comes of it are written in one transaction, which holds the entry's row: a
process that dies in between leaves the entry queued and no case. A failure of ours is tried again later
and never holds up the entries behind it.
"""

import datetime as dt
import logging
from typing import Final

from django.db import transaction
from django.db.models import Q

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.jobs.timekeeping import BACK, trusted
from linli.web.intake.models import Entry
from linli.web.ops.requests.wording import say

__all__ = ["KEEP", "MOST", "drain"]

MOST: Final = 100
KEEP: Final = dt.timedelta(days=30)
"""How long an entry that left the queue, emptied of words and contacts, tells where it went."""
_PAUSE: Final = dt.timedelta(minutes=1)
_LONGEST_PAUSE: Final = dt.timedelta(hours=1)
_log = logging.getLogger(__name__)


def drain(at: dt.datetime) -> int:
    """Take what is queued at a moment, oldest first; how many entries left the queue."""
    count, failed = 0, set[int]()
    for _ in range(MOST):
        try:
            pk = _take_next(at, failed)
        except _FailedError as failure:
            failed.add(failure.pk)
            _put_off(failure.pk, at)
            continue
        if pk is None:
            break
        count += 1
    if trusted(at):
        Entry.objects.exclude(state=Entry.State.QUEUED).filter(left_at__lt=at - KEEP).delete()
    return count


class _FailedError(Exception):
    def __init__(self, pk: int) -> None:
        super().__init__(pk)
        self.pk = pk


def _take_next(at: dt.datetime, failed: set[int]) -> int | None:
    with transaction.atomic():
        # One put off for longer than any is was put off by a clock that had leapt.
        parked = Q(not_before__gt=at + _LONGEST_PAUSE + BACK)
        ready = Entry.objects.select_for_update(skip_locked=True).filter(
            Q(not_before__isnull=True) | Q(not_before__lte=at) | parked, state=Entry.State.QUEUED
        )
        entry = ready.exclude(pk__in=failed).order_by("pk").first()
        if entry is None:
            return None
        try:
            _take(entry, at)
        except Exception as reason:
            _log.exception("entry %s of the intake queue could not be taken", entry.pk)
            raise _FailedError(entry.pk) from reason
        return entry.pk


def _take(entry: Entry, at: dt.datetime) -> None:
    try:
        # A step of its own, so that a refusal undoes what was begun and the entry can still be written.
        with transaction.atomic():
            case = _open(entry) if entry.kind == Entry.Kind.REQUEST else _feed_back(entry)
    except LinliError as refusal:
        _leave(entry, Entry.State.REFUSED, at, reason=refusal.text)
    else:
        _leave(entry, Entry.State.TAKEN, at, number=case.number or "")


def _open(entry: Entry) -> Case:
    opening = OpenCase(
        kind=entry.case_type,
        category=entry.category,
        title=entry.title,
        description=entry.description,
        channel=entry.channel,
        longitude=entry.longitude,
        latitude=entry.latitude,
        place=entry.place_code,
        address=entry.address,
        data={**entry.given, **entry.contact},
        tracking_hash=entry.code_hash,
    )
    # The clocks run from when it was sent, however long it lay.
    case = perform(opening, SYSTEM, entry.received_at)
    for one in entry.files.order_by("pk"):
        attach = Attach(
            case_id=case.pk,
            file_name=one.name,
            content=bytes(one.content),
            later=True,
            sender=one.sender,
        )
        case = perform(attach, SYSTEM, entry.received_at)
    return case


def _feed_back(entry: Entry) -> Case:
    # Merged or not: a code speaks for what was sent under it, and for no other.
    case = Case.objects.filter(tracking_hash=entry.code_hash).first()
    if case is None:
        raise LinliError(say("queue.case_gone"))
    given = entry.given
    feedback = GiveFeedback(
        case_id=case.pk,
        solved=bool(given["solved"]),
        rating=given["rating"],
        comment=entry.description,
        reopen=bool(given["reopen"]),
    )
    return perform(feedback, SYSTEM, entry.received_at)


def _leave(
    entry: Entry, state: Entry.State, at: dt.datetime, *, number: str = "", reason: Text | None = None
) -> None:
    """Out of the queue, emptied of what the person wrote."""
    entry.state, entry.left_at, entry.number = state, at, number
    if reason is not None:
        entry.reason, entry.reason_en = reason.zh[:300], reason.en[:300]
    entry.title = entry.description = entry.address = entry.place_code = ""
    entry.longitude = entry.latitude = None
    entry.given, entry.contact = {}, {}
    entry.save()
    entry.files.all().delete()


def _put_off(pk: int, at: dt.datetime) -> None:
    with transaction.atomic():
        entry = Entry.objects.select_for_update().filter(pk=pk, state=Entry.State.QUEUED).first()
        if entry is not None:
            entry.attempts = min(entry.attempts + 1, 1000)
            entry.not_before = at + min(_PAUSE * 2 ** min(entry.attempts - 1, 10), _LONGEST_PAUSE)
            entry.save(update_fields=["attempts", "not_before"])
