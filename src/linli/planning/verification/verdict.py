"""What a check of a deployment says: what was looked at, and each thing that is wrong."""

from dataclasses import dataclass

from linli.kernel.texts import Text

__all__ = ["Verdict"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One check's outcome.

    ``id`` is stable (``contiguity``). ``looked_at`` counts the rows that were checked. ``skipped``
    gives the reason where nothing could be checked; a skipped check is neither passed nor failed.
    ``exceptions`` are named departures that the deployment itself declares.
    """

    id: str
    title: Text
    looked_at: int
    violations: tuple[Text, ...]
    exceptions: tuple[Text, ...] = ()
    skipped: Text | None = None

    @property
    def passed(self) -> bool:
        """Whether it was checked and nothing is wrong."""
        return self.skipped is None and not self.violations
