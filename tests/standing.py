"""What stands ready in a database before a test that asks for it begins; each process makes it once.

A kind grows out of another: it is filled by what makes it, in a copy of the other's database and files.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

__all__ = ["KINDS", "Kind", "kind_for"]


@dataclass(frozen=True)
class Kind:
    """A state that many tests begin with.

    ``fixtures`` are those whose presence asks for it, in tests ``below`` a folder; ``made_by`` names, as
    ``module:function``, what makes it where it is not there yet.
    """

    name: str
    grows_from: str
    fixtures: frozenset[str]
    made_by: str
    below: str = ""

    @property
    def fill(self) -> Callable[[], object]:
        module, _, function = self.made_by.partition(":")
        found: Callable[[], object] = getattr(import_module(module), function)
        return found


def _assessment(name: str, grows_from: str) -> Kind:
    made_by = f"web.assessment.made:made_{name}"
    return Kind(f"assessment_{name}", grows_from, frozenset({name}), made_by, "web/assessment")


def _survey(name: str, grows_from: str, *fixtures: str) -> Kind:
    made_by = f"web.surveys.made:made_{name}"
    return Kind(f"survey_{name}", grows_from, frozenset({name, *fixtures}), made_by, "web/surveys")


KINDS = {
    kind.name: kind
    for kind in (
        _assessment("proposed", "assessment_locked"),
        _assessment("locked", "assessment_computed"),
        _assessment("computed", "assessment_period"),
        _assessment("period", "cast"),
        _survey("wave", "survey_questionnaire"),
        _survey("questionnaire", "survey_addresses", "planning"),
        _survey("addresses", "cast"),
        Kind("demonstration", "", frozenset({"demonstration_loaded"}), "web.county:demonstration"),
        Kind("cast", "county", frozenset({"cast", "site"}), "web.county:cast_of_the_county"),
        Kind("county", "", frozenset({"county", "stage"}), "web.county:county_in_force"),
    )
}
"""The fullest first: a test gets the first kind that one of its fixtures asks for."""


def kind_for(path: str, fixtures: Iterable[str]) -> str:
    """The name of the kind for a test in a file with these fixtures; "" for a database that is empty."""
    asked = set(fixtures)
    found = (kind.name for kind in KINDS.values() if asked & kind.fixtures and kind.below in path)
    return next(found, "")
