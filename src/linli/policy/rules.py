"""Checks compiled and run over columns: one row a beat, post, place or station; one answer a row.

A column is float64 with ``nan`` for "not known"; yes/no measures are 1 and 0. A measure without a
column is not known in any row.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from linli.kernel.identifiers import ValueId
from linli.policy.catalogue import measures
from linli.policy.expression import Compiled, Expression, Names, compile_expression, parse
from linli.policy.expression.refusal import refuse
from linli.policy.model import Check, DatedValue, Expectation, Pack, Scope

__all__ = [
    "Column",
    "CompiledCheck",
    "Outcome",
    "compile_check",
    "compile_trees",
    "evaluate",
    "known_names",
    "run_check",
]

Column = NDArray[np.float64]

NOT_MET: Final = -1
UNKNOWN: Final = 0
MET: Final = 1
NOT_APPLICABLE: Final = 2
NOT_YET_DUE: Final = 3
NOT_IN_FORCE: Final = 4

WORDS: Final[dict[int, Expectation]] = {
    NOT_MET: "not_met",
    UNKNOWN: "unknown",
    MET: "met",
    NOT_APPLICABLE: "not_applicable",
    NOT_YET_DUE: "not_yet_due",
    NOT_IN_FORCE: "not_in_force",
}


@dataclass(frozen=True)
class CompiledCheck:
    """A check whose types and units fit; ``measures`` and ``values`` are the names it reads."""

    check: Check
    rule: Compiled
    applies: Compiled | None
    measures: tuple[str, ...]
    values: tuple[ValueId, ...]


@dataclass(frozen=True)
class Outcome:
    """The answers of one check on one day; ``codes`` holds one answer a row."""

    check: Check
    on: dt.date
    codes: NDArray[np.int8]

    def count(self, word: Expectation) -> int:
        """How many rows have an answer."""
        code = next(code for code, other in WORDS.items() if other == word)
        return int(np.count_nonzero(self.codes == code))

    def rows(self, word: Expectation) -> NDArray[np.intp]:
        """Positions of the rows that have an answer, in order."""
        code = next(code for code, other in WORDS.items() if other == word)
        return np.flatnonzero(self.codes == code)

    def words(self) -> tuple[Expectation, ...]:
        """The answers as words, row by row."""
        return tuple(WORDS[int(code)] for code in self.codes)


def known_names(values: Mapping[ValueId, DatedValue]) -> Names:
    """Every name that a rule of a pack may use, with its unit."""
    names = {name: measure.unit for name, measure in measures().items()}
    return {**names, **{str(name): value.unit for name, value in values.items()}}


def compile_check(check: Check, values: Mapping[ValueId, DatedValue]) -> CompiledCheck:
    """Parse and check both texts of a check.

    Raises
    ------
    ExpressionRefused
        A text is outside the language, a name is not known, or units do not fit.
    """
    applies = None if check.applies is None else parse(check.applies)
    return compile_trees(check, parse(check.rule), applies, values)


def compile_trees(
    check: Check, rule: Expression, applies: Expression | None, values: Mapping[ValueId, DatedValue]
) -> CompiledCheck:
    """The same from trees, as the mutation pass makes them."""
    names = known_names(values)
    compiled = compile_expression(rule, names)
    condition = None if applies is None else compile_expression(applies, names)
    for part in (compiled, condition):
        if part is not None and part.unit is not None:
            raise refuse("expression.truth_wanted", check.rule if part is compiled else str(check.applies))
    read = dict.fromkeys((*compiled.names, *(condition.names if condition else ())))
    return CompiledCheck(
        check=check,
        rule=compiled,
        applies=condition,
        measures=tuple(name for name in read if name not in values),
        values=tuple(ValueId(name) for name in read if name in values),
    )


def run_check(
    compiled: CompiledCheck,
    values: Mapping[ValueId, DatedValue],
    *,
    on: dt.date,
    columns: Mapping[str, Column],
    rows: int,
) -> Outcome:
    """One check over all rows of its scope on a day.

    Parameters
    ----------
    columns : mapping
        By measure; each of length ``rows``, or one number for all rows.
    """
    check = compiled.check
    if on < check.start or (check.end is not None and on > check.end):
        return Outcome(check, on, np.full(rows, NOT_IN_FORCE, dtype=np.int8))
    frame: dict[str, Column] = {name: _column(columns, name) for name in compiled.measures}
    for value in compiled.values:
        number = values[value].on(on)
        frame[value] = np.asarray(np.nan if number is None else number, dtype=np.float64)
    codes = compiled.rule.truths(frame)
    if check.due is not None and on < check.due:
        codes = np.where(codes == NOT_MET, np.int8(NOT_YET_DUE), codes)
    if compiled.applies is not None:
        applies = compiled.applies.truths(frame)
        outside = np.where(applies < 0, np.int8(NOT_APPLICABLE), np.int8(UNKNOWN))
        codes = np.where(applies > 0, codes, outside)
    return Outcome(check, on, np.broadcast_to(codes.astype(np.int8), (rows,)))


def evaluate(
    pack: Pack, scope: Scope, *, on: dt.date, columns: Mapping[str, Column], rows: int
) -> tuple[Outcome, ...]:
    """All checks of a pack that stand in one scope, in the pack's order."""
    return tuple(
        run_check(compile_check(check, pack.values), pack.values, on=on, columns=columns, rows=rows)
        for check in pack.checks()
        if check.scope == scope
    )


def _column(columns: Mapping[str, Column], name: str) -> Column:
    column = columns.get(name)
    missing = cast(Column, np.asarray(np.nan))
    return missing if column is None else np.asarray(column, dtype=np.float64)
