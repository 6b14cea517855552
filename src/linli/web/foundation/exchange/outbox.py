"""The outbox: a message for each change that somebody subscribed to, signed, sent again until it is taken.

A message is written in the transaction of the change, so there is none without the change and no change
without it. It is sent at least once; its ``id`` lets the receiver leave out a second one.

Each subscription is a queue of its own. Whoever sends takes a lease of it; messages of several queues are on
their way at once, and a receiver that fails is left alone for a while, longer each time: a slow one holds up
nobody else. Sending is done in threads, everything with the database in the thread that was asked.
"""

import datetime as dt
import hashlib
import hmac
import json
import time
import uuid
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as finished
from dataclasses import dataclass, field
from typing import Final

from django.db.models import F, Q

from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.selectors import actor_of, has_second_factor, usable
from linli.web.foundation.actions.action import Context
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.exchange.models import Delivery, Subscription
from linli.web.foundation.exchange.posting import Answered, post
from linli.web.foundation.exchange.subscriptions import allowed_host
from linli.web.foundation.exchange.told import TOLD
from linli.web.foundation.jobs.timekeeping import BACK, trusted

__all__ = ["ATTEMPTS", "deliver", "enqueue", "signature", "wait"]

ATTEMPTS: Final = 10
LEASE: Final = dt.timedelta(minutes=2)
"""Longer than a run and the exchange that it ends with."""
RUN: Final = 30.0
"""Seconds after which a run begins no further exchange."""
LOOK: Final = 2.0
"""Seconds after which it looks for queues that have become due."""
AT_ONCE: Final = 16
OF_ONE: Final = 2
"""Queues of one account that are served at a time, so that one with slow receivers holds up nobody else."""
LONGEST_BACKOFF: Final = dt.timedelta(days=1)
LONGEST_PAUSE: Final = dt.timedelta(minutes=15)
LONGEST_WAIT: Final = dt.timedelta(days=14)
"""A message that nobody took for so long is given up, however often it was tried."""


def enqueue(case: Case, action: str, context: Context) -> None:
    """Put a message of a change into the outbox of everybody who subscribed and may see the case."""
    if action not in TOLD:
        return
    living = Subscription.objects.living(context.at).select_related("user", "token__user")
    told = [one for one in living if not one.kinds or case.case_type in one.kinds]
    # This is in everybody's change: permission is asked once an account, however much it subscribed to.
    by_account: dict[tuple[int, bool], bool] = {}
    for one in told:
        key = (one.user_id, one.second_factor)
        if key not in by_account:
            by_account[key] = sees(one, case, context.at)
    Delivery.objects.bulk_create(
        _message(one, case, action, context) for one in told if by_account[one.user_id, one.second_factor]
    )


def _message(one: Subscription, case: Case, action: str, context: Context) -> Delivery:
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
    return Delivery(
        subscription=one,
        message_id=message,
        body=json.dumps(body, sort_keys=True),
        made_at=context.at,
        next_at=context.at,
    )


def sees(one: Subscription, case: Case, at: dt.datetime) -> bool:
    """Whether who subscribed may be told of a case, in the roles that the subscription may use."""
    strong = one.second_factor and has_second_factor(one.user)
    owner = usable(actor_of(one.user, at, via="api", second_factor=strong))
    return one.lives(at) and may_anywhere(owner, "open", "webhook") and may_case(owner, "view", case, at)


def signature(secret: str, moment: int, body: str) -> str:
    """What the receiver checks: HMAC-SHA256 over moment and body, so that no old message is played again."""
    return hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()


def wait(attempts: int) -> dt.timedelta:
    """How long to wait after so many failed attempts: half a minute, doubled each time, a day at most."""
    return min(dt.timedelta(seconds=30 * 2 ** min(attempts, 20)), LONGEST_BACKOFF)


@dataclass
class _Run:
    """What one run has begun."""

    at: dt.datetime
    most: int
    began: float = field(default_factory=time.monotonic)
    sent: int = 0

    @property
    def moment(self) -> dt.datetime:
        """The moment by now: a run lasts."""
        return self.at + dt.timedelta(seconds=time.monotonic() - self.began)

    @property
    def goes_on(self) -> bool:
        """Whether it may begin another exchange."""
        return self.sent < self.most and time.monotonic() - self.began < RUN


def deliver(at: dt.datetime, *, most: int = 50) -> int:
    """Send what is due, of each queue one after the other, of several queues at once; says how many."""
    _give_up_old(at)
    run = _Run(at, most)
    under_way: dict[Future[Answered], Delivery] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="outbox") as threads:
        _take_up(run, threads, under_way)
        while under_way:
            for one in finished(under_way, timeout=LOOK, return_when=FIRST_COMPLETED).done:
                message = under_way.pop(one)
                taken = _write_down(message, one.result(), at)
                if taken:
                    _begin(message.subscription, run, threads, under_way)
                else:
                    _pause(message.subscription, at)
            _take_up(run, threads, under_way)
    return run.sent


