"""Files that people attach: checked by content, cleaned of what they hide, or refused with the reason.

``look_over`` is quick whatever it is given: size, kind, and how large a picture says it is. ``clean_file``
opens the file, in a process of its own with limits (``linli.privacy.apart``). ``inspect_file`` does both.
"""

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final, NoReturn

from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.texts import Text, catalogue, plain
from linli.privacy.allowance import SECONDS
from linli.privacy.apart import Busy, Limits, Spent, TooHard, apart
from linli.privacy.headers import MOST_SCANS, TooManyParts, WrongHeader, measured
from linli.privacy.kinds import KINDS, Kind, decoded, kind_of, named
from linli.privacy.names import safe_name, suffix_of
from linli.privacy.sizes import LONGEST_SIDE, MOST_PIXELS

__all__ = [
    "ALLOWED",
    "MOST_BYTES",
    "SPENT",
    "CleanFile",
    "LookedOver",
    "clean_file",
    "inspect_file",
    "look_over",
]

say = catalogue("linli.privacy")

ALLOWED: Final = frozenset(KINDS)
MOST_BYTES: Final = 20 * 1024 * 1024
SPENT: Final = "files.spent"
MEGABYTE: Final = 1024 * 1024
PICTURES: Final = ("jpeg", "png", "webp")
OPENED_BY: Final = {
    "jpeg": "linli.privacy.images",
    "png": "linli.privacy.images",
    "webp": "linli.privacy.images",
    "pdf": "linli.privacy.pdfs",
    "xlsx": "linli.privacy.offices",
    "docx": "linli.privacy.offices",
}
LIMITS: Final = Limits(megabytes=640, seconds=8)
"""People's files wait behind one that is being opened, and a PDF of many objects takes all that it may."""
PICTURE_LIMITS: Final = Limits(megabytes=640, seconds=6)
"""A telephone's photograph of 12 megapixels takes 0.3 seconds, one of 50 takes 0.7, the slowest kind 1.6."""


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


@dataclass(frozen=True, kw_only=True)
class LookedOver:
    """A file that may be cleaned: of a kind that is allowed, not too large. Nothing has opened it yet."""

    name: str
    kind: Kind
    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """That of its kind."""
        return self.kind.media_type

    @property
    def sha256(self) -> str:
        """Of the file as it came in."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def opened(self) -> bool:
        """Whether cleaning it means opening it; text is only decoded."""
        return self.kind.id in OPENED_BY


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
        With one finding: those of ``look_over`` and of ``clean_file``.
    """
    return clean_file(look_over(name, content, allowed=allowed, most_bytes=most_bytes))


def look_over(
    name: str, content: bytes, *, allowed: AbstractSet[str] = ALLOWED, most_bytes: int = MOST_BYTES
) -> LookedOver:
    """The file as far as can be seen without opening it.

    Raises
    ------
    InputRefused
        With one finding: ``files.empty``, ``too_large``, ``kind``, ``mismatch``, ``damaged``, ``parts`` or
        ``pixels``.
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
    if kind.id in PICTURES:
        _measure(kind, content, safe)
    return LookedOver(name=safe, kind=kind, content=content)


def _measure(kind: Kind, content: bytes, name: str) -> None:
    try:
        size = measured(content, kind.id)
    except TooManyParts as found:
        _refuse("parts", name, str(found.count), most=MOST_SCANS)
    except WrongHeader:
        _refuse("damaged", name, kind.suffixes[0])
    if size.moving:
        _refuse("damaged", name, kind.suffixes[0])
    most = MOST_PIXELS[kind.id.upper()]
    if size.width * size.height > most or max(size.width, size.height) > LONGEST_SIDE:
        _refuse_pixels(kind, name, f"{size.width} × {size.height}")


def clean_file(looked: LookedOver, *, behind: bool = False) -> CleanFile:
    """The file opened in a process of its own, and cleaned; ``behind`` others that want to be opened now.

    Raises
    ------
    InputRefused
        With one finding: ``files.damaged``, ``encrypted``, ``active``, ``unpacks``, ``pixels``, ``hard`` (it
        wants more memory or time than there is), ``spent`` (the files before it in this request took all the
        time) or ``busy`` (others are being opened; it may be tried again).
    """
    cleaned = (
        _opened(looked, behind=behind) if looked.opened else (decoded(looked.content) or "").encode("utf-8")
    )
    digest = hashlib.sha256(cleaned).hexdigest()
    return CleanFile(name=looked.name, media_type=looked.kind.media_type, content=cleaned, sha256=digest)


def _opened(looked: LookedOver, *, behind: bool) -> bytes:
    kind = looked.kind
    try:
        limits = replace(PICTURE_LIMITS if kind.id in PICTURES else LIMITS, behind=behind)
        answer = apart(OPENED_BY[kind.id], looked.content, limits, [kind.id.upper()])
    except Spent:
        _refuse("spent", looked.name, kind.suffixes[0], most=round(SECONDS))
    except TooHard:
        _refuse("hard", looked.name, kind.suffixes[0])
    except Busy:
        _refuse("busy", looked.name, kind.suffixes[0])
    word, _, redrawn = answer.partition(b"\n")
    if word == b"pixels":
        _refuse_pixels(kind, looked.name, ">")
    if word not in (b"", b"ok"):
        _refuse(word.decode("ascii"), looked.name, kind.suffixes[0])
    return redrawn if kind.id in PICTURES else looked.content


def _refuse_pixels(kind: Kind, name: str, given: str) -> NoReturn:
    _refuse("pixels", name, given, most=MOST_PIXELS[kind.id.upper()] // 1_000_000, side=LONGEST_SIDE)


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
