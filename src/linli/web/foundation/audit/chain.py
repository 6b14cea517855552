"""Appends entries to the audit log and confirms that nobody touched it."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.conf import settings
from django.db import connection

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.audit.models import Entry, Lane

__all__ = ["LANES", "Break", "Record", "append", "verify"]

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
    kind: Literal["changed", "missing", "unlinked", "cut", "head_forged", "unknown_lane"]


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
        detail=dict(record.detail),
        previous=lane.last,
    )
    entry.hash = _hash(entry)
    entry.save(force_insert=True)
    Lane.objects.filter(number=number).update(
        count=entry.position, last=entry.hash, seal=_seal(number, entry.position, entry.hash)
    )
    return entry


def _locked(number: int) -> Lane:
    lanes = Lane.objects.all()
    if connection.features.has_select_for_update:
        lanes = lanes.select_for_update()
    found = lanes.filter(number=number).first()
    if found is not None:
        return found
    Lane.objects.bulk_create([Lane(number=number, seal=_seal(number, 0, ""))], ignore_conflicts=True)
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


def verify() -> Iterator[Break]:
    """Every place where the log differs from what was written; nothing where it is whole."""
    heads = {lane.number: lane for lane in Lane.objects.all()}
    for number in sorted(set(Entry.objects.values_list("lane", flat=True).distinct()) - set(heads)):
        yield Break(number, 0, "unknown_lane")
    for number, head in sorted(heads.items()):
        yield from _verify_lane(number, head)


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
