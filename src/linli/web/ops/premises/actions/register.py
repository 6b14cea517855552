"""Premises are entered, corrected and closed."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.spelling import telephone
from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.numbers import numbered
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.filling import PHONE
from linli.web.foundation.places.locating import Located, current_map
from linli.web.foundation.places.models import Address
from linli.web.ops.premises.actions.base import PremisesAction, happened, local_day, refuse_if, say
from linli.web.ops.premises.kinds import COURTYARD, KEY_CLAUSES, KINDS
from linli.web.ops.premises.models import DutyTelephone, Premises
from linli.web.ops.premises.scheduling import months_in_force, next_due
from linli.web.ops.premises.subjects import KIND, may_premises

__all__ = ["ClosePremises", "CorrectPremises", "Details", "ReadDutyTelephone", "RegisterPremises"]

_GIVEN: Final = re.compile(r"CS[0-9]{6,12}", re.IGNORECASE)
"""Codes that Linli gives itself: nobody else does, or they could try which are there."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """What the register says of premises."""

    kind: str
    name: str
    address: str
    name_en: str = ""
    address_code: str = ""
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    organisation_id: int | None = None
    key_clause: str = ""
    opening_hours: str = ""
    alarm_linked_on: dt.date | None = None
    duty_telephone: str | None = None
    """``None`` leaves what is there; empty takes it out."""

    def standard(self) -> Address | None:
        """The standard address, where a code was given."""
        return Address.objects.filter(code=self.address_code).first() if self.address_code else None

    def position(self) -> tuple[float, float] | None:
        """The position given, else the standard address's."""
        if self.longitude is not None and self.latitude is not None:
            return self.longitude, self.latitude
        standard = self.standard()
        return None if standard is None else (standard.longitude, standard.latitude)

    def located(self) -> Located:
        """The place, beat and station under the deployment in force."""
        current, position = current_map(), self.position()
        if current is None:
            return Located()
        return current.at(*position) if position is not None else current.of_place(self.place)

    def wrong(self, today: dt.date) -> dict[str, Text]:
        """What cannot be used, by field."""
        return {**self._wrong_texts(), **self._wrong_place(), **self._wrong_links(today)}

    def _wrong_texts(self) -> dict[str, Text]:
        wrong: dict[str, Text] = {}
        if self.kind not in KINDS:
            wrong["kind"] = say("no_kind")
        for name, value, most in (("name", self.name, 120), ("address", self.address, 200)):
            if not value.strip() or len(value.strip()) > most or "\x00" in value:
                wrong[name] = say("no_text", most=most)
        for name, value, most in (("name_en", self.name_en, 160), ("opening_hours", self.opening_hours, 120)):
            if len(value.strip()) > most or "\x00" in value:
                wrong[name] = say("long_text", most=most)
        return wrong

    def _wrong_place(self) -> dict[str, Text]:
        if (self.longitude is None) != (self.latitude is None):
            return {"longitude": say("no_position")}
        if not (-180 <= (self.longitude or 0) <= 180 and -90 <= (self.latitude or 0) <= 90):
            return {"longitude": say("no_position")}
        if self.address_code and self.standard() is None:
            return {"address_code": say("no_address", code=self.address_code)}
        return {} if self.located().station else {"place": say("no_place")}

    def _wrong_links(self, today: dt.date) -> dict[str, Text]:
        wrong: dict[str, Text] = {}
        if self.key_clause and self.key_clause not in KEY_CLAUSES:
            wrong["key_clause"] = say("no_clause")
        if self.organisation_id is not None:
            kinds = (Organisation.Kind.UNIT, Organisation.Kind.COMMITTEE)
            known = Organisation.objects.filter(pk=self.organisation_id, active=True, kind__in=kinds)
            if not known.exists():
                wrong["organisation"] = say("no_organisation")
        if self.alarm_linked_on is not None and self.alarm_linked_on > today:
            wrong["alarm_linked_on"] = say("in_future")
        if self.duty_telephone and not PHONE.match(telephone(self.duty_telephone)):
            wrong["duty_telephone"] = say("no_telephone")
        return wrong

    def put_on(self, premises: Premises, context: Context) -> None:
        """Write all of it on a row; the caller saves it."""
        where, position = self.located(), self.position()
        premises.kind, premises.name, premises.name_en = self.kind, self.name.strip(), self.name_en.strip()
        premises.address, premises.address_code = self.address.strip(), self.address_code
        premises.version_id, premises.station_code = where.version, where.station
        premises.beat_code, premises.place_code = where.beat, where.place
        premises.longitude, premises.latitude = position if position is not None else (None, None)
        premises.organisation_id = self.organisation_id
        premises.key_clause = "" if self.kind == COURTYARD else self.key_clause
        premises.opening_hours, premises.alarm_linked_on = self.opening_hours.strip(), self.alarm_linked_on
        registered = local_day(premises.registered_at)
        premises.due_on = next_due(premises, months_in_force(), registered)

    def keep_telephone(self, premises: Premises, context: Context) -> None:
        """Keep, change or take out the telephone of whoever is on duty."""
        if self.duty_telephone is None:
            return
        text = telephone(self.duty_telephone)
        if text:
            values = {"value": text, "set_at": context.at, "keep_until": None, "erased_at": None}
            DutyTelephone.objects.update_or_create(premises=premises, defaults=values)
        else:
            DutyTelephone.objects.filter(premises=premises).delete()


