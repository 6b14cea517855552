"""Reading ``pack.toml`` and ``equivalent.toml``."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from linli.kernel.texts import Text
from linli.policy.model import Equivalent
from linli.policy.reading.table import Table

__all__ = ["FORMAT", "Head", "read_equivalents", "read_head"]

FORMAT: Final = "linli-pack/1"
ISSUED: Final = re.compile(r"undated|[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
WHOLE_DAY: Final = 10


@dataclass(frozen=True, kw_only=True)
class Head:
    """Who issued a plan, what it covers and since when."""

    id: str
    title: Text
    issuer: Text
    covers: Text
    issued: str
    start: dt.date
    start_note: Text | None
    source: Text


def read_head(table: Table) -> Head:
    """The head of a pack."""
    written = table.string("format")
    if written and written != FORMAT:
        table.wrong("pack.format", "format", written, format=FORMAT)
    head = Head(
        id=table.string("id"),
        title=table.text("title"),
        issuer=table.text("issuer"),
        covers=table.text("covers"),
        issued=table.string("issued"),
        start=table.day("start"),
        start_note=table.optional_text("start_note"),
        source=table.text("source"),
    )
    if head.issued and ISSUED.fullmatch(head.issued) is None:
        table.wrong("pack.issued", "issued", head.issued)
    elif head.start_note is None and len(head.issued) < WHOLE_DAY:
        table.wrong("pack.start_note", "start_note", None, issued=head.issued)
    table.finish()
    return head


def read_equivalents(root: Table) -> tuple[Equivalent, ...]:
    """Mutants that mean the same as the rule, each with the argument."""
    found = []
    for table in root.tables("equivalent"):
        found.append(Equivalent(mutant=table.string("mutant"), reason=table.text("reason")))
        table.finish()
    root.finish()
    return tuple(found)
