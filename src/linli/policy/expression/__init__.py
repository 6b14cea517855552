"""The closed expression language of policy packs: read, type- and unit-checked, then run over columns."""

from linli.policy.expression.compiling import Compiled, Names, compile_expression
from linli.policy.expression.parsing import MAX_DEPTH, MAX_LENGTH, parse
from linli.policy.expression.refusal import ExpressionRefused
from linli.policy.expression.tree import Expression, names_in, write

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Compiled",
    "Expression",
    "ExpressionRefused",
    "Names",
    "compile_expression",
    "names_in",
    "parse",
    "write",
]
