"""Strangers' files are opened in a process of their own, which has limits of memory and time.

A decoder that asks for 549 GB, that never ends, or that falls over takes this small process with it and not
the platform. The process knows no setting, password or key, and runs behind everything else. One at a time
runs on a machine for one account, so that their memory does not add up.

The queue of strangers' files stands back (``Limits.behind``): it takes no place that a page waits for, and
its file is put aside for a page once it takes longer than honest ones do, to be opened again later. So a page
waits seconds, however many hostile files are in the queue.

Limits: on systems without ``resource`` (Windows) time alone is limited; network and files are not shut off.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linli.privacy.allowance import is_spent, opening, spending

__all__ = [
    "Busy",
    "Limits",
    "Spent",
    "TooHard",
    "apart",
    "is_stopping",
    "keep_places_in",
    "serve",
    "stop_opening",
]

ROOT: Final = Path(__file__).parents[2]
SLOTS: Final = 1
TOO_HARD: Final = 3
NICE: Final = 5
PAUSE: Final = 0.05
GRACE: Final = 1.5
"""Seconds that a file of the queue has before it is put aside for a page: shorter than pages wait."""
WANTED: Final = "wanted"
_HERE: Final = threading.BoundedSemaphore(SLOTS)
_RUNNING: Final[set[subprocess.Popen[bytes]]] = set()
_STOPPING: Final = threading.Event()


class TooHard(Exception):
    """The file wants more memory or time than there is for it, or the decoder fell over."""


class Spent(TooHard):
    """The files of this request have taken all the time that there is for them together."""


class Busy(Exception):
    """Other files are being opened; nothing is wrong with this one."""


@dataclass(frozen=True)
class Limits:
    """What opening one file may take."""

    megabytes: int
    """Of address space."""
    seconds: int
    """Of processor time; three times as long by the clock."""
    wait: float = 3.0
    """Seconds until it is said that others are being opened."""
    behind: bool = False
    """Whether it stands back for those that do not."""


def apart(module: str, content: bytes, limits: Limits, arguments: Sequence[str] = ()) -> bytes:
    """What the module's ``serve`` answers for a file.

    Parameters
    ----------
    module : str
        A module that calls ``serve`` when it is run.

    Raises
    ------
    TooHard
        It was stopped at its limits, or fell over.
    Spent
        The files before it have used up what there is for one request.
    Busy
        No place became free in time.
    """
    own = [str(limits.megabytes), str(limits.seconds), *arguments]
    if is_spent():
        raise Spent("nothing left")
    with (
        spending() as left,
        _slot(limits.wait if left is None else min(limits.wait, left), behind=limits.behind),
    ):
        most = limits.seconds * 3
        command = [sys.executable, "-m", module, *own]
        try:
            with opening():
                return _run(command, content, most if left is None else min(most, left), behind=limits.behind)
        except subprocess.TimeoutExpired as error:
            raise (TooHard if left is None or left > most else Spent)("time") from error


def _run(command: Sequence[str], content: bytes, seconds: float, *, behind: bool) -> bytes:
    """What the process answers; it has ended whatever comes of it."""
    if _STOPPING.is_set():
        raise Busy
    pipe, began = subprocess.PIPE, time.monotonic()
    given: bytes | None = content
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=_environment()
    ) as child:
        _RUNNING.add(child)
        if _STOPPING.is_set():
            # Whoever stopped meanwhile may not have seen this one.
            child.kill()
        try:
            while True:
                try:
                    answer, _ = child.communicate(given, timeout=4 * PAUSE if behind else seconds)
                    break
                except subprocess.TimeoutExpired as error:
                    given, took = None, time.monotonic() - began
                    if took >= seconds or not behind:
                        raise
                    if took >= GRACE and _wanted():
                        raise Busy from error
        finally:
            child.kill()
            _RUNNING.discard(child)
    if child.returncode != 0:
        raise Busy if _STOPPING.is_set() else TooHard(f"ended with {child.returncode}")
    return answer


def stop_opening() -> None:
    """End the file in hand and open no other in this process: it is to end. Both are ``Busy``, and keep."""
    _STOPPING.set()
    for child in list(_RUNNING):
        child.kill()


def is_stopping() -> bool:
    """Whether nothing is opened any more."""
    return _STOPPING.is_set()


def _environment() -> dict[str, str]:
    """No secret of the platform's goes along."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def serve(handle: Callable[[bytes, Sequence[str]], bytes]) -> None:
    """Be the process: set the limits, read the file from standard input, write the answer."""
    megabytes, seconds, *arguments = sys.argv[1:]
    _limit(int(megabytes) * 1024 * 1024, int(seconds))
    try:
        answer = handle(sys.stdin.buffer.read(), arguments)
    except (MemoryError, RecursionError):
        sys.exit(TOO_HARD)
    sys.stdout.buffer.write(answer)


def _limit(memory: int, seconds: int) -> None:
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)
    try:
        import resource
    except ImportError:
        return
    wanted = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in wanted:
        # A system that knows a limit by name only refuses it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


@contextlib.contextmanager
def _slot(wait: float, *, behind: bool = False) -> Iterator[None]:
    until = time.monotonic() + wait
    with contextlib.ExitStack() as held:
        with contextlib.nullcontext() if behind else _asking():
            if behind and _wanted():
                raise Busy
            if not _HERE.acquire(timeout=wait):
                raise Busy
            held.callback(_HERE.release)
            held.enter_context(_machine_slot(until, behind=behind))
        yield


@contextlib.contextmanager
def _machine_slot(until: float, *, behind: bool) -> Iterator[None]:
    """One of the places that all processes of this account share; a killed one gives its place back."""
    folder = _folder()
    if folder is None:
        yield
        return
    import fcntl

    with contextlib.ExitStack() as stack:
        files = [stack.enter_context((folder / str(number)).open("wb")) for number in range(SLOTS)]
        while True:
            if behind and _wanted():
                raise Busy
            for file in files:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    yield
                    return
            if time.monotonic() > until:
                raise Busy
            time.sleep(PAUSE)


@contextlib.contextmanager
def _asking() -> Iterator[None]:
    """While somebody waits for a place, the queue stands back."""
    folder = _folder()
    if folder is None:
        yield
        return
    import fcntl

    with (folder / WANTED).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def _wanted() -> bool:
    """Whether a page waits for a place."""
    folder = _folder()
    if folder is None:
        return False
    import fcntl

    with (folder / WANTED).open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


_kept_in: Path | None = None


def keep_places_in(folder: Path) -> None:
    """Name the folder that all processes of an installation share; without one it is the machine's for files
    that come and go, of which a service may be given one of its own.
    """
    global _kept_in
    _kept_in = folder


def _folder() -> Path | None:
    """Where the places are: a folder that is ours alone; ``None`` where there can be none."""
    if not hasattr(os, "getuid"):
        return None
    shared = _kept_in if _kept_in is not None and _kept_in.is_dir() else Path(tempfile.gettempdir())
    folder = shared / f"linli-apart-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    ours = found.st_uid == os.getuid() and not folder.is_symlink() and found.st_mode & 0o022 == 0
    return folder if ours else None
