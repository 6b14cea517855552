"""The register of units as a file: written for spreadsheets, read back whole or not at all."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from linli.io.sheets import SheetRow, read_sheet
from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.spelling import code
from linli.kernel.texts import Text
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Invalid, Refusal
from linli.web.foundation.actions.together import together
from linli.web.foundation.border.numbers import whole_of
from linli.web.ops.incidents.actions.units import SaveUnit
from linli.web.ops.incidents.forms import words
from linli.web.ops.incidents.models import Unit
from linli.web.ops.incidents.units import UnitNow, say, units_for

__all__ = ["COLUMNS", "import_units", "lines"]

COLUMNS: Final = ("call_sign", "organisation", "kind", "capacity", "active", "status", "place")
"""As they are written; the last two are not read."""
_READ: Final = COLUMNS[:5]
MOST_ROWS: Final = 2000


def lines(units: Iterable[UnitNow]) -> Iterator[list[str | int]]:
    """Units as rows of a sheet, in the language of the request."""
    for one in units:
        yield [
            one.unit.call_sign,
            one.unit.organisation.code,
            words(f"kind.{one.unit.kind}"),
            one.unit.capacity,
            words("yes" if one.unit.active else "no"),
            words(f"status.{one.status}"),
            one.unit.place_name,
        ]


def import_units(name: str, content: bytes, actor: Actor, at: dt.datetime) -> int:
    """Enter or correct every unit of a file, known by its call sign; how many.

    Raises
    ------
    InputRefused
        With every row and column that cannot be used; nothing was changed.
    """
    sheet = read_sheet(name, content)
    headers = {key: _header(key, sheet.headers) for key in _READ}
    findings = [
        _finding(name, 1, words(f"unit.{key}"), None, say("import.column", name=_said(key)))
        for key in _READ
        if key != "active" and headers[key] is None
    ]
    if not sheet.rows or len(sheet.rows) > MOST_ROWS:
        findings.append(_finding(name, 1, "", str(len(sheet.rows)), say("import.rows", most=MOST_ROWS)))
    if findings:
        raise _refused(name, findings)
    with together():
        # A call sign that another station's unit bears is answered as in the form: it is taken.
        known = {code(unit.call_sign): unit.pk for unit in units_for(actor, retired=True)}
        for row in sheet.rows:
            findings += _row(name, row, headers, known, actor, at)
        if findings:
            raise _refused(name, findings)
    return len(sheet.rows)


def _row(
    name: str,
    row: SheetRow,
    headers: Mapping[str, str | None],
    known: dict[str, int],
    actor: Actor,
    at: dt.datetime,
) -> Iterator[Finding]:
    cell = {key: row.values.get(header or "", "").strip() for key, header in headers.items()}
    action = SaveUnit(
        unit_id=known.get(code(cell["call_sign"])),
        call_sign=cell["call_sign"],
        organisation=cell["organisation"],
        kind=_kind(cell["kind"]),
        capacity=whole_of(cell["capacity"]) or 0,
        active=cell["active"].lower() not in _no(),
    )
    try:
        known[code(action.call_sign)] = perform(action, actor, at).pk
    except Invalid as refusal:
        for key, text in refusal.fields.items():
            yield _finding(name, row.number, words(f"unit.{key}"), cell.get(key), text)
    except Refusal as refusal:
        yield _finding(name, row.number, words("unit.call_sign"), cell["call_sign"], refusal.text)


def _said(key: str) -> Text:
    return say(f"unit.{key}")


def _header(key: str, headers: Iterable[str]) -> str | None:
    names = {key, _said(key).zh, _said(key).en.lower()}
    return next((one for one in headers if one.strip().lower() in names), None)


def _kind(text: str) -> str:
    for kind in Unit.Kind.values:
        name = say(f"kind.{kind}")
        if text.lower() in (kind, name.zh, name.en.lower()):
            return str(kind)
    return text


def _no() -> set[str]:
    return {say("no").zh, say("no").en.lower(), "0", "false", "n"}


def _finding(name: str, row: int, column: str, given: str | None, expected: Text) -> Finding:
    return Finding(
        "units.row", Where(name, row=row, column=column or None), given, expected, say("import.mend")
    )


def _refused(name: str, findings: list[Finding]) -> InputRefused:
    return InputRefused(say("import.refused", name=name, count=len(findings)), tuple(findings))
