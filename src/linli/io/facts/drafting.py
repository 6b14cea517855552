"""Adding to a dataset: rows are put by in fragments, merged month by month, and count when all is written.

A row takes the place of one with the same key. Rows are ordered by key, so that the same facts give the
same bytes however and in however many steps they came. A writer that dies, even by ``kill -9``, leaves the
dataset as it was; what it left behind is swept away by the next one.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linli.assessment.facts.schema import arrow_schema, fact_tables
from linli.io.facts.dataset import digest_of
from linli.io.facts.manifest import MANIFEST, Import, Manifest, Part, read_manifest, write_manifest
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["Draft", "drafting"]

say = catalogue("linli.io.facts")

STAGING: Final = ".unfinished"
WHOLE: Final = "all"
OWN: Final = frozenset({MANIFEST, f".{MANIFEST}.part"})
GROUP: Final = 131_072
"""Rows of a Parquet row group."""


@dataclass
class Draft:
    """A dataset being changed. Nothing counts before ``drafting`` ends without an error."""

    folder: Path
    before: Manifest
    marks: dict[str, str] = field(default_factory=dict)
    imports: list[Import] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)
    fragments: dict[tuple[str, str], list[Path]] = field(default_factory=dict)

    def add(self, table: str, rows: pa.Table) -> None:
        """Add rows of a table, or put them in the place of those with the same keys.

        A fact of another month than before leaves the month it stood in. Within one draft a record is
        given in one month: in two, both would stay, and ``linli facts check`` says so.

        Raises
        ------
        pyarrow.ArrowInvalid
            The rows do not fit the table's schema.
        """
        rows = _fitted(table, rows)
        for month, piece in _by_month(table, rows):
            found = self.fragments.setdefault((table, month), [])
            path = self.folder / STAGING / f"{table}-{month}-{len(found)}.arrow"
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, piece.schema) as writer:
                writer.write_table(piece)
            found.append(path)

    def replace_table(self, table: str) -> None:
        """Begin a table anew: only what is added in this draft will be in it."""
        self.replaced.add(table)

    def former(self, table: str) -> Iterator[pa.Table]:
        """The rows of a table before this draft, month by month."""
        for part in self.before.tables.get(table, ()):
            yield pq.ParquetFile(self.folder / table / part.name).read()

    def finish(self) -> Manifest:
        """Write all files and then the manifest; the manifest's rename is the moment it counts."""
        tables = dict(self.before.tables)
        for table in sorted({t for t, _ in self.fragments} | self.replaced):
            tables[table] = self._table(table)
        manifest = replace(
            self.before,
            tables={table: parts for table, parts in tables.items() if parts},
            marks={**self.before.marks, **self.marks},
            imports=(*self.before.imports, *self.imports),
        )
        if read_manifest(self.folder) not in (self.before, None):
            raise LinliError(say("dataset.changed", folder=self.folder))
        write_manifest(self.folder, manifest)
        _sweep(self.folder, manifest)
        return manifest

    def _table(self, table: str) -> tuple[Part, ...]:
        kept = () if table in self.replaced else self.before.tables.get(table, ())
        parts = {part.month: part for part in kept}
        added = self._added(table)
        changed = {month for name, month in self.fragments if name == table}
        for month in sorted(parts.keys() | changed):
            former = parts.get(month)
            if month in changed or (former is not None and self._holds(table, former, added)):
                parts[month] = self._merged(table, month, former, added)
        return tuple(parts[month] for month in sorted(parts) if parts[month].rows)

    def _added(self, table: str) -> pa.Array:
        """The records of a fact that this draft gives, whatever their month; none of a dimension."""
        ids = [pa.array([], pa.string())]
        if fact_tables()[table].kind == "fact":
            for (name, _), paths in self.fragments.items():
                for path in paths if name == table else ():
                    ids += _fragment(path).column("record_id").chunks
        return pa.concat_arrays(ids)

    def _holds(self, table: str, part: Part, records: pa.Array) -> bool:
        """Whether a part holds any of the records; only one column of it is read."""
        if not len(records):
            return False
        held = pq.ParquetFile(self.folder / table / part.name).read(columns=["record_id"])
        return bool(pc.any(pc.is_in(held.column("record_id"), value_set=records)).as_py())

    def _merged(self, table: str, month: str, former: Part | None, added: pa.Array) -> Part:
        """A month anew: the rows it had, but for those that this draft gives, and what it adds to it."""
        pieces = [_fragment(path) for path in self.fragments.get((table, month), ())]
        if former is not None:
            rows = pq.ParquetFile(self.folder / table / former.name).read().cast(arrow_schema(table))
            if len(added):
                rows = rows.filter(pc.invert(pc.is_in(rows.column("record_id"), value_set=added)))
            pieces.insert(0, rows)
        return _write(self.folder, table, month, _latest(table, pa.concat_tables(pieces)))


