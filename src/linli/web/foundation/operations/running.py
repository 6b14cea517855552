"""Which processes of the platform run here: each holds a lock of its own, which goes when it goes.

A gate beside the locks is passed by whoever starts, and shut by a restore: nobody starts meanwhile.
"""

import contextlib
import fcntl
import logging
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.db import connection

__all__ = ["gate", "hold", "running"]

log = logging.getLogger("linli.operations")

_FOLDER: Final = ".running"
_GATE: Final = "gate"
_HELD: list[IO[bytes]] = []
"""Open for as long as this process lives."""


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def gate() -> Iterator[None]:
    """Pass one by one; whoever comes waits until the one before is through."""
    with (_folder() / _GATE).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def hold(role: str, *, first: Callable[[], Any]) -> None:
    """Say, until this process ends, that it works here; ``first`` is done before, by one at a time."""
    if _HELD:
        return
    _name_connections(role)
    with contextlib.ExitStack() as stack:
        # A full disk must not keep the platform from starting.
        with _warned():
            stack.enter_context(gate())
        first()
        with _warned():
            file = (_folder() / f"{role}-{os.getpid()}").open("wb")
            fcntl.flock(file, fcntl.LOCK_EX)
            _HELD.append(file)


@contextlib.contextmanager
def _warned() -> Iterator[None]:
    try:
        yield
    except OSError as reason:
        log.warning("That this process runs cannot be written down (%s).", reason.strerror)


def _name_connections(role: str) -> None:
    """Let PostgreSQL know who asks: a restore elsewhere names the processes that keep it from going on."""
    if connection.vendor == "postgresql":
        name = f"linli {role} {os.getpid()}@{socket.gethostname()}"
        connection.settings_dict["OPTIONS"]["application_name"] = name[:63]


def running() -> list[str]:
    """Other processes that work on this data folder or database; to be asked within the gate."""
    return sorted({*_by_lock(), *_by_connection()})


def _by_lock() -> Iterator[str]:
    for path in _folder().iterdir():
        role, _, number = path.name.rpartition("-")
        if not role or number == str(os.getpid()):
            continue
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield f"{role} {number}@{socket.gethostname()}"
            else:
                path.unlink()


def _by_connection() -> list[str]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND application_name LIKE 'linli%'"
        )
        return [str(name).removeprefix("linli ") for (name,) in cursor.fetchall()]
