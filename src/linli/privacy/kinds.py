"""The kinds of file that may be attached, each known by its content and not by its name."""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["KINDS", "Kind", "decoded", "kind_of", "named"]

UNPRINTED: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
MARKUP: Final = re.compile(r"(?i)^\s*<[!?/a-z]|<(?:script|html|svg|iframe|body|head)[\s/>]")
MARKUP_WITHIN: Final = 4096


@dataclass(frozen=True)
class Kind:
    """A kind of file."""

    id: str
    media_type: str
    suffixes: tuple[str, ...]


KINDS: Final = {
    kind.id: kind
    for kind in (
        Kind("jpeg", "image/jpeg", (".jpg", ".jpeg")),
        Kind("png", "image/png", (".png",)),
        Kind("webp", "image/webp", (".webp",)),
        Kind("pdf", "application/pdf", (".pdf",)),
        Kind("txt", "text/plain; charset=utf-8", (".txt",)),
        Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)),
        Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)),
    )
}

BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
)


def named(suffix: str) -> Kind | None:
    """The kind that an extension stands for."""
    return next((kind for kind in KINDS.values() if suffix in kind.suffixes), None)


def kind_of(content: bytes) -> Kind | None:
    """The kind that the content itself shows; ``None`` for anything that may not be attached."""
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return KINDS[kind]
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return KINDS["webp"]
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    text = decoded(content)
    return None if text is None or MARKUP.search(text[:MARKUP_WITHIN]) else KINDS["txt"]


def _office(content: bytes) -> Kind | None:
    # Part names stand uncompressed in the directory at the end of the archive.
    if b"xl/workbook.xml" in content:
        return KINDS["xlsx"]
    return KINDS["docx"] if b"word/document.xml" in content else None


def decoded(content: bytes) -> str | None:
    """The text of a plain text file in an encoding used in China; ``None`` if it is not text."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if UNPRINTED.search(text) else text
    return None
