"""Codes of the policy packs in a reader's words: units, names of inputs, formulas."""

import re
from functools import cache

from linli.kernel.texts import Text, catalogue, plain
from linli.kernel.units import parse_unit
from linli.planning.deployment import BeatRule, ClauseCheck
from linli.planning.yardstick import Reading, with_measure
from linli.policy.catalogue import measures
from linli.policy.wording import unit_text

__all__ = ["formula_words", "reading_words", "rule_words", "unit_words"]

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


def rule_words(rule: BeatRule) -> Text:
    """What a clause's rule asks of a beat: its measure, its bounds and whom it is for."""
    say = catalogue(__package__)
    rule = with_measure(rule)
    area = say("rule.all") if rule.area is None else say(f"rule.{rule.area.value}")
    percent = f"{(rule.tolerance or 0.0) * 100:g}"
    if rule.measure == "places":
        bounds = _range(rule.fewest_places, rule.most_places)
        return say("rule.places", area=area, bounds=bounds)
    if rule.measure == "residents":
        target = f"{rule.target_residents or 0:,.6g}"
        return say("rule.residents", area=area, target=target, percent=percent)
    return say("rule.workload", area=area, percent=percent)


def reading_words(reading: Reading) -> Text | None:
    """What a beat has in its rule's measure and what the rule asks for; ``None`` without a rule."""
    if reading.measure is None or reading.value is None:
        return None
    say = catalogue(__package__)
    unit = say(f"measure.{reading.measure}")
    bounds = _range(reading.least, reading.most)
    return say("rule.reading", value=f"{reading.value:,.0f}", bounds=bounds, unit=unit)


def _range(least: float | None, most: float | None) -> str:
    if least == most and least is not None:
        return f"{least:,.0f}"
    return "–".join("" if bound is None else f"{bound:,.0f}" for bound in (least, most))
