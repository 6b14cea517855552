"""Worked cases run one by one: what came out against what the case expects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from linli.kernel.identifiers import ValueId
from linli.policy.model import CheckId, DatedValue, Pack, ValueCase, WorkedCase
from linli.policy.rules import CompiledCheck, compile_check, run_check

__all__ = ["CaseResult", "case_holds", "run_cases", "value_case_holds"]


@dataclass(frozen=True)
class CaseResult:
    """One worked case and what came out; ``got`` is a result word, or a value's number as text."""

    subject: str
    file: str
    number: int
    expected: str
    got: str

    @property
    def holds(self) -> bool:
        """Whether the case came out as expected."""
        return self.expected == self.got


def run_cases(pack: Pack) -> tuple[CaseResult, ...]:
    """Every worked case of a pack, in the order of its files."""
    compiled = {check.id: compile_check(check, pack.values) for check in pack.checks()}
    return (*_of_checks(pack, compiled), *(_of_value(pack.values, case) for case in pack.value_cases))


def _of_checks(pack: Pack, compiled: Mapping[CheckId, CompiledCheck]) -> Iterable[CaseResult]:
    for case in pack.cases:
        got = answer(compiled[case.check], pack.values, case)
        yield CaseResult(case.check, case.file, case.number, case.expect, got)


def _of_value(values: Mapping[ValueId, DatedValue], case: ValueCase) -> CaseResult:
    value = values[case.value]
    expected, got = _shown(case.expect, case.unit.text), _shown(value.on(case.on), value.unit.text)
    return CaseResult(case.value, case.file, case.number, expected, got)


def _shown(number: float | None, unit: str) -> str:
    return "–" if number is None else f"{number:g} {unit}"


def answer(compiled: CompiledCheck, values: Mapping[ValueId, DatedValue], case: WorkedCase) -> str:
    """The result word of one case."""
    columns = {
        name: np.asarray(np.nan if number is None else number, dtype=np.float64)
        for name, number in case.given.items()
    }
    return run_check(compiled, values, on=case.on, columns=columns, rows=1).words()[0]


def case_holds(compiled: CompiledCheck, values: Mapping[ValueId, DatedValue], case: WorkedCase) -> bool:
    """Whether one case of a check comes out as expected."""
    return answer(compiled, values, case) == case.expect


def value_case_holds(value: DatedValue, case: ValueCase) -> bool:
    """Whether a dated value is what its case says, unit included."""
    number = value.on(case.on)
    return number == case.expect and (number is None or value.unit == case.unit)
