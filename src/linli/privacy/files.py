"""Files that people attach: checked by content, cleaned of what they hide, or refused with the reason."""

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, NoReturn

from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.texts import Text, catalogue, plain
from linli.privacy.documents import wrong_in_office, wrong_in_pdf
from linli.privacy.images import LONGEST_SIDE, MOST_PIXELS, DamagedImage, ImageTooLarge, redrawn
from linli.privacy.kinds import KINDS, Kind, decoded, kind_of, named
from linli.privacy.names import safe_name, suffix_of

__all__ = ["ALLOWED", "MOST_BYTES", "CleanFile", "inspect_file"]

say = catalogue("linli.privacy")

ALLOWED: Final = frozenset(KINDS)
MOST_BYTES: Final = 20 * 1024 * 1024
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class CleanFile:
    """A file as it may be kept: ``sha256`` and ``content`` are those of the cleaned file."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    sha256: str

    @property
    def size(self) -> int:
        """Bytes of the cleaned file."""
        return len(self.content)


def inspect_file(
    name: str, content: bytes, *, allowed: AbstractSet[str] = ALLOWED, most_bytes: int = MOST_BYTES
) -> CleanFile:
    """The cleaned file.

    Pictures are drawn anew without EXIF, place, device or thumbnail, and upright. Text becomes UTF-8.
    PDF, XLSX and DOCX are kept as they are if nothing in them runs, calls out or hides.

    Parameters
    ----------
    name : str
        The name the sender gave, whatever it holds.
    allowed : set of str
        Ids of kinds: ``jpeg png webp pdf txt xlsx docx``.
    most_bytes : int
        The largest file taken in, before cleaning.

    Raises
    ------
    InputRefused
        With one finding: ``files.empty``, ``too_large``, ``kind``, ``mismatch``, ``damaged``, ``pixels``,
        ``encrypted``, ``active`` or ``unpacks``.
    """
    safe = safe_name(name)
    if not content:
        _refuse("empty", safe, "0 B")
    if len(content) > most_bytes:
        _refuse("too_large", safe, _megabytes(len(content)), most=_megabytes(most_bytes))
    suffix = suffix_of(safe)
    kind = named(suffix)
    if kind is None or kind.id not in allowed:
        _refuse("kind", safe, suffix or "—", allowed=_listed(allowed))
    found = kind_of(content)
    if found != kind:
        _refuse("mismatch", safe, found.suffixes[0] if found else "?", suffix=suffix)
    cleaned = _cleaned(kind, content, safe)
    digest = hashlib.sha256(cleaned).hexdigest()
    return CleanFile(name=safe, media_type=kind.media_type, content=cleaned, sha256=digest)


def _cleaned(kind: Kind, content: bytes, name: str) -> bytes:
    if kind.id in ("jpeg", "png", "webp"):
        return _picture(kind, content, name)
    if kind.id == "txt":
        return (decoded(content) or "").encode("utf-8")
    wrong = wrong_in_pdf(content) if kind.id == "pdf" else wrong_in_office(content)
    if wrong is not None:
        _refuse(wrong, name, kind.suffixes[0])
    return content


def _picture(kind: Kind, content: bytes, name: str) -> bytes:
    try:
        return redrawn(content, kind.id.upper())
    except DamagedImage:
        _refuse("damaged", name, kind.suffixes[0])
    except ImageTooLarge as error:
        given = f"{error.width} × {error.height}" if error.width else ">"
        _refuse("pixels", name, given, most=MOST_PIXELS // 1_000_000, side=LONGEST_SIDE)


def _refuse(reason: str, name: str, given: str, **values: object) -> NoReturn:
    finding = Finding(
        code=f"files.{reason}",
        where=Where(name),
        given=given,
        expected=say(f"files.{reason}.expected", **values),
        remedy=say(f"files.{reason}.remedy", **values),
    )
    parts = {"name": name, "given": given, "expected": finding.expected, "remedy": finding.remedy}
    raise InputRefused(say("files.refused", what=say(f"files.{reason}.given", **parts), **parts), (finding,))


def _listed(allowed: AbstractSet[str]) -> Text:
    return plain(
        " ".join(suffix for kind in KINDS.values() if kind.id in allowed for suffix in kind.suffixes)
    )


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB"
