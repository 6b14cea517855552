"""How often one sender may do something: counted by an hour and a hash that tells nothing the next day."""

import datetime as dt
import hashlib
import ipaddress
import secrets
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.refusals import TooMany
from linli.web.intake.models import Attempt, DailySalt

__all__ = ["MOST", "count", "digest_of", "refuse_beyond", "take"]

say = catalogue("linli.web.intake")

MOST: Final = {"request": 120, "feedback": 120, "file": 180, "wrong_code": 200, "open311": 120}
"""Times an hour. A village, an office or a telephone network stands behind one address, so that a limit per
address must leave room for many people. Of 10^15 codes two hundred guesses an hour find none."""
SAID: Final = {"wrong_code": "limit.codes", "file": "limit.files"}


def refuse_beyond(purpose: str, address: str, at: dt.datetime) -> None:
    """Refuse a sender who has reached the limit already; counts nothing.

    Raises
    ------
    TooMany
        With when to come back.
    """
    row = Attempt.objects.filter(digest=digest_of(address, at), purpose=purpose, hour=_hour(at)).first()
    if row is not None and row.count >= MOST[purpose]:
        raise _too_many(purpose, at)


def _too_many(purpose: str, at: dt.datetime) -> TooMany:
    return TooMany(say(SAID.get(purpose, "limit.reached"), minutes=60 - at.minute))


def take(purpose: str, address: str, at: dt.datetime, *, times: int = 1) -> None:
    """Count some times, or refuse where that would be beyond the limit: one step, however many come at once.

    Call it in the transaction that takes in what is counted.

    Raises
    ------
    TooMany
        With when to come back; nothing was counted.
    """
    if times == 0:
        return
    row, _ = Attempt.objects.get_or_create(digest=digest_of(address, at), purpose=purpose, hour=_hour(at))
    room = Attempt.objects.filter(pk=row.pk, count__lte=MOST[purpose] - times)
    if not room.update(count=F("count") + times):
        raise _too_many(purpose, at)


def count(purpose: str, address: str, at: dt.datetime) -> None:
    """Count one time."""
    row, _ = Attempt.objects.get_or_create(digest=digest_of(address, at), purpose=purpose, hour=_hour(at))
    Attempt.objects.filter(pk=row.pk).update(count=F("count") + 1)


def _hour(at: dt.datetime) -> dt.datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def digest_of(address: str, at: dt.datetime) -> str:
    """What a sender is counted by: the same all day, and nothing to anybody the next."""
    return hashlib.sha256(f"{_salt(at.astimezone(dt.UTC).date())}|{_sender(address)}".encode()).hexdigest()


def _sender(address: str) -> str:
    """An IPv6 sender has as many addresses as it likes within its /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _salt(day: dt.date) -> str:
    known = DailySalt.objects.filter(day=day).first()
    if known is not None:
        return known.value
    try:
        with transaction.atomic():
            made = DailySalt.objects.create(day=day, value=secrets.token_hex(16))
    except IntegrityError:
        return DailySalt.objects.get(day=day).value
    DailySalt.objects.filter(day__lt=day).delete()
    Attempt.objects.filter(hour__lt=dt.datetime.combine(day, dt.time(), dt.UTC)).delete()
    return made.value
