"""On which of the two databases a test is run, where not on both."""

import pytest
from _pytest.mark.structures import ParameterSet

__all__ = ["on_any"]


def on_any(*values: object) -> list[ParameterSet]:
    """Further values of a parameter, of rules, not of queries: PostgreSQL is asked with the first alone."""
    return [pytest.param(value, marks=pytest.mark.any_database) for value in values]
