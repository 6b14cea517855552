"""Looks into PDF files for what runs, calls out, hides or unpacks without end; run in a process apart.

Two looks. The bytes are searched for the words, wherever they stand, dead revisions included. Then the file's
objects are read one by one, those in object streams too, and each dictionary is held against lists of keys,
actions and annotations. What cannot be read is refused. What pictures and fonts themselves hold is not
looked at, nor what the document says.
"""

import io
import logging
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from linli.privacy.apart import serve

__all__ = ["answer", "wrong_in_pdf"]

MOST_OF_OBJECTS: Final = 64 * 1024 * 1024
MOST_PACKED: Final = 1024 * 1024
MOST_OBJECT_STREAMS: Final = 2000
MOST_OBJECTS: Final = 50_000
DEEPEST: Final = 100
END_WITHIN: Final = 2048

KEYS: Final = frozenset(
    (
        "/JS",
        "/JavaScript",
        "/AA",
        "/XFA",
        "/EmbeddedFiles",
        "/EF",
        "/AF",
        "/RichMediaContent",
        "/FFilter",
        "/OPI",
        "/DestOutputProfileRef",
    )
)
"""Scripts, actions that start by themselves, forms of their own kind, files within, data from elsewhere."""
ACTIONS: Final = frozenset(
    (
        "/JavaScript",
        "/Launch",
        "/GoToR",
        "/GoToE",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
        "/RichMediaExecute",
        "/Movie",
        "/Sound",
        "/Thread",
    )
)
KINDS: Final = frozenset(
    (
        "/EmbeddedFile",
        "/FileAttachment",
        "/Filespec",
        "/FileSpec",
        "/F",
        "/RichMedia",
        "/Movie",
        "/Screen",
        "/Sound",
        "/3D",
        "/PS",
    )
)
"""Annotations, and whatever stands for another file."""
CLICKED: Final = re.compile(r"(?i)\s*(https?:|mailto:|tel:|www\.[^:\\]*$|#|$)")
"""Where a link that is clicked may lead; a folder in the network gives one's password away."""


def _name(*words: str) -> re.Pattern[bytes]:
    """PDF names, each of whose letters may be written as ``#`` and its code."""
    spelt = ("".join(f"(?:{c}|#(?i:{ord(c):02x}))" for c in word) for word in words)
    return re.compile(rf"/(?:{'|'.join(spelt)})(?![A-Za-z0-9#])".encode())


ACTIVE: Final = _name("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA")
SCRIPT: Final = _name("JS")
ENCRYPTED: Final = _name("Encrypt")
OBJECTS: Final = _name("ObjStm")
PACKED: Final = _name(
    "JS", "AA", "URL", *(word.removeprefix("/") for word in KEYS | ACTIONS | KINDS if len(word) > 3)
)
"""What is looked for among packed objects that no table leads to."""


def wrong_in_pdf(content: bytes) -> str | None:
    """``damaged``, ``encrypted``, ``active`` or ``unpacks``; ``None`` where nothing of that is seen."""
    if b"%%EOF" not in content[-END_WITHIN:]:
        return "damaged"
    return _wrong_bytes(content) or _wrong_objects(content)


def _wrong_bytes(content: bytes) -> str | None:
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


def _wrong_objects(content: bytes) -> str | None:
    # Loaded here, as this module's process alone needs it.
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return "encrypted"
        numbers = list(_numbers(reader))
        if len(numbers) > MOST_OBJECTS:
            return "unpacks"
        return next((wrong for one in _objects(reader, numbers) if (wrong := _wrong(one)) is not None), None)
    except MemoryError:
        raise
    except Exception:  # A reader fed with hostile bytes may fail in any way.
        return "damaged"


def _numbers(reader: Any) -> Iterator[tuple[int, int]]:
    """Every object of the file, whether anything refers to it or not."""
    for generation, found in reader.xref.items():
        yield from ((number, generation) for number in found if number > 0)
    yield from ((number, 0) for number in reader.xref_objStm)


def _objects(reader: Any, numbers: Sequence[tuple[int, int]]) -> Iterator[Any]:
    from pypdf.generic import IndirectObject

    yield reader.trailer
    for number, generation in numbers:
        yield reader.get_object(IndirectObject(number, generation, reader))


def _wrong(value: Any, depth: int = 0) -> str | None:
    """What is wrong with one object and all that it holds itself; what it refers to comes by itself."""
    if depth > DEEPEST:
        return "damaged"
    if isinstance(value, dict):
        if _is_active(value) or _packs_what_is_active(value):
            return "active"
        # Without resolving what is referred to: plain dictionaries and lists hold references as they are.
        parts: Iterator[Any] = iter(dict.values(value))
    elif isinstance(value, list):
        parts = list.__iter__(value)
    else:
        return None
    return next((wrong for part in parts if (wrong := _wrong(part, depth + 1)) is not None), None)


def _packs_what_is_active(found: Any) -> bool:
    return _word(found, "/Type") == "/ObjStm" and PACKED.search(found.get_data()) is not None


def _is_active(found: dict[Any, Any]) -> bool:
    if KEYS & found.keys():
        return True
    if _word(found, "/S") in ACTIONS or {_word(found, "/Type"), _word(found, "/Subtype")} & KINDS:
        return True
    return _lies_elsewhere(found) or _leads_astray(found) or not _only_shows(found)


def _lies_elsewhere(found: dict[Any, Any]) -> bool:
    """Whether the data of a stream, a page that is drawn, or a file lie in another file or at an address."""
    if "/Length" in found and "/F" in found:
        return True
    # In the structure of a text the same key is a list of its elements.
    return isinstance(_resolved(found, "/Ref"), dict) or _word(found, "/FS") == "/URL"


def _leads_astray(found: dict[Any, Any]) -> bool:
    """Whether a link, or the address that links are relative to, leads to a folder or a program."""
    if "/URI" not in found:
        return False
    value = _resolved(found, "/URI")
    if isinstance(value, dict):
        value = _resolved(value, "/Base") or ""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return not isinstance(text, str) or CLICKED.match(text) is None


def _only_shows(found: dict[Any, Any]) -> bool:
    """Whether a page being shown is all that happens when the file is opened."""
    waiting, looked = [dict.get(found, "/OpenAction")], 0
    while waiting:
        looked += 1
        action = _direct(waiting.pop())
        if isinstance(action, list):
            # A place, which begins with its page; or the actions that follow one.
            waiting += [one for one in map(_direct, list.__iter__(action)) if _acts(one)]
        elif isinstance(action, dict):
            if _word(action, "/S") != "/GoTo" or looked > DEEPEST:
                return False
            waiting.append(dict.get(action, "/Next"))
    return True


def _acts(value: Any) -> bool:
    return isinstance(value, dict) and ("/S" in value or _word(value, "/Type") != "/Page")


def _word(found: dict[Any, Any], key: str) -> str:
    value = _resolved(found, key)
    return value if isinstance(value, str) else ""


def _resolved(found: dict[Any, Any], key: str) -> Any:
    return _direct(dict.get(found, key))


def _direct(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def answer(content: bytes, arguments: Sequence[str]) -> bytes:
    """What is wrong, or nothing."""
    return (wrong_in_pdf(content) or "").encode()


if __name__ == "__main__":
    serve(answer)
