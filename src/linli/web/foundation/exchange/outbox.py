"""The outbox: a message for each change that somebody subscribed to, signed, sent again until it is taken.

A message is written in the transaction of the change, so there is none without the change and no change
without it. It is sent at least once; its ``id`` lets the receiver leave out a second one.
"""

import datetime as dt
import hashlib
import hmac
import json
import uuid
from typing import Final

import requests
from django.db.models import Q

from linli.web.foundation.accounts.selectors import actor_of, usable
from linli.web.foundation.actions.action import Context
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.exchange.models import Delivery, Subscription
from linli.web.foundation.exchange.subscriptions import allowed_host

__all__ = ["ATTEMPTS", "deliver", "enqueue", "signature", "wait"]

ATTEMPTS: Final = 10
CLAIM: Final = dt.timedelta(minutes=2)
TIMEOUT: Final = 10.0
_SILENT: Final = frozenset({"case.read_personal", "case.emergency"})
"""What only auditors are told of."""


def enqueue(case: Case, action: str, context: Context) -> None:
    """Put a message into the outbox of everybody who subscribed and may see the case."""
    if action in _SILENT:
        return
    for one in Subscription.objects.filter(active=True):
        if one.kinds and case.case_type not in one.kinds:
            continue
        if _sees(one, case, context.at):
            _write(one, case, action, context)


def _write(one: Subscription, case: Case, action: str, context: Context) -> None:
    message = uuid.uuid4()
    body = {
        "id": str(message),
        "event": action,
        "case": case.number,
        "type": case.case_type,
        "state": case.state,
        "revision": case.revision,
        "at": context.at.isoformat(),
    }
    Delivery.objects.create(
        subscription=one,
        message_id=message,
        body=json.dumps(body, sort_keys=True),
        made_at=context.at,
        next_at=context.at,
    )


def _sees(one: Subscription, case: Case, at: dt.datetime) -> bool:
    owner = usable(actor_of(one.user, at, via="api", second_factor=one.second_factor))
    return one.user.is_active and may_case(owner, "view", case, at)


def signature(secret: str, moment: int, body: str) -> str:
    """What the receiver checks: HMAC-SHA256 over moment and body, so that no old message is played again."""
    return hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()


def wait(attempts: int) -> dt.timedelta:
    """How long to wait after so many failed attempts: half a minute, doubled each time, a day at most."""
    return min(dt.timedelta(seconds=30 * 2**attempts), dt.timedelta(days=1))


def deliver(at: dt.datetime, *, most: int = 50) -> int:
    """Send what is due; each message is claimed first, so that two workers do not send it at once."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    due = Delivery.objects.filter(free, status=Delivery.Status.WAITING, next_at__lte=at).order_by(
        "next_at", "pk"
    )
    sent = 0
    for pk in list(due.values_list("pk", flat=True)[:most]):
        if Delivery.objects.filter(free, pk=pk, status=Delivery.Status.WAITING).update(
            claimed_until=at + CLAIM
        ):
            _send(Delivery.objects.select_related("subscription").get(pk=pk), at)
            sent += 1
    return sent


def _send(one: Delivery, at: dt.datetime) -> None:
    taken, answer = _post(one, at)
    one.attempts += 1
    one.answer, one.claimed_until = answer[:200], None
    if taken:
        one.status, one.delivered_at = Delivery.Status.DELIVERED, at
    elif one.attempts >= ATTEMPTS:
        one.status = Delivery.Status.GIVEN_UP
    else:
        one.next_at = at + wait(one.attempts - 1)
    one.save(update_fields=["attempts", "answer", "claimed_until", "status", "delivered_at", "next_at"])


def _post(one: Delivery, at: dt.datetime) -> tuple[bool, str]:
    target = one.subscription
    if not target.active or not allowed_host(target.url):
        return False, "host not allowed"
    moment = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Linli-Message": str(one.message_id),
        "Linli-Signature": f"t={moment},v1={signature(target.secret, moment, one.body)}",
    }
    try:
        answer = requests.post(
            target.url, data=one.body.encode(), headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
    except requests.RequestException as reason:
        return False, type(reason).__name__
    return 200 <= answer.status_code < 300, f"HTTP {answer.status_code}"
