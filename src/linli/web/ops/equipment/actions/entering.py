"""Devices are entered, changed and taken in from a sheet."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.db.models import QuerySet

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import may, may_anywhere
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.places.locating import Located, current_map
from linli.web.ops.equipment.actions.base import KIND, DeviceAction, local_day, refuse, say, short, subject_of
from linli.web.ops.equipment.models import INSTALLED, Device

__all__ = ["AddDevice", "ChangeDevice", "Entry", "ImportDevices", "seat"]

CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,39}")
MOST_METRES: Final = 5000
MOST_DAYS: Final = 3660
MOST_FOOTAGE_DAYS: Final = 365


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A device as it is entered."""

    code: str
    kind: str
    name: str
    purpose: str
    organisation_id: int
    status: str = "in_use"
    keeper_post: str = ""
    place: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    radius_m: int | None = None
    linked: bool | None = None
    required_by: str = ""
    footage_days: int | None = None
    notice_posted: bool | None = None
    acquired_on: dt.date | None = None
    maintain_every_days: int | None = None
    maintain_on: dt.date | None = None
    note: str = ""

    def wrong(self, today: dt.date) -> dict[str, Text]:
        """What cannot be kept, by field."""
        found: dict[str, Text | None] = {
            "code": None if CODE.fullmatch(self.code.strip()) else say("entry.code"),
            "kind": None if self.kind in Device.Kind.values else say("entry.choice"),
            "status": None if self.status in Device.Status.values else say("entry.choice"),
            "name": short(self.name, 120),
            "purpose": short(self.purpose, 200),
            "keeper_post": short(self.keeper_post, 60, required=False),
            "address": short(self.address, 200, required=False),
            "required_by": short(self.required_by, 120, required=False),
            "note": short(self.note, 300, required=False),
            "organisation": self._wrong_keeper(),
            "place": self._wrong_place(),
            "radius_m": _outside(self.radius_m, 1, MOST_METRES),
            "maintain_every_days": _outside(self.maintain_every_days, 1, MOST_DAYS),
            "footage_days": _outside(self.footage_days, 0, MOST_FOOTAGE_DAYS),
            "acquired_on": say("entry.future") if self.acquired_on and self.acquired_on > today else None,
        }
        return {name: text for name, text in found.items() if text is not None}

    def _wrong_keeper(self) -> Text | None:
        known = Organisation.objects.filter(pk=self.organisation_id, active=True).exists()
        return None if known else say("entry.keeper")

    def _wrong_place(self) -> Text | None:
        if (self.longitude is None) != (self.latitude is None):
            return say("entry.position")
        if self.longitude is not None and self.latitude is not None:
            on_earth = -180 <= self.longitude <= 180 and -90 <= self.latitude <= 90
            return None if on_earth else say("entry.position")
        current = current_map()
        if self.place and (current is None or self.place not in current.places):
            return say("entry.place")
        return say("entry.where") if self.kind in INSTALLED and not self.place else None

    def located(self) -> Located:
        """Where it is; a device that is issued is where its keeper works."""
        current = current_map()
        if current is None:
            return Located()
        if self.longitude is not None and self.latitude is not None:
            return current.at(self.longitude, self.latitude)
        if self.place:
            return current.of_place(self.place)
        return seat(Organisation.objects.get(pk=self.organisation_id))

    def put_on(self, device: Device) -> None:
        """Write what was entered on a device; what makes no sense for its kind is left empty."""
        where = self.located()
        video = self.kind == Device.Kind.VIDEO
        device.code, device.kind, device.status = self.code.strip(), self.kind, self.status
        device.name, device.purpose = self.name.strip(), self.purpose.strip()
        device.organisation_id, device.keeper_post = self.organisation_id, self.keeper_post.strip()
        device.version_id, device.station_code = where.version, where.station
        device.beat_code, device.place_code = where.beat, where.place
        device.address, device.longitude, device.latitude = (
            self.address.strip(),
            self.longitude,
            self.latitude,
        )
        device.radius_m = self.radius_m if self.kind in INSTALLED else None
        device.linked = self.linked if self.kind in INSTALLED else None
        device.required_by, device.note = self.required_by.strip(), self.note.strip()
        device.footage_days = self.footage_days if video else None
        device.notice_posted = self.notice_posted if video else None
        device.acquired_on = self.acquired_on
        device.maintain_every_days, device.maintain_on = self.maintain_every_days, self.maintain_on


def seat(organisation: Organisation) -> Located:
    """Where an organisation works: what is issued to it counts there."""
    current = current_map()
    beat = organisation.codes[0] if organisation.level == "beat" and organisation.codes else ""
    place = organisation.codes[0] if organisation.level == "place" and organisation.codes else ""
    if current is not None and place in current.places:
        return current.of_place(place)
    return Located(None if current is None else current.version, organisation.station_code, beat, "")


def _outside(value: int | None, least: int, most: int) -> Text | None:
    return None if value is None or least <= value <= most else say("entry.number", least=least, most=most)


