"""What one part of a DOCX or XLSX file holds that runs, calls out or is fetched, told element by element."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from linli.privacy.formulas import is_formula, is_wrong_formula
from linli.privacy.markup import local

__all__ = ["Look"]

TYPES: Final = re.compile(
    r"(?i)(macroenabled|vbaproject|activex|oleobject|macrosheet|sheet\.binary|text/html|xhtml|message/rfc822|/rtf)"
)
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
ELEMENTS: Final = frozenset(
    (
        "altchunk",
        "attachedtemplate",
        "datamashup",
        "dbpr",
        "ddelink",
        "externallink",
        "html",
        "mailmerge",
        "olappr",
        "olelink",
        "oleobject",
        "querytable",
        "script",
        "subdoc",
        "webextension",
        "webpr",
        "webvideopr",
    )
)
"""Elements that stand for what runs or is fetched, whatever a relationship says of it."""
CLICKS: Final = frozenset(("hyperlink", "hlinkclick", "hlinkhover", "hlinkmouseover"))
"""The elements that may use a relationship which is called a link."""
REFERENCES: Final = frozenset(("id", "link", "embed", "pict", "href", "relid"))
SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("src", "althref"),
    "image": ("src", "althref", "href"),
    "feimage": ("src", "althref", "href"),
    "use": ("src", "althref", "href"),
}
"""Attributes that name what is fetched, by the element; a drawing's link is clicked."""


@dataclass
class _Written:
    """What is written in an element that is open."""

    element: str
    depth: int
    whole: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    """Without what its parts hold."""


@dataclass
class Look:
    """Follows one part of a document, whichever it is."""

    clicked: AbstractSet[str] = frozenset()
    """Relationships of this part that are called links: nothing but a link may use them."""
    active: bool = False
    links: set[str] = field(default_factory=set)
    """Relationships that are called links in this part."""
    depth: int = 0
    written: list[_Written] = field(default_factory=list)
    """Elements that are open and whose text is looked at, the innermost last."""
    fields: list[list[str]] = field(default_factory=list)
    """Instructions of fields that are open, the innermost last; nested ones are no part of the outer's."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.depth += 1
        plain = {local(key).lower(): value for key, value in attributes.items()}
        one = local(name).lower()
        self.active |= one in ELEMENTS or self._is_fetched(one, plain, attributes)
        self.active |= any(is_wrong_formula(plain[key]) for key in plain if is_formula(key))
        match one:
            case "relationship":
                self._relation(plain)
            case "default" | "override":
                self.active |= TYPES.search(plain.get("contenttype", "")) is not None
            case "fldsimple":
                self.active |= _is_wrong_field(plain.get("instr", ""))
            case "fldchar":
                self._field(plain.get("fldchartype", "").strip().lower())
            case "cachesource":
                self.active |= plain.get("type", "").strip().lower() == "external"
            case "definedname":
                self.active |= any(
                    plain.get(key, "0") not in ("0", "false") for key in ("xlm", "vbprocedure")
                )
        if one in ("instrtext", "delinstrtext", "types") or (is_formula(one) and not _is_fraction(name)):
            self.written.append(_Written(one, self.depth))

    def _is_fetched(self, one: str, plain: Mapping[str, str], attributes: Mapping[str, str]) -> bool:
        if one in CLICKS:
            return False
        if any(REMOTE.match(plain.get(key, "")) for key in SOURCES.get(one, SOURCES[""])):
            return True
        return any(
            " " in key and local(key) in REFERENCES and value in self.clicked
            for key, value in attributes.items()
        )

    def _relation(self, plain: Mapping[str, str]) -> None:
        self.active |= _is_wrong_relation(plain)
        if _kind_of(plain) == "hyperlink" and plain.get("id"):
            self.links.add(plain["id"])

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
        for one in self.written:
            one.whole.append(text)
            if one.depth == self.depth:
                one.own.append(text)

    def end(self, name: str) -> None:
        """An element ends: what was written in it is looked at, with and without what its parts hold."""
        if self.written and self.written[-1].depth == self.depth:
            self._look_at(self.written.pop())
        self.depth -= 1

    def _look_at(self, written: _Written) -> None:
        whole, own = "".join(written.whole), "".join(written.own)
        match written.element:
            case "instrtext" | "delinstrtext":
                (self.fields[-1] if self.fields else []).append(whole)
                # Without a beginning some programs read it all the same; it has no parts.
                self.active |= whole != own or (not self.fields and _is_wrong_field(whole))
            case "types":
                self.active |= TYPES.search(whole) is not None
            case _:
                self.active |= is_wrong_formula(whole) or is_wrong_formula(own)

    def finish(self) -> None:
        """The part ends: fields that never ended are looked at as if they had."""
        while self.fields:
            self._look_at_field()
            self.fields.pop()


def _is_fraction(name: str) -> bool:
    """Mathematics in a text calls its fractions as workbooks call their formulas."""
    return name.rpartition(" ")[0].endswith("/math")


def _kind_of(given: Mapping[str, str]) -> str:
    return given.get("type", "").strip().rstrip("/").rpartition("/")[2].lower()


def _is_wrong_relation(given: Mapping[str, str]) -> bool:
    kind = _kind_of(given)
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
