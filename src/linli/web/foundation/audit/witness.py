"""Heads of the audit log, written down outside the database: lines that are sealed and tied to each other.

Whoever can write to the database alone cannot take these back. Each line goes to the process's log too, from
where it can leave the machine; a backup carries the heads of its moment. A log that was once found broken is
never again written down as whole: until a backup is restored, its lines say ``broken``. The database in turn
keeps the seal of the last line, so that a file that was removed or cut at its end is missed.
"""

import datetime as dt
import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings

from linli.web.foundation.audit.models import WrittenLine
from linli.web.foundation.audit.sealing import mac, mac_fits
from linli.web.foundation.audit.verifying import Break, Head, heads, verify_heads

__all__ = ["LogBroken", "Witness", "breaks", "read_witness", "renew_heads", "run_heads", "write_heads"]

log = logging.getLogger("linli.audit.heads")

_PURPOSE: Final = "audit heads"
_LONGEST: Final = 8192
_ROW: Final = 1

Kind = Literal["heads", "broken", "restored"]


class LogBroken(Exception):
    """The audit log is not as it was written: said by the work that comes round, each time."""


@dataclass(frozen=True)
class Witness:
    """What the file says."""

    heads: tuple[Head, ...] = ()
    """Every head since the log last came out of a backup."""
    highest: tuple[Head, ...] = ()
    """Of those the furthest of each lane, while the log was whole: each was compared with those before it."""
    latest: tuple[Head, ...] = ()
    at: dt.datetime | None = None
    """When its last line was written."""
    forged: tuple[int, ...] = ()
    """Lines that are not as they were written, or do not follow from the line before."""
    broken: tuple[int, ...] = ()
    """Lines that were written when the log was found broken, since it last came out of a backup."""
    lost: bool = False
    """The line that the database remembers as the last one is not there: the file was removed or cut."""


def _file() -> Path:
    return Path(settings.AUDIT_HEADS)


def breaks(known: Witness) -> Iterator[Break]:
    """Where the log differs from the file, or the file from what was written; a few queries."""
    if known.lost:
        yield Break(-1, 0, "witness_lost")
    for line in known.forged:
        yield Break(-1, line, "witness_forged")
    # One says it for all: what broke is in the process's log.
    for line in known.broken[:1]:
        yield Break(-1, line, "found_broken")
    yield from verify_heads(known.highest)


def run_heads(at: dt.datetime) -> int:
    """Write down where the log stands, if it went on.

    Raises
    ------
    LogBroken
        It is not as it was written: loudly, each time, so that whoever watches sees work that fails.
    """
    known = read_witness()
    found = list(breaks(known))
    for place in found:
        log.error("The audit log is not as it was written: lane %s, %s.", place.lane, place.kind)
    fresh = known.latest != heads()
    if fresh or (found and not known.broken):
        _append(at, known, found)
    if found:
        raise LogBroken(f"{len(found)} places")
    return int(fresh)


def write_heads(at: dt.datetime, *, restored: bool = False) -> None:
    """Add a line and wait until the disk has it; ``restored`` says that earlier lines were of another state.

    Raises
    ------
    OSError
        The file cannot be written to.
    """
    if restored:
        _write(at, "restored")
        return
    known = read_witness()
    _append(at, known, list(breaks(known)))


def renew_heads(at: dt.datetime) -> bool:
    """Go on although lines of the file are lost; ``False`` where that is not what is wrong, or not all.

    Raises
    ------
    OSError
        The file cannot be written to.
    """
    known = read_witness()
    if not known.lost or any(place.kind != "witness_lost" for place in breaks(known)):
        return False
    _write(at, "heads")
    return True


def _append(at: dt.datetime, known: Witness, found: list[Break]) -> None:
    """A line for a log in which some places were found broken, or none."""
    if not found:
        _write(at, "heads")
    elif known.lost:
        # The next line would make up for those that are lost: first somebody looks where they are.
        return
    elif known.at is not None and not known.forged:
        # With a wrong key every line looks forged: a line under that key would be one too many later.
        _write(at, "broken")


