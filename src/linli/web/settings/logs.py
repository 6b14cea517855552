"""One line a log record: UTC with its offset, control characters written out, further lines set off by a bar.

Nobody can write a line of the log by what they send (ASVS 5.0, 16.4.1), and lines of several machines
can be put in order (16.2.2).
"""

import datetime as dt
import logging
import re
import unicodedata
from typing import Final

__all__ = ["LineFormatter", "masked"]

_FURTHER: Final = "\n  | "
_SECRET: Final = re.compile(
    r"(/(?:residents/(?:track|sent)|calendar|open311/v2/(?:tokens|requests)|accounts/password/reset/key)/)[^\s'\"]+"
)
"""Addresses that are themselves a key; the guide's nginx masks the same ones."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class LineFormatter(logging.Formatter):
    """``2026-03-10T02:00:00.000+00:00 WARNING name message``."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """UTC, whatever zone the machine is in."""
        return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The first line, with nothing in it that ends a line."""
        record.message = masked(_written_out(record.message))
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """With a traceback, if there is one, behind a bar."""
        first, *further = super().format(record).split("\n")
        return _FURTHER.join([first, *(_written_out(line) for line in further)])


def masked(text: str) -> str:
    """A line without the tracking codes and keys that stand in addresses."""
    return _SECRET.sub(r"\1***", text)


def _written_out(text: str) -> str:
    return "".join(
        one.encode("unicode_escape").decode() if unicodedata.category(one) in _UNSEEN else one for one in text
    )
