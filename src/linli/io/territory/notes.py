"""Collects what is wrong with an input, and what is worth knowing about it, with its place."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from linli.kernel.errors import Finding, Where
from linli.kernel.texts import Text, catalogue
from linli.territory.model import Territory

__all__ = ["FileRead", "Notebook", "Reading"]

say = catalogue("linli.io.territory")

MOST_OF_A_KIND = 100
"""Findings listed for one kind in one file; the rest are counted, so that a broken table of 100,000
rows is still readable."""


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """One input file and how it was read."""

    name: str
    table: str
    rows: int
    encoding: str | None
    coordinates: str | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A territory with everything the reader noticed on the way; ``findings`` are none of them fatal."""

    territory: Territory
    findings: tuple[Finding, ...]
    files: tuple[FileRead, ...]


@dataclass
class Notebook:
    """Findings in the order in which they were met."""

    findings: list[Finding] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    _kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def wrong(
        self,
        code: str,
        where: Where,
        /,
        given: str | None = None,
        **values: object,
    ) -> None:
        """Note a mistake: the input will be refused."""
        self._add(code, where, given, values, fatal=True)

    def note(self, code: str, where: Where, /, given: str | None = None, **values: object) -> None:
        """Note something worth knowing that does not stand in the way."""
        self._add(code, where, given, values, fatal=False)

    @property
    def fatal(self) -> tuple[Finding, ...]:
        """The mistakes, with one line more for each kind that was cut short."""
        return tuple(f for f in self._closed() if f.fatal)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What is worth knowing."""
        return tuple(f for f in self._closed() if not f.fatal)

    def _add(
        self, code: str, where: Where, given: str | None, values: dict[str, object], *, fatal: bool
    ) -> None:
        kind = (code, where.file)
        self._kinds[kind] += 1
        if self._kinds[kind] > MOST_OF_A_KIND:
            return
        self.findings.append(
            Finding(
                code=f"territory.{code}",
                where=where,
                given=given,
                expected=say(f"{code}.expected", **values),
                remedy=say(f"{code}.remedy", **values),
                fatal=fatal,
            )
        )

    def _closed(self) -> Sequence[Finding]:
        """The findings, each kind that was cut short closed by a line that counts the rest."""
        closing = []
        for (code, file), count in self._kinds.items():
            if count > MOST_OF_A_KIND:
                first = next(f for f in self.findings if f.code == f"territory.{code}")
                more = count - MOST_OF_A_KIND
                closing.append(
                    Finding(
                        code=first.code,
                        where=Where(file),
                        given=str(count),
                        expected=first.expected,
                        remedy=say("more.remedy", count=more),
                        fatal=first.fatal,
                    )
                )
        return [*self.findings, *closing]


def refused(folder: str) -> Text:
    """The headline of a refusal."""
    return say("refused", folder=folder)
