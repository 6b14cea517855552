"""Heads of the audit log, written down outside the database: lines that are sealed and tied to each other.

Whoever can write to the database alone cannot take these back. Each line goes to the process's log too, from
where it can leave the machine; a backup carries the heads of its moment. A log that was once found broken is
never again written down as whole: its lines say ``broken`` until a backup from before the break is restored.
The database in turn keeps the seal of the last line, so that a file that was removed or cut is missed.
"""

import datetime as dt
import errno
import fcntl
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from django.conf import settings

from linli.web.foundation.audit.lines import Kind, Line, Sum, parsed, sealed, written
from linli.web.foundation.audit.models import WrittenLine
from linli.web.foundation.audit.verifying import Break, Head, heads, verify_heads

__all__ = [
    "OF_THE_FILE",
    "LogBroken",
    "Witness",
    "breaks",
    "breaks_of_file",
    "read_witness",
    "renew_heads",
    "run_heads",
    "witness_of_backup",
    "write_heads",
]

log = logging.getLogger("linli.audit.heads")

OF_THE_FILE: Final = frozenset({"witness_forged", "witness_lost"})
"""Kinds of what is wrong with the file alone: they say nothing of the log itself."""
_TAIL: Final = 256 * 1024
_EVERY: Final = 144
"""A line that sums up after so many, about a day of them: well within the tail that is read each time."""
_SLOW: Final = dt.timedelta(minutes=1)
"""Heads are read a little after the moment that their line names."""
_ROW: Final = 1


class LogBroken(Exception):
    """The audit log is not as it was written: said by the work that comes round, each time."""


@dataclass(frozen=True)
class Witness:
    """What the file says."""

    heads: tuple[Head, ...] = ()
    """Every head since the log last came out of a backup, as far as the file was read."""
    highest: tuple[Head, ...] = ()
    """Of those the furthest of each lane, while the log was whole: each was compared with those before it."""
    latest: tuple[Head, ...] = ()
    at: dt.datetime | None = None
    """When its last line was written."""
    mac: str = ""
    """The seal of the last line that carries one."""
    forged: tuple[int, ...] = ()
    """Lines since the last restore that are not as they were written, or do not follow from those before."""
    broken: tuple[int, ...] = ()
    """Lines that were written when the log was found broken, since it last came out of a backup."""
    lost: bool = False
    """The line that the database remembers as the last one is not there: the file was removed or cut."""
    lost_broken: bool = False
    """That line said that the log is broken."""


def _file() -> Path:
    return Path(settings.AUDIT_HEADS)


def breaks_of_file(known: Witness) -> Iterator[Break]:
    """Where the file differs from what was written, and whether it says that the log was found broken."""
    if known.lost:
        yield Break(-1, 0, "witness_lost")
    for line in known.forged:
        yield Break(-1, line, "witness_forged")
    # One says it for all: what broke is in the process's log.
    for line in known.broken[:1]:
        yield Break(-1, line, "found_broken")
    if known.lost_broken:
        yield Break(-1, 0, "lost_broken")


def breaks(known: Witness) -> Iterator[Break]:
    """Where the log differs from the file, or the file from what was written; a few queries."""
    yield from breaks_of_file(known)
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
    if fresh or (_of_the_log(found) and not known.broken):
        _append(at, known, found)
    if found:
        raise LogBroken(f"{len(found)} places")
    return int(fresh)


def write_heads(at: dt.datetime, *, restored: bool = False, broken: bool = False) -> None:
    """Add a line and wait until the disk has it.

    Parameters
    ----------
    restored
        The log came out of a backup: earlier lines were of another state.
    broken
        What came out of it is known to be broken.

    Raises
    ------
    OSError
        The file cannot be written to.
    """
    if restored:
        _write(at, "restored", broken=broken)
        return
    known = read_witness()
    _append(at, known, list(breaks(known)))


