"""What is wrong with a ``scoring.toml``: this room's own sentences, else those that all packs share."""

from linli.kernel.errors import Finding, Where
from linli.kernel.texts import catalogue
from linli.policy.reading.table import Findings

__all__ = ["ScoringFindings", "say"]

say = catalogue("linli.assessment.rules")


class ScoringFindings(Findings):
    """Findings whose kind this room has words for get the code ``scoring.<kind>``."""

    def add(self, kind: str, where: Where, given: str | None, **values: object) -> None:
        """One finding; its texts are ``<kind>.expected`` and ``<kind>.remedy``."""
        if f"{kind}.expected" not in say.templates:
            super().add(kind, where, given, **values)
            return
        expected, remedy = say(f"{kind}.expected", **values), say(f"{kind}.remedy", **values)
        self.found.append(Finding(f"scoring.{kind}", where, given, expected, remedy))
