"""Published figures worked out again from the numbers the source gives."""

import math

import numpy as np

from linli.policy.expression import compile_expression, parse
from linli.policy.expression.refusal import refuse
from linli.policy.model import Figure

__all__ = ["work_out"]


def work_out(figure: Figure) -> float | None:
    """The figure's expression in the figure's unit, rounded to its decimals; ``None`` where unknown.

    Raises
    ------
    ExpressionRefused
        The expression is outside the language, or its units do not fit.

    Notes
    -----
    Rounds half to even on the binary number, as Python's ``round`` does.
    """
    names = {part.name: part.unit for part in figure.inputs}
    compiled = compile_expression(parse(figure.expression), names)
    if compiled.unit is None:
        raise refuse("expression.number_wanted", figure.expression)
    if not compiled.unit.same_dimension(figure.unit):
        raise refuse("expression.units", figure.expression, left=compiled.unit, right=figure.unit)
    frame = {part.name: np.asarray(part.value, dtype=np.float64) for part in figure.inputs}
    factor = compiled.unit.per(figure.unit)
    result = float(compiled.numbers(frame)) * factor.numerator / factor.denominator
    return None if math.isnan(result) else round(result, figure.decimals)
