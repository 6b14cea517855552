"""Tree to a checked program over columns: types and units are settled before any data is read.

Two types: a quantity (float64, ``nan`` where not known) and a truth (int8: 1 true, 0 unknown,
−1 false: Kleene's strong three-valued logic is then minimum, maximum and negation). Units are
brought together by multiplying both sides with whole numbers, never by a float factor, so that a
value on a boundary stays on it.
"""

import difflib
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from linli.kernel.units import RATIO, Unit
from linli.policy.expression.functions import FUNCTIONS, Argument
from linli.policy.expression.refusal import ExpressionRefused, refuse
from linli.policy.expression.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    ComparisonSign,
    Expression,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    names_in,
    write,
)

__all__ = ["Compiled", "Names", "compile_expression"]

Names = Mapping[str, Unit | None]
"""Every name an expression may use, with its unit; ``None`` for a yes/no measure."""

Numbers = NDArray[np.float64]
Truths = NDArray[np.int8]
Frame = Mapping[str, Numbers]

COMPARE: Final[dict[ComparisonSign, Callable[[Numbers, Numbers], NDArray[np.bool_]]]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


@dataclass(frozen=True)
class Quantity:
    """A checked number: its unit and how to work it out. ``zero`` is a written 0, of any unit."""

    unit: Unit
    run: Callable[[Frame], Numbers]
    zero: bool = False


@dataclass(frozen=True)
class Truth:
    """A checked yes/no and how to work it out."""

    run: Callable[[Frame], Truths]


@dataclass(frozen=True)
class Compiled:
    """A checked expression. ``unit`` is ``None`` where it answers yes or no."""

    expression: Expression
    unit: Unit | None
    names: tuple[str, ...]
    _program: Quantity | Truth

    def numbers(self, frame: Frame) -> Numbers:
        """The quantity for every row; ``nan`` where unknown.

        Raises
        ------
        TypeError
            The expression answers yes or no.
        """
        if not isinstance(self._program, Quantity):
            raise TypeError("the expression answers yes or no; ask for truths()")
        with np.errstate(all="ignore"):
            result = np.asarray(self._program.run(frame), dtype=np.float64)
        return np.where(np.isfinite(result), result, np.nan)

    def truths(self, frame: Frame) -> Truths:
        """1 true, 0 unknown, −1 false for every row.

        Raises
        ------
        TypeError
            The expression gives a quantity.
        """
        if not isinstance(self._program, Truth):
            raise TypeError("the expression gives a quantity; ask for numbers()")
        with np.errstate(all="ignore"):
            return np.asarray(self._program.run(frame), dtype=np.int8)


def compile_expression(expression: Expression, names: Names) -> Compiled:
    """Check an expression's types and units against the names it may use.

    Raises
    ------
    ExpressionRefused
        A name or function is not known (with a suggestion), or types or units do not fit.
    """
    program = _Compiler(names).build(expression)
    unit = program.unit if isinstance(program, Quantity) else None
    return Compiled(expression, unit, names_in(expression), program)


class _Compiler:
    def __init__(self, names: Names) -> None:
        self.names = names

    def build(self, node: Expression) -> Quantity | Truth:
        match node:
            case Number(value):
                constant = np.float64(value)
                return Quantity(RATIO, lambda _: np.asarray(constant), zero=value == 0)
            case Name(name):
                return self.name(name)
            case Negative(operand):
                inner = self.quantity(operand)
                return Quantity(inner.unit, lambda frame: -inner.run(frame), inner.zero)
            case Arithmetic():
                return self.arithmetic(node)
            case Call(function, arguments):
                return self.call(function, arguments, node)
            case Choice():
                return self.choice(node)
            case _:
                return self.truth_node(node)

    def truth_node(self, node: Comparison | Logic | Not) -> Truth:
        match node:
            case Comparison():
                return self.comparison(node)
            case Logic(word, operands):
                parts = [self.truth(operand) for operand in operands]
                join = np.minimum if word == "and" else np.maximum
                return Truth(lambda frame: _joined(join, [part.run(frame) for part in parts]))
            case Not(operand):
                inner = self.truth(operand)
                return Truth(lambda frame: np.negative(inner.run(frame)))

    def quantity(self, node: Expression) -> Quantity:
        built = self.build(node)
        if isinstance(built, Truth):
            raise refuse("expression.number_wanted", write(node))
        return built

    def truth(self, node: Expression) -> Truth:
        built = self.build(node)
        if isinstance(built, Quantity):
            raise refuse("expression.truth_wanted", write(node))
        return built

    def name(self, name: str) -> Quantity | Truth:
        if name not in self.names:
            raise _unknown("expression.name_unknown", name, self.names)
        unit = self.names[name]
        if unit is None:
            return Truth(lambda frame: _truths_of(frame[name]))
        return Quantity(unit, lambda frame: frame[name])

    def arithmetic(self, node: Arithmetic) -> Quantity:
        left, right = self.quantity(node.left), self.quantity(node.right)
        if node.sign == "*":
            return Quantity(left.unit * right.unit, lambda frame: left.run(frame) * right.run(frame))
        if node.sign == "/":
            return Quantity(left.unit / right.unit, lambda frame: _divide(left.run(frame), right.run(frame)))
        first, second, unit = _together(left, right, write(node))
        if node.sign == "+":
            return Quantity(unit, lambda frame: first(frame) + second(frame))
        return Quantity(unit, lambda frame: first(frame) - second(frame))

    def comparison(self, node: Comparison) -> Truth:
        built = [self.quantity(operand) for operand in node.operands]
        links = []
        for position, sign in enumerate(node.signs):
            first, second, _ = _together(built[position], built[position + 1], write(node))
            links.append((COMPARE[sign], first, second))
        return Truth(
            lambda frame: _joined(np.minimum, [_compare(c, a(frame), b(frame)) for c, a, b in links])
        )

    def call(self, function: str, arguments: tuple[Expression, ...], node: Expression) -> Quantity:
        if function not in FUNCTIONS:
            raise _unknown("expression.function_unknown", function, FUNCTIONS)
        known = FUNCTIONS[function]
        if not known.fewest <= len(arguments) <= known.most:
            raise refuse("expression.arguments", write(node), shape=known.shape)
        built = [self.quantity(argument) for argument in arguments]
        try:
            unit, factors = known.units([Argument(part.unit, part.zero) for part in built])
        except ValueError as error:
            units = ", ".join(str(part.unit) for part in built)
            raise refuse("expression.function_units", write(node), shape=known.shape, units=units) from error
        runs = [_scaled(part.run, factor) for part, factor in zip(built, factors, strict=True)]
        return Quantity(unit, lambda frame: known.run([run(frame) for run in runs]))

    def choice(self, node: Choice) -> Quantity | Truth:
        condition = self.truth(node.condition)
        then, otherwise = self.build(node.then), self.build(node.otherwise)
        if isinstance(then, Truth) and isinstance(otherwise, Truth):
            yes, no = then.run, otherwise.run
            return Truth(lambda frame: _choose_truth(condition.run(frame), yes(frame), no(frame)))
        if isinstance(then, Truth) or isinstance(otherwise, Truth):
            raise refuse("expression.number_wanted", write(node))
        first, second, unit = _together(then, otherwise, write(node))
        return Quantity(unit, lambda frame: _choose(condition.run(frame), first(frame), second(frame)))


def _unknown(kind: str, name: str, known: Mapping[str, object]) -> ExpressionRefused:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return refuse(f"{kind}_close", name, close=close[0]) if close else refuse(kind, name)


def _together(
    left: Quantity, right: Quantity, text: str
) -> tuple[Callable[[Frame], Numbers], Callable[[Frame], Numbers], Unit]:
    """Both sides in one unit. A written zero fits any unit."""
    if left.zero:
        return left.run, right.run, right.unit
    if right.zero:
        return left.run, right.run, left.unit
    if not left.unit.same_dimension(right.unit):
        raise refuse("expression.units", text, left=left.unit, right=right.unit)
    factor = left.unit.per(right.unit)
    common = left.unit.divided(factor.numerator)
    above, below = Fraction(factor.numerator), Fraction(factor.denominator)
    return _scaled(left.run, above), _scaled(right.run, below), common


def _scaled(run: Callable[[Frame], Numbers], factor: Fraction) -> Callable[[Frame], Numbers]:
    """Times a whole number, then divided by one: exact wherever the true result is."""
    if factor == 1:
        return run
    above, below = float(factor.numerator), float(factor.denominator)
    if below == 1:
        return lambda frame: run(frame) * above
    return lambda frame: run(frame) * above / below


def _truths_of(column: Numbers) -> Truths:
    return _signed(column != 0, np.isfinite(column))


def _signed(answer: NDArray[np.bool_], known: NDArray[np.bool_]) -> Truths:
    """1 and −1 for what holds and does not, 0 where nothing is known; in int8 throughout."""
    result: Truths = (np.asarray(answer).view(np.int8) * np.int8(2) - np.int8(1)) * np.asarray(known).view(
        np.int8
    )
    return result


def _divide(above: Numbers, below: Numbers) -> Numbers:
    return np.where(below == 0, np.nan, above / below)


def _compare(
    compare: Callable[[Numbers, Numbers], NDArray[np.bool_]], left: Numbers, right: Numbers
) -> Truths:
    # An overflow to infinity counts as unknown.
    known = np.isfinite(left) & np.isfinite(right)
    return _signed(compare(left, right), known)


def _joined(join: Callable[[Truths, Truths], Truths], parts: list[Truths]) -> Truths:
    result: Truths = functools.reduce(join, parts)
    return result


def _choose(condition: Truths, yes: Numbers, no: Numbers) -> Numbers:
    return np.where(condition > 0, yes, np.where(condition < 0, no, np.nan))


def _choose_truth(condition: Truths, yes: Truths, no: Truths) -> Truths:
    return np.where(condition > 0, yes, np.where(condition < 0, no, 0)).astype(np.int8)
