"""Confirms that nobody touched the audit log: each lane in itself, lanes by each other, all by witnesses.

A witness is a head that was written down outside the database (``witness``). What no later entry and no
witness has seen yet can be cut off unnoticed: ten minutes at most, while a worker works.
"""

import datetime as dt
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from django.apps import apps
from django.db.models import Min

from linli.web.foundation.audit.models import Entry, Lane
from linli.web.foundation.audit.sealing import entry_fits, is_current, seal_fits

__all__ = ["LANES", "Break", "Head", "heads", "verify", "verify_heads", "vouched"]

LANES: Final = 8
_SHOWN: Final = 12
"""Hexadecimal digits of a hash that one lane keeps of another: inside a keyed hash nobody can aim at them."""
_GRACE: Final = dt.timedelta(minutes=5)
"""Between making the first account and writing its entry."""
_IN_USE: Final = (("accounts", "User", "joined_at"), ("casework", "Case", "opened_at"))

Kind = Literal[
    "changed",
    "missing",
    "unlinked",
    "cut",
    "head_forged",
    "unknown_lane",
    "rolled_back",
    "disowned",
    "old_key",
    "emptied",
    "witness_forged",
    "witness_lost",
    "found_broken",
    "lost_broken",
    "noted_broken",
    "noted_file",
]


@dataclass(frozen=True)
class Break:
    """A place where the log is not as it was written; lane -1 is the whole, or a line of its witness."""

    lane: int
    position: int
    kind: Kind


@dataclass(frozen=True)
class Head:
    """Where a lane stood: kept elsewhere, it shows later whether the whole log was set back."""

    lane: int
    count: int
    last: str


@dataclass(frozen=True)
class _Seen:
    """A lane as it was read: the first part of each hash, by position, up to the first gap."""

    number: int
    broken: bool = False
    hashes: "array[int]" = field(default_factory=lambda: array("Q"))

    def has(self, count: int, last: str) -> bool:
        """Whether an entry stands at a position with this hash; one written since the lane was read too."""
        if count > len(self.hashes):
            there = Entry.objects.filter(lane=self.number, position=count, hash__startswith=last[:_SHOWN])
            return not self.broken and there.exists()
        return count >= 1 and self.hashes[count - 1] == _beginning(last)


def vouched(lanes: Iterable[Lane]) -> str:
    """Where some lanes stand, in few characters: ``lane:count:beginning of the hash``."""
    return " ".join(f"{lane.number}:{lane.count}:{lane.last[:_SHOWN]}" for lane in lanes if lane.count)


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
    lanes = set(Entry.objects.values_list("lane", flat=True).order_by().distinct())
    expected = lanes | set(range(LANES)) if found or lanes else lanes
    for number in sorted(expected - set(found)):
        yield Break(number, 0, "unknown_lane")
    seen: dict[int, _Seen] = {}
    for number, head in sorted(found.items()):
        breaks: list[Break] = []
        hashes = _read_lane(number, head, breaks)
        seen[number] = _Seen(number, bool(breaks), hashes)
        yield from breaks
    yield from _disowned(seen)
    yield from _emptied()
    for one in witness:
        if one.count and not seen.get(one.lane, _Seen(one.lane)).has(one.count, one.last):
            yield Break(one.lane, one.count, "rolled_back")


def verify_heads(witness: Iterable[Head] = ()) -> Iterator[Break]:
    """What shows without reading the log: heads, their last entries, witnesses; a few queries."""
    found = {lane.number: lane for lane in Lane.objects.all()}
    for number in sorted(set(range(LANES)) - set(found) if found else ()):
        yield Break(number, 0, "unknown_lane")
    for number, seen in sorted(found.items()):
        head, last = _at_once(seen)
        if not seal_fits(head, "" if last is None else last.key):
            yield Break(number, head.count, "head_forged")
        if (head.count, head.last) != ((0, "") if last is None else (last.position, last.hash)):
            yield Break(number, head.count, "cut")
    yield from _emptied()
    for one in witness:
        there = Entry.objects.filter(lane=one.lane, position=one.count, hash=one.last)
        if one.count and not there.exists():
            yield Break(one.lane, one.count, "rolled_back")


def _at_once(head: Lane) -> tuple[Lane, Entry | None]:
    """A lane's head and its last entry as they stood at one moment, although somebody writes meanwhile."""
    while True:
        last = Entry.objects.filter(lane=head.number).order_by("-position").first()
        fresh = Lane.objects.filter(number=head.number).first()
        if fresh is None or (fresh.count, fresh.last, fresh.seal) == (head.count, head.last, head.seal):
            return head, last
        head = fresh


def _read_lane(number: int, head: Lane, breaks: list[Break]) -> "array[int]":
    hashes, position, previous, key, gap = array("Q"), 0, "", "", False
    for entry in Entry.objects.filter(lane=number).order_by("position").iterator(chunk_size=2000):
        position += 1
        if entry.position != position:
            breaks.append(Break(number, position, "missing"))
            position, gap = entry.position, True
        elif entry.previous != previous:
            breaks.append(Break(number, position, "unlinked"))
        if not entry_fits(entry):
            breaks.append(Break(number, position, "changed"))
        elif is_current(key) and not is_current(entry.key):
            breaks.append(Break(number, position, "old_key"))
        previous, key = entry.hash, entry.key
        if not gap:
            hashes.append(_beginning(entry.hash))
    if not seal_fits(head, key):
        breaks.insert(0, Break(number, head.count, "head_forged"))
    if (position, previous) != (head.count, head.last) and not _went_on(head, position, key, hashes):
        breaks.append(Break(number, position, "cut"))
    return hashes


def _went_on(head: Lane, position: int, key: str, hashes: "array[int]") -> bool:
    """Whether a lane is longer than its head because somebody wrote while it was read."""
    fresh = Lane.objects.filter(number=head.number).first()
    if fresh is None or not fresh.count >= position > head.count or not seal_fits(fresh, key):
        return False
    return head.count == 0 or _Seen(head.number, hashes=hashes).has(head.count, head.last)


def _beginning(digest: str) -> int:
    try:
        return max(0, int(digest[:_SHOWN], 16))
    except ValueError:
        return 0


def _disowned(seen: dict[int, _Seen]) -> Iterator[Break]:
    """The first place of each lane that another lane saw and that is there no longer."""
    gone: dict[int, int] = {}
    entries = Entry.objects.exclude(vouch="").order_by("lane", "position").values_list("vouch", flat=True)
    for vouch in entries.iterator(chunk_size=2000):
        for part in vouch.split(" "):
            lane, count, last = _parsed(part)
            known = seen.get(lane)
            if known is not None and not known.broken and not known.has(count, last):
                gone[lane] = min(count, gone.get(lane, count))
    for lane, count in sorted(gone.items()):
        yield Break(lane, count, "disowned")


def _parsed(part: str) -> tuple[int, int, str]:
    try:
        lane, count, last = part.split(":")
        return int(lane), int(count), f"{int(last, 16):0{_SHOWN}x}"
    except ValueError:
        # Its entry is reported as changed.
        return -1, 0, ""


def _emptied() -> Iterator[Break]:
    """Accounts or cases that are older than everything the log says: somebody emptied it."""
    begins = Entry.objects.aggregate(first=Min("at"))["first"]
    for app, model, moment in _IN_USE:
        oldest = apps.get_model(app, model).objects.aggregate(first=Min(moment))["first"]
        if oldest is not None and (begins is None or oldest < begins - _GRACE):
            yield Break(-1, 0, "emptied")
            return
