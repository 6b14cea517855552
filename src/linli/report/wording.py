"""Codes of the policy packs in a reader's words: units, names of inputs, formulas."""

import re
from functools import cache

from linli.kernel.texts import Text, plain
from linli.kernel.units import parse_unit
from linli.planning.deployment import ClauseCheck
from linli.policy.catalogue import measures
from linli.policy.wording import unit_text

__all__ = ["formula_words", "unit_words"]

SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", "==": "=", "*": "×", "/": "÷"}
TOKEN = re.compile(r"[A-Za-z_]\w*|>=|<=|!=|==|[*/]")
WORDS = {
    "and": Text(zh="且", en="and"),
    "or": Text(zh="或", en="or"),
    "not": Text(zh="非", en="not"),
    "if": Text(zh="，适用于", en="where"),
    "else": Text(zh="，否则", en="else"),
    "ceil": Text(zh="进一取整", en="round up"),
    "floor": Text(zh="取整", en="round down"),
}


@cache
def unit_words(unit: str | None) -> Text:
    """A unit as a reader says it; a unit that no pack knows stays as it is."""
    if not unit:
        return plain("")
    if unit == "yes/no":
        return unit_text(None)
    try:
        return unit_text(parse_unit(unit))
    except ValueError:
        return plain(unit)


def formula_words(check: ClauseCheck) -> Text | None:
    """A check's formula with measures named and the plan's own values put in as numbers."""
    if check.formula is None:
        return None
    titles = {given.name: given.title for given in check.inputs}
    values = {i.name: i.value for i in check.inputs if i.name not in measures() and i.value is not None}

    def say(token: str) -> Text:
        if token in SIGNS:
            return plain(SIGNS[token])
        if token in values:
            return plain(f"{values[token]:,.6g}")
        return WORDS.get(token) or titles.get(token) or plain(token)

    return Text(
        zh=TOKEN.sub(lambda m: say(m[0]).zh, check.formula).replace(" ，", "，"),
        en=TOKEN.sub(lambda m: say(m[0]).en, check.formula),
    )
