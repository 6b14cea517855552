"""Devices are issued and returned, looked after, and what they were good for is counted."""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import may
from linli.web.foundation.accounts.models import Organisation, User
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.places.locating import current_map
from linli.web.ops.equipment.actions.base import DeviceAction, local_day, refuse, say, short, subject_of
from linli.web.ops.equipment.actions.entering import seat
from linli.web.ops.equipment.models import ISSUED, Device, Issue, Maintenance, Use

__all__ = [
    "ROLES",
    "CountUse",
    "IssueDevice",
    "LogMaintenance",
    "Relocate",
    "RemindMaintenance",
    "ReturnDevice",
]

ROLES: Final = ("officer", "auxiliary", "assistant", "grid_worker", "mediator")
"""Roles that devices are issued to the posts of."""
MOST_USES: Final = 10_000
POSTS: Final = ("post", "station", "bureau", "committee", "unit")


def _hand(device: Device, organisation: Organisation) -> None:
    """An organisation keeps the device from now on, where it works."""
    where = seat(organisation)
    device.organisation = organisation
    device.version_id, device.station_code = where.version, where.station
    device.beat_code, device.place_code = where.beat, where.place


@dataclass(frozen=True, kw_only=True)
class IssueDevice(DeviceAction):
    """Give a device to a post, for a role there."""

    name: ClassVar[str] = "equipment.issue"
    organisation_id: int
    role: str
    note: str = ""

    def check_device(self, device: Device, context: Context) -> None:
        """It is a kind that is issued, works, and is not out already."""
        posts = Organisation.objects.filter(pk=self.organisation_id, active=True, kind__in=POSTS)
        refuse(
            {
                "organisation": None if posts.exists() else say("issue.no_post"),
                "role": None if self.role in ROLES else say("issue.no_role"),
                "note": short(self.note, 300, required=False),
            }
        )
        if device.kind not in ISSUED:
            raise Conflict(say("issue.installed"))
        if device.status not in (Device.Status.IN_USE, Device.Status.STORED):
            raise Conflict(say("issue.not_working"))
        if device.issues.filter(returned_at=None).exists():
            raise Conflict(say("issue.out"))
        there = copy(device)
        _hand(there, Organisation.objects.get(pk=self.organisation_id))
        if not may(context.actor, self.verb, subject_of(there)):
            raise Forbidden(say("entry.elsewhere"))

    def change(self, context: Context) -> Device:
        """Write the receipt; the post keeps it from now on."""
        device = self.locked()
        Issue.objects.create(
            device=device,
            organisation_id=self.organisation_id,
            kept_by_id=device.organisation_id,
            kept_post=device.keeper_post,
            role=self.role,
            issued_at=context.at,
            issued_by_id=context.actor.user_id,
            note=self.note.strip(),
        )
        device.status = Device.Status.IN_USE
        _hand(device, Organisation.objects.get(pk=self.organisation_id))
        device.keeper_post = ""
        return self.kept(device)

    def detail(self) -> Mapping[str, Any]:
        """To which post and role."""
        return {"organisation": self.organisation_id, "role": self.role}


@dataclass(frozen=True, kw_only=True)
class ReturnDevice(DeviceAction):
    """A device comes back."""

    name: ClassVar[str] = "equipment.return"
    condition: str
    note: str = ""

    def check_device(self, device: Device, context: Context) -> None:
        """It is out, and its condition is stated."""
        known = self.condition in Issue.Condition.values
        needs_note = known and self.condition != Issue.Condition.GOOD
        refuse(
            {
                "condition": None if known else say("issue.no_condition"),
                "note": short(self.note, 300, required=needs_note),
            }
        )
        if not device.issues.filter(returned_at=None).exists():
            raise Conflict(say("issue.not_out"))

    def change(self, context: Context) -> Device:
        """Complete the receipt; what is damaged goes to repair, what is missing is written off."""
        device = self.locked()
        condition = Issue.Condition(self.condition)
        issue = device.issues.select_related("kept_by").get(returned_at=None)
        issue.returned_at, issue.returned_by_id = context.at, context.actor.user_id
        issue.condition, issue.note = condition, self.note.strip() or issue.note
        issue.save()
        _hand(device, issue.kept_by)
        device.keeper_post = issue.kept_post
        device.status = {
            Issue.Condition.GOOD: Device.Status.STORED,
            Issue.Condition.DAMAGED: Device.Status.IN_REPAIR,
            Issue.Condition.MISSING: Device.Status.RETIRED,
        }[condition]
        return self.kept(device)

    def detail(self) -> Mapping[str, Any]:
        """How it came back."""
        return {"condition": self.condition}