def renew_heads(at: dt.datetime) -> Kind | None:
    """Go on although lines of the file are lost; a log that was found broken stays so.

    Returns
    -------
    Kind or None
        Of the line that was written; none where nothing is lost, or something else is wrong too.

    Raises
    ------
    OSError
        The file cannot be written to.
    """
    known = read_witness()
    wrong = {place.kind for place in breaks(known)}
    if not known.lost or wrong - {"witness_lost", "found_broken", "lost_broken"}:
        return None
    kind: Kind = "broken" if known.broken or known.lost_broken else "heads"
    _write(at, kind)
    return kind


def _of_the_log(found: list[Break]) -> bool:
    return any(place.kind not in OF_THE_FILE for place in found)


def _append(at: dt.datetime, known: Witness, found: list[Break]) -> None:
    """A line for a log in which some places were found broken, or none."""
    if known.lost:
        # The next line would make up for those that are lost: first somebody looks where they are.
        return
    if known.at is None and found:
        # With a wrong key every line looks forged: a line under that key would be one too many later.
        return
    _write(at, "broken" if _of_the_log(found) else "heads")


def _write(at: dt.datetime, kind: Kind, *, broken: bool = False) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600), "rb+", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = _read_end(file.fileno())
        line = written(at, kind, heads(), known.previous, known.sum_for(kind, broken=broken))
        _add(file.fileno(), (b"\n" if _is_torn(file.fileno()) else b"") + line.encode() + b"\n")
        # After the file: a row without its line would be an alarm, a line without its row is none.
        kept = {"mac": _mac(line), "at": at, "kind": "broken" if broken else kind}
        WrittenLine.objects.update_or_create(pk=_ROW, defaults=kept)
    log.info("%s", line)


def _add(descriptor: int, content: bytes) -> None:
    """Add a line whole or not at all: half of one, from a full disk, would look like one that was cut."""
    before = os.fstat(descriptor).st_size
    if os.write(descriptor, content) < len(content):
        os.ftruncate(descriptor, before)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(_file()))
    os.fsync(descriptor)


def _mac(line: str) -> str:
    content = parsed(line.encode())
    return "" if content is None else str(content["mac"])


