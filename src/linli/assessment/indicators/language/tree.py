"""The nodes that a text of the language may have; there are no others. They can be written back as text."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final, Literal

__all__ = [
    "All",
    "Arithmetic",
    "Call",
    "Choice",
    "Column",
    "Comparison",
    "Constant",
    "IsNull",
    "Member",
    "Negative",
    "Node",
    "Not",
    "Value",
    "columns_in",
    "inside",
    "write",
]


Value = float | str | bool


@dataclass(frozen=True)
class Constant:
    """A number, a text in quotes, ``true`` or ``false``."""

    value: Value


@dataclass(frozen=True)
class Column:
    """A column of the fact table."""

    name: str


@dataclass(frozen=True)
class Negative:
    """Minus a number."""

    operand: "Node"


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers added, subtracted, multiplied or divided."""

    sign: Literal["+", "-", "*", "/"]
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Comparison:
    """Two values compared."""

    sign: Literal["<", "<=", ">", ">=", "==", "!="]
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Member:
    """A value is, or is not, one of some constants."""

    operand: "Node"
    values: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True)
class IsNull:
    """Nothing is known of a value; ``negated``: something is."""

    operand: "Node"
    negated: bool


@dataclass(frozen=True)
class All:
    """Truths joined by ``and`` or by ``or``."""

    word: Literal["and", "or"]
    operands: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """The opposite of a truth."""

    operand: "Node"


@dataclass(frozen=True)
class Choice:
    """``then if condition else otherwise``."""

    then: "Node"
    condition: "Node"
    otherwise: "Node"


@dataclass(frozen=True)
class Call:
    """One of the closed set of functions."""

    function: str
    arguments: tuple["Node", ...]


Node = Constant | Column | Negative | Arithmetic | Comparison | Member | IsNull | All | Not | Choice | Call

STRENGTH: Final = {"choice": 0, "or": 1, "and": 2, "not": 3, "test": 4, "+": 5, "-": 5, "*": 6, "/": 6}
STRONGEST: Final = 8


def inside(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside one, in the order of their text."""
    found: list[Node] = []
    for part in fields(node):
        value = getattr(node, part.name)
        items = value if isinstance(value, tuple) else (value,)
        found += [item for item in items if isinstance(item, Node)]
    return tuple(found)


def columns_in(node: Node) -> tuple[str, ...]:
    """All columns of a text, each once, in the order of their text."""
    return tuple(dict.fromkeys(_columns(node)))


def _columns(node: Node) -> Iterator[str]:
    if isinstance(node, Column):
        yield node.name
    for one in inside(node):
        yield from _columns(one)


def write(node: Node) -> str:
    """The node as text that reads back to the same tree."""
    return _write(node)[0]


def _write(node: Node) -> tuple[str, int]:
    match node:
        case Constant(value):
            return _constant(value), STRONGEST
        case Column(name):
            return name, STRONGEST
        case Call(function, arguments):
            return f"{function}({', '.join(write(one) for one in arguments)})", STRONGEST
        case Negative(operand):
            return f"-{_within(operand, 7)}", 7
        case Arithmetic(sign, left, right):
            strength = STRENGTH[sign]
            return f"{_within(left, strength)} {sign} {_within(right, strength + 1)}", strength
        case Choice(then, condition, otherwise):
            return f"{_within(then, 1)} if {_within(condition, 1)} else {_within(otherwise, 0)}", 0
        case _:
            return _write_truth(node)


def _write_truth(node: Comparison | Member | IsNull | All | Not) -> tuple[str, int]:
    test = STRENGTH["test"]
    match node:
        case Comparison(sign, left, right):
            return f"{_within(left, test + 1)} {sign} {_within(right, test + 1)}", test
        case Member(operand, values, negated):
            word = "not in" if negated else "in"
            return f"{_within(operand, test + 1)} {word} [{', '.join(map(write, values))}]", test
        case IsNull(operand, negated):
            return f"{_within(operand, test + 1)} is {'not ' if negated else ''}null", test
        case All(word, operands):
            return f" {word} ".join(_within(one, STRENGTH[word] + 1) for one in operands), STRENGTH[word]
        case Not(operand):
            return f"not {_within(operand, STRENGTH['not'])}", STRENGTH["not"]


def _constant(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'"
    return str(int(value)) if value == int(value) and abs(value) < 1e12 else repr(value)


def _within(node: Node, strength: int) -> str:
    text, own = _write(node)
    return text if own >= strength else f"({text})"
