"""The sealed list in a backup of what it holds: a restore knows by it that nothing is missing or changed.

The seal is keyed with the audit key, so that whoever can write to a backup cannot make one that fits.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.audit.sealing import mac, mac_fits
from linli.web.foundation.audit.verifying import Head

__all__ = [
    "FORMAT",
    "MANIFEST",
    "SEAL",
    "Kept",
    "Manifest",
    "digest_of",
    "is_sealed",
    "key_mark",
    "knows_key",
    "read_manifest",
    "seal_for",
]

say = catalogue("linli.web.foundation.operations")

FORMAT: Final = "linli-backup/2"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.seal"
_PURPOSE: Final = "backup"


@dataclass(frozen=True)
class Kept:
    """One file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds and of what."""

    format: str
    linli_version: str
    made_at: str
    engine: str
    """``sqlite`` or ``postgresql``: the one that the database was dumped from."""
    database: str
    """Name of the dump in the archive."""
    key_mark: str
    """Tells whether the machine that restores it knows the key of its seal and audit log; not the key."""
    migrations: Sequence[str]
    """What the database had been through, by which an older version of Linli knows that it cannot read it."""
    audit: Mapping[str, int]
    """Entries of each lane of the audit log."""
    heads: Sequence[Sequence[Any]]
    """Where the audit log stood: lane, entries, last hash. A witness of it outside the database."""
    rows: Mapping[str, int]
    """Rows of each table."""
    files: Mapping[str, Kept]
    missing: Sequence[str] = ()
    """Attached files that the database names and the disk did not have."""
    log: Sequence[str] = ()
    """Kinds of what was wrong with the audit log or with its heads outside; empty where it was whole."""
    line: str = ""
    """The seal of the last line of the heads outside the database; empty where there was none."""

    def text(self) -> str:
        """As it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def witness(self) -> tuple[Head, ...]:
        """Where the audit log stood, to verify it by."""
        return tuple(Head(int(lane), int(count), str(last)) for lane, count, last in self.heads)


def _mark(key: str) -> str:
    return hmac.new(key.encode(), b"linli backup", hashlib.sha256).hexdigest()[:16]


def key_mark() -> str:
    """A mark of this machine's audit key."""
    return _mark(str(settings.AUDIT_KEY))


def knows_key(mark: str) -> bool:
    """Whether the key of a mark is this machine's, or a former one of it."""
    return mark in {_mark(str(key)) for key in (settings.AUDIT_KEY, *settings.AUDIT_OLD_KEYS)}


def seal_for(text: str) -> str:
    """The seal of a manifest's text."""
    return mac(_PURPOSE, text)


def is_sealed(text: str, seal: str) -> bool:
    """Whether a manifest carries the seal of a key that this machine knows."""
    return mac_fits(_PURPOSE, text, seal)


def digest_of(path: Path) -> Kept:
    """Size and hash of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Kept(file.tell(), digest.hexdigest())


def read_manifest(text: str) -> Manifest:
    """The manifest in its text.

    Raises
    ------
    LinliError
        It is none, or of another format.
    """
    try:
        given: dict[str, Any] = json.loads(text)
        found = str(given["format"])
        if found == FORMAT:
            files = {name: Kept(int(one["size"]), str(one["sha256"])) for name, one in given["files"].items()}
            manifest = Manifest(**{**given, "files": files})
            manifest.witness()
            return manifest
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise LinliError(say("backup.no_manifest")) from None
    raise LinliError(say("backup.other_format", given=found[:40], expected=FORMAT))
