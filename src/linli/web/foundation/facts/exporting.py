"""``linli facts export``: the platform's facts into a dataset, whole or what changed since the last time.

What follows a case is read again where something happened to the case; everything else is small and read
anew. An export that is killed leaves the dataset as it was, and the next one does its work. Facts of cases
that were deleted when their time had come stay: they tell of nobody, and last year's counts must not shrink.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from linli.assessment.facts.schema import arrow_schema, fact_tables
from linli.io.facts import Draft, drafting
from linli.kernel.texts import catalogue
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.facts.registry import FactExporter, Reading, Row, exporters
from linli.web.foundation.facts.selectors import changed_cases, deleted_numbers, high_water

__all__ = ["ExportFacts", "Exported", "export_facts"]

say = catalogue("linli.web.foundation.facts")

SOURCE: Final = "platform"
MARK: Final = "casework.events"
"""How far the history of cases was read."""
BATCH: Final = 20_000
GIVEN_BY_US: Final = frozenset({"day", "month", "source"})


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What an export did: rows written by table, and whether everything was read anew."""

    rows: dict[str, int]
    whole: bool


@dataclass(frozen=True, kw_only=True)
class ExportFacts(Action[str]):
    """Say in the audit log that the facts were taken out, and where to; only the command line does it."""

    name: ClassVar[str] = "facts.export"
    folder: str
    whole: bool

    def check(self, context: Context) -> None:
        """Whoever runs commands on the server may."""
        if context.actor.via != "command" and not context.actor.is_system:
            from linli.web.foundation.actions.refusals import Forbidden

            raise Forbidden(say("forbidden"))

    def change(self, context: Context) -> str:
        """Nothing changes; the entry is the point."""
        return self.folder

    def record(self, result: str) -> Record:
        """Where to, and whether everything was read."""
        return Record(
            action=self.name,
            subject_kind="facts",
            # The log has room for the end of a path; the whole of it is told beside.
            subject_id=result[-64:],
            detail={"whole": self.whole, "folder": result},
        )


def export_facts(folder: Path, at: dt.datetime, *, whole: bool = False) -> Exported:
    """Write the platform's facts into a folder, or bring those that are there up to date.

    Parameters
    ----------
    whole
        Read everything anew. Imported rows and those of deleted cases stay.

    Raises
    ------
    LinliError
        The folder holds other files, or somebody else changed it meanwhile.
    """
    local = zone()
    with drafting(folder, zone=local.key) as draft:
        mark = None if whole else draft.before.marks.get(MARK)
        since = None if mark is None else int(mark)
        following = high_water(at)
        reading = Reading(
            at=at,
            zone=local,
            synthetic=bool(settings.DEMO),
            whole=since is None,
            pieces=lambda kinds: changed_cases(since, kinds),
        )
        rows = {}
        for table, group in _by_table().items():
            if not _from_a_list(draft, table):
                rows[table] = _table(draft, table, group, reading)
        draft.marks[MARK] = str(following)
    return Exported(rows=rows, whole=since is None)


def _by_table() -> dict[str, list[FactExporter]]:
    found: dict[str, list[FactExporter]] = defaultdict(list)
    for exporter in exporters():
        found[exporter.table].append(exporter)
    return found


def _from_a_list(draft: Draft, table: str) -> bool:
    """Whether a dimension was taken in as a list: then that list is the one that counts."""
    listed = any(one.table == table for one in draft.before.imports)
    return listed and fact_tables()[table].kind == "dimension"


def _table(draft: Draft, table: str, group: Sequence[FactExporter], reading: Reading) -> int:
    """Write one table's rows. Where one exporter reads everything anew, all of them do."""
    anew = reading.whole or not all(exporter.follows_cases for exporter in group)
    if anew:
        reading = reading if reading.whole else _all_of(reading)
        _keep(draft, table)
    count = 0
    for exporter in group:
        for batch in _batches(exporter.rows(reading)):
            draft.add(table, _arrow(table, batch, reading, exporter.name))
            count += len(batch)
    return count


def _all_of(reading: Reading) -> Reading:
    return Reading(
        at=reading.at,
        zone=reading.zone,
        synthetic=reading.synthetic,
        whole=True,
        pieces=lambda kinds: changed_cases(None, kinds),
    )


def _keep(draft: Draft, table: str) -> None:
    """Begin a table anew, with what the platform cannot give again: imported rows and deleted cases'."""
    draft.replace_table(table)
    if fact_tables()[table].kind == "dimension":
        return
    deleted = pa.array(sorted(deleted_numbers()), pa.string())
    for rows in draft.former(table):
        imported = pc.not_equal(rows.column("source"), SOURCE)
        parts = pc.split_pattern(rows.column("record_id"), ":", max_splits=2)
        number = pc.list_element(pc.list_slice(parts, 1, 2, return_fixed_size_list=True), 0)
        gone = pc.is_in(number, value_set=deleted)
        kept = rows.filter(pc.or_kleene(imported, gone))
        if kept.num_rows:
            draft.add(table, kept)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _arrow(table: str, rows: Sequence[Row], reading: Reading, exporter: str) -> pa.Table:
    """Rows as a table of the schema; a column that the schema does not have is a mistake of the exporter."""
    schema, facts = arrow_schema(table), fact_tables()[table]
    given = GIVEN_BY_US if facts.kind == "fact" else frozenset()
    for row in rows:
        unknown = (row.keys() - set(schema.names)) | (row.keys() & given)
        if unknown:
            raise ValueError(f"{exporter} gives {sorted(unknown)[0]}, which is not a column of its own")
    if facts.kind == "fact":
        rows = [_dated(row, reading.zone, synthetic=reading.synthetic) for row in rows]
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)


def _dated(row: Row, local: ZoneInfo, *, synthetic: bool) -> dict[str, Any]:
    """The row with the day and month of its moment, in the territory's own zone."""
    at = row["at"]
    if not isinstance(at, dt.datetime) or at.tzinfo is None:
        raise ValueError(f"{row['record_id']} needs a moment with its zone")
    day = at.astimezone(local).date()
    return {
        "synthetic": synthetic,
        **row,
        "at": at.astimezone(dt.UTC),
        "day": day,
        "month": f"{day:%Y-%m}",
        "source": SOURCE,
    }
