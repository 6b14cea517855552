"""XML of strangers, read as a stream: no document type, so no entities, and no depth without end."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from xml.parsers import expat

__all__ = ["Start", "WrongMarkup", "is_markup", "local", "read_markup"]

DEEPEST: Final = 256
BEGINNINGS: Final = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")

Start = Callable[[str, Mapping[str, str]], object]
"""Told of each element by its name and attributes, each name as ``namespace local`` or ``local``."""
Told = Callable[[str], object]


class WrongMarkup(Exception):
    """It is not XML, declares a document type, or nests without end; ``reason`` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


def is_markup(beginning: bytes) -> bool:
    """Whether some bytes begin as XML does."""
    return beginning.lstrip(b" \t\r\n").startswith(BEGINNINGS)


def read_markup(
    pieces: Iterable[bytes], *, start: Start, end: Told | None = None, text: Told | None = None
) -> None:
    """Read XML and tell of what is in it.

    Raises
    ------
    WrongMarkup
        It is damaged, declares a document type (``doctype``), or nests deeper than 256.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def begun(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise WrongMarkup("deep")
        start(name, attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name)

    def declared(*_: object) -> None:
        raise WrongMarkup("doctype")

    parser.StartElementHandler = begun
    parser.EndElementHandler = ended
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece, False)  # noqa: FBT003 - positional in expat
        parser.Parse(b"", True)  # noqa: FBT003 - positional in expat
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise WrongMarkup("damaged") from error
