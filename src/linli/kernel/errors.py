"""Refusals a user can act on: what was given, what was expected, where, and what to do.

Messages never carry a record's personal content; ``given`` is the offending cell alone, cut short.
"""

from dataclasses import dataclass, field

from linli.kernel.texts import Catalogue, Language, Text, catalogue

__all__ = ["Finding", "InputRefused", "LinliError", "Where"]

LONGEST_GIVEN = 80


class LinliError(Exception):
    """Anything Linli refuses to do, said in both languages. The command line exits with 2."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Where:
    """A place in an input: a file, and within it a row, a column or a key path."""

    file: str
    row: int | None = None
    column: str | None = None
    key: str | None = None

    def describe(self, language: Language) -> str:
        """The place as a person would say it."""
        say = _say()
        parts = [self.file]
        if self.row is not None:
            parts.append(say("where.row", row=self.row).in_(language))
        if self.column is not None:
            parts.append(say("where.column", column=self.column).in_(language))
        if self.key is not None:
            parts.append(self.key)
        return say("where.separator").in_(language).join(parts)


@dataclass(frozen=True)
class Finding:
    """One thing wrong with an input.

    ``code`` names the kind of mistake (``territory.parent_unknown``) and is stable: tests, docs and
    scripts may rely on it. ``given`` is what stood there; ``None`` where nothing did.
    """

    code: str
    where: Where
    given: str | None
    expected: Text
    remedy: Text
    fatal: bool = field(default=True)

    def sentence(self, language: Language) -> str:
        """The whole finding in one line."""
        say = _say()
        given = say("finding.nothing").in_(language) if self.given is None else _cut(self.given)
        return say(
            "finding.sentence",
            where=self.where.describe(language),
            given=given,
            expected=self.expected,
            remedy=self.remedy,
        ).in_(language)


class InputRefused(LinliError):
    """An input was read to its end and refused; every reason is in ``findings``."""

    def __init__(self, text: Text, findings: tuple[Finding, ...]) -> None:
        super().__init__(text)
        self.findings = findings


def _cut(given: str) -> str:
    shown = given if len(given) <= LONGEST_GIVEN else given[: LONGEST_GIVEN - 1] + "…"
    return f"“{shown}”"


def _say() -> Catalogue:
    return catalogue("linli.kernel")
