"""Results: one row for each indicator, area and period, with what it takes to trace and repeat it."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from linli.assessment.indicators.model import AreaKind, Definition
from linli.assessment.indicators.periods import ReportPeriod

__all__ = ["COLUMNS", "Result", "Results", "evidence_key"]

COLUMNS: Final = (
    "indicator", "clause", "area_kind", "area", "period",
    "numerator", "denominator", "value", "low", "high", "records", "evidence", "formula", "code_version",
)  # fmt: skip
"""Of the frame of results; helper modules and files use these names."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure. ``None`` is "not known"; an interval may be undefined where a value is not.

    ``records`` is how many records were counted, ``evidence`` the key under which ``explain`` finds exactly
    those again: the digest of formula, facts, area and period. ``numerator`` and ``denominator`` are what
    was divided (for a rate, the exposure in its ``per``).
    """

    indicator: str
    clause: str
    area_kind: AreaKind
    area: str
    period: ReportPeriod
    numerator: float | None
    denominator: float | None
    value: float | None
    interval: tuple[float, float] | None
    records: int
    evidence: str
    formula: str
    code_version: str


@dataclass(frozen=True)
class Results:
    """All results of one computation.

    ``frame`` has the columns ``COLUMNS``, ordered by indicator, kind of area, area and period;
    ``definitions`` are the indicators by id; ``facts`` is the digest of the facts that were read.
    """

    frame: pd.DataFrame
    definitions: Mapping[str, Definition]
    facts: str

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[Result]:
        return map(_result, self.frame.itertuples(index=False))

    def find(self, indicator: str, area: str, period: str) -> Result | None:
        """One result; ``None`` where there is none."""
        frame = self.frame
        rows = frame[
            (frame["indicator"] == indicator) & (frame["area"] == area) & (frame["period"] == period)
        ]
        return None if rows.empty else _result(next(rows.itertuples(index=False)))


def evidence_key(definition: Definition, facts: str, area: str, period: str) -> str:
    """The key of a result's evidence: the same computation over the same facts has the same one."""
    text = f"{definition.digest}|{facts}|{area}|{period}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _result(row: Any) -> Result:
    low, high = _known(row.low), _known(row.high)
    return Result(
        indicator=str(row.indicator),
        clause=str(row.clause),
        area_kind=row.area_kind,
        area=str(row.area),
        period=ReportPeriod(row.period),
        numerator=_known(row.numerator),
        denominator=_known(row.denominator),
        value=_known(row.value),
        interval=None if low is None or high is None else (low, high),
        records=int(row.records),
        evidence=str(row.evidence),
        formula=str(row.formula),
        code_version=str(row.code_version),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
