"""Events a month by area, from a table with the columns ``area`` and ``events`` (片区, 每月起数)."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from linli.io.sheets import ReadSheet, read_sheet
from linli.kernel.errors import Finding, InputRefused, LinliError, Where
from linli.kernel.texts import catalogue

__all__ = ["read_rates"]

say = catalogue("linli.io")

AREA: Final = ("area", "片区", "警务区", "代码", "code")
EVENTS: Final = ("events", "每月起数", "起数")


def read_rates(path: Path) -> Mapping[str, float]:
    """Area's code to its mean events a month, from a CSV or XLSX file.

    Raises
    ------
    LinliError
        The file cannot be opened.
    InputRefused
        Its content is not such a table: a column is missing, an area stands twice, a number is no number or
        below 0. Every fault is in ``findings``.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LinliError(say("rates.unreadable", name=path)) from error
    sheet = read_sheet(path.name, content)
    findings: list[Finding] = []
    area, events = (_column(sheet, names, findings) for names in (AREA, EVENTS))
    found: dict[str, float] = {}
    for row in sheet.rows if area is not None and events is not None else ():
        code, written = row.values[str(area)].strip(), row.values[str(events)].strip()
        where = Where(sheet.file, row=row.number, column=str(area))
        if not code or code in found:
            findings.append(_finding("area", where, code or None))
            continue
        number = _number(written)
        if number is None:
            findings.append(
                _finding("events", Where(sheet.file, row=row.number, column=str(events)), written)
            )
        found[code] = number or 0.0
    if findings:
        raise InputRefused(say("rates.refused", name=path.name, count=len(findings)), tuple(findings))
    return found


def _column(sheet: ReadSheet, names: tuple[str, ...], findings: list[Finding]) -> str | None:
    for header in sheet.headers:
        if header.strip().lower() in names:
            return header
    findings.append(_finding(f"column_{names[0]}", Where(sheet.file, row=1), ", ".join(sheet.headers)))
    return None


def _number(written: str) -> float | None:
    try:
        number = float(written)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _finding(code: str, where: Where, given: str | None) -> Finding:
    expected, remedy = say(f"rates.{code}.expected"), say(f"rates.{code}.remedy")
    return Finding(f"rates.{code}", where, given, expected, remedy)