def _write(at: dt.datetime, kind: Kind) -> None:
    standing = heads()
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600), "rb+", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        rest = _last_lines(file.fileno())
        whole = [line for line in map(_parsed, rest.splitlines()) if line is not None]
        previous = str(whole[-1]["mac"]) if whole else ""
        line = _line(at, kind, standing, previous)
        torn = rest and not rest.endswith(b"\n")
        os.write(file.fileno(), (b"\n" if torn else b"") + line.encode() + b"\n")
        os.fsync(file.fileno())
        # After the file: a row without its line would be an alarm, a line without its row is none.
        WrittenLine.objects.update_or_create(pk=_ROW, defaults={"mac": json.loads(line)["mac"], "at": at})
    log.info("%s", line)


def _last_lines(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, 3 * _LONGEST, max(0, size - 3 * _LONGEST))


def _line(at: dt.datetime, kind: Kind, standing: Iterable[Head], previous: str) -> str:
    content = {
        "at": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "kind": kind,
        "heads": [[one.lane, one.count, one.last] for one in standing],
        "previous": previous,
    }
    return json.dumps({**content, "mac": mac(_PURPOSE, _text(content))}, separators=(",", ":"))


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _parsed(line: bytes) -> dict[str, Any] | None:
    """A line of the file; ``None`` for one that broke off, which the next one does not build on."""
    try:
        given = json.loads(line)
        return given if isinstance(given["mac"], str) else None
    except RecursionError:
        # Nobody wrote that by breaking off.
        return {"mac": ""}
    except (ValueError, TypeError, KeyError):
        return None


def read_witness() -> Witness:
    """The heads in the file; none where there is no file. One query."""
    # Before the file: another process may write a line meanwhile.
    last = WrittenLine.objects.filter(pk=_ROW).values_list("mac", flat=True).first()
    try:
        lines = _file().read_bytes().splitlines()
    except OSError:
        return Witness(lost=last is not None)
    found, previous = _Reading(missed=last), ""
    for number, content in _whole(lines):
        line = _sealed(content, previous)
        previous = str(content["mac"])
        if line is None:
            found.forged.append(number)
        else:
            found.take(number, line)
            if previous == found.missed:
                found.missed = None
    return found.witness()


@dataclass(frozen=True)
class _Line:
    at: dt.datetime
    kind: Kind
    heads: tuple[Head, ...]


@dataclass
class _Reading:
    """What is known so far, line after line."""

    known: dict[Head, None] = field(default_factory=dict)
    highest: dict[int, Head] = field(default_factory=dict)
    last: _Line | None = None
    forged: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    missed: str | None = None
    """The seal of a line that must come yet."""

    def take(self, number: int, line: _Line) -> None:
        """One more line that is as it was written."""
        if line.kind == "restored":
            self.known.clear()
            self.highest.clear()
            self.broken.clear()
        elif line.kind == "broken":
            self.broken.append(number)
        self.known.update(dict.fromkeys(line.heads))
        self.last = line
        if self.broken:
            return
        for head in line.heads:
            if head.lane not in self.highest or head.count > self.highest[head.lane].count:
                self.highest[head.lane] = head

    def witness(self) -> Witness:
        """All of it."""
        return Witness(
            heads=tuple(self.known),
            highest=tuple(self.highest.values()),
            latest=() if self.last is None else self.last.heads,
            at=None if self.last is None else self.last.at,
            forged=tuple(self.forged),
            broken=tuple(self.broken),
            # Where lines are forged, or a key is wrong, that is what is said.
            lost=self.missed is not None and not self.forged,
        )


def _whole(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, start=1):
        content = _parsed(line)
        if content is not None:
            yield number, content


def _sealed(content: dict[str, Any], previous: str) -> _Line | None:
    """A line that follows from the one before and carries its seal; ``None`` for any other."""
    rest = {name: value for name, value in content.items() if name != "mac"}
    try:
        fits = content.get("previous") == previous and mac_fits(_PURPOSE, _text(rest), content["mac"])
    except RecursionError:
        return None
    if not fits:
        return None
    standing = tuple(Head(int(lane), int(count), str(last)) for lane, count, last in rest["heads"])
    return _Line(dt.datetime.fromisoformat(rest["at"]), rest["kind"], standing)
