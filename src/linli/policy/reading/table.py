"""One TOML table read key by key; mistakes become findings and reading goes on to find the rest."""

import datetime as dt
import difflib
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast, get_args

from linli.kernel.errors import Finding, Where
from linli.kernel.texts import Text, catalogue
from linli.kernel.units import RATIO, Unit, UnitUnknown, known_units, parse_unit
from linli.policy.expression.refusal import ExpressionRefused

__all__ = ["Findings", "Table", "close_name", "read_toml"]

NOTHING: Final = Text("", "")
NO_DAY: Final = dt.date(1, 1, 1)


@dataclass
class Findings:
    """Everything found wrong with one pack so far."""

    found: list[Finding] = field(default_factory=list)

    def add(self, kind: str, where: Where, given: str | None, **values: object) -> None:
        """One finding of a kind; its texts are ``<kind>.expected`` and ``<kind>.remedy``."""
        say = catalogue("linli.policy")
        expected, remedy = say(f"{kind}.expected", **values), say(f"{kind}.remedy", **values)
        self.found.append(Finding(f"policy.{kind}", where, given, expected, remedy))

    def refused(self, where: Where, refusal: ExpressionRefused) -> None:
        """The finding that an expression's refusal amounts to."""
        self.found.append(Finding(refusal.code, where, refusal.given, refusal.expected, refusal.remedy))


def close_name(name: str, known: Sequence[str]) -> str | None:
    """The known name that a misspelt one most likely means."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return close[0] if close else None


def read_toml(path: Path, findings: Findings) -> dict[str, Any] | None:
    """A TOML file's contents; ``None`` with a finding where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        findings.add("file.missing", Where(path.name), None)
    except UnicodeDecodeError:
        findings.add("file.encoding", Where(path.name), None)
    except tomllib.TOMLDecodeError as error:
        findings.add("file.toml", Where(path.name), str(error))
    except RecursionError:
        findings.add("file.toml", Where(path.name), "[[[[")
    return None


