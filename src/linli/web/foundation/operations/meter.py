"""Counts requests and how long they took: cheap while a request runs, added up over processes when asked.

Each process keeps its counts in memory and writes them to a small file of its own every few seconds; who
asks gets the sum of all files. Counts of processes that are gone are kept, so that none goes backwards.
"""

import contextlib
import fcntl
import json
import os
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["BOUNDS", "Key", "Meter", "Tally", "added_up", "meter_of"]

BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the buckets, in seconds; the last bucket has none."""
PAST: Final = "past.json"
FLUSH_SECONDS: Final = 5.0

Key = tuple[str, str, str]
"""Method, route and class of answer, such as ``("GET", "cases/", "2xx")``: few, whatever is asked for."""


@dataclass
class Tally:
    """How many requests fell into each bucket, and their time added up."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    @property
    def count(self) -> int:
        """How many requests."""
        return sum(self.buckets)

    def add(self, other: "Tally") -> None:
        """Add another's counts."""
        self.buckets = [a + b for a, b in zip(self.buckets, other.buckets, strict=True)]
        self.seconds += other.seconds


class Meter:
    """The counts of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tallies: dict[Key, Tally] = {}
        self._lock = threading.Lock()
        self._flusher: int | None = None
        self._changed = False

    def observe(self, key: Key, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            tally = self._tallies.get(key)
            if tally is None:
                tally = self._tallies[key] = Tally()
            tally.buckets[bisect_left(BOUNDS, seconds)] += 1
            tally.seconds += seconds
            self._changed = True
            if self._flusher != os.getpid():
                self._start()

    def _start(self) -> None:
        # Started by the first request, so that a server that forks has one in each process.
        self._flusher = os.getpid()
        threading.Thread(target=self._flush_for_ever, name="linli-meter", daemon=True).start()

    def _flush_for_ever(self) -> None:
        pause = threading.Event()
        while not pause.wait(FLUSH_SECONDS):
            # A full disk must not hurt the requests; the counts stay in memory.
            with contextlib.suppress(OSError):
                self.flush()

    def flush(self) -> None:
        """Write the counts where the other processes find them."""
        with self._lock:
            if not self._changed:
                return
            self._changed = False
            text = _text(self._tallies)
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self.folder / f"{os.getpid()}.json", text)

    def total(self) -> dict[Key, Tally]:
        """The counts of all processes, and of those that are gone."""
        with contextlib.suppress(OSError):
            self.flush()
            _fold(self.folder)
        return added_up(self.folder)


@cache
def meter_of(folder: Path) -> Meter:
    """The one meter of a process for a folder: each has a thread, and an application may be built again."""
    return Meter(folder)


def added_up(folder: Path) -> dict[Key, Tally]:
    """The sum of all files of a folder; one that cannot be read counts for nothing."""
    return dict(sorted(_sum(sorted(folder.glob("*.json"))).items()))


def _fold(folder: Path) -> None:
    """Add the counts of processes that are gone to those of the past."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in folder.glob("[0-9]*.json"):
            if not _lives(int(path.stem)):
                _replace(folder / PAST, _text(_sum([folder / PAST, path])))
                path.unlink(missing_ok=True)


def _sum(paths: Iterable[Path]) -> dict[Key, Tally]:
    found: dict[Key, Tally] = {}
    for path in paths:
        for key, tally in _read(path):
            found.setdefault(key, Tally()).add(tally)
    return found


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _text(tallies: Mapping[Key, Tally]) -> str:
    return json.dumps([[*key, tally.buckets, tally.seconds] for key, tally in sorted(tallies.items())])


def _read(path: Path) -> Iterator[tuple[Key, Tally]]:
    with contextlib.suppress(OSError, ValueError, TypeError):
        for method, route, answer, buckets, seconds in json.loads(path.read_text(encoding="utf-8")):
            if len(buckets) == len(BOUNDS) + 1:
                yield (method, route, answer), Tally(list(buckets), float(seconds))


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
