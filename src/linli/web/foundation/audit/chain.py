"""Appends entries to the audit log and confirms that nobody touched it."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.conf import settings
from django.db import connection

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.audit.models import Entry, Lane

__all__ = ["LANES", "Break", "Head", "Record", "append", "heads", "verify"]

LANES: Final = 8


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was done, to what; the rest of an entry follows from the actor and the moment."""

    action: str
    subject_kind: str
    subject_id: str
    station: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Break:
    """A place where the log is not as it was written."""

    lane: int
    position: int
    kind: Literal["changed", "missing", "unlinked", "cut", "head_forged", "unknown_lane", "rolled_back"]


@dataclass(frozen=True)
class Head:
    """Where a lane stood: kept elsewhere, it shows later whether the whole log was set back."""

    lane: int
    count: int
    last: str


def append(record: Record, actor: Actor, at: dt.datetime) -> Entry:
    """Write an entry at the end of the actor's lane; call inside the transaction of what it tells of, last.

    The lane stays locked until that transaction ends, so the shorter the better.
    """
    number = (actor.user_id or 0) % LANES
    lane = _locked(number)
    entry = Entry(
        lane=number,
        position=lane.count + 1,
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
        previous=lane.last,
    )
    entry.hash = _hash(entry)
    entry.save(force_insert=True)
    Lane.objects.filter(number=number).update(
        count=entry.position, last=entry.hash, seal=_seal(number, entry.position, entry.hash)
    )
    return entry


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


def _locked(number: int) -> Lane:
    lanes = Lane.objects.all()
    if connection.features.has_select_for_update:
        lanes = lanes.select_for_update()
    found = lanes.filter(number=number).first()
    if found is not None:
        return found
    # All lanes at once: one that is missing later was taken away.
    Lane.objects.bulk_create(
        [Lane(number=n, seal=_seal(n, 0, "")) for n in range(LANES)], ignore_conflicts=True
    )
    return lanes.get(number=number)


def _key() -> bytes:
    return str(settings.AUDIT_KEY).encode()


def _seal(number: int, count: int, last: str) -> str:
    return hmac.new(_key(), f"head|{number}|{count}|{last}".encode(), hashlib.sha256).hexdigest()


def _hash(entry: Entry) -> str:
    content = [
        entry.lane,
        entry.position,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.via,
        entry.address,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.station_code,
        entry.detail,
        entry.previous,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


def heads() -> tuple[Head, ...]:
    """Where each lane stands now: to be kept outside the database and handed to ``verify`` later."""
    return tuple(Head(lane.number, lane.count, lane.last) for lane in Lane.objects.order_by("number"))


def verify(witness: Iterable[Head] = ()) -> Iterator[Break]:
    """Every place where the log differs from what was written; nothing where it is whole.

    Parameters
    ----------
    witness : iterable of Head
        Heads written down earlier. Without them the log cannot know that somebody put back a whole
        older state of the database, as everything in it agrees.
    """
    found = {lane.number: lane for lane in Lane.objects.all()}
    lanes = set(Entry.objects.values_list("lane", flat=True).distinct())
    expected = lanes | set(range(LANES)) if found or lanes else lanes
    for number in sorted(expected - set(found)):
        yield Break(number, 0, "unknown_lane")
    for number, head in sorted(found.items()):
        yield from _verify_lane(number, head)
    for seen in witness:
        yield from _verify_witness(seen)


def _verify_witness(seen: Head) -> Iterator[Break]:
    if seen.count == 0:
        return
    entry = Entry.objects.filter(lane=seen.lane, position=seen.count).first()
    if entry is None or not hmac.compare_digest(entry.hash, seen.last):
        yield Break(seen.lane, seen.count, "rolled_back")


def _verify_lane(number: int, head: Lane) -> Iterator[Break]:
    if not hmac.compare_digest(head.seal, _seal(number, head.count, head.last)):
        yield Break(number, head.count, "head_forged")
    position, previous = 0, ""
    for entry in Entry.objects.filter(lane=number).order_by("position").iterator(chunk_size=2000):
        position += 1
        if entry.position != position:
            yield Break(number, position, "missing")
            position = entry.position
        elif entry.previous != previous:
            yield Break(number, position, "unlinked")
        if not hmac.compare_digest(entry.hash, _hash(entry)):
            yield Break(number, position, "changed")
        previous = entry.hash
    if (position, previous) != (head.count, head.last):
        yield Break(number, position, "cut")
