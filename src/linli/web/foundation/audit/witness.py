"""Heads of the audit log, written down outside the database: lines that are sealed and tied to each other.

Whoever can write to the database alone cannot take these back. Each line goes to the process's log too, from
where it can leave the machine; a backup carries the heads of its moment.
"""

import datetime as dt
import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings

from linli.web.foundation.audit.sealing import mac, mac_fits
from linli.web.foundation.audit.verifying import Head, heads, verify_heads

__all__ = ["Witness", "read_witness", "run_heads", "write_heads"]

log = logging.getLogger("linli.audit.heads")

_PURPOSE: Final = "audit heads"
_LONGEST: Final = 8192


@dataclass(frozen=True)
class Witness:
    """What the file says."""

    heads: tuple[Head, ...] = ()
    """Every head since the log last came out of a backup."""
    latest: tuple[Head, ...] = ()
    at: dt.datetime | None = None
    """When its last line was written."""
    forged: tuple[int, ...] = ()
    """Lines that are not as they were written, or do not follow from the line before."""


def _file() -> Path:
    return Path(settings.AUDIT_HEADS)


def run_heads(at: dt.datetime) -> int:
    """Write down where the log stands, if it went on; say so loudly if it is shorter than it was."""
    known = read_witness()
    for place in verify_heads(known.latest):
        log.error("The audit log is not as it was written: lane %s, %s.", place.lane, place.kind)
    if known.latest == heads():
        return 0
    write_heads(at)
    return 1


def write_heads(at: dt.datetime, *, kind: Literal["heads", "restored"] = "heads") -> None:
    """Add a line and wait until the disk has it; ``restored`` says that earlier lines were of another state.

    Raises
    ------
    OSError
        The file cannot be written to.
    """
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
    log.info("%s", line)


def _last_lines(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, 3 * _LONGEST, max(0, size - 3 * _LONGEST))


def _line(at: dt.datetime, kind: str, standing: Iterable[Head], previous: str) -> str:
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
    except (ValueError, TypeError, KeyError):
        return None


def read_witness() -> Witness:
    """The heads in the file; none where there is no file."""
    try:
        lines = _file().read_bytes().splitlines()
    except OSError:
        return Witness()
    known: dict[Head, None] = {}
    latest, at, previous, forged = tuple[Head, ...](), None, "", []
    for number, content in _whole(lines):
        found = _sealed(content, previous)
        previous = str(content["mac"])
        if found is None:
            forged.append(number)
            continue
        at, latest = found
        if content["kind"] == "restored":
            known.clear()
        known.update(dict.fromkeys(latest))
    return Witness(tuple(known), latest, at, tuple(forged))


def _whole(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, start=1):
        content = _parsed(line)
        if content is not None:
            yield number, content


def _sealed(content: dict[str, Any], previous: str) -> tuple[dt.datetime, tuple[Head, ...]] | None:
    rest = {name: value for name, value in content.items() if name != "mac"}
    if content.get("previous") != previous or not mac_fits(_PURPOSE, _text(rest), content["mac"]):
        return None
    standing = tuple(Head(int(lane), int(count), str(last)) for lane, count, last in rest["heads"])
    return dt.datetime.fromisoformat(rest["at"]), standing
