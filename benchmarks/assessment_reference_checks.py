"""One row of the reference table: published values, ours, and how far apart they are."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine
from numpy.typing import ArrayLike

__all__ = ["DATA", "TRIAL", "Check", "agree", "cells", "number", "same", "sheet", "table"]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TOLERANCE = 2e-6
"""Most tables are published to nine digits."""

TRIAL = "earlier trial"
"""Values of ../shared/data/assessment/reference_numbers.txt that stand in no publication."""


@dataclass(frozen=True)
class Check:
    """Published values of one kind, and the largest difference from ours.

    ``error`` is relative for values beyond ±1 and absolute within; for labels it is the share that differs.
    """

    source: str
    method: str
    values: int
    error: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Something was compared, and nothing is further apart than the tolerance."""
        return self.values > 0 and self.error <= self.tolerance


def agree(
    source: str, method: str, published: ArrayLike, ours: ArrayLike, tolerance: float = TOLERANCE
) -> Check:
    """Numbers; a value missing on one side only is infinitely far away."""
    theirs, mine = (np.asarray(side, dtype=np.float64).ravel() for side in (published, ours))
    if theirs.shape != mine.shape:
        raise ValueError(f"{source}, {method}: {theirs.size} published values and {mine.size} of ours")
    missing = np.isnan(theirs) & np.isnan(mine)
    apart = np.abs(mine - theirs) / np.maximum(1.0, np.abs(theirs))
    apart = np.where(missing, 0.0, np.where(np.isnan(apart), np.inf, apart))
    return Check(source, method, theirs.size, float(apart.max(initial=0.0)), tolerance)


def same(source: str, method: str, published: Iterable[Any], ours: Iterable[Any]) -> Check:
    """Labels, which either agree or do not."""
    pairs = list(zip(published, ours, strict=True))
    differ = sum(theirs != mine for theirs, mine in pairs)
    return Check(source, method, len(pairs), differ / max(1, len(pairs)), 0.0)


def table(*parts: str) -> list[dict[str, str]]:
    """A CSV of ../shared/data, one dictionary a row, headings stripped."""
    with DATA.joinpath(*parts).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    heads = [head.strip() for head in rows[0]]
    return [dict(zip(heads, row, strict=True)) for row in rows[1:] if row]


def sheet(book: str, name: str) -> list[dict[str, Any]]:
    """A sheet of a workbook among the PHE test tables."""
    path = DATA / "assessment" / "phe" / book
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def cells(rows: Iterable[dict[str, Any]], *names: str) -> np.ndarray:
    """Columns as numbers, one row of the answer a column; nan where nothing stands."""
    listed = list(rows)
    return np.array([[number(row[name]) for row in listed] for name in names])


def number(value: Any) -> float:
    """A number, or nan for what is not one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return {"TRUE": 1.0, "FALSE": 0.0}.get(str(value).upper(), float("nan"))
