"""Units and rules in a reader's words: 人, 个村; ``community officers ÷ officers ≥ 40 %``."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Final

from linli.kernel.identifiers import ValueId
from linli.kernel.texts import Language, Text, catalogue, plain
from linli.kernel.units import NAMED, Unit
from linli.policy.catalogue import measures
from linli.policy.expression import Expression
from linli.policy.expression.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Logic,
    Name,
    Negative,
    Not,
    Number,
)
from linli.policy.model import DatedValue

__all__ = ["quantity_text", "rule_text", "unit_text"]

say = catalogue("linli.policy")

SIGNS: Final = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
ARITHMETIC: Final = {"+": "+", "-": "−", "*": "×", "/": "÷"}
LANGUAGES: Final[tuple[Language, Language]] = ("zh", "en")
UNIT_NAME: Final = re.compile(
    "|".join(sorted((name for name in NAMED if name != "%"), key=len, reverse=True))
)


def unit_text(unit: Unit | None) -> Text:
    """A unit as a reader says it; ``None`` is a yes/no."""
    if unit is None:
        return say("unit.yes_no")
    if unit.text == "1":
        return plain("")
    return Text(_in_words(unit.text, "zh"), _in_words(unit.text, "en"))


def _in_words(written: str, language: Language) -> str:
    return UNIT_NAME.sub(lambda match: say(f"unit.{match[0]}").in_(language), written)


def quantity_text(number: float, unit: Unit, *, decimals: int | None = None) -> Text:
    """A number with its unit: ``8 小时/天``, ``4 villages``.

    Up to six digits and no exponent below a million, or exactly ``decimals`` places where given.
    """
    shortest = f"{number:,.6g}" if abs(number) < 1e6 else f"{number:,.0f}"
    written = shortest if decimals is None else f"{number:,.{decimals}f}"
    words = unit_text(unit)
    if number != 1 and unit.text in NAMED and unit.text != "%":
        words = say(f"unit.{unit.text}.many")
    return Text(f"{written} {words.zh}".strip(), f"{written} {words.en}".strip())


def rule_text(node: Expression, values: Mapping[ValueId, DatedValue], on: dt.date) -> Text:
    """A rule with the names of its measures in words and its values as numbers of the day."""
    zh, en = (_words(node, values, on, language) for language in LANGUAGES)
    return Text(zh, en)


def _words(node: Expression, values: Mapping[ValueId, DatedValue], on: dt.date, language: Language) -> str:
    def inner(part: Expression) -> str:
        text = _words(part, values, on, language)
        simple = isinstance(part, Name | Number | Call)
        return text if simple else f"({text})"

    match node:
        case Number(value):
            return f"{value:g}"
        case Name(name):
            return _name(name, values, on, language)
        case Negative(operand):
            return f"−{inner(operand)}"
        case Arithmetic(sign, left, right):
            return f"{inner(left)} {ARITHMETIC[sign]} {inner(right)}"
        case Comparison(signs, operands):
            rest = zip(signs, operands[1:], strict=True)
            tail = "".join(f" {SIGNS[sign]} {inner(operand)}" for sign, operand in rest)
            return inner(operands[0]) + tail
        case Call(function, arguments):
            parts = {f"p{i}": inner(argument) for i, argument in enumerate(arguments)}
            if f"function.{function}" in say.templates:
                return say(f"function.{function}", **parts).in_(language)
            return f"{function}({', '.join(parts.values())})"
        case _:
            return _logic(node, inner, lambda part: _words(part, values, on, language), language)


def _logic(
    node: Logic | Not | Choice,
    inner: Callable[[Expression], str],
    words: Callable[[Expression], str],
    language: Language,
) -> str:
    match node:
        case Logic(word, operands):
            join = say(f"logic.{word}").in_(language)
            return join.join(
                inner(part) if isinstance(part, Logic | Choice) else words(part) for part in operands
            )
        case Not(operand):
            return say("logic.not").in_(language) + inner(operand)
        case Choice(then, condition, otherwise):
            parts = {"then": inner(then), "condition": inner(condition), "otherwise": inner(otherwise)}
            return say("logic.choice", **parts).in_(language)


def _name(name: str, values: Mapping[ValueId, DatedValue], on: dt.date, language: Language) -> str:
    value = values.get(ValueId(name))
    if value is None:
        return measures()[name].title.in_(language)
    number = value.on(on)
    return value.title.in_(language) if number is None else quantity_text(number, value.unit).in_(language)
