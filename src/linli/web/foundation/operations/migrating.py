"""Bringing the database up to this version while others use it: no migration waits long for a table.

A change to a table waits for those who are at it, and whoever comes meanwhile waits behind the change. So on
PostgreSQL no migration waits longer than ``LOCK_SECONDS``: it is taken back, the queue behind it goes on, and
it is tried again. What was applied before stays applied.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from django.core.management import call_command
from django.db import OperationalError, connection

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue

__all__ = ["ATTEMPTS", "LOCK_SECONDS", "limit_waiting", "migrate", "wait_as_before"]

say = catalogue("linli.web.foundation.operations")

LOCK_SECONDS: Final = 4.0
ATTEMPTS: Final = 10
PAUSE_SECONDS: Final = 3.0
LOCK_NOT_AVAILABLE: Final = "55P03"


def migrate(
    tell: Callable[[Text], None] = lambda text: None, *, pause: Callable[[float], None] = time.sleep
) -> None:
    """Apply what is missing; ``tell`` is handed a sentence each time that a table was in use.

    Raises
    ------
    LinliError
        A table was in use every time; what was applied before stays applied.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except OperationalError as error:
            if not _was_locked(error):
                raise
            if attempt == ATTEMPTS:
                raise LinliError(say("migrate.given_up", attempts=ATTEMPTS)) from None
            tell(say("migrate.in_use", seconds=f"{LOCK_SECONDS:g}", attempt=attempt, attempts=ATTEMPTS))
            pause(PAUSE_SECONDS * attempt)
        else:
            return
        finally:
            wait_as_before()


def limit_waiting(**_signal: Any) -> None:
    """Before any run of migrations, whoever started it: wait for no table longer than that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{int(LOCK_SECONDS * 1000)}ms'")


def wait_as_before(**_signal: Any) -> None:
    """After it: as the server and the role have it."""
    if connection.vendor == "postgresql" and connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _was_locked(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == LOCK_NOT_AVAILABLE
