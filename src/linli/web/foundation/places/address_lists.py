"""Lists of standard addresses (H9) are checked row by row and taken in whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, NamedTuple

from linli.io.sheets import ReadSheet, SheetRow, read_sheet
from linli.kernel.errors import Finding, Where
from linli.kernel.texts import catalogue, plain
from linli.web.foundation.accounts.access import Subject, may, may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden, ListRefused
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.places.addresses import keep_pieces
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.places.models import Address, AddressGram, Place

__all__ = ["COLUMNS", "KINDS", "ImportAddresses", "Taken"]

say = catalogue("linli.web.foundation.places")

COLUMNS: Final = ("code", "text", "place_code", "kind", "longitude", "latitude")
KINDS: Final = ("house", "unit", "shop")
MOST_FINDINGS: Final = 50
MOST_NAMED: Final = 200
"""Codes that the entry of an import names."""
KIND: Final = "deployment"


@dataclass(frozen=True)
class Taken:
    """What came of an import."""

    new: int
    changed: int
    same: int
    new_codes: tuple[str, ...] = ()
    changed_codes: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    """Whose addresses were new or changed, before or after."""


class _Rows(NamedTuple):
    """The addresses of a list, and those that are there already by code, locked until all is written."""

    rows: list[Address]
    known: dict[str, Address]


@dataclass(frozen=True, kw_only=True)
class ImportAddresses(Action[Taken]):
    """Take in a list of addresses; a known code gets the list's text, place and position."""

    name: ClassVar[str] = "address.import"
    file_name: str
    content: bytes = field(repr=False)

    def check(self, context: Context) -> None:
        """A list without a mistake, every address in the actor's own area, and where it was before too."""
        if not may_anywhere(context.actor, "open", KIND):
            raise Forbidden(say("address.may_not"))
        self._rows(context)

    def _rows(self, context: Context) -> "_Rows":
        found = self.__dict__.get("_checked")
        if found is None:
            found = _checked(read_sheet(self.file_name, self.content), context.actor)
            object.__setattr__(self, "_checked", found)
        rows: _Rows = found
        return rows

    def change(self, context: Context) -> Taken:
        """Write new ones, change known ones, and what each is found by."""
        rows, known = self._rows(context)
        places = current_map()
        before = {code: one.place_code for code, one in known.items()}
        fresh = Address.objects.bulk_create([row for row in rows if row.code not in known], batch_size=500)
        changed = [
            _onto(known[row.code], row)
            for row in rows
            if row.code in known and _differs(known[row.code], row)
        ]
        Address.objects.bulk_update(
            changed, ["text", "place_code", "kind", "longitude", "latitude"], batch_size=200
        )
        AddressGram.objects.filter(address__in=[one.pk for one in changed]).delete()
        keep_pieces((*fresh, *changed))
        codes = {one.place_code for one in (*fresh, *changed)} | {before[one.code] for one in changed}
        stations = {place.station_code for code in codes if (place := _place(places, code)) is not None}
        return Taken(
            len(fresh),
            len(changed),
            len(rows) - len(fresh) - len(changed),
            tuple(one.code for one in fresh),
            tuple(one.code for one in changed),
            tuple(sorted(stations)),
        )

    def record(self, result: Taken) -> Record:
        """How many, which, and of which stations."""
        detail = {
            "new": result.new,
            "changed": result.changed,
            "same": result.same,
            "new_codes": result.new_codes[:MOST_NAMED],
            "changed_codes": result.changed_codes[:MOST_NAMED],
            "stations": result.stations,
        }
        station = result.stations[0] if len(result.stations) == 1 else ""
        return Record(action=self.name, subject_kind="address", subject_id="", station=station, detail=detail)


def _values(one: Address) -> tuple[object, ...]:
    return (one.text, one.place_code, one.kind, one.longitude, one.latitude)


def _differs(known: Address, row: Address) -> bool:
    return _values(known) != _values(row)


def _onto(known: Address, row: Address) -> Address:
    known.text, known.place_code, known.kind, known.longitude, known.latitude = (
        row.text, row.place_code, row.kind, row.longitude, row.latitude,
    )  # fmt: skip
    return known


def _place(places: Map | None, code: str) -> Place | None:
    return None if places is None else places.places.get(code)


def _reached(actor: Actor, places: Map | None, code: str) -> bool:
    """Whether the actor enters addresses in a place; one that is in force no more, who has the county."""
    place = _place(places, code)
    where = Subject(kind=KIND, place=code)
    if place is not None:
        where = Subject(kind=KIND, station=place.station_code, beat=place.beat_code, place=code)
    return may(actor, "open", where)


