"""The small language in which an indicator says which records count: read, type-checked, turned into Ibis."""

from linli.assessment.indicators.language.compiling import Compiled, compile_over
from linli.assessment.indicators.language.parsing import MAX_DEPTH, MAX_LENGTH, parse
from linli.assessment.indicators.language.refusal import LanguageRefused
from linli.assessment.indicators.language.tree import Node, columns_in, write

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Compiled",
    "LanguageRefused",
    "Node",
    "columns_in",
    "compile_over",
    "parse",
    "write",
]
