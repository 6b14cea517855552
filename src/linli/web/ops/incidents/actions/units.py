"""Units begin and end their shift, say where they are, and are entered in the register."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.spelling import code
from linli.kernel.texts import Text
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing, missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.places.locating import current_map
from linli.web.ops.incidents.models import Unit
from linli.web.ops.incidents.units import may_unit, post_of_unit, say, units_now

__all__ = ["EndShift", "PlaceUnit", "SaveUnit", "StartShift"]

LONGEST_SHIFT: Final = dt.timedelta(hours=24)
MOST_PEOPLE: Final = 50


@dataclass(frozen=True, kw_only=True)
class _UnitAction(Action[Unit]):
    """A change to a unit that is there."""

    verb: ClassVar[str] = "work"
    unit_id: int

    def check(self, context: Context) -> None:
        """The actor works on incidents where the unit does."""
        unit, places = self.locked(), current_map()
        if not may_unit(context.actor, self.verb, unit, places):
            if not may_unit(context.actor, "view", unit, places):
                raise Hidden(say("unit.missing"))
            raise Forbidden(say("unit.forbidden"))
        self.check_unit(unit, context)

    def check_unit(self, unit: Unit, context: Context) -> None:
        """More reasons to refuse."""

    def locked(self) -> Unit:
        """The unit, locked until the transaction ends."""
        found = self.__dict__.get("_unit")
        if found is None:
            found = _locked(self.unit_id)
            if found is None:
                raise Missing(say("unit.missing"))
            object.__setattr__(self, "_unit", found)
        unit: Unit = found
        return unit

    def record(self, result: Unit) -> Record:
        """Which unit."""
        return Record(
            action=self.name,
            subject_kind="unit",
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"unit": result.call_sign, **self.detail()},
        )

    def detail(self) -> Mapping[str, Any]:
        """What the audit log adds."""
        return {}


@dataclass(frozen=True, kw_only=True)
class StartShift(_UnitAction):
    """The unit is on duty, until some time if that is known."""

    name: ClassVar[str] = "unit.start_shift"
    until: dt.datetime | None = None

    def check_unit(self, unit: Unit, context: Context) -> None:
        """A unit in use; an end in the next day."""
        if not unit.active:
            raise Conflict(say("unit.retired", unit=unit.call_sign))
        if self.until is not None and not context.at < self.until <= context.at + LONGEST_SHIFT:
            raise _invalid("until", "unit.bad_until", hours=LONGEST_SHIFT.total_seconds() / 3600)

    def change(self, context: Context) -> Unit:
        """On duty."""
        unit = self.locked()
        unit.on_duty, unit.shift_until = True, self.until
        unit.save(update_fields=["on_duty", "shift_until"])
        return unit


@dataclass(frozen=True, kw_only=True)
class EndShift(_UnitAction):
    """The unit is off duty; not while it is on an incident."""

    name: ClassVar[str] = "unit.end_shift"

    def check_unit(self, unit: Unit, context: Context) -> None:
        """It is on no incident."""
        _check_not_busy(unit, context)

    def change(self, context: Context) -> Unit:
        """Off duty."""
        unit = self.locked()
        unit.on_duty, unit.shift_until = False, None
        unit.save(update_fields=["on_duty", "shift_until"])
        return unit


@dataclass(frozen=True, kw_only=True)
class PlaceUnit(_UnitAction):
    """Say in which village or community the unit is, or at its post: chosen by staff, never tracked (D4)."""

    name: ClassVar[str] = "unit.place"
    place: str = ""

    def check_unit(self, unit: Unit, context: Context) -> None:
        """A place of the deployment in force."""
        places = current_map()
        if self.place and (places is None or self.place not in places.places):
            raise _invalid("place", "unit.no_place")

    def change(self, context: Context) -> Unit:
        """Keep this place alone; the former one is overwritten."""
        unit = self.locked()
        _put(unit, self.place, context.at)
        unit.save(update_fields=["place_name", "place_set_at", "longitude", "latitude"])
        return unit


def _put(unit: Unit, place: str, at: dt.datetime) -> None:
    places = current_map()
    if place and places is not None:
        found = places.places[place]
        unit.place_name, unit.longitude, unit.latitude = found.name, found.longitude, found.latitude
    else:
        post = post_of_unit(unit.organisation)
        unit.place_name = "" if post is None else post.name
        unit.longitude = None if post is None else post.longitude
        unit.latitude = None if post is None else post.latitude
    unit.place_set_at = at


@dataclass(frozen=True, kw_only=True)
class SaveUnit(Action[Unit]):
    """Enter a unit in the register, or correct its entry; ``active`` false takes it out of use."""

    name: ClassVar[str] = "unit.save"
    unit_id: int | None = None
    call_sign: str
    organisation: str
    """Code of the organisation that it belongs to."""
    kind: str
    capacity: int
    active: bool = True

    def check(self, context: Context) -> None:
        """The actor may send units there; a call sign of its own, an organisation, a kind, some people."""
        owner = Organisation.objects.filter(code=self.organisation, active=True).first()
        wrong: dict[str, Text] = {}
        sign = self.call_sign.strip()
        bearer = self._bearer(sign)
        if not sign or len(sign) > 24:
            wrong["call_sign"] = say("unit.no_call_sign")
        elif bearer is not None:
            wrong["call_sign"] = say("unit.call_sign_taken", unit=sign)
        if self.kind not in Unit.Kind.values:
            wrong["kind"] = say("unit.no_kind")
        if not 1 <= self.capacity <= MOST_PEOPLE:
            wrong["capacity"] = say("unit.no_capacity", most=MOST_PEOPLE)
        if owner is None:
            wrong["organisation"] = say("unit.no_organisation")
        if wrong:
            hidden = bearer is not None and not may_unit(context.actor, "view", bearer, current_map())
            refusal = Invalid(say("unit.refused", count=len(wrong)), wrong)
            raise refusal.hiding([f"unit {bearer.pk}"] if hidden and bearer is not None else ())
        assert owner is not None  # noqa: S101 - refused just above
        self._check_allowed(owner, context)
        object.__setattr__(self, "_owner", owner)

    def _bearer(self, sign: str) -> Unit | None:
        """The other unit with this call sign, however either is written."""
        others = Unit.objects.select_related("organisation").exclude(pk=self.unit_id or 0)
        return next((other for other in others if code(other.call_sign) == code(sign)), None)

    def _check_allowed(self, owner: Organisation, context: Context) -> None:
        places = current_map()
        wanted = [Unit(organisation=owner, **_reach(owner))]
        if self.unit_id is not None:
            there = _locked(self.unit_id)
            if there is None or not may_unit(context.actor, "view", there, places):
                raise missing(say("unit.missing"), hidden=there is not None)
            wanted.append(there)
            if not self.active:
                _check_not_busy(there, context)
        if not all(may_unit(context.actor, "assign", one, places) for one in wanted):
            raise Forbidden(say("unit.forbidden"))

    def change(self, context: Context) -> Unit:
        """Write the entry; a unit of another organisation than before is at that one's post."""
        owner: Organisation = self.__dict__["_owner"]
        unit = Unit() if self.unit_id is None else Unit.objects.get(pk=self.unit_id or 0)
        moved = unit.organisation_id != owner.pk
        unit.call_sign, unit.organisation, unit.kind = self.call_sign.strip(), owner, self.kind
        unit.capacity, unit.active = self.capacity, self.active
        for name, value in _reach(owner).items():
            setattr(unit, name, value)
        if not self.active:
            unit.on_duty, unit.shift_until = False, None
        if moved:
            _put(unit, "", context.at)
        unit.save()
        return unit

    def record(self, result: Unit) -> Record:
        """Which unit."""
        return Record(
            action=self.name,
            subject_kind="unit",
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"unit": result.call_sign, "active": result.active},
        )


def _locked(pk: int) -> Unit | None:
    locked = Unit.objects.select_for_update(of=("self",)).select_related("organisation")
    return locked.filter(pk=pk).first()


def _reach(owner: Organisation) -> dict[str, Any]:
    return {
        "station_code": owner.station_code,
        "beat_codes": list(owner.codes) if owner.level == "beat" else [],
    }


def _check_not_busy(unit: Unit, context: Context) -> None:
    now = units_now([unit], context.actor, context.at)[0]
    if now.dispatch is not None:
        key = "unit.busy" if now.number else "unit.busy_elsewhere"
        raise Conflict(say(key, unit=unit.call_sign, number=now.number))


def _invalid(field: str, key: str, **values: object) -> Invalid:
    text = say(key, **values)
    return Invalid(text, {field: text})
