"""Who exports which facts, and what an exporter is given to read them with."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from linli.assessment.facts.schema import fact_tables

__all__ = ["FactExporter", "Flags", "Reading", "Row", "exporters", "flag", "flags_of", "register"]

Row = Mapping[str, object]
CasePieces = Callable[[tuple[str, ...]], Iterator[Sequence[int]]]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an exporter reads with: the moment, the territory's zone, and which cases to read.

    ``whole`` says that everything is read anew; else ``cases`` gives only what changed since the last
    export. ``synthetic`` is what rows are marked with.
    """

    at: dt.datetime
    zone: ZoneInfo
    synthetic: bool
    whole: bool
    pieces: CasePieces

    def cases(self, *kinds: str) -> Iterator[Sequence[int]]:
        """Keys of the cases to read, in pieces; of some types, or of all where none is named."""
        return self.pieces(kinds)


@dataclass(frozen=True, kw_only=True)
class FactExporter:
    """One feature's rows of one fact table.

    ``follows_cases`` is for facts that change only when their case does: an export that continues a former
    one then reads the changed cases alone. All others are small and are read anew each time.
    """

    name: str
    table: str
    rows: Callable[[Reading], Iterable[Row]]
    follows_cases: bool = False


@dataclass(frozen=True)
class Flags:
    """Which cases of a type are key, preventable or recorded, by category and result."""

    preventable: frozenset[str] = field(default_factory=frozenset)
    key: frozenset[str] = field(default_factory=frozenset)
    recorded: frozenset[str] = field(default_factory=frozenset)


_EXPORTERS: Final[dict[str, FactExporter]] = {}
_FLAGS: Final[dict[str, Flags]] = {}


def register(exporter: FactExporter) -> None:
    """Add an exporter; called by an app's ``ready``.

    Raises
    ------
    ValueError
        There is no such fact table.
    """
    if exporter.table not in fact_tables():
        raise ValueError(f"{exporter.name}: there is no fact table {exporter.table}")
    _EXPORTERS[exporter.name] = exporter


def exporters() -> tuple[FactExporter, ...]:
    """All exporters, those of the foundation first, by table."""
    from linli.web.foundation.facts.core import CORE

    every = {**{one.name: one for one in CORE}, **_EXPORTERS}
    order = list(fact_tables())
    return tuple(sorted(every.values(), key=lambda one: (order.index(one.table), one.name)))


def flag(case_type: str, flags: Flags) -> None:
    """Say which categories and results of a case type count for L10 and N19; called by an app's ``ready``."""
    _FLAGS[case_type] = flags


def flags_of(case_type: str) -> Flags:
    """The flags of a case type; none where its feature said nothing."""
    return _FLAGS.get(case_type, Flags())