@dataclass(frozen=True, kw_only=True)
class LogMaintenance(DeviceAction):
    """Note that a device was looked after, and when it is due next."""

    name: ClassVar[str] = "equipment.maintain"
    on: dt.date
    result: str
    note: str = ""

    def check_device(self, device: Device, context: Context) -> None:
        """The day has come, and what was found is stated."""
        known = self.result in Maintenance.Result.values
        refuse(
            {
                "on": say("entry.future") if self.on > local_day(context.at) else None,
                "result": None if known else say("maintain.no_result"),
                "note": short(self.note, 300, required=self.result == Maintenance.Result.FAULTY),
            }
        )
        if device.status == Device.Status.RETIRED:
            raise Conflict(say("maintain.retired"))

    def change(self, context: Context) -> Device:
        """Keep it; a fault puts the device into repair, a repair back into use."""
        device = self.locked()
        Maintenance.objects.create(
            device=device,
            on=self.on,
            result=self.result,
            note=self.note.strip(),
            entered_at=context.at,
            entered_by_id=context.actor.user_id,
        )
        if self.result == Maintenance.Result.FAULTY:
            device.status = Device.Status.IN_REPAIR
        elif device.status in (Device.Status.IN_REPAIR, Device.Status.PLANNED):
            device.status = Device.Status.IN_USE
        every = device.maintain_every_days
        device.maintain_on = None if every is None else self.on + dt.timedelta(days=every)
        device.reminded_on = None
        return self.kept(device)

    def detail(self) -> Mapping[str, Any]:
        """What was found."""
        return {"result": self.result}


@dataclass(frozen=True, kw_only=True)
class CountUse(DeviceAction):
    """Count what a device was good for in a month; counting a month again replaces the numbers."""

    name: ClassVar[str] = "equipment.count_use"
    month: dt.date
    clues: int
    evidence: int
    dispatches: int

    def check_device(self, device: Device, context: Context) -> None:
        """A month that has begun, and numbers."""
        wrong: dict[str, Text | None] = {
            name: None if 0 <= count <= MOST_USES else say("entry.number", least=0, most=MOST_USES)
            for name, count in self._counts().items()
        }
        wrong["month"] = say("entry.future") if self._first() > local_day(context.at) else None
        refuse(wrong)

    def _first(self) -> dt.date:
        return self.month.replace(day=1)

    def _counts(self) -> dict[str, int]:
        return {"clues": self.clues, "evidence": self.evidence, "dispatches": self.dispatches}

    def change(self, context: Context) -> Device:
        """Keep the month's numbers."""
        device = self.locked()
        Use.objects.update_or_create(device=device, month=self._first(), defaults=self._counts())
        return self.kept(device)

    def detail(self) -> Mapping[str, Any]:
        """Which month, which numbers."""
        return {"month": f"{self.month:%Y-%m}", **self._counts()}


def _in(reader: User, words: Text) -> str:
    return words.in_("en" if reader.language == "en" else "zh")


@dataclass(frozen=True, kw_only=True)
class RemindMaintenance(DeviceAction):
    """Remind the keeper's people that a device is due to be looked after; once until it is."""

    name: ClassVar[str] = "equipment.remind"

    def change(self, context: Context) -> Device:
        """Put a line into their lists."""
        device = self.locked()
        roles = {"officer", "chief", "planner"}
        people = holders(roles, context.at, organisation_ids={device.organisation_id})
        if not people and device.organisation.parent_id is not None:
            people = holders(roles, context.at, organisation_ids={device.organisation.parent_id})
        words = say("remind.maintenance", code=device.code, name=device.name, day=device.maintain_on)
        readers = User.objects.filter(pk__in=people).only("id", "language")
        Notice.objects.bulk_create(
            Notice(user_id=one.pk, kind="reminder", at=context.at, detail={"who": _in(one, words)})
            for one in readers
        )
        device.reminded_on = local_day(context.at)
        device.save(update_fields=["reminded_on"])
        return device


@dataclass(frozen=True, kw_only=True)
class Relocate(DeviceAction):
    """Give a device the codes of the deployment in force: boundaries have changed, it has not moved."""

    name: ClassVar[str] = "equipment.relocate"

    def change(self, context: Context) -> Device:
        """Look its position up again; one without a position is where its keeper works."""
        device, current = self.locked(), current_map()
        if current is None or device.version_id == current.version:
            return device
        if device.longitude is not None and device.latitude is not None:
            where = current.at(device.longitude, device.latitude)
        elif device.place_code in current.places:
            where = current.of_place(device.place_code)
        else:
            where = seat(device.organisation)
        device.station_code, device.beat_code, device.place_code = where.station, where.beat, where.place
        device.version_id = current.version
        return self.kept(device)
