"""Appends entries to the audit log: each follows the one before it and says where the other lanes stood."""

import datetime as dt
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.audit.models import Entry, Lane
from linli.web.foundation.audit.sealing import current_id, entry_hash, seal_of
from linli.web.foundation.audit.verifying import LANES, Break, Head, heads, verify, vouched

__all__ = ["LANES", "Break", "Head", "Record", "append", "heads", "verify", "written"]

_ONE_LOCKED: Final = (
    "WITH own AS (SELECT number, count, last, seal FROM audit_lane WHERE number = %s FOR UPDATE) "
    "SELECT * FROM own UNION ALL SELECT number, count, last, seal FROM audit_lane WHERE number <> %s"
)
"""All heads in one query, of which the own one is locked: appending asks no more often than it did."""


_WRITTEN: Final[ContextVar[int]] = ContextVar("entries written", default=0)


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was done, to what; the rest of an entry follows from the actor and the moment."""

    action: str
    subject_kind: str
    subject_id: str
    station: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def append(record: Record, actor: Actor, at: dt.datetime, *, lane: int | None = None) -> Entry:
    """Write an entry at the end of the actor's lane; call inside the transaction of what it tells of, last.

    The lane stays locked until that transaction ends, so the shorter the better.
    """
    number = (actor.user_id or 0) % LANES if lane is None else lane
    head, others = _locked(number)
    entry = Entry(
        lane=number,
        position=head.count + 1,
        at=at,
        actor_id=actor.user_id,
        actor_name=actor.name[:64],
        via=actor.via,
        address=actor.address[:45],
        action=record.action,
        subject_kind=record.subject_kind,
        subject_id=record.subject_id,
        station_code=record.station,
        detail=_plain(record.detail),
        previous=head.last,
        key=current_id(),
        vouch=vouched(others),
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    Lane.objects.filter(number=number).update(
        count=entry.position, last=entry.hash, seal=seal_of(number, entry.position, entry.hash)
    )
    _WRITTEN.set(_WRITTEN.get() + 1)
    return entry


def written() -> int:
    """How many entries this thread has written; whether one was written meanwhile shows in it."""
    return _WRITTEN.get()


def _plain(value: Any) -> Any:
    """As both databases give it back: a fraction as text (PostgreSQL may make it a whole number), no NUL."""
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [
            _plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)
        ]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value).replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _locked(number: int) -> tuple[Lane, list[Lane]]:
    """The own lane's head, locked, and where the others stand."""
    found = _all(number)
    if len(found) < LANES and number not in {lane.number for lane in found}:
        # All lanes at once: one that is missing later was taken away.
        Lane.objects.bulk_create(
            [Lane(number=n, seal=seal_of(n, 0, "")) for n in range(LANES)], ignore_conflicts=True
        )
        found = _all(number)
    own = next(lane for lane in found if lane.number == number)
    return own, [lane for lane in found if lane is not own]


def _all(number: int) -> list[Lane]:
    if connection.features.has_select_for_update:
        return list(Lane.objects.raw(_ONE_LOCKED, [number, number]))
    return list(Lane.objects.all())
