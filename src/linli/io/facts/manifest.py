"""The manifest of a dataset: which files count, what is in them, and how far the platform was read.

A file that the manifest does not list is no part of the dataset. The manifest is written last and put in
place by one rename: a writer that dies leaves the dataset as it was.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from linli.assessment.facts.schema import FORMAT
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["MANIFEST", "Import", "Manifest", "Part", "read_manifest", "write_manifest"]

say = catalogue("linli.io.facts")

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One Parquet file of a table: its rows of one month, or all rows of a dimension (``all``)."""

    name: str
    month: str
    rows: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Import:
    """A list that was taken in: of which table, how many rows it had, how many of them were new."""

    file: str
    sha256: str
    table: str
    rows: int
    added: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a dataset consists of. ``marks`` say, for each exporter, how far it has read the platform."""

    zone: str
    tables: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    imports: tuple[Import, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the digests of all files: the same facts have the same digest."""
        lines = [
            f"{table} {part.month} {part.sha256}" for table, parts in self.tables.items() for part in parts
        ]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return sum(part.rows for part in self.tables.get(table, ()))


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; ``None`` where there is none.

    Raises
    ------
    LinliError
        It cannot be read, or is of another format.
    """
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise LinliError(say("manifest.unreadable", folder=folder, reason=str(error))) from None
    try:
        if content["format"] != FORMAT:
            raise LinliError(say("manifest.format", folder=folder, given=content["format"], known=FORMAT))
        return _manifest(content)
    except (KeyError, TypeError, AttributeError) as error:
        raise LinliError(say("manifest.unreadable", folder=folder, reason=str(error))) from None


def _manifest(content: Mapping[str, Any]) -> Manifest:
    return Manifest(
        zone=content["zone"],
        tables={t: tuple(Part(**part) for part in parts) for t, parts in content["tables"].items()},
        marks=dict(content["marks"]),
        imports=tuple(Import(**one) for one in content["imports"]),
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in place in one step."""
    content = {
        "format": FORMAT,
        "digest": manifest.digest,
        "zone": manifest.zone,
        "tables": {t: [asdict(part) for part in parts] for t, parts in sorted(manifest.tables.items())},
        "marks": dict(sorted(manifest.marks.items())),
        "imports": [asdict(one) for one in manifest.imports],
    }
    beside = folder / f".{MANIFEST}.part"
    with beside.open("w", encoding="utf-8") as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, folder / MANIFEST)  # noqa: PTH105 - replace in one step