def _checked(sheet: ReadSheet, actor: Actor) -> _Rows:
    titles = {
        name: {say(f"address.column.{name}").zh, say(f"address.column.{name}").en, name} for name in COLUMNS
    }
    headers = {name: next((h for h in sheet.headers if h in known), "") for name, known in titles.items()}
    missing = [name for name in COLUMNS if not headers[name]]
    if missing:
        findings = [
            Finding(
                "places.column",
                Where(sheet.file, row=1),
                None,
                say(f"address.column.{name}"),
                say("address.use_export"),
            )
            for name in missing
        ]
        raise _refused(sheet.file, findings)
    findings, rows, others = [], [], []
    places, seen = current_map(), _Seen(sheet)
    known = _standing([row.values[headers["code"]].strip() for row in sheet.rows])
    for row in sheet.rows:
        values = {name: row.values[header].strip() for name, header in headers.items()}
        wrong = [*_wrong(sheet.file, row.number, values, places, actor), *seen.wrong(row, values)]
        there = known.get(values["code"])
        if there is not None and not _reached(actor, places, there.place_code):
            # It would be taken from whoever has it: asked is where it was, too.
            wrong.append(_finding(sheet.file, row.number, values, "code", "others"))
            others.append(there.code)
        findings += wrong
        if not wrong:
            rows.append(_address(values))
        if len(findings) >= MOST_FINDINGS:
            break
    if findings:
        refusal = _refused(sheet.file, findings).hiding(others)
        refusal.barred = refusal.barred or any(one.code == "places.elsewhere" for one in findings)
        raise refusal
    return _Rows(rows, known)


def _standing(codes: Sequence[str]) -> dict[str, Address]:
    locked = Address.objects.select_for_update().filter(code__in=codes)
    return {one.code: one for one in locked}


class _Seen:
    """Codes and texts that were met: each address is entered once."""

    def __init__(self, sheet: ReadSheet) -> None:
        self.file = sheet.file
        self.codes: dict[str, int] = {}
        self.texts: dict[str, int] = {}
        self.known = dict(Address.objects.values_list("text", "code"))

    def wrong(self, row: SheetRow, values: Mapping[str, str]) -> Iterator[Finding]:
        code, text = values["code"], values["text"]
        for kind, given, met in (("code", code, self.codes), ("text", text, self.texts)):
            if given and given in met:
                where = Where(self.file, row=row.number, column=say(f"address.column.{kind}").zh)
                yield Finding(
                    "places.twice", where, given, say("address.twice", row=met[given]), say("address.once")
                )
            met.setdefault(given, row.number)
        if self.known.get(text, code) != code:
            where = Where(self.file, row=row.number, column=say("address.column.text").zh)
            yield Finding(
                "places.known", where, text, say("address.known", code=self.known[text]), say("address.once")
            )


def _wrong(
    file: str, number: int, values: Mapping[str, str], places: Map | None, actor: Actor
) -> Iterator[Finding]:
    def finding(column: str, key: str) -> Finding:
        return _finding(file, number, values, column, key)

    if not values["code"] or len(values["code"]) > 40:
        yield finding("code", "code")
    if not values["text"] or len(values["text"]) > 200:
        yield finding("text", "text")
    if _place(places, values["place_code"]) is None:
        yield finding("place_code", "place")
    elif not _reached(actor, places, values["place_code"]):
        yield finding("place_code", "elsewhere")
    if _kind(values["kind"]) is None:
        yield finding("kind", "kind")
    if _number(values["longitude"], 180) is None:
        yield finding("longitude", "position")
    if _number(values["latitude"], 90) is None:
        yield finding("latitude", "position")


def _finding(file: str, number: int, values: Mapping[str, str], column: str, key: str) -> Finding:
    where = Where(file, row=number, column=say(f"address.column.{column}").zh)
    expected, remedy = say(f"address.{key}.expected"), say(f"address.{key}.remedy")
    return Finding(f"places.{key}", where, values[column] or None, expected, remedy)


def _kind(given: str) -> str | None:
    for one in KINDS:
        name = say(f"address.kind.{one}")
        if given in (one, name.zh, name.en):
            return one
    return None


def _number(given: str, most: float) -> float | None:
    try:
        found = float(given)
    except ValueError:
        return None
    return found if -most <= found <= most else None


def _address(values: Mapping[str, str]) -> Address:
    return Address(
        code=values["code"],
        text=values["text"],
        place_code=values["place_code"],
        kind=_kind(values["kind"]) or KINDS[0],
        longitude=_number(values["longitude"], 180) or 0.0,
        latitude=_number(values["latitude"], 90) or 0.0,
    )


def _refused(file: str, findings: Sequence[Finding]) -> ListRefused:
    text = say("address.refused", file=plain(file), count=len(findings))
    return ListRefused(text, tuple(findings[:MOST_FINDINGS]))
