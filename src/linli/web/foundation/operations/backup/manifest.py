"""The list in a backup of what it holds, by which a restore knows that nothing is missing or changed."""

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

__all__ = ["FORMAT", "MANIFEST", "Kept", "Manifest", "digest_of", "key_mark", "read_manifest"]

say = catalogue("linli.web.foundation.operations")

FORMAT: Final = "linli-backup/1"
MANIFEST: Final = "manifest.json"


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
    """Tells whether the audit log was written with the key of the machine that restores it; not the key."""
    migrations: Sequence[str]
    """What the database had been through, by which an older version of Linli knows that it cannot read it."""
    audit: Mapping[str, int]
    """Entries of each lane of the audit log."""
    rows: Mapping[str, int]
    """Rows of each table."""
    files: Mapping[str, Kept]
    missing: Sequence[str] = ()
    """Attached files that the database names and the disk did not have."""

    def text(self) -> str:
        """As it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def key_mark() -> str:
    """A mark of this machine's audit key."""
    return hmac.new(str(settings.AUDIT_KEY).encode(), b"linli backup", hashlib.sha256).hexdigest()[:16]


def digest_of(path: Path) -> Kept:
    """Size and hash of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Kept(file.tell(), digest.hexdigest())


def read_manifest(path: Path) -> Manifest:
    """The manifest of an unpacked backup.

    Raises
    ------
    LinliError
        There is none, or it is of another format.
    """
    try:
        given: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files = {name: Kept(int(kept["size"]), str(kept["sha256"])) for name, kept in given["files"].items()}
        found = Manifest(**{**given, "files": files})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise LinliError(say("backup.no_manifest")) from None
    if found.format != FORMAT:
        raise LinliError(say("backup.other_format", given=found.format, expected=FORMAT))
    return found
