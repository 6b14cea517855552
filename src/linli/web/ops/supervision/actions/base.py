"""What the actions of supervision share: who may, texts that hold no person, refusals with their fields."""

import re
from collections.abc import Mapping
from typing import Final

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Forbidden, Invalid
from linli.web.foundation.places.locating import Map, current_map
from linli.web.ops.supervision.reach import supervises

__all__ = ["must_supervise", "plan_in_force", "refuse", "say", "text_fault"]

say = catalogue("linli.web.ops.supervision")

_NUMBERS: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)1[3-9]\d{9}(?!\d)")
"""Numbers of identity cards and telephones: checks are of work and places, never of persons."""


def must_supervise(context: Context) -> None:
    """Refuse whoever does not make checks for the county."""
    if not supervises(context.actor):
        raise Forbidden(say("may_not"))


def plan_in_force() -> Map:
    """The deployment in force; a job or a page before there is one is refused."""
    current = current_map()
    if current is None:
        raise Invalid(say("no_plan"))
    return current


def text_fault(given: str, most: int, *, needed: bool = True) -> Text | None:
    """What is wrong with a text; nothing where it can be kept."""
    if needed and not given.strip():
        return say("text.none")
    if len(given) > most:
        return say("text.long", most=most)
    return say("text.number") if _NUMBERS.search(given) else None


def refuse(wrong: Mapping[str, Text | None]) -> None:
    """Refuse with all faults at once; fields without one are left out."""
    faults = {name: text for name, text in wrong.items() if text is not None}
    if faults:
        raise Invalid(say("refused", count=len(faults)), faults)
