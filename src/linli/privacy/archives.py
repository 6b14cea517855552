"""Archives (XLSX, DOCX) read part by part with limits, whatever their directory says of them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Allowed", "WrongArchive", "has_too_many", "parts_of", "unpacked"]

CHUNK: Final = 64 * 1024
SMALLEST_MEASURED: Final = 64 * 1024
LOCAL: Final = struct.Struct("<4s2xH2x2x2x4x4x4xHH")
ENCRYPTED: Final = 0x1
ENTRY: Final = b"PK\x01\x02"


class WrongArchive(Exception):
    """``reason`` is ``damaged``, ``encrypted`` or ``unpacks``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Allowed:
    """How much an archive may be."""

    unpacked: int = 200 * 1024 * 1024
    ratio: int = 200
    """Of what it unpacks to, to its size; small ones are measured as 64 kB."""
    parts: int = 5000


def parts_of(content: bytes, allowed: Allowed) -> list[zipfile.ZipInfo]:
    """The parts, after a look at the directory alone; each must still be read by ``unpacked``.

    Raises
    ------
    WrongArchive
        Damaged, encrypted, or larger than allowed by its own account.
    """
    if has_too_many(content, allowed):
        raise WrongArchive("unpacks")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        LookupError,
        EOFError,
        struct.error,
        RuntimeError,  # A version of the format that is not known.
    ) as error:
        raise WrongArchive("damaged") from error
    total = sum(part.file_size for part in parts)
    # Parts that lie over one another are larger together than the file.
    overlap = sum(part.compress_size for part in parts) > len(content)
    most = min(allowed.unpacked, allowed.ratio * max(len(content), SMALLEST_MEASURED))
    if total > most or len(parts) > allowed.parts or overlap:
        raise WrongArchive("unpacks")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise WrongArchive("encrypted")
    # Two parts of one name: one program would read the first, another the second.
    names = {part.filename.lower() for part in parts}
    if len(names) != len(parts) or any(_strays(part) for part in parts):
        raise WrongArchive("damaged")
    return parts


def has_too_many(content: bytes, allowed: Allowed) -> bool:
    """Whether a directory is too long to be read at all: its entries are counted over the bytes."""
    return content.count(ENTRY) > allowed.parts


def _strays(part: zipfile.ZipInfo) -> bool:
    name = part.filename
    known = part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    outside = name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/")
    return outside or not known


def unpacked(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces: neither more nor less than the directory says.

    Raises
    ------
    WrongArchive
        The directory lied, or the part is damaged.
    """
    packed = _packed(content, part)
    if part.compress_type == zipfile.ZIP_STORED:
        if len(packed) != part.file_size:
            raise WrongArchive("damaged")
        for start in range(0, len(packed), CHUNK):
            yield bytes(packed[start : start + CHUNK])
        return
    yield from _inflated(packed, part.file_size)


def _inflated(packed: memoryview, size: int) -> Iterator[bytes]:
    left, machine = size, zlib.decompressobj(-15)
    feed: bytes | memoryview = packed
    try:
        while not machine.eof:
            piece = machine.decompress(feed, CHUNK)
            left -= len(piece)
            if left < 0:
                raise WrongArchive("unpacks")
            feed = machine.unconsumed_tail
            if not piece and not feed:
                raise WrongArchive("damaged")
            yield piece
    except zlib.error as error:
        raise WrongArchive("damaged") from error
    if left:
        raise WrongArchive("damaged")


def _packed(content: bytes, part: zipfile.ZipInfo) -> memoryview:
    at = part.header_offset
    try:
        mark, _, name, extra = LOCAL.unpack_from(content, at)
    except struct.error as error:
        raise WrongArchive("damaged") from error
    start = at + LOCAL.size + name + extra
    end = start + part.compress_size
    if mark != b"PK\x03\x04" or end > len(content):
        raise WrongArchive("damaged")
    return memoryview(content)[start:end]
