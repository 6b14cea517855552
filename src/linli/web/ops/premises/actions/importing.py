"""The register is taken in from a spreadsheet: every row is checked, and all of them go in or none."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar, Final

from linli.io.sheets import ReadSheet, SheetRow
from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Refusal
from linli.web.foundation.audit.chain import Record
from linli.web.ops.premises.actions.base import say
from linli.web.ops.premises.actions.register import CorrectPremises, Details, RegisterPremises
from linli.web.ops.premises.models import Premises
from linli.web.ops.premises.sheet import COLUMNS, NEEDED, Unreadable, column_of, details_of, sheet_row
from linli.web.ops.premises.subjects import KIND, may_premises

__all__ = ["MOST_ROWS", "ImportRegister"]

MOST_ROWS: Final = 5000
_MOST_FINDINGS: Final = 200


@dataclass(frozen=True, kw_only=True)
class ImportRegister(Action[tuple[int, int]]):
    """Enter the rows that have no code or one that is new; correct those whose code is known."""

    name: ClassVar[str] = "premises.import"
    sheet: ReadSheet

    def check(self, context: Context) -> None:
        """The actor registers premises; the columns that are needed are there; not too many rows."""
        if not may_anywhere(context.actor, "open", KIND):
            raise Forbidden(say("forbidden"))
        columns = [column_of(header) for header in self.sheet.headers]
        faults = [
            self._fault("column", Where(self.sheet.file, row=1, column=name), None, say(f"column.{name}"))
            for name in NEEDED
            if name not in columns
        ]
        for name, count in Counter(column for column in columns if column).items():
            if count > 1:
                faults.append(self._fault("twice", Where(self.sheet.file, row=1), name, say("import_once")))
        if len(self.sheet.rows) > MOST_ROWS:
            given = str(len(self.sheet.rows))
            faults.append(
                self._fault("rows", Where(self.sheet.file), given, say("import_most", most=MOST_ROWS))
            )
        self._refuse(faults)

    def change(self, context: Context) -> tuple[int, int]:
        """How many were entered and corrected. One row that is wrong, and nothing has changed."""
        entered = corrected = 0
        faults: list[Finding] = []
        codes: dict[str, int] = {}
        for row in self.sheet.rows:
            values = {name: row.values[h] for h in self.sheet.headers if (name := column_of(h)) is not None}
            code = values.get("code", "").strip()
            if code and code in codes:
                faults.append(self._row_fault(row, "code", code, say("import_twice", row=codes[code])))
                continue
            codes[code] = row.number
            try:
                known = _seen(code, context)
                self._put(known, code, details_of({**_standing(known), **values}), context)
            except Unreadable as refused:
                faults += [self._row_fault(row, n, values.get(n), text) for n, text in refused.wrong.items()]
            except Invalid as refused:
                faults += [self._row_fault(row, n, values.get(n), text) for n, text in refused.fields.items()]
            except Refusal as refused:
                faults.append(self._row_fault(row, "code", code or None, refused.text))
            else:
                entered, corrected = entered + (known is None), corrected + (known is not None)
        self._refuse(faults)
        return entered, corrected

    def _put(self, known: Premises | None, code: str, details: Details, context: Context) -> None:
        if known is None:
            perform(RegisterPremises(details=details, code=code), context.actor, context.at)
        else:
            perform(CorrectPremises(premises_id=known.pk, details=details), context.actor, context.at)

    def _row_fault(self, row: SheetRow, column: str, given: str | None, expected: Text) -> Finding:
        where = Where(self.sheet.file, row=row.number, column=column)
        return self._fault("row", where, given, expected)

    def _fault(self, code: str, where: Where, given: str | None, expected: Text) -> Finding:
        return Finding(f"premises.{code}", where, given or None, expected, say("import_mend"))

    def _refuse(self, faults: list[Finding]) -> None:
        if faults:
            text = say("import_refused", count=len(faults))
            raise InputRefused(text, tuple(faults[:_MOST_FINDINGS]))

    def record(self, result: tuple[int, int]) -> Record:
        """How many of either."""
        detail = {"entered": result[0], "corrected": result[1]}
        return Record(action=self.name, subject_kind="list", subject_id=KIND, detail=detail)


def _seen(code: str, context: Context) -> Premises | None:
    """The premises of a code; one that the actor may not see is answered as one that is not there."""
    found = Premises.objects.filter(code=code).first() if code else None
    return found if found is not None and may_premises(context.actor, "view", found) else None


def _standing(known: Premises | None) -> dict[str, str]:
    """What the register says already: a column that the file does not have stays as it is."""
    if known is None:
        return {}
    cells = zip(COLUMNS, sheet_row(known), strict=True)
    return {name: "" if cell is None else str(cell) for name, cell in cells}
