"""Looks into PDF and office files for what runs, calls out, hides or unpacks without end.

What a document says is kept as it is: its author's name in the file's properties too.
"""

import io
import re
import zipfile
import zlib
from typing import Final

__all__ = ["wrong_in_office", "wrong_in_pdf"]

MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_RATIO: Final = 200
SMALLEST_MEASURED: Final = 64 * 1024
MOST_PARTS: Final = 5000
MOST_OF_A_PART: Final = 4 * 1024 * 1024
MOST_OF_OBJECTS: Final = 64 * 1024 * 1024
MOST_PACKED: Final = 1024 * 1024
MOST_OBJECT_STREAMS: Final = 2000
END_WITHIN: Final = 2048


def _name(*words: str) -> re.Pattern[bytes]:
    """PDF names, each of whose letters may be written as ``#`` and its code."""
    spelt = ("".join(f"(?:{c}|#(?i:{ord(c):02x}))" for c in word) for word in words)
    return re.compile(rf"/(?:{'|'.join(spelt)})(?![A-Za-z0-9#])".encode())


ACTIVE: Final = _name("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA")
SCRIPT: Final = _name("JS")
ENCRYPTED: Final = _name("Encrypt")
OBJECTS: Final = _name("ObjStm")


def wrong_in_pdf(content: bytes) -> str | None:
    """``damaged``, ``encrypted``, ``active`` or ``unpacks``; ``None`` where nothing of that is seen."""
    if b"%%EOF" not in content[-END_WITHIN:]:
        return "damaged"
    # Chance spells two letters within compressed data, but hardly ever a long word.
    written = _without_streams(content)
    if ENCRYPTED.search(written):
        return "encrypted"
    if ACTIVE.search(content) or SCRIPT.search(written):
        return "active"
    left = MOST_OF_OBJECTS
    for count, found in enumerate(OBJECTS.finditer(content)):
        objects = _unpacked(content, found.end(), left)
        left -= len(objects)
        if left <= 0 or count > MOST_OBJECT_STREAMS:
            return "unpacks"
        if ACTIVE.search(objects) or SCRIPT.search(objects):
            return "active"
    return None


def _without_streams(content: bytes) -> bytes:
    """What stands outside the streams of data."""
    kept, at = [], 0
    while (begin := content.find(b"stream", at)) >= 0:
        end = content.find(b"endstream", begin)
        if end < 0:
            break
        kept.append(content[at:begin])
        at = end + len(b"endstream")
    return b" ".join([*kept, content[at:]])


def _unpacked(content: bytes, after: int, most: int) -> bytes:
    """The objects packed in the stream that follows; nothing where they are packed in another way."""
    at = content.find(b"stream", after, after + END_WITHIN)
    if at < 0:
        return b""
    start = at + len(b"stream")
    start += 2 if content[start : start + 2] == b"\r\n" else 1
    end = content.find(b"endstream", start, start + MOST_PACKED)
    packed = content[start : end if end > 0 else start + MOST_PACKED]
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""


LINK: Final = re.compile(rb"<Relationship\b[^<>]*>")
OUTSIDE: Final = re.compile(rb"""TargetMode\s*=\s*["']External""")
HYPERLINK: Final = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""")
MACROS: Final = re.compile(r"(?i)(vbaproject|vbadata|activex|macrosheets)")


def wrong_in_office(content: bytes) -> str | None:
    """``damaged``, ``encrypted``, ``active`` or ``unpacks``; ``None`` where nothing of that is seen."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _wrong_parts(archive, content) or _wrong_links(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, LookupError, EOFError, RuntimeError):
        return "damaged"


def _wrong_parts(archive: zipfile.ZipFile, content: bytes) -> str | None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    allowed = min(MOST_UNPACKED, MOST_RATIO * max(len(content), SMALLEST_MEASURED))
    # Parts that lie over one another are larger together than the file.
    overlap = sum(part.compress_size for part in parts) > len(content)
    if unpacked > allowed or len(parts) > MOST_PARTS or overlap:
        return "unpacks"
    if any(part.flag_bits & 0x1 for part in parts):
        return "encrypted"
    # Something before the first part or after the directory would be a second file within the file.
    alone = min((part.header_offset for part in parts), default=1) == 0 and content[-22:-18] == b"PK\x05\x06"
    if not alone or any(_strays(part.filename) for part in parts):
        return "damaged"
    return "active" if any(MACROS.search(part.filename) for part in parts) else None


def _strays(name: str) -> bool:
    return name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/")


def _wrong_links(archive: zipfile.ZipFile) -> str | None:
    """Links that are opened without a click, and macros under another name."""
    if b"macroEnabled" in _read(archive, "[Content_Types].xml"):
        return "active"
    for name in archive.namelist():
        if name.endswith(".rels"):
            for link in LINK.findall(_read(archive, name)):
                if OUTSIDE.search(link) and not HYPERLINK.search(link):
                    return "active"
    return None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MOST_OF_A_PART)
