"""Text to tree. Python's ``ast`` is used as a parser only: nothing is ever compiled or run by Python.

Every node that the parser gives back must be on the closed list; backslashes, quotes within quotes and
line breaks within texts are refused before.
"""

import ast
import re
import warnings
from typing import Final

from linli.assessment.indicators.language.refusal import refuse
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
)

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "parse"]

MAX_LENGTH: Final = 400
MAX_DEPTH: Final = 12
LARGEST: Final = 1e12
NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
TEXT: Final = re.compile(r"'[^'\"\\]{0,100}'")
OUTSIDE: Final = re.compile(r"'[^']*'")
ALLOWED: Final = re.compile(r"[A-Za-z0-9_ .+\-*/<>=!(),\[\]]*")
NULL, TRUE, FALSE = "null", "true", "false"
ARITHMETIC: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISON: Final = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def parse(text: str) -> Node:
    """The tree of a text.

    Parameters
    ----------
    text : str
        At most 400 characters, nested at most 12 deep; texts stand in single quotes.

    Raises
    ------
    LanguageRefused
        Too long, too deep, empty, not well formed, or with a piece outside the language.

    Examples
    --------
    >>> from linli.assessment.indicators.language.tree import write
    >>> write(parse("feedback=='satisfied' and not late"))
    "feedback == 'satisfied' and not late"
    """
    if len(text) > MAX_LENGTH:
        raise refuse("too_long", text, length=len(text), limit=MAX_LENGTH)
    flat = " ".join(text.split())
    if not flat:
        raise refuse("empty", text)
    _characters(flat)
    return _Reader(flat.encode()).node(_python_tree(flat), 1)


def _characters(flat: str) -> None:
    outside = OUTSIDE.sub("0", flat)
    allowed = ALLOWED.match(outside)
    end = 0 if allowed is None else allowed.end()
    if end < len(outside):
        raise refuse("character", outside[end])
    for quoted in OUTSIDE.findall(flat):
        if TEXT.fullmatch(quoted) is None:
            raise refuse("text", quoted)


def _python_tree(flat: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(flat, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise refuse("not_well_formed", flat) from None


class _Reader:
    """Turns Python's nodes into ours; remembers the text to quote from it."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def node(self, node: ast.expr, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise refuse("too_deep", self.quote(node), limit=MAX_DEPTH)
        match node:
            case ast.Constant():
                return self.constant(node)
            case ast.Name(id=name):
                return Constant(name == TRUE) if name in (TRUE, FALSE) else self.column(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                first, second = self.node(left, depth + 1), self.node(right, depth + 1)
                return Arithmetic(ARITHMETIC[type(op)], first, second)  # type: ignore[arg-type]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negative(self.node(operand, depth + 1))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                then, condition, otherwise = (self.node(n, depth + 1) for n in (body, test, orelse))
                return Choice(then, condition, otherwise)
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return Call(function, tuple(self.node(one, depth + 1) for one in arguments))
            case _:
                return self.truth(node, depth)

    def truth(self, node: ast.expr, depth: int) -> Node:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.node(operand, depth + 1))
            case ast.BoolOp(op=op, values=values):
                operands = tuple(self.node(value, depth + 1) for value in values)
                return All("and" if isinstance(op, ast.And) else "or", operands)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compare(node, self.node(left, depth + 1), op, right, depth)
            case _:
                raise refuse("construct", self.quote(node))

    def compare(self, node: ast.expr, left: Node, op: ast.cmpop, right: ast.expr, depth: int) -> Node:
        if isinstance(op, ast.Is | ast.IsNot):
            if not (isinstance(right, ast.Name) and right.id == NULL):
                raise refuse("is_null", self.quote(node))
            return IsNull(left, isinstance(op, ast.IsNot))
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.List) or not right.elts:
                raise refuse("in_list", self.quote(node))
            values = tuple(self.constant(one) for one in right.elts)
            return Member(left, values, isinstance(op, ast.NotIn))
        return Comparison(COMPARISON[type(op)], left, self.node(right, depth + 1))  # type: ignore[arg-type]

    def column(self, name: str) -> Column:
        if name == NULL:
            raise refuse("null", name)
        return Column(name)

    def constant(self, node: ast.expr) -> Constant:
        written = self.quote(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TEXT.fullmatch(written):
            return Constant(node.value)
        if NUMBER.fullmatch(written) is None or float(written) > LARGEST:
            raise refuse("constant", written)
        return Constant(float(written))

    def quote(self, node: ast.expr) -> str:
        # Python counts columns in bytes of UTF-8.
        return self.text[node.col_offset : node.end_col_offset].decode()
