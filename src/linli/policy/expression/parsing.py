"""Text to tree. Python's ``ast`` is used as a parser only: nothing is ever compiled or run by Python.

The text is filtered before the parser sees it (length, characters), and every node it gives back
must be on the closed list. Quotes, brackets, colons, backslashes and all characters beyond ASCII are
refused at the first step, so strings, subscripts, lambdas, assignments and look-alike letters never
reach the second.
"""

import ast
import re
import warnings
from typing import Final

from linli.policy.expression.refusal import refuse
from linli.policy.expression.tree import (
    Arithmetic,
    ArithmeticSign,
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
)

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "parse"]

MAX_LENGTH: Final = 400
MAX_DEPTH: Final = 12
LARGEST_NUMBER: Final = 1e12

ALLOWED: Final = re.compile(r"[A-Za-z0-9_ .+\-*/<>=!(),\t\n]*")
NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
ARITHMETIC: Final[dict[type[ast.operator], ArithmeticSign]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
COMPARISON: Final[dict[type[ast.cmpop], ComparisonSign]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def parse(text: str) -> Expression:
    """The tree of an expression.

    Parameters
    ----------
    text : str
        At most 400 characters, nested at most 12 deep; line breaks count as spaces.

    Raises
    ------
    ExpressionRefused
        Too long, too deep, empty, not well formed, or with a piece outside the language.

    Examples
    --------
    >>> from linli.policy.expression.tree import write
    >>> write(parse("share(a, b)>=1+ 2"))
    'share(a, b) >= 1 + 2'
    """
    if len(text) > MAX_LENGTH:
        raise refuse("expression.too_long", text, length=len(text), limit=MAX_LENGTH)
    flat = " ".join(text.split(None)) if text.isascii() else text
    if not flat:
        raise refuse("expression.empty", text)
    allowed = ALLOWED.match(flat)
    end = 0 if allowed is None else allowed.end()
    if end < len(flat):
        raise refuse("expression.character", flat[end], position=end + 1)
    return _Reader(flat).expression(_python_tree(flat), 1)


def _python_tree(flat: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(flat, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise refuse("expression.not_well_formed", flat) from error


class _Reader:
    """Turns Python's nodes into ours; remembers the text to quote from it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def expression(self, node: ast.expr, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise refuse("expression.too_deep", self.quote(node), limit=MAX_DEPTH)
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name(id=name):
                return Name(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                return Arithmetic(
                    ARITHMETIC[type(op)], self.expression(left, depth + 1), self.expression(right, depth + 1)
                )
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negative(self.expression(operand, depth + 1))
            case ast.Call():
                return self.call(node, depth)
            case _:
                return self.truth(node, depth)

    def truth(self, node: ast.expr, depth: int) -> Expression:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.expression(operand, depth + 1))
            case ast.BoolOp(op=op, values=values):
                word: Final = "and" if isinstance(op, ast.And) else "or"
                return Logic(word, tuple(self.expression(value, depth + 1) for value in values))
            case ast.Compare(left=left, ops=ops, comparators=rest) if all(type(o) in COMPARISON for o in ops):
                operands = tuple(self.expression(part, depth + 1) for part in (left, *rest))
                return Comparison(tuple(COMPARISON[type(o)] for o in ops), operands)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                then, condition, otherwise = (self.expression(n, depth + 1) for n in (body, test, orelse))
                return Choice(then, condition, otherwise)
            case _:
                raise refuse("expression.construct", self.quote(node))

    def call(self, node: ast.Call, depth: int) -> Call:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise refuse("expression.construct", self.quote(node))
        return Call(node.func.id, tuple(self.expression(argument, depth + 1) for argument in node.args))

    def number(self, node: ast.Constant) -> Number:
        written = self.quote(node)
        if NUMBER.fullmatch(written) is None:
            raise refuse("expression.number", written)
        value = float(written)
        if value > LARGEST_NUMBER:
            raise refuse("expression.number", written)
        return Number(value)

    def quote(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.text, node) or self.text
