"""What all changes to a device share: it is locked, its revision checked, its place decides who may."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.clocks import zone
from linli.web.ops.equipment.models import Device

__all__ = ["KIND", "DeviceAction", "local_day", "refuse", "say", "short", "subject_of"]

say = catalogue("linli.web.ops.equipment")

KIND: Final = "equipment"


def local_day(at: dt.datetime) -> dt.date:
    """The day in the territory's zone."""
    return at.astimezone(zone()).date()


def refuse(wrong: Mapping[str, Text | None]) -> None:
    """Raise what is wrong with a form, if anything is."""
    found = {name: text for name, text in wrong.items() if text is not None}
    if found:
        raise Invalid(say("form.refused", count=len(found)), found)


def short(text: str, most: int, *, required: bool = True) -> Text | None:
    """Why a text cannot be taken: nothing written, or too much."""
    if required and not text.strip():
        return say("form.empty")
    return say("form.long", most=most) if len(text.strip()) > most else None


def subject_of(device: Device) -> Subject:
    """A device as permission sees it."""
    return Subject(
        kind=KIND,
        station=device.station_code,
        beat=device.beat_code,
        place=device.place_code,
        organisation_id=device.organisation_id,
    )


@dataclass(frozen=True, kw_only=True)
class DeviceAction(Action[Device]):
    """A change to one device. ``revision`` is the one that the actor saw; ``None`` skips the check."""

    verb: ClassVar[str] = "edit"
    device_id: int
    revision: int | None = None

    def check(self, context: Context) -> None:
        """The actor may, nobody else was faster, and the device is not gone for good."""
        device = self.locked()
        if not may(context.actor, self.verb, subject_of(device)):
            if not may(context.actor, "view", subject_of(device)):
                raise Hidden(say("device.missing"))
            raise Forbidden(say("device.forbidden"))
        if self.revision is not None and self.revision != device.revision:
            raise Conflict(say("device.changed_meanwhile"))
        self.check_device(device, context)

    def check_device(self, device: Device, context: Context) -> None:
        """More reasons to refuse."""

    def locked(self) -> Device:
        """The device, locked until the transaction ends and read once."""
        found = self.__dict__.get("_device")
        if found is None:
            found = Device.objects.select_for_update().filter(pk=self.device_id).first()
            if found is None:
                raise Missing(say("device.missing"))
            object.__setattr__(self, "_device", found)
        device: Device = found
        return device

    def kept(self, device: Device) -> Device:
        """Save the device with its revision counted up."""
        device.revision += 1
        device.save()
        return device

    def record(self, result: Device) -> Record:
        """Which device; subclasses add what was done."""
        return Record(
            action=self.name,
            subject_kind=KIND,
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"code": result.code, **self.detail()},
        )

    def detail(self) -> Mapping[str, Any]:
        """What the audit log adds."""
        return {}
