"""How large a picture says it is and of how many parts it is built, before anything decodes it.

A decoder does its work once for each part: twenty thousand passes over one picture take it minutes, in a file
of less than a megabyte.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["MOST_SCANS", "Size", "TooManyParts", "WrongHeader", "measured"]

MOST_CHUNKS: Final = 4096
MOST_SCANS: Final = 64
"""Passes over a JPEG. A telephone's has one, a progressive one about ten."""
MOST_PNG_CHUNKS: Final = 16_384
"""Many programs write a PNG in pieces of 8 kB."""
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers of a frame; the three left out are tables."""
ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG's markers without a length."""
SCAN: Final = 0xDA
END: Final = 0xD9
LEAST_WITH_LENGTH: Final = 0xC0
MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
"""What ends a pass: not a byte that was stuffed, not a mark to start anew."""
MOVES: Final = 0x02


class WrongHeader(Exception):
    """The beginning is not that of such a picture."""


class TooManyParts(WrongHeader):
    """It is built of more parts than a picture needs; ``count`` is where counting ended."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


@dataclass(frozen=True)
class Size:
    """Pixels along both sides, the most of what the file says of itself."""

    width: int
    height: int
    moving: bool = False

    def joined(self, width: int, height: int) -> "Size":
        """The larger of both, side by side."""
        return Size(max(self.width, width), max(self.height, height), self.moving)


def measured(content: bytes, form: str) -> Size:
    """The size of a ``jpeg``, ``png`` or ``webp`` picture.

    Raises
    ------
    TooManyParts
        More passes or chunks than a picture needs.
    WrongHeader
        It cannot be told.
    """
    try:
        found = {"jpeg": _jpeg, "png": _png, "webp": _webp}[form](content)
    except IndexError as error:
        raise WrongHeader from error
    if found.width < 1 or found.height < 1:
        raise WrongHeader
    return found


def _jpeg(content: bytes) -> Size:
    size, at = Size(0, 0), 2
    for _ in range(MOST_CHUNKS):
        if content[at] != 0xFF:
            raise WrongHeader
        while content[at] == 0xFF:
            at += 1
        marker, at = content[at], at + 1
        if marker in ALONE:
            continue
        if marker == SCAN:
            _count_scans(content, at - 2)
            return size
        if marker in FRAMES:
            size = size.joined(_big(content, at + 5, 2), _big(content, at + 3, 2))
        length = _big(content, at, 2)
        if length < 2:
            raise WrongHeader
        at += length
    raise WrongHeader


def _count_scans(content: bytes, at: int) -> None:
    """Walk as the decoder does, from the first pass to the picture's end; what lies behind is not decoded."""
    scans = parts = 0
    while (found := MARKER.search(content, at)) is not None:
        marker, at = content[found.end() - 1], found.end()
        if marker == END:
            return
        scans, parts = scans + (marker == SCAN), parts + 1
        if scans > MOST_SCANS or parts > MOST_CHUNKS:
            raise TooManyParts(max(scans, parts))
        if marker >= LEAST_WITH_LENGTH:
            at += _big(content, at, 2)


def _png(content: bytes) -> Size:
    if content[12:16] != b"IHDR":
        raise WrongHeader
    size = Size(_big(content, 16, 4), _big(content, 20, 4))
    at, drawn = 8, False
    for count in range(MOST_PNG_CHUNKS):
        kind = content[at + 4 : at + 8]
        if kind == b"acTL":
            return Size(size.width, size.height, moving=True)
        drawn = drawn or kind == b"IDAT"
        if not drawn and count >= MOST_CHUNKS:
            raise WrongHeader
        if drawn and (kind == b"IEND" or at + 8 > len(content)):
            return size
        at += 12 + _big(content, at, 4)
    raise TooManyParts(MOST_PNG_CHUNKS)


def _webp(content: bytes) -> Size:
    size = Size(0, 0)
    for kind, at in _riff(content):
        match kind:
            case b"VP8X":
                size = Size(
                    max(size.width, _little(content, at + 4, 3) + 1),
                    max(size.height, _little(content, at + 7, 3) + 1),
                    moving=bool(content[at] & MOVES),
                )
            case b"VP8L":
                bits = _little(content, at + 1, 4)
                size = size.joined((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
            case b"VP8 ":
                size = size.joined(_little(content, at + 6, 2) & 0x3FFF, _little(content, at + 8, 2) & 0x3FFF)
            case b"ANIM" | b"ANMF":
                size = Size(size.width, size.height, moving=True)
    return size


def _riff(content: bytes) -> Iterator[tuple[bytes, int]]:
    at = 12
    for _ in range(MOST_CHUNKS):
        if at + 8 > len(content):
            return
        yield content[at : at + 4], at + 8
        length = _little(content, at + 4, 4)
        at += 8 + length + length % 2
    raise WrongHeader


def _big(content: bytes, at: int, count: int) -> int:
    if at + count > len(content):
        raise WrongHeader
    return int.from_bytes(content[at : at + count], "big")


def _little(content: bytes, at: int, count: int) -> int:
    if at + count > len(content):
        raise WrongHeader
    return int.from_bytes(content[at : at + count], "little")
