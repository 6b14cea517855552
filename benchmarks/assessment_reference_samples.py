"""Published survey estimates: R survey's California schools."""

from collections.abc import Iterator

from assessment_reference_checks import Check

__all__ = ["checks"]


def checks() -> Iterator[Check]:
    """Means and their standard errors."""
    yield from ()
