"""How much one account asks for in an hour: pages, lists, searches, maps and the API together.

Nobody's work needs more, whatever boards stand open, and whoever copies the county page by page is slowed
down and shows in the log. All processes count in one row of the database, each some requests at a time, so
that reading a page costs no write; the limit is kept to within that many a process.
"""

import datetime as dt
from dataclasses import dataclass
from threading import Lock
from typing import Final

from django.conf import settings
from django.db.models import F

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Pace
from linli.web.foundation.actions.refusals import TooMany
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.audit.refusing import note_refused

__all__ = ["STEP", "forget_paces", "is_hasty", "refuse_hasty_reader"]

say = catalogue("linli.web.foundation.accounts")

STEP: Final = 20
"""Requests that a process counts by itself before it adds them to everybody's."""


@dataclass
class _Own:
    hour: dt.datetime
    waiting: int = 0
    known: int = 0
    """All processes' requests when last asked."""


_OWN: Final[dict[int, _Own]] = {}
_LOCK: Final = Lock()


def is_hasty(actor: Actor, at: dt.datetime) -> bool:
    """Count a request of an account; whether it has asked for all that an hour allows."""
    most = settings.REQUESTS_OF_ONE_ACCOUNT
    if actor.user_id is None or not most:
        return False
    hour = at.replace(minute=0, second=0, microsecond=0)
    with _LOCK:
        own = _OWN.get(actor.user_id)
        if own is None or own.hour != hour:
            own = _OWN[actor.user_id] = _Own(hour)
        if own.known >= most:
            return True
        own.waiting += 1
        if own.waiting < max(1, min(STEP, most // STEP)):
            return False
        waiting, own.waiting = own.waiting, 0
    known = _added(actor.user_id, hour, waiting)
    with _LOCK:
        own.known = max(own.known, known)
    return known > most


def _added(account: int, hour: dt.datetime, count: int) -> int:
    row, new = Pace.objects.get_or_create(account=account, hour=hour, defaults={"count": count})
    if new:
        Pace.objects.filter(account=account, hour__lt=hour).delete()
        return count
    Pace.objects.filter(pk=row.pk).update(count=F("count") + count)
    return Pace.objects.values_list("count", flat=True).get(pk=row.pk)


def refuse_hasty_reader(actor: Actor, at: dt.datetime) -> None:
    """Count a request, and refuse what is read where it is one too many; the log says so once an hour.

    Raises
    ------
    TooMany
        With when to come back.
    """
    if is_hasty(actor, at):
        tried = Record(action="account.pace", subject_kind="account", subject_id=str(actor.user_id))
        note_refused(tried, TooMany.status, actor, at)
        refusal = TooMany(say("pace.reached", minutes=60 - at.minute))
        refusal.noted = True
        raise refusal


def forget_paces() -> None:
    """Forget what this process has counted and not added yet; for tests."""
    with _LOCK:
        _OWN.clear()
