"""A dataset of facts as it lies in a folder: ``<table>/part-*.parquet`` and ``manifest.json``."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from linli.assessment.facts.schema import arrow_schema, fact_tables
from linli.io.facts.manifest import Manifest, read_manifest
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["Dataset", "digest_of", "open_dataset"]

say = catalogue("linli.io.facts")

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Dataset:
    """A folder and what its manifest says."""

    folder: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """The digest of all facts; results carry it."""
        return self.manifest.digest

    def paths(self, table: str) -> tuple[Path, ...]:
        """The files of a table, by month."""
        return tuple(self.folder / table / part.name for part in self.manifest.tables.get(table, ()))

    def read(self, table: str) -> pa.Table:
        """A whole table, in memory: for dimensions and small tables."""
        schema = arrow_schema(table)
        paths = self.paths(table)
        if not paths:
            return schema.empty_table()
        return pa.concat_tables([pq.ParquetFile(path).read().cast(schema) for path in paths])

    def broken_parts(self) -> Iterator[tuple[str, str]]:
        """Table and file of every part that is missing or not as it was written."""
        for table, parts in self.manifest.tables.items():
            for part in parts:
                path = self.folder / table / part.name
                if not path.is_file() or digest_of(path) != part.sha256:
                    yield table, part.name


def open_dataset(folder: Path) -> Dataset:
    """The dataset in a folder.

    Raises
    ------
    LinliError
        There is none, its manifest cannot be read, or it lists a file that is not there.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise LinliError(say("dataset.none", folder=folder))
    dataset = Dataset(folder, manifest)
    for table in manifest.tables:
        if table not in fact_tables():
            raise LinliError(say("dataset.table", folder=folder, table=table, known=", ".join(fact_tables())))
        for path in dataset.paths(table):
            if path.parent != folder / table or not path.is_file():
                raise LinliError(say("dataset.missing", file=f"{table}/{path.name}"))
    return dataset


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