@dataclass(frozen=True, kw_only=True)
class RegisterPremises(Action[Premises]):
    """Enter premises into the register, once, at the source."""

    name: ClassVar[str] = "premises.register"
    details: Details
    code: str = ""
    """The bureau's own number, where it has one."""

    def check(self, context: Context) -> None:
        """The actor may register premises there, everything fits, and they are not there yet."""
        refuse_if(self.details.wrong(local_day(context.at)))
        where = self.details.located()
        subject = Subject(kind=KIND, station=where.station, beat=where.beat, place=where.place)
        if not may(context.actor, "open", subject):
            raise Forbidden(say("forbidden_here"))
        self._check_code(context)
        twins = Premises.objects.filter(
            kind=self.details.kind,
            name=self.details.name.strip(),
            address=self.details.address.strip(),
            closed_on__isnull=True,
        )
        # One of another station says nothing: it would be told that it is there.
        twin = next((one for one in twins if may_premises(context.actor, "view", one)), None)
        if twin is not None:
            raise Conflict(say("there_already", code=twin.code or twin.pk))

    def _check_code(self, context: Context) -> None:
        """A number of the bureau's own that is free; those that Linli gives say the same, there or not."""
        if not self.code:
            return
        bearer = Premises.objects.filter(code=self.code).first()
        hidden = bearer is not None and not may_premises(context.actor, "view", bearer)
        told = (self.code,) if hidden else ()
        if _GIVEN.fullmatch(self.code) and (bearer is None or hidden):
            refuse_if({"code": say("missing", code=self.code)}, hidden=told)
        if bearer is not None:
            refuse_if({"code": say("code_taken", code=self.code)}, hidden=told)

    def change(self, context: Context) -> Premises:
        """Write the row, give it its code, keep the telephone apart."""
        if self.code:
            premises = self._written(self.code, context)
        else:
            premises = numbered(Premises, "CS", lambda code: self._written(code, context), field="code")
        happened(premises, "registered", context)
        premises.save()
        self.details.keep_telephone(premises, context)
        return premises

    def _written(self, code: str, context: Context) -> Premises:
        premises = Premises(registered_at=context.at, code=code)
        self.details.put_on(premises, context)
        premises.save()
        return premises

    def record(self, result: Premises) -> Record:
        """Which premises of which kind."""
        return Record(
            action=self.name,
            subject_kind=KIND,
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"code": result.code, "kind": result.kind},
        )


@dataclass(frozen=True, kw_only=True)
class CorrectPremises(PremisesAction):
    """Correct what the register says; the history names what was changed."""

    name: ClassVar[str] = "premises.correct"
    details: Details

    def check_premises(self, premises: Premises, context: Context) -> None:
        """Everything fits, and the actor may edit where the premises will then lie."""
        refuse_if(self.details.wrong(local_day(context.at)))
        if self.details.kind != premises.kind and premises.inspections.exists():
            refuse_if({"kind": say("kind_fixed")})
        where = self.details.located()
        subject = Subject(kind=KIND, station=where.station, beat=where.beat, place=where.place)
        if not may(context.actor, "edit", subject):
            raise Forbidden(say("forbidden_here"))

    def change(self, context: Context) -> Premises:
        """Write the new values."""
        premises = self.locked()
        before = {name: getattr(premises, name) for name in _SHOWN}
        self.details.put_on(premises, context)
        changed = [name for name in _SHOWN if getattr(premises, name) != before[name]]
        if self.details.duty_telephone is not None:
            changed.append("duty_telephone")
        self.details.keep_telephone(premises, context)
        happened(premises, "corrected", context, fields=changed)
        premises.save()
        return premises


_SHOWN = (
    "kind", "name", "name_en", "address", "address_code", "place_code", "longitude", "latitude",
    "organisation_id", "key_clause", "opening_hours", "alarm_linked_on",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ClosePremises(PremisesAction):
    """Say that premises are no more; the telephone's time begins to run."""

    name: ClassVar[str] = "premises.close"
    reason: str

    def check_premises(self, premises: Premises, context: Context) -> None:
        """With a reason, and with no inspection under way."""
        if premises.closed_on is not None:
            raise Conflict(say("closed_already"))
        if not self.reason.strip() or len(self.reason) > 300:
            refuse_if({"reason": say("no_text", most=300)})
        if premises.inspections.filter(case__closed_at__isnull=True).exists():
            raise Conflict(say("inspection_open"))

    def change(self, context: Context) -> Premises:
        """Close them today."""
        premises = self.locked()
        premises.closed_on = local_day(context.at)
        until = context.at + dt.timedelta(days=DutyTelephone.PURPOSE.keep_days)
        DutyTelephone.objects.filter(premises=premises).update(keep_until=until)
        happened(premises, "closed", context, reason=self.reason.strip())
        premises.save()
        return premises


@dataclass(frozen=True, kw_only=True)
class ReadDutyTelephone(PremisesAction):
    """Read the telephone of whoever is on duty. The log says who read it."""

    name: ClassVar[str] = "premises.read_telephone"
    verb: ClassVar[str] = "edit"

    def change(self, context: Context) -> Premises:
        """Nothing changes; the entry is the point."""
        return self.locked()

    def detail(self) -> Mapping[str, Any]:
        """Which field was shown."""
        return {"fields": ["duty_telephone"]}
