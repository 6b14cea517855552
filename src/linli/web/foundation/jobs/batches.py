"""Many of the same, each by itself: one that cannot be done does not keep the others from being done."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

__all__ = ["PartlyFailed", "for_each"]

log = logging.getLogger("linli.jobs")

Subject = TypeVar("Subject")


class PartlyFailed(Exception):
    """Some of a run could not be done; the others are. Shown by ``linli platform check`` and the metrics."""

    def __init__(self, done: int, failed: int) -> None:
        super().__init__(f"{failed} failed, {done} done")
        self.done = done
        self.failed = failed


def for_each(subjects: Iterable[Subject], act: Callable[[Subject], object]) -> int:
    """Do something to each, in a transaction of its own; how many.

    Raises
    ------
    PartlyFailed
        At the end, where some failed; each is in the log, by its number.
    """
    done = failed = 0
    for subject in subjects:
        try:
            act(subject)
        except (OperationalError, InterfaceError):
            # The database is away: the rest would fail too, and comes round again.
            raise
        except Exception:
            failed += 1
            log.exception("%s could not be done.", subject)
        else:
            done += 1
    if failed:
        raise PartlyFailed(done, failed)
    return done
