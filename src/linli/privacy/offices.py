"""Looks into DOCX and XLSX files for what runs, calls out, hides or unpacks; run in a process apart.

The package is read as a program reads it: each part is inflated and, where it is XML, parsed whatever its
encoding and prefixes. Relationships, types, fields (split over runs or nested), formulas and drawings are
held against lists; a part that cannot be parsed is refused. What pictures and fonts themselves hold is not
looked at, nor what the document says: its author's name is kept.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from linli.privacy.apart import serve
from linli.privacy.archives import Allowed, WrongArchive, parts_of, unpacked
from linli.privacy.markup import WrongMarkup, is_markup, local, read_markup

__all__ = ["answer", "wrong_in_office"]

END: Final = b"PK\x05\x06"
END_SIZE: Final = 22
BINARIES: Final = (b"\xd0\xcf\x11\xe0", b"MZ", b"PK\x03\x04", b"%PDF", b"{\\rtf", b"\x7fELF", b"#!")
"""Other files within the file: OLE, programs, archives."""
NAMES: Final = re.compile(r"(?i)(vbaproject|vbadata|activex|macrosheets|oleobject|externallinks|embeddings/)")
TYPES: Final = re.compile(r"(?i)(macroenabled|vbaproject|activex|oleobject|macrosheet|sheet\.binary)")
RELATIONS: Final = frozenset(
    (
        "activexcontrolbinary",
        "afchunk",
        "attachedtemplate",
        "attachedtoolbars",
        "connections",
        "control",
        "customui",
        "extensibility",
        "externallink",
        "externallinkpath",
        "frame",
        "mailmergeheadersource",
        "mailmergesource",
        "oleobject",
        "package",
        "querytable",
        "recipientdata",
        "subdocument",
        "transform",
        "vbaproject",
        "webextension",
        "webextensiontaskpanes",
        "wordvbadata",
        "xlintlmacrosheet",
        "xlmacrosheet",
    )
)
"""Relationships to what runs, is fetched, or is a file of its own."""
CLICKED: Final = re.compile(r"(?i)(https?:|mailto:|tel:|#|[^:\\/]*$)")
"""Where a link that is clicked may lead; a folder in the network gives one's password away."""
REMOTE: Final = re.compile(r"(?i)\s*([a-z][a-z0-9+.-]*:|\\\\|//)")
FIELDS: Final = frozenset(
    (
        "autotext",
        "control",
        "database",
        "dde",
        "ddeauto",
        "embed",
        "glossary",
        "htmlcontrol",
        "import",
        "include",
        "includepicture",
        "includetext",
        "link",
        "macrobutton",
        "print",
        "rd",
    )
)
"""Fields of a document that run, or fetch something."""
QUOTED: Final = re.compile(r'"[^"]*"')
FORMULAS: Final = re.compile(
    r"(?i)\b(webservice|rtd|call|register(\.id)?|exec|sql\.request)\s*\(|\w\s*\|\s*['\w]"
)
"""Functions that call out, and ``program|topic!item``."""


def wrong_in_office(content: bytes) -> str | None:
    """``damaged``, ``encrypted``, ``active`` or ``unpacks``; ``None`` where nothing of that is seen."""
    try:
        parts = parts_of(content, Allowed())
        if not _is_alone(content, parts):
            return "damaged"
        return next((wrong for part in parts if (wrong := _wrong_part(content, part)) is not None), None)
    except WrongArchive as wrong:
        return wrong.reason
    except WrongMarkup as wrong:
        return "active" if wrong.reason == "doctype" else "damaged"


def _is_alone(content: bytes, parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether nothing lies before the first part or after the directory: it would be a second file."""
    first = min((part.header_offset for part in parts), default=1)
    return first == 0 and content[-END_SIZE : -END_SIZE + len(END)] == END


def _wrong_part(content: bytes, part: zipfile.ZipInfo) -> str | None:
    if NAMES.search(part.filename):
        return "active"
    pieces = unpacked(content, part)
    first = next(pieces, b"")
    if first.startswith(BINARIES):
        return "active"
    if not is_markup(first):
        for _ in pieces:
            pass
        return "damaged" if part.filename.lower().endswith((".xml", ".rels")) and first else None
    look = _Look()
    read_markup(_joined(first, pieces), start=look.start, end=look.end, text=look.text)
    return "active" if look.active else None


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


@dataclass
class _Look:
    """Follows one part of a document, whichever it is."""

    active: bool = False
    within: str = ""
    written: list[str] = field(default_factory=list)
    fields: list[list[str]] = field(default_factory=list)
    """Instructions of fields that are open, the innermost last; nested ones are no part of the outer's."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        plain = {local(key).lower(): value for key, value in attributes.items()}
        match local(name):
            case "Relationship":
                self.active |= _is_wrong_relation(plain)
            case "Default" | "Override":
                self.active |= TYPES.search(plain.get("contenttype", "")) is not None
            case "fldSimple":
                self.active |= _is_wrong_field(plain.get("instr", ""))
            case "fldChar":
                self._field(plain.get("fldchartype", ""))
            case (
                "instrText" | "delInstrText" | "f" | "definedName" | "formula1" | "formula2" | "Types" as one
            ):
                self.within, self.written = one, []
            case _:
                self.active |= any(REMOTE.match(plain.get(key, "")) for key in ("src", "althref"))

    def _field(self, kind: str) -> None:
        match kind:
            case "begin":
                # A keyword that another field makes up is not to be known beforehand.
                self.active |= bool(self.fields) and not "".join(self.fields[-1]).strip()
                self.fields.append([])
            case "separate":
                self._look_at_field()
            case "end":
                self._look_at_field()
                if self.fields:
                    self.fields.pop()

    def _look_at_field(self) -> None:
        if self.fields:
            self.active |= _is_wrong_field("".join(self.fields[-1]))

    def text(self, text: str) -> None:
        """Something is written."""
        if self.within:
            self.written.append(text)

    def end(self, name: str) -> None:
        """An element ends: what was written in it is looked at."""
        if local(name) != self.within:
            return
        text = "".join(self.written)
        match self.within:
            case "instrText" | "delInstrText":
                (self.fields[-1] if self.fields else []).append(text)
                # Without a beginning some programs read it all the same.
                self.active |= not self.fields and _is_wrong_field(text)
            case "Types":
                self.active |= TYPES.search(text) is not None
            case _:
                self.active |= FORMULAS.search(QUOTED.sub('""', text)) is not None
        self.within = ""


def _is_wrong_relation(given: Mapping[str, str]) -> bool:
    kind = given.get("type", "").rstrip("/").rpartition("/")[2].lower()
    if kind in RELATIONS:
        return True
    outside = given.get("targetmode", "").strip().lower() == "external"
    target = given.get("target", "").strip()
    if kind == "hyperlink":
        return outside and CLICKED.match(target) is None
    return outside or REMOTE.match(target) is not None


def _is_wrong_field(instruction: str) -> bool:
    words = instruction.replace('"', " ").replace("\\", " ").split()
    return bool(words) and words[0].lower() in FIELDS


def answer(content: bytes, arguments: Sequence[str]) -> bytes:
    """What is wrong, or nothing."""
    return (wrong_in_office(content) or "").encode()


if __name__ == "__main__":
    serve(answer)
