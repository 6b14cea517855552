"""What can be paid for, as the features know it: closed or confirmed records, each with whom it is owed to.

A feature registers its source in its ``AppConfig.ready``:

``register_payables("guarded_courtyard", newly_guarded)``

A source yields a record once, whatever the days asked for: the same record keeps its id for ever, which is
what nothing is paid twice by. No record says what it was about; whoever may see it looks there.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

__all__ = ["Payable", "PayableSource", "payables", "register_payables"]


@dataclass(frozen=True, kw_only=True)
class Payable:
    """One closed or confirmed record.

    ``record`` is its id as facts name it, such as ``case:MJ20260302-0004``; ``on`` the day it was closed or
    confirmed. It is owed to an account or to an organisation; to nobody where neither is known, and then it
    cannot be paid. ``roles`` are those the account held that day. ``decides`` and ``cents`` are a decision's
    rule and amount.
    """

    record: str
    on: dt.date
    station: str
    beat: str = ""
    user_id: int | None = None
    organisation_id: int | None = None
    roles: frozenset[str] = field(default=frozenset())
    decides: str = ""
    cents: int | None = None


PayableSource = Callable[[dt.date, dt.date], Iterator[Payable]]
"""Given the first and the last day."""

_SOURCES: Final[dict[str, PayableSource]] = {}


def register_payables(name: str, source: PayableSource) -> None:
    """Say what can be paid for under a name of ``stipends.toml``; called by an app's ``ready``."""
    _SOURCES[name] = source


def payables(name: str, start: dt.date, end: dt.date) -> Iterator[Payable]:
    """The records of a source from a day to a day; none where no feature provides it."""
    source = _SOURCES.get(name)
    return iter(()) if source is None else source(start, end)
