"""Reads a sheet of devices: every cell checked, every fault named, unknown columns refused, not dropped."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from linli.io.sheets import ReadSheet, SheetRow, read_sheet
from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.texts import Text, plain
from linli.privacy.forbidden import forbidden_in
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.places.villages import named_so, villages
from linli.web.ops.equipment.actions.base import say
from linli.web.ops.equipment.actions.entering import Entry
from linli.web.ops.equipment.models import Device

__all__ = ["COLUMNS", "MOST_ROWS", "read_devices"]

MOST_ROWS: Final = 5000
COLUMNS: Final = (
    "code", "kind", "name", "purpose", "status", "organisation", "keeper_post", "place", "address",
    "longitude", "latitude", "radius_m", "linked", "required_by", "footage_days", "notice_posted",
    "acquired_on", "maintain_every_days", "maintain_on", "note",
)  # fmt: skip
"""The columns of a sheet, in the order of the export; named in either language."""
NEEDED: Final = ("code", "kind", "name", "purpose", "organisation")
YES: Final = frozenset({"是", "有", "yes", "true", "1", "y"})
NO: Final = frozenset({"否", "无", "no", "false", "0", "n"})


@dataclass
class _Reading:
    """A sheet while it is read: what is known by name, and what was found wrong."""

    sheet: ReadSheet
    keepers: Mapping[str, int]
    faults: list[Finding] = field(default_factory=list)

    def fault(self, key: str, column: str, row: int | None, given: str, **values: object) -> None:
        where = Where(
            self.sheet.file, row=row, column=say(f"column.{column}").zh if column in COLUMNS else column
        )
        expected, remedy = say(f"import.{key}.expected", **values), say("import.remedy")
        self.faults.append(Finding(f"equipment.{key}", where, given or None, expected, remedy))


def read_devices(name: str, content: bytes, today: dt.date) -> list[Entry]:
    """The devices of a sheet.

    Raises
    ------
    InputRefused
        With every fault: the file, an unknown or missing column, a cell, a number that stands twice.
    """
    sheet = read_sheet(name, content)
    reading = _Reading(sheet, _keepers())
    columns = _columns(reading)
    if len(sheet.rows) > MOST_ROWS:
        reading.fault("rows", "code", None, str(len(sheet.rows)), most=MOST_ROWS)
    if reading.faults:
        raise _refused(reading)
    entries = [entry for row in sheet.rows if (entry := _entry(reading, columns, row, today)) is not None]
    _twice(reading, entries)
    if reading.faults:
        raise _refused(reading)
    return entries


def _refused(reading: _Reading) -> InputRefused:
    return InputRefused(
        say("import.refused", file=reading.sheet.file, count=len(reading.faults)), tuple(reading.faults)
    )


def _keepers() -> dict[str, int]:
    found: dict[str, int] = {}
    for one in Organisation.objects.filter(active=True).order_by("-pk"):
        found.update({one.name: one.pk, one.name_en: one.pk})
    found.update({one.code: one.pk for one in Organisation.objects.filter(active=True)})
    found.pop("", None)
    return found


def _place(_reading: _Reading, text: str) -> str | None:
    """The code of the place that is called so: a name that two have is none."""
    found = named_so(text, villages())
    return None if found is None else found.code


def _columns(reading: _Reading) -> dict[str, str]:
    """Which header is which column."""
    known = {text: id_ for id_ in COLUMNS for text in (say(f"column.{id_}").zh, say(f"column.{id_}").en, id_)}
    found: dict[str, str] = {}
    for header in reading.sheet.headers:
        id_ = known.get(header.strip())
        matches = forbidden_in(header)
        if matches:
            reading.fault("declined", header, 1, header, why=matches[0].why)
        elif id_ is None:
            reading.fault("column", header, 1, header, known=_named(COLUMNS))
        else:
            found[id_] = header
    for id_ in NEEDED:
        if id_ not in found:
            reading.fault("missing", id_, 1, "", name=say(f"column.{id_}"))
    return found


def _named(ids: tuple[str, ...]) -> Text:
    texts = [say(f"column.{id_}") for id_ in ids]
    return Text(zh="、".join(text.zh for text in texts), en=", ".join(text.en for text in texts))


def _entry(reading: _Reading, columns: Mapping[str, str], row: SheetRow, today: dt.date) -> Entry | None:
    before = len(reading.faults)
    cells = {id_: row.values.get(header, "").strip() for id_, header in columns.items()}
    if not any(cells.values()):
        return None
    given: dict[str, Any] = {}
    for id_, text in cells.items():
        if text:
            given["organisation_id" if id_ == "organisation" else id_] = _value(
                reading, id_, text, row.number
            )
    for id_ in NEEDED:
        if not cells.get(id_):
            reading.fault("empty", id_, row.number, "")
    if len(reading.faults) > before:
        return None
    entry = Entry(**given)
    for id_, reason in entry.wrong(today).items():
        where = Where(reading.sheet.file, row=row.number, column=say(f"column.{id_}").zh)
        given_text = cells.get(id_) or None
        reading.faults.append(Finding("equipment.cell", where, given_text, reason, say("import.remedy")))
    return entry


def _value(reading: _Reading, id_: str, text: str, row: int) -> Any:
    reader = _READERS.get(id_)
    if reader is None:
        return text
    value = reader(reading, text)
    if value is None:
        key = {"organisation": "keeper", "place": "place"}.get(id_, "value")
        reading.fault(key, id_, row, text, what=_expected(id_))
    return value


def _expected(id_: str) -> Text:
    if id_ in ("kind", "status"):
        values = Device.Kind.values if id_ == "kind" else Device.Status.values
        texts = [say(f"{id_}.{value}") for value in values]
        return Text(zh="、".join(text.zh for text in texts), en=", ".join(text.en for text in texts))
    if id_ in ("linked", "notice_posted"):
        return Text(zh="是、否", en="yes, no")
    return plain("2026-03-10") if id_.endswith("_on") else plain("123")


def _named_value(prefix: str, values: list[str]) -> Callable[[_Reading, str], str | None]:
    def read(_reading: _Reading, text: str) -> str | None:
        for value in values:
            name = say(f"{prefix}.{value}")
            if text in (value, name.zh) or text.lower() == name.en.lower():
                return value
        return None

    return read


def _yes_no(_reading: _Reading, text: str) -> bool | None:
    return True if text.lower() in YES else False if text.lower() in NO else None


def _whole(_reading: _Reading, text: str) -> int | None:
    return int(float(text)) if re.fullmatch(r"[0-9]{1,6}(\.0+)?", text) else None


def _float(_reading: _Reading, text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,12})?", text) else None


def _day(_reading: _Reading, text: str) -> dt.date | None:
    match = re.match(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?([ T]00:00(:00)?)?$", text)
    try:
        return dt.date(*(int(part) for part in match.groups()[:3])) if match is not None else None
    except ValueError:
        return None


_READERS: Final[Mapping[str, Callable[[_Reading, str], Any]]] = {
    "kind": _named_value("kind", list(Device.Kind.values)),
    "status": _named_value("status", list(Device.Status.values)),
    "organisation": lambda reading, text: reading.keepers.get(text),
    "place": _place,
    "longitude": _float,
    "latitude": _float,
    "radius_m": _whole,
    "footage_days": _whole,
    "maintain_every_days": _whole,
    "linked": _yes_no,
    "notice_posted": _yes_no,
    "acquired_on": _day,
    "maintain_on": _day,
}


def _twice(reading: _Reading, entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.code in seen:
            reading.fault("twice", "code", None, entry.code)
        seen.add(entry.code)