def _take_up(run: _Run, threads: ThreadPoolExecutor, under_way: dict[Future[Answered], Delivery]) -> None:
    """Begin with queues for which there is room; what is due meanwhile does not wait for the run's end."""
    if run.goes_on and len(under_way) < AT_ONCE:
        for queue in _leased(run.moment, AT_ONCE - len(under_way)):
            _begin(queue, run, threads, under_way)


def _give_up_old(at: dt.datetime) -> None:
    if not trusted(at):
        return
    old = Delivery.objects.filter(status=Delivery.Status.WAITING, made_at__lt=at - LONGEST_WAIT)
    old.update(status=Delivery.Status.GIVEN_UP)


def _due(at: dt.datetime) -> Q:
    return Q(Q(next_at__lte=at) | _parked("next_at", at, LONGEST_BACKOFF), status=Delivery.Status.WAITING)


def _parked(field_: str, at: dt.datetime, longest: dt.timedelta) -> Q:
    """A moment later than any is put off to: a clock that had leapt put it there, and it does not count."""
    return Q(**{f"{field_}__gt": at + longest + BACK})


def _leased(at: dt.datetime, most: int) -> list[Subscription]:
    """Queues with something due that nobody is at and that are not left alone, taken for this run.

    Of one account a few at a time.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at) | _parked("claimed_until", at, LEASE)
    free &= (
        Q(paused_until__isnull=True) | Q(paused_until__lte=at) | _parked("paused_until", at, LONGEST_PAUSE)
    )
    due = Delivery.objects.filter(_due(at)).values("subscription_id")
    longest_ago = F("served_at").asc(nulls_first=True)
    found = Subscription.objects.filter(free, pk__in=due).order_by(longest_ago, "pk").select_related("user")
    own = {"claimed_until": at + LEASE, "served_at": at}
    claimed = Subscription.objects.filter(claimed_until__gte=at, claimed_until__lte=at + LEASE + BACK)
    served = Counter(claimed.values_list("user_id", flat=True))
    taken: list[Subscription] = []
    for one in found:
        if len(taken) == most:
            break
        if served[one.user_id] < OF_ONE and Subscription.objects.filter(free, pk=one.pk).update(**own):
            served[one.user_id] += 1
            taken.append(one)
    return taken


def _release(queue: Subscription) -> None:
    Subscription.objects.filter(pk=queue.pk).update(claimed_until=None)


def _pause(queue: Subscription, at: dt.datetime) -> None:
    """Give a queue back and leave its receiver alone for a while, longer after each failure."""
    queue.failures += 1
    until = at + min(wait(queue.failures - 1), LONGEST_PAUSE)
    Subscription.objects.filter(pk=queue.pk).update(
        claimed_until=None, paused_until=until, failures=min(queue.failures, 1000)
    )


def _begin(
    queue: Subscription, run: _Run, threads: ThreadPoolExecutor, under_way: dict[Future[Answered], Delivery]
) -> None:
    """Send the next message of a queue that may still be told, or give the queue back."""
    due = queue.deliveries.filter(_due(run.moment)).order_by("next_at", "pk")
    while run.goes_on and (message := due.first()) is not None:
        message.subscription = queue
        run.sent += 1
        refused, final = _refused(message, run.at)
        if not refused:
            sending = threads.submit(post, queue.url, _headers(message, run.moment), message.body.encode())
            under_way[sending] = message
            return
        _write_down(message, Answered(taken=False, said=refused), run.at, final=final)
    _release(queue)


def _refused(message: Delivery, at: dt.datetime) -> tuple[str, bool]:
    """Why a message is not even sent, and whether for good; asked now, not when it was written."""
    # A run lasts: the account may have lost its credentials since it began.
    queue = Subscription.objects.select_related("user", "token__user").get(pk=message.subscription_id)
    if not queue.lives(at):
        return "subscription ended", True
    if not allowed_host(queue.url):
        return "host not allowed", False
    case = Case.objects.filter(number=json.loads(message.body)["case"]).first()
    if case is not None and not sees(queue, case, at):
        return "may not see the case", True
    try:
        _ = queue.secret
    except LinliError:
        return "secret cannot be read", False
    return "", False


def _headers(message: Delivery, moment: dt.datetime) -> dict[str, str]:
    """Signed at this moment, with the secret as it is now."""
    seconds = int(moment.timestamp())
    signed = signature(message.subscription.secret, seconds, message.body)
    return {
        "Content-Type": "application/json",
        "Linli-Message": str(message.message_id),
        "Linli-Signature": f"t={seconds},v1={signed}",
    }


def _write_down(message: Delivery, answered: Answered, at: dt.datetime, *, final: bool = False) -> bool:
    """Keep how a message went; whether it was taken."""
    message.attempts += 1
    message.answer = answered.said[:200]
    if answered.taken:
        message.status, message.delivered_at = Delivery.Status.DELIVERED, at
        Subscription.objects.filter(pk=message.subscription_id, failures__gt=0).update(failures=0)
        message.subscription.failures = 0
    elif final or message.attempts >= ATTEMPTS:
        message.status = Delivery.Status.GIVEN_UP
    else:
        message.next_at = at + wait(message.attempts - 1)
    message.save(update_fields=["attempts", "answer", "status", "delivered_at", "next_at"])
    return answered.taken
