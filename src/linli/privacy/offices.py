"""Looks into DOCX and XLSX files for what runs, calls out, hides or unpacks; run in a process apart.

The package is read as a program reads it: each part is inflated and, where it is XML, parsed whatever its
encoding and prefixes. Relationships, types, fields (split over runs or nested), formulas and drawings are
held against lists (``linli.privacy.officemarkup``); a part that cannot be parsed is refused. What pictures
and fonts themselves hold is not looked at, nor what the document says: its author's name is kept.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final

from linli.privacy.apart import serve
from linli.privacy.archives import Allowed, WrongArchive, parts_of, unpacked
from linli.privacy.markup import WrongMarkup, is_markup, read_markup
from linli.privacy.officemarkup import Look

__all__ = ["answer", "wrong_in_office"]

END: Final = b"PK\x05\x06"
END_SIZE: Final = 22
BINARIES: Final = (b"\xd0\xcf\x11\xe0", b"MZ", b"PK\x03\x04", b"%PDF", b"{\\rtf", b"\x7fELF", b"#!")
"""Other files within the file: OLE, programs, archives."""
NAMES: Final = re.compile(r"(?i)(vbaproject|vbadata|activex|macrosheets|oleobject|externallinks|embeddings/)")
PAGES: Final = re.compile(r"(?i)\.(html?|xhtml|mht|mhtml|rtf|eml|hta)$")
"""Pages within the file: a program takes them in as its text, with all that they fetch."""
CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
BEGINNING: Final = 512
RELATIONS: Final = ".rels"


def wrong_in_office(content: bytes) -> str | None:
    """``damaged``, ``encrypted``, ``active`` or ``unpacks``; ``None`` where nothing of that is seen."""
    try:
        parts = parts_of(content, Allowed())
        if not _is_alone(content, parts):
            return "damaged"
        return _wrong_parts(content, parts)
    except WrongArchive as wrong:
        return wrong.reason
    except WrongMarkup as wrong:
        return "active" if wrong.reason == "doctype" else "damaged"


def _is_alone(content: bytes, parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether nothing lies before the first part or after the directory: it would be a second file."""
    first = min((part.header_offset for part in parts), default=1)
    return first == 0 and content[-END_SIZE : -END_SIZE + len(END)] == END


def _wrong_parts(content: bytes, parts: Sequence[zipfile.ZipInfo]) -> str | None:
    links: dict[str, set[str]] = {}
    # Relationships first: what is called a link there may be fetched by what refers to it.
    for part in sorted(parts, key=lambda one: not one.filename.lower().endswith(RELATIONS)):
        name = part.filename.lower()
        look = Look(clicked=links.get(name, set()))
        wrong = _wrong_part(content, part, look)
        if wrong is not None:
            return wrong
        if name.endswith(RELATIONS):
            links[_whose(name)] = look.links
    return None


def _whose(name: str) -> str:
    """The part whose relationships a part holds: ``word/document.xml`` of its ``_rels``."""
    folder, last = posixpath.split(name)
    return posixpath.join(posixpath.dirname(folder), last.removesuffix(RELATIONS))


def _wrong_part(content: bytes, part: zipfile.ZipInfo, look: Look) -> str | None:
    if NAMES.search(part.filename) or PAGES.search(part.filename):
        return "active"
    pieces = unpacked(content, part)
    first = next(pieces, b"")
    if first.startswith(BINARIES):
        return "active"
    if not is_markup(first):
        for _ in pieces:
            pass
        if part.filename.lower().endswith((".xml", RELATIONS)) and first:
            return "damaged"
        return "active" if _is_text(first) else None
    read_markup(_joined(first, pieces), start=look.start, end=look.end, text=look.text)
    look.finish()
    return "active" if look.active else None


def _is_text(first: bytes) -> bool:
    """Whether a part is neither XML nor a picture or font: a message, a script, a page in PostScript."""
    return bool(first.strip()) and CONTROLS.search(first[:BEGINNING]) is None


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def answer(content: bytes, arguments: Sequence[str]) -> bytes:
    """What is wrong, or nothing."""
    return (wrong_in_office(content) or "").encode()


if __name__ == "__main__":
    serve(answer)
