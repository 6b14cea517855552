"""Every small change of an expression: each number by one, each operator swapped, one at a time."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final, cast

from linli.policy.expression.tree import (
    Arithmetic,
    ArithmeticSign,
    Call,
    Comparison,
    ComparisonSign,
    Expression,
    Logic,
    LogicWord,
    Negative,
    Not,
    Number,
)

__all__ = ["Change", "changes"]

Change = tuple[str, Expression]
"""What was changed, such as ``>= → >``, and the whole expression after it."""

COMPARISONS: Final[dict[ComparisonSign, tuple[ComparisonSign, ...]]] = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=", ">=", "<="),
    "!=": ("==",),
}
ARITHMETIC: Final[dict[ArithmeticSign, ArithmeticSign]] = {"+": "-", "-": "+", "*": "/", "/": "*"}
FUNCTIONS: Final = {"min": "max", "max": "min", "ceil": "floor", "floor": "ceil"}


def changes(node: Expression) -> Iterator[Change]:
    """All changes of an expression, in the order of its text."""
    yield from _here(node)
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Expression):
            for what, changed in changes(value):
                yield what, _with(node, part.name, changed)
        elif isinstance(value, tuple):
            yield from _inside(node, part.name, value)


def _inside(node: Expression, name: str, items: tuple[Any, ...]) -> Iterator[Change]:
    for position, item in enumerate(items):
        if isinstance(item, Expression):
            for what, changed in changes(item):
                yield what, _with(node, name, (*items[:position], changed, *items[position + 1 :]))


def _with(node: Expression, name: str, value: Any) -> Expression:
    """The node with one field changed; which class it is stays open, so its fields are not checked."""
    changed: Expression = replace(cast(Any, node), **{name: value})
    return changed


def _here(node: Expression) -> Iterator[Change]:
    match node:
        case Number(value):
            for other in (value + 1, value - 1):
                yield f"{value:g} → {other:g}", Number(other)
        case Comparison():
            yield from _comparisons(node)
        case Logic(word):
            other_word: LogicWord = "or" if word == "and" else "and"
            yield f"{word} → {other_word}", replace(node, word=other_word)
        case Not(operand):
            yield "not dropped", operand
        case Negative(operand):
            yield "minus dropped", operand
        case Arithmetic(sign):
            yield f"{sign} → {ARITHMETIC[sign]}", replace(node, sign=ARITHMETIC[sign])
        case Call(function) if function in FUNCTIONS:
            yield f"{function} → {FUNCTIONS[function]}", replace(node, function=FUNCTIONS[function])
        case _:
            return


def _comparisons(node: Comparison) -> Iterator[Change]:
    for position, sign in enumerate(node.signs):
        for other in COMPARISONS[sign]:
            signs = (*node.signs[:position], other, *node.signs[position + 1 :])
            yield f"{sign} → {other}", replace(node, signs=signs)
