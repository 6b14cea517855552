"""What is kept on nobody, as data, and where a text or an identifier asks for it all the same.

It reads words, not intentions: it finds a field that is called by its name, in Chinese, English or pinyin.
"""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from linli.kernel.texts import Text

__all__ = ["ForbiddenKind", "Match", "forbidden_in", "forbidden_kinds"]

WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""A word of ``snake_case``, ``camelCase``, ``IDCard`` or plain text."""
SINGULAR_IN_S: Final = ("ss", "us", "is", "cs")

Words = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ForbiddenKind:
    """A kind of thing that is kept on nobody, and the clause by which Linli declines it."""

    id: str
    clause: str
    why: Text
    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A word found, as it is listed, and the kind that it gives away."""

    kind: str
    clause: str
    word: str
    why: Text


def forbidden_kinds() -> tuple[ForbiddenKind, ...]:
    """All forbidden kinds, in the order of the file."""
    return _lists().kinds


def forbidden_in(text: str) -> tuple[Match, ...]:
    """Everything forbidden that a label, a name of a field or a sentence asks for, each word once.

    Examples
    --------
    >>> [match.kind for match in forbidden_in("idCardNo")]
    ['identity_number']
    >>> [match.kind for match in forbidden_in("户主的民族")]
    ['ethnicity']
    >>> forbidden_in("民族路 12 号"), forbidden_in("trace_surface"), forbidden_in("")
    ((), (), ())
    """
    plain = unicodedata.normalize("NFKC", text)
    found = {**dict.fromkeys(_chinese(plain)), **dict.fromkeys(_english(plain))}
    lists = _lists()
    return tuple(
        Match(kind.id, kind.clause, word, kind.why) for word in found for kind in lists.kinds_of[word]
    )


@dataclass(frozen=True)
class _Lists:
    kinds: tuple[ForbiddenKind, ...]
    kinds_of: Mapping[str, tuple[ForbiddenKind, ...]]
    chinese: re.Pattern[str]
    harmless_chinese: re.Pattern[str]
    english: Mapping[str, tuple[tuple[Words, str], ...]]
    harmless_english: Mapping[str, tuple[tuple[Words, str], ...]]


@functools.cache
def _lists() -> _Lists:
    source = resources.files(__package__).joinpath("forbidden.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(source)
    kinds = tuple(_kind(name, entry) for name, entry in entries["kinds"].items())
    kinds_of: dict[str, tuple[ForbiddenKind, ...]] = {}
    for kind in kinds:
        for word in (*kind.zh, *kind.en):
            kinds_of[word] = (*kinds_of.get(word, ()), kind)
    return _Lists(
        kinds=kinds,
        kinds_of=kinds_of,
        chinese=_any_of(word for kind in kinds for word in kind.zh),
        harmless_chinese=_any_of(entries["harmless"]["zh"]),
        english=_by_first(word for kind in kinds for word in kind.en),
        harmless_english=_by_first(entries["harmless"]["en"]),
    )


def _kind(name: str, entry: Mapping[str, Any]) -> ForbiddenKind:
    why = Text(zh=entry["why"]["zh"], en=entry["why"]["en"])
    return ForbiddenKind(
        id=name, clause=entry["clause"], why=why, zh=tuple(entry["zh"]), en=tuple(entry["en"])
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    # A look-ahead, so that words which overlap are all found.
    return re.compile(f"(?=({'|'.join(map(re.escape, longest_first))}))")


def _by_first(phrases: Iterable[str]) -> dict[str, tuple[tuple[Words, str], ...]]:
    table: dict[str, tuple[tuple[Words, str], ...]] = {}
    for phrase in phrases:
        words = _words(phrase)
        table[words[0]] = (*table.get(words[0], ()), (words, phrase))
    return table


def _chinese(text: str) -> Iterator[str]:
    harmless = [match.span(1) for match in _lists().harmless_chinese.finditer(text)]
    for match in _lists().chinese.finditer(text):
        if not _within(match.span(1), harmless):
            yield match[1]


def _english(text: str) -> Iterator[str]:
    words = _words(text)
    harmless = [span for span, _ in _phrases(words, _lists().harmless_english)]
    for span, phrase in _phrases(words, _lists().english):
        if not _within(span, harmless):
            yield phrase


def _phrases(
    words: Words, table: Mapping[str, tuple[tuple[Words, str], ...]]
) -> Iterator[tuple[tuple[int, int], str]]:
    for start, first in enumerate(words):
        for sought, phrase in table.get(first, ()):
            end = start + len(sought)
            if words[start:end] == sought:
                yield (start, end), phrase


def _words(text: str) -> Words:
    return tuple(_singular(word.lower()) for word in WORD.findall(text))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(SINGULAR_IN_S) and len(word) > 3 else word


def _within(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)
