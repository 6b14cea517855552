"""The nodes an expression may have; there are no others. Plain data that can be written back as text."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final, Literal

__all__ = [
    "Arithmetic",
    "ArithmeticSign",
    "Call",
    "Choice",
    "Comparison",
    "ComparisonSign",
    "Expression",
    "Logic",
    "LogicWord",
    "Name",
    "Negative",
    "Not",
    "Number",
    "children",
    "names_in",
    "write",
]

ArithmeticSign = Literal["+", "-", "*", "/"]
ComparisonSign = Literal["<", "<=", ">", ">=", "==", "!="]
LogicWord = Literal["and", "or"]


@dataclass(frozen=True)
class Number:
    """A number written in the expression: a plain number, or zero of any unit."""

    value: float


@dataclass(frozen=True)
class Name:
    """A measure or a dated value."""

    id: str


@dataclass(frozen=True)
class Negative:
    """Minus one operand."""

    operand: "Expression"


@dataclass(frozen=True)
class Arithmetic:
    """Two operands added, subtracted, multiplied or divided."""

    sign: ArithmeticSign
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Comparison:
    """A chain of comparisons: one sign fewer than operands."""

    signs: tuple[ComparisonSign, ...]
    operands: tuple["Expression", ...]


@dataclass(frozen=True)
class Logic:
    """Two or more truths joined by ``and`` or by ``or``."""

    word: LogicWord
    operands: tuple["Expression", ...]


@dataclass(frozen=True)
class Not:
    """The opposite of a truth."""

    operand: "Expression"


@dataclass(frozen=True)
class Call:
    """One of the closed set of functions."""

    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True)
class Choice:
    """``then if condition else otherwise``."""

    then: "Expression"
    condition: "Expression"
    otherwise: "Expression"


Expression = Number | Name | Negative | Arithmetic | Comparison | Logic | Not | Call | Choice

STRENGTH: Final = {"choice": 0, "or": 1, "and": 2, "not": 3, "comparison": 4, "+": 5, "-": 5, "*": 6, "/": 6}
STRONGEST: Final = 8


def children(node: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside a node, in the order of their text."""
    found: list[Expression] = []
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Expression):
            found.append(value)
        elif isinstance(value, tuple):
            found += [item for item in value if isinstance(item, Expression)]
    return tuple(found)


def names_in(node: Expression) -> tuple[str, ...]:
    """All names of measures and values in an expression, each once, in the order of their text."""
    return tuple(dict.fromkeys(_names(node)))


def _names(node: Expression) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.id
    for child in children(node):
        yield from _names(child)


def write(node: Expression) -> str:
    """The expression as text that reads back to the same tree."""
    return _write(node)[0]


def _write(node: Expression) -> tuple[str, int]:
    """The text of a node and how strongly its outermost operator binds."""
    match node:
        case Number(value):
            return f"{value:g}" if value == int(value) and abs(value) < 1e6 else repr(value), STRONGEST
        case Name(name):
            return name, STRONGEST
        case Negative(operand):
            return f"-{_inside(operand, 7)}", 7
        case Arithmetic(sign, left, right):
            strength = STRENGTH[sign]
            return f"{_inside(left, strength)} {sign} {_inside(right, strength + 1)}", strength
        case Call(function, arguments):
            return f"{function}({', '.join(write(argument) for argument in arguments)})", STRONGEST
        case _:
            return _write_truth(node)


def _write_truth(node: Comparison | Logic | Not | Choice) -> tuple[str, int]:
    match node:
        case Comparison(signs, operands):
            inner = [_inside(operand, STRENGTH["comparison"] + 1) for operand in operands]
            chain = "".join(f" {sign} {text}" for sign, text in zip(signs, inner[1:], strict=True))
            return inner[0] + chain, STRENGTH["comparison"]
        case Logic(word, operands):
            strength = STRENGTH[word]
            return f" {word} ".join(_inside(operand, strength + 1) for operand in operands), strength
        case Not(operand):
            return f"not {_inside(operand, STRENGTH['not'])}", STRENGTH["not"]
        case Choice(then, condition, otherwise):
            return f"{_inside(then, 1)} if {_inside(condition, 1)} else {_inside(otherwise, 0)}", 0


def _inside(node: Expression, strength: int) -> str:
    text, own = _write(node)
    return text if own >= strength else f"({text})"
