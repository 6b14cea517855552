"""Tree to an Ibis expression over a fact table: columns, words and types are settled before any data is read.

What is not known stays unknown, as in SQL: a comparison with nothing is neither true nor false, and a
record for which a condition is unknown is not counted. Differences of time are whole seconds, so that every
engine gives the same.
"""

import difflib
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, Literal

import ibis
import ibis.expr.types as ir

from linli.assessment.facts.schema import Column as FactColumn
from linli.assessment.facts.schema import FactTable
from linli.assessment.indicators.language.refusal import LanguageRefused, refuse
from linli.assessment.indicators.language.tree import (
    All,
    Arithmetic,
    Call,
    Choice,
    Column,
    Comparison,
    Constant,
    IsNull,
    Member,
    Negative,
    Node,
    Not,
    Value,
    columns_in,
    write,
)

__all__ = ["Compiled", "Kind", "compile_over"]

Kind = Literal["number", "text", "truth", "day", "moment"]

KINDS: Final[Mapping[str, Kind]] = {
    "text": "text",
    "code": "text",
    "word": "text",
    "month": "text",
    "whole": "number",
    "number": "number",
    "truth": "truth",
    "day": "day",
    "moment": "moment",
}
COMPARE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
RECKON: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
SECONDS: Final[Mapping[str, int]] = {"minutes": 60, "hours": 3600, "days": 86400}
"""The functions of two times: what one of their unit lasts."""

Run = Callable[[ir.Table], Any]


@dataclass(frozen=True)
class Compiled:
    """A checked text: what it gives, the columns it reads, and how it is worked out over a table."""

    node: Node
    kind: Kind
    columns: tuple[str, ...]
    run: Run

    @property
    def text(self) -> str:
        """The text in its one canonical form."""
        return write(self.node)


@dataclass(frozen=True)
class _Part:
    kind: Kind
    run: Run
    column: FactColumn | None = None


def compile_over(node: Node, table: FactTable) -> Compiled:
    """Check a tree against a fact table's columns.

    Raises
    ------
    LanguageRefused
        A column, word or function is not known (with a suggestion), or types do not fit.
    """
    part = _Compiler(table).build(node)
    return Compiled(node, part.kind, columns_in(node), part.run)


class _Compiler:
    def __init__(self, table: FactTable) -> None:
        self.table = table

    def build(self, node: Node) -> _Part:
        match node:
            case Constant(value):
                return _constant(value)
            case Column(name):
                return self.column(name)
            case Negative(operand):
                inner = self.of(operand, "number")
                return _Part("number", lambda t: -inner.run(t))
            case Arithmetic():
                return self.arithmetic(node)
            case Call():
                return self.call(node)
            case Choice():
                return self.choice(node)
            case _:
                return self.truth(node)

    def truth(self, node: Comparison | Member | IsNull | All | Not) -> _Part:
        match node:
            case Comparison():
                return self.comparison(node)
            case Member():
                return self.member(node)
            case IsNull(operand, negated):
                inner = self.build(operand)
                return _Part("truth", lambda t: inner.run(t).notnull() if negated else inner.run(t).isnull())
            case All(word, operands):
                parts = [self.of(one, "truth") for one in operands]
                join = operator.and_ if word == "and" else operator.or_
                return _Part("truth", lambda t: reduce(join, [part.run(t) for part in parts]))
            case Not(operand):
                inner = self.of(operand, "truth")
                return _Part("truth", lambda t: ~inner.run(t))

    def of(self, node: Node, kind: Kind) -> _Part:
        part = self.build(node)
        if part.kind != kind:
            raise refuse(f"wanted_{kind}", write(node))
        return part

    def column(self, name: str) -> _Part:
        column = self.table.columns.get(name)
        if column is None:
            raise _unknown("column", name, self.table.columns, table=self.table.name)
        return _Part(KINDS[column.type], lambda t: t[name], column)

    def arithmetic(self, node: Arithmetic) -> _Part:
        left, right = self.of(node.left, "number"), self.of(node.right, "number")
        if node.sign == "/":
            return _Part("number", lambda t: _divided(left.run(t), right.run(t)))
        reckon = RECKON[node.sign]
        return _Part("number", lambda t: reckon(left.run(t), right.run(t)))

    def comparison(self, node: Comparison) -> _Part:
        left, right = self.build(node.left), self.build(node.right)
        if left.kind != right.kind:
            raise refuse("kinds", write(node))
        if left.kind in ("text", "truth") and node.sign not in ("==", "!="):
            raise refuse("order", write(node))
        for part, other in ((left, node.right), (right, node.left)):
            if isinstance(other, Constant):
                _check_word(part.column, other)
        compare = COMPARE[node.sign]
        return _Part("truth", lambda t: compare(left.run(t), right.run(t)))

    def member(self, node: Member) -> _Part:
        operand = self.build(node.operand)
        if any(_constant(value.value).kind != operand.kind for value in node.values):
            raise refuse("kinds", write(node))
        for value in node.values:
            _check_word(operand.column, value)
        values = [value.value for value in node.values]
        if node.negated:
            return _Part("truth", lambda t: operand.run(t).notin(values))
        return _Part("truth", lambda t: operand.run(t).isin(values))

    def call(self, node: Call) -> _Part:
        if node.function not in SECONDS:
            raise _unknown("function", node.function, SECONDS)
        parts = [self.build(one) for one in node.arguments]
        kinds = [part.kind for part in parts]
        length = SECONDS[node.function]
        if kinds == ["moment", "moment"]:
            return _Part("number", lambda t: _seconds(*(p.run(t) for p in parts)) / length)
        if kinds == ["day", "day"] and node.function == "days":
            return _Part("number", lambda t: parts[1].run(t).delta(parts[0].run(t), unit="day"))
        raise refuse("times", write(node), function=node.function)

    def choice(self, node: Choice) -> _Part:
        condition = self.of(node.condition, "truth")
        then, otherwise = self.build(node.then), self.build(node.otherwise)
        if then.kind != otherwise.kind:
            raise refuse("kinds", write(node))
        return _Part(then.kind, lambda t: ibis.ifelse(condition.run(t), then.run(t), otherwise.run(t)))


def _constant(value: Value) -> _Part:
    kind: Kind = "truth" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
    literal = int(value) if kind == "number" and value == int(value) else value
    return _Part(kind, lambda _: ibis.literal(literal))


def _divided(above: Any, below: Any) -> Any:
    """Division in floating point; by nothing it is unknown."""
    return above.cast("float64") / ibis.ifelse(below == 0, ibis.null(), below).cast("float64")


def _seconds(first: Any, second: Any) -> Any:
    return second.truncate("s").epoch_seconds() - first.truncate("s").epoch_seconds()


def _check_word(column: FactColumn | None, constant: Constant) -> None:
    """A word that a closed list does not have would never count: it is a slip."""
    if column is None or column.type != "word" or column.open or not isinstance(constant.value, str):
        return
    if constant.value not in column.words:
        raise _unknown("word", constant.value, column.words, column=column.name)


def _unknown(kind: str, given: str, known: Mapping[str, object], **values: object) -> LanguageRefused:
    close = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
    listed = ", ".join(known)
    if close:
        return refuse(f"{kind}_close", given, close=close[0], known=listed, **values)
    return refuse(kind, given, known=listed, **values)
