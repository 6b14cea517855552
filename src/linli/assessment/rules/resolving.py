"""A rule's numbers on one day: the pack's dated values, looked up once and passed on as plain numbers."""

import datetime as dt

from linli.assessment.rules.findings import say
from linli.assessment.rules.model import ScoringRule
from linli.kernel.errors import LinliError
from linli.kernel.identifiers import ValueId
from linli.policy.model import Pack

__all__ = ["number_on", "value_on"]


def number_on(rule: ScoringRule, name: str, pack: Pack, on: dt.date) -> float:
    """The number that a rule calls ``name``, in the unit that its kind asks for.

    Raises
    ------
    LinliError
        The pack has no such number on that day: not yet, no longer, or announced without being given.
    """
    return value_on(rule, rule.numbers[name], pack, on)


def value_on(rule: ScoringRule, value: ValueId, pack: Pack, on: dt.date) -> float:
    """The number of a value of the pack on a day; refused as ``number_on`` does."""
    number = pack.values[value].on(on)
    if number is None:
        raise LinliError(say("value.not_on", rule=rule.id, value=pack.values[value].title, day=on))
    return number
