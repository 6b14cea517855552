"""The register as a table: the same columns in the file that is exported and in the one that is imported."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from linli.io.sheets import Cell
from linli.kernel.texts import Text
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.border.moments import day_of
from linli.web.foundation.places.villages import named_so, villages
from linli.web.foundation.screens.wording import phrase
from linli.web.ops.premises.actions.base import say
from linli.web.ops.premises.actions.register import Details
from linli.web.ops.premises.kinds import KEY_CLAUSES, KINDS
from linli.web.ops.premises.models import Premises

__all__ = ["COLUMNS", "NEEDED", "Unreadable", "column_of", "details_of", "sheet_row"]

COLUMNS: Final = (
    "code", "kind", "name", "name_en", "address", "address_code", "place", "longitude", "latitude",
    "organisation", "key_clause", "opening_hours", "alarm_linked_on", "inspected_on", "due_on",
)  # fmt: skip
"""The duty telephone is personal: it is not in the table."""
NEEDED: Final = ("kind", "name", "address")


class Unreadable(Exception):
    """What is wrong with some cells of a row, by column."""

    def __init__(self, wrong: Mapping[str, Text]) -> None:
        super().__init__()
        self.wrong = wrong


def sheet_row(premises: Premises) -> list[Cell]:
    """Premises as a row."""
    unit = premises.organisation
    kind = phrase(f"premises:kind.{premises.kind}")
    return [
        premises.code, kind.zh, premises.name, premises.name_en, premises.address, premises.address_code,
        premises.place_code, premises.longitude, premises.latitude, unit.code if unit else "",
        premises.key_clause, premises.opening_hours, premises.alarm_linked_on, premises.inspected_on,
        premises.due_on,
    ]  # fmt: skip


def column_of(header: str) -> str | None:
    """The column that a header names, in either language or by its id."""
    plain = header.strip().lower()
    for name in COLUMNS:
        named = phrase(f"premises:column.{name}")
        if plain in (name, named.zh.lower(), named.en.lower()):
            return name
    return None


def details_of(values: Mapping[str, str]) -> Details:
    """What a row says, as the actions take it.

    Raises
    ------
    Unreadable
        A kind, number, date or organisation is none.
    """
    wrong: dict[str, Text] = {}
    kind = _kind(values.get("kind", ""))
    if kind is None:
        wrong["kind"] = say("no_kind")
    organisation = values.get("organisation", "").strip()
    unit = Organisation.objects.filter(code=organisation, active=True).first() if organisation else None
    if organisation and unit is None:
        wrong["organisation"] = say("no_organisation")
    clause = values.get("key_clause", "").strip().upper()
    if clause and clause not in KEY_CLAUSES:
        wrong["key_clause"] = say("no_clause")
    longitude, latitude = (_degrees(values, name, wrong) for name in ("longitude", "latitude"))
    linked = _day(values, "alarm_linked_on", wrong)
    if wrong:
        raise Unreadable(wrong)
    return Details(
        kind=kind or "",
        name=values.get("name", "").strip(),
        name_en=values.get("name_en", "").strip(),
        address=values.get("address", "").strip(),
        address_code=values.get("address_code", "").strip(),
        place=_place(values.get("place", "").strip()),
        longitude=longitude,
        latitude=latitude,
        organisation_id=unit.pk if unit else None,
        key_clause=clause,
        opening_hours=values.get("opening_hours", "").strip(),
        alarm_linked_on=linked,
    )


def _place(given: str) -> str:
    """The code of the village that is called so; what is none stays as it was given and is refused by it."""
    found = named_so(given, villages())
    return given if found is None else found.code


def _kind(given: str) -> str | None:
    plain = given.strip().lower()
    for kind in KINDS:
        named = phrase(f"premises:kind.{kind}")
        if plain in (kind, named.zh.lower(), named.en.lower()):
            return kind
    return None


def _degrees(values: Mapping[str, str], name: str, wrong: dict[str, Text]) -> float | None:
    given = values.get(name, "").strip()
    if not given:
        return None
    try:
        number = float(given)
    except ValueError:
        number = float("nan")
    if not -180 <= number <= 180:
        wrong[name] = say("no_position")
        return None
    return number


def _day(values: Mapping[str, str], name: str, wrong: dict[str, Text]) -> dt.date | None:
    given = values.get(name, "").strip()
    if not given:
        return None
    day = day_of(given[:10].replace("/", "-"))
    if day is None:
        wrong[name] = say("no_date")
    return day