def _is_torn(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def read_witness(*, whole: bool = False) -> Witness:
    """The heads in the file; none where there is no file. One query.

    Parameters
    ----------
    whole
        Read every line. Otherwise those from the last one that sums up, which costs the same each year.
    """
    # Before the file: another process may write a line meanwhile.
    row = WrittenLine.objects.filter(pk=_ROW).first()
    missed, remembered = (None, False) if row is None else (row.mac, row.kind == "broken")
    try:
        with _file().open("rb") as file:
            found = _read_all(file.fileno(), missed) if whole else _read_end(file.fileno(), missed)
    except OSError:
        return Witness(lost=row is not None, lost_broken=remembered)
    known = found.witness()
    return replace(known, lost_broken=known.lost and remembered and not known.broken)


def witness_of_backup(mac: str, made_at: dt.datetime) -> Witness:
    """What the file of this machine said when a backup was made that is now the database.

    Parameters
    ----------
    mac
        The seal of the line that was the last one then, as the backup says.
    made_at
        When the backup was made: for one that names no line, or one that is not there any more.

    Returns
    -------
    Witness
        ``lost`` where the file is this one, but lacks the line; empty where it is that of another machine.
    """
    row = WrittenLine.objects.filter(pk=_ROW).values_list("mac", flat=True).first()
    try:
        lines = _file().read_bytes().splitlines()
    except OSError:
        return Witness()
    places: dict[str, int] = {}
    before = 0
    for number, line in _seals(lines):
        places[line.mac] = number
        before = number if line.at < made_at - _SLOW else before
    if mac not in places and row not in places:
        return Witness()
    found = _Reading(missed=mac or None)
    found.read(lines[: places.get(mac, before)])
    return found.witness()


def _seals(lines: list[bytes]) -> Iterator[tuple[int, Line]]:
    for number, content in enumerate(map(parsed, lines), start=1):
        line = None if content is None else sealed(content)
        if line is not None:
            yield number, line


def _read_all(descriptor: int, missed: str | None = None) -> "_Reading":
    found = _Reading(missed=missed)
    found.read(os.pread(descriptor, os.fstat(descriptor).st_size, 0).splitlines())
    return found


def _read_end(descriptor: int, missed: str | None = None) -> "_Reading":
    """From the last line that sums up; all of it where the end has none, or lacks what is looked for."""
    size = os.fstat(descriptor).st_size
    if size > _TAIL:
        lines = os.pread(descriptor, _TAIL, size - _TAIL).splitlines()[1:]
        start, found = _Reading.from_sum(lines)
        if found is not None:
            found.missed = missed
            found.read(lines[start:])
            if found.missed is None:
                return found
    return _read_all(descriptor, missed)


@dataclass
class _Reading:
    """What is known so far, line after line."""

    number: int = 0
    """Of the last line that was read."""
    previous: str = ""
    """The seal of the last line that carries one: the next one follows from it."""
    since: int = 0
    """Lines since one that sums up."""
    known: dict[Head, None] = field(default_factory=dict)
    highest: dict[int, Head] = field(default_factory=dict)
    last: Line | None = None
    forged: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    missed: str | None = None
    """The seal of a line that must come yet."""

    @classmethod
    def from_sum(cls, lines: list[bytes]) -> "tuple[int, _Reading | None]":
        """Before the last line that sums up and follows from the one before, and its index."""
        previous: str | None = None
        start, found = 0, None
        for number, line in _seals(lines):
            if line.sum is not None and line.previous == previous:
                start, found = number - 1, line
            previous = line.mac
        if found is None or found.sum is None:
            return 0, None
        summed = found.sum
        return start, cls(
            number=summed.line - 1,
            previous=found.previous,
            known=dict.fromkeys(summed.highest),
            highest={one.lane: one for one in summed.highest},
            forged=list(summed.forged),
            broken=[summed.broken] if summed.broken else [],
        )

    def read(self, lines: list[bytes]) -> None:
        """Further lines."""
        for raw in lines:
            self.number += 1
            self.since += 1
            content = parsed(raw)
            if content is None:
                continue
            line = sealed(content)
            if line is None or line.previous != self.previous:
                self.forged.append(self.number)
            else:
                self.take(line)
            if line is not None:
                self.previous = line.mac
                self.missed = None if line.mac == self.missed else self.missed

    def take(self, line: Line) -> None:
        """One more line that is as it was written."""
        if line.kind == "restored":
            self._begin_anew(line)
        elif line.kind == "broken":
            self.broken.append(self.number)
        if line.sum is not None:
            self.since = 0
        self.known.update(dict.fromkeys(line.heads))
        self.last = line
        if self.broken:
            return
        for head in line.heads:
            if head.lane not in self.highest or head.count > self.highest[head.lane].count:
                self.highest[head.lane] = head

    def _begin_anew(self, line: Line) -> None:
        self.known.clear()
        self.highest.clear()
        self.broken.clear()
        if line.sum is not None:
            # Who wrote it had looked at every line before, and said which are forged.
            self.forged.clear()
            self.broken.extend([self.number] if line.sum.broken else [])

    def sum_for(self, kind: Kind, *, broken: bool) -> Sum | None:
        """What the next line carries on of those before it, where it is its turn."""
        number = self.number + 1
        if kind == "restored":
            return Sum(number, broken=number if broken else 0)
        if self.since < _EVERY:
            return None
        first = self.broken[0] if self.broken else 0
        return Sum(number, tuple(self.highest.values()), first, tuple(self.forged))

    def witness(self) -> Witness:
        """All of it."""
        return Witness(
            heads=tuple(self.known),
            highest=tuple(self.highest.values()),
            latest=() if self.last is None else self.last.heads,
            at=None if self.last is None else self.last.at,
            mac=self.previous,
            forged=tuple(self.forged),
            broken=tuple(self.broken),
            # Where every line is forged, as with a wrong key, that is what is said.
            lost=self.missed is not None and (self.previous != "" or not self.forged),
        )