class Table:
    """A table of a file; ``key`` is the path to it. Ask for each key, then call ``finish``."""

    def __init__(self, file: str, key: str, data: Mapping[str, Any], findings: Findings) -> None:
        self.file = file
        self.key = key
        self.data = data
        self.findings = findings
        self.asked: dict[str, None] = {}

    def where(self, name: str | None = None) -> Where:
        """The place of a key of this table."""
        path = ".".join(part for part in (self.key, name) if part)
        return Where(self.file, key=path or None)

    def has(self, name: str) -> bool:
        """Whether the key is there; it counts as asked for."""
        self.asked[name] = None
        return name in self.data

    def wrong(self, kind: str, name: str | None = None, given: object = None, **values: object) -> None:
        """Report a mistake at a key."""
        self.findings.add(kind, self.where(name), None if given is None else str(given), **values)

    def finish(self) -> None:
        """Report every key that was not asked for."""
        for name in self.data:
            if name not in self.asked:
                close = close_name(name, list(self.asked))
                keys = ", ".join(self.asked)
                kind = "key.unknown" if close is None else "key.unknown_close"
                self.wrong(kind, name, name, keys=keys, close=close)

    def _given(self, name: str) -> Any:
        """The value at a key, or ``None`` with a finding where it is missing."""
        if not self.has(name):
            self.wrong("key.missing", name)
            return None
        return self.data[name]

    def _mistyped(self, name: str, value: object, type_name: str) -> None:
        self.wrong("key.mistyped", name, value, type=catalogue("linli.policy")(f"type.{type_name}"))

    def string(self, name: str) -> str:
        """A text in one language: an id, a unit, an expression."""
        value = self._given(name)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self._mistyped(name, value, "string")
            return ""
        return value

    def optional_string(self, name: str) -> str | None:
        """The text, or ``None`` where the key is absent."""
        return self.string(name) if self.has(name) else None

    def text(self, name: str) -> Text:
        """A text in both languages."""
        value = self._given(name)
        return NOTHING if value is None else self._both(name, value)

    def optional_text(self, name: str) -> Text | None:
        """The text in both languages, or ``None`` where the key is absent."""
        return self.text(name) if self.has(name) else None

    def texts(self, name: str) -> tuple[Text, ...]:
        """Texts in both languages; none where the key is absent."""
        if not self.has(name):
            return ()
        value = self.data[name]
        if not isinstance(value, list):
            self._mistyped(name, value, "list")
            return ()
        return tuple(self._both(f"{name}[{i}]", item) for i, item in enumerate(value, 1))

    def _both(self, name: str, value: object) -> Text:
        if not isinstance(value, dict) or set(value) != {"zh", "en"}:
            self._mistyped(name, value, "text")
            return NOTHING
        zh, en = value["zh"], value["en"]
        if not isinstance(zh, str) or not isinstance(en, str) or not zh.strip() or not en.strip():
            self._mistyped(name, value, "text")
            return NOTHING
        return Text(zh, en)

    def day(self, name: str) -> dt.date:
        """A day, written without quotes."""
        value = self._given(name)
        if value is None:
            return NO_DAY
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            self._mistyped(name, value, "day")
            return NO_DAY
        return value

    def optional_day(self, name: str) -> dt.date | None:
        """The day, or ``None`` where the key is absent."""
        return self.day(name) if self.has(name) else None

    def number(self, name: str) -> float:
        """A finite number."""
        value = self._given(name)
        return 0.0 if value is None else self._number(name, value)

    def optional_number(self, name: str) -> float | None:
        """The number, or ``None`` where the key is absent."""
        return self.number(name) if self.has(name) else None

    def _number(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self._mistyped(name, value, "number")
            return 0.0
        return float(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """``true`` or ``false``; the default where the key is absent."""
        if not self.has(name):
            return default
        value = self.data[name]
        if not isinstance(value, bool):
            self._mistyped(name, value, "flag")
            return default
        return value

    def unit(self, name: str) -> Unit:
        """A unit of measure."""
        written = self.string(name)
        if not written:
            return RATIO
        try:
            return parse_unit(written)
        except UnitUnknown as error:
            close = close_name(error.part, known_units())
            kind = "unit.unknown" if close is None else "unit.unknown_close"
            self.wrong(kind, name, written, units=", ".join(known_units()), close=close)
            return RATIO

    def choice(self, name: str, kinds: Any) -> Any:
        """One word of a ``Literal``; the first word stands in after a finding."""
        words = get_args(kinds)
        given = self.string(name)
        if given in words:
            return given
        if given:
            self.wrong("key.choice", name, given, words=", ".join(words))
        return words[0]

    def word(self, name: str, words: Sequence[str]) -> str:
        """One of some words."""
        given = self.string(name)
        if given and given not in words:
            self.wrong("key.choice", name, given, words=", ".join(words))
        return given

    def strings(self, name: str) -> tuple[str, ...]:
        """A list of texts in one language; none where the key is absent."""
        if not self.has(name):
            return ()
        value = self.data[name]
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self._mistyped(name, value, "strings")
            return ()
        return tuple(value)

    def tables(self, name: str) -> Iterator["Table"]:
        """The tables of an array of tables; none where the key is absent."""
        if not self.has(name):
            return
        value = self.data[name]
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._mistyped(name, value, "tables")
            return
        for position, item in enumerate(cast("list[dict[str, Any]]", value), 1):
            path = ".".join(part for part in (self.key, name) if part)
            yield Table(self.file, f"{path}[{position}]", item, self.findings)

    def table(self, name: str) -> "Table":
        """The table at a key; an empty one after a finding."""
        value = self._given(name)
        if value is not None and not isinstance(value, dict):
            self._mistyped(name, value, "table")
        inner = value if isinstance(value, dict) else {}
        path = ".".join(part for part in (self.key, name) if part)
        return Table(self.file, path, inner, self.findings)

    def named_tables(self) -> Iterator[tuple[str, "Table"]]:
        """Every key of this table as a table of its own."""
        for name in self.data:
            yield name, self.table(name)