@contextmanager
def drafting(folder: Path, *, zone: str) -> Iterator[Draft]:
    """A change of the dataset in a folder, which is made where there is none.

    Raises
    ------
    LinliError
        The folder holds other files, another zone was used before, or somebody else changed it meanwhile.
    """
    manifest = read_manifest(folder) if folder.is_dir() else None
    if manifest is None:
        _refuse_foreign(folder)
        manifest = Manifest(zone=zone)
    if manifest.zone != zone:
        raise LinliError(say("dataset.zone", folder=folder, zone=manifest.zone, given=zone))
    staging = folder / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    draft = Draft(folder, manifest)
    try:
        yield draft
        draft.finish()
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _refuse_foreign(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise LinliError(say("dataset.not_a_folder", folder=folder))
    known = OWN | {STAGING} | set(fact_tables())
    foreign = sorted(path.name for path in folder.iterdir() if path.name not in known)
    if foreign:
        raise LinliError(say("dataset.foreign", folder=folder, file=foreign[0]))


def _fitted(table: str, rows: pa.Table) -> pa.Table:
    """The rows with all columns of the schema in its order; a column that was not given is empty."""
    schema = arrow_schema(table)
    columns = [
        rows.column(f.name) if f.name in rows.column_names else pa.nulls(rows.num_rows, f.type)
        for f in schema
    ]
    unknown = set(rows.column_names) - set(schema.names)
    if unknown:
        raise pa.ArrowInvalid(f"{table} has no column {sorted(unknown)[0]}")
    return pa.table(columns, names=schema.names).cast(schema)


def _fragment(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_file(source).read_all()


def _by_month(table: str, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    if fact_tables()[table].kind == "dimension":
        yield WHOLE, rows
        return
    for month in sorted(pc.unique(rows.column("month")).to_pylist()):
        yield month, rows.filter(pc.equal(rows.column("month"), month))


def _latest(table: str, rows: pa.Table) -> pa.Table:
    """Of the rows with one key the last, ordered by key."""
    key = fact_tables()[table].key
    last: Mapping[object, int] = {
        names: row
        for row, names in enumerate(zip(*(rows.column(name).to_pylist() for name in key), strict=True))
    }
    kept = rows.take(pa.array(sorted(last.values()), pa.int64()))
    return kept.sort_by([(name, "ascending") for name in key])


def _write(folder: Path, table: str, month: str, rows: pa.Table) -> Part:
    (folder / table).mkdir(exist_ok=True)
    beside = folder / STAGING / f"{table}-{month}.parquet"
    pq.write_table(rows, beside, compression="zstd", row_group_size=GROUP)
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    digest = digest_of(beside)
    name = f"part-{month}-{digest[:12]}.parquet"
    os.replace(beside, folder / table / name)  # noqa: PTH105 - replace in one step
    return Part(name=name, month=month, rows=rows.num_rows, sha256=digest)


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Delete parts that no manifest lists any more."""
    for table in fact_tables():
        listed = {part.name for part in manifest.tables.get(table, ())}
        for path in (folder / table).glob("part-*.parquet"):
            if path.name not in listed:
                path.unlink(missing_ok=True)
