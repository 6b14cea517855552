"""Which incidents count for the plans' figures on crime (L10, N19)."""

from typing import Final

from linli.web.foundation.facts import Flags, flag

__all__ = ["PREVENTABLE", "register_facts"]

PREVENTABLE: Final = frozenset({"burglary", "home_robbery", "vehicle"})
"""Residential burglary, home robbery, vehicle theft or robbery: the three of L10. The plan of N19 does not
say which cases are "key"; these are taken for them too, and a list of cases may say otherwise."""
RECORDED: Final = frozenset({"case_opened"})
"""The result that says that a criminal case was opened."""


def register_facts() -> None:
    """Called by the app's ``ready``."""
    flag("incident", Flags(preventable=PREVENTABLE, key=PREVENTABLE, recorded=RECORDED))