def _first_maintenance(device: Device, today: dt.date) -> None:
    if device.status == Device.Status.PLANNED:
        return
    if device.maintain_on is None and device.maintain_every_days is not None:
        device.maintain_on = today + dt.timedelta(days=device.maintain_every_days)


def _may_enter(entry: Entry, device: Device, context: Context, verb: str) -> None:
    entry.put_on(device)
    if not may(context.actor, verb, subject_of(device)):
        raise Forbidden(say("entry.elsewhere"))


def _refuse_taken(others: QuerySet[Device], context: Context) -> None:
    bearer = others.first()
    if bearer is not None:
        seen = may(context.actor, "view", subject_of(bearer))
        refusal = Invalid(say("entry.twice"), {"code": say("entry.twice")})
        raise refusal.hiding(() if seen else [f"{KIND} {bearer.pk}"])


@dataclass(frozen=True, kw_only=True)
class AddDevice(Action[Device]):
    """Enter a device."""

    name: ClassVar[str] = "equipment.add"
    entry: Entry

    def check(self, context: Context) -> None:
        """The actor may enter devices there; the number is new; everything can be kept."""
        if not context.actor.is_system and not may_anywhere(context.actor, "open", KIND):
            raise Forbidden(say("entry.forbidden"))
        refuse(self.entry.wrong(local_day(context.at)))
        _refuse_taken(Device.objects.filter(code=self.entry.code.strip()), context)
        _may_enter(self.entry, Device(), context, "open")

    def change(self, context: Context) -> Device:
        """Keep it."""
        device = Device()
        self.entry.put_on(device)
        _first_maintenance(device, local_day(context.at))
        device.save()
        return device

    def record(self, result: Device) -> Record:
        """Which device."""
        detail = {"code": result.code, "kind": result.kind}
        return Record(
            action=self.name,
            subject_kind=KIND,
            subject_id=str(result.pk),
            station=result.station_code,
            detail=detail,
        )


@dataclass(frozen=True, kw_only=True)
class ChangeDevice(DeviceAction):
    """Correct a device, move it, or change its status."""

    name: ClassVar[str] = "equipment.change"
    entry: Entry

    def check_device(self, device: Device, context: Context) -> None:
        """Everything can be kept, and the place where it goes is the actor's as well."""
        refuse(self.entry.wrong(local_day(context.at)))
        _refuse_taken(Device.objects.filter(code=self.entry.code.strip()).exclude(pk=device.pk), context)
        if self.entry.status == Device.Status.RETIRED and device.issues.filter(returned_at=None).exists():
            raise Conflict(say("entry.still_issued"))
        _may_enter(self.entry, Device(), context, "edit")

    def change(self, context: Context) -> Device:
        """Keep it."""
        device = self.locked()
        self.entry.put_on(device)
        _first_maintenance(device, local_day(context.at))
        device.reminded_on = None
        return self.kept(device)

    def detail(self) -> Mapping[str, Any]:
        """How it stands."""
        return {"status": self.entry.status}


@dataclass(frozen=True, kw_only=True)
class ImportDevices(Action[tuple[int, int]]):
    """Take in a sheet of devices: all of it or nothing. A number that is known changes that device."""

    name: ClassVar[str] = "equipment.import"
    entries: Sequence[Entry]
    file: str

    def check(self, context: Context) -> None:
        """The actor may enter and change every one of them; the sheet's reader has checked the cells."""
        if not may_anywhere(context.actor, "open", KIND) or not may_anywhere(context.actor, "edit", KIND):
            raise Forbidden(say("entry.forbidden"))
        known = {device.code: device for device in self._known()}
        for entry in self.entries:
            refuse(entry.wrong(local_day(context.at)))
            old = known.get(entry.code.strip())
            if old is not None and not may(context.actor, "edit", subject_of(old)):
                raise Forbidden(say("import.elsewhere", code=entry.code)).hiding([f"{KIND} {old.pk}"])
            _may_enter(entry, Device(), context, "open" if old is None else "edit")

    def _known(self) -> list[Device]:
        codes = [entry.code.strip() for entry in self.entries]
        return list(Device.objects.select_for_update().filter(code__in=codes))

    def change(self, context: Context) -> tuple[int, int]:
        """Keep them; how many are new, and how many were changed."""
        known = {device.code: device for device in self._known()}
        today = local_day(context.at)
        for entry in self.entries:
            device = known.get(entry.code.strip()) or Device()
            entry.put_on(device)
            _first_maintenance(device, today)
            device.revision = device.revision + 1 if device.pk else 1
            device.save()
        return len(self.entries) - len(known), len(known)

    def record(self, result: tuple[int, int]) -> Record:
        """How many."""
        detail = {"file": self.file[:100], "added": result[0], "changed": result[1]}
        return Record(action=self.name, subject_kind="list", subject_id=KIND, detail=detail)
