"""Units are sent to an incident; each accepts, arrives and leaves again. The incident moves with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.db import IntegrityError, transaction

from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.casework.actions.base import CaseAction, write_event
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.models import Case, Share
from linli.web.foundation.casework.receivers import lies_with
from linli.web.foundation.places.locating import current_map
from linli.web.ops.incidents.models import Dispatch, Unit
from linli.web.ops.incidents.recommendation import Ranked, Recommendation, Status, needs_reason
from linli.web.ops.incidents.scenes import recommended
from linli.web.ops.incidents.units import KIND, UNDER_WAY, active, may_unit, say, units_now

__all__ = ["Accept", "Arrive", "Clear", "DispatchUnits"]

LONGEST_REASON: Final = 300


@dataclass(frozen=True, kw_only=True)
class DispatchUnits(CaseAction):
    """Send one or several free units; the first ones recommended, or others with a reason that is kept."""

    name: ClassVar[str] = "incident.dispatch"
    verb: ClassVar[str] = "assign"
    units: tuple[int, ...]
    reason: str = ""

    def check_case(self, case: Case, context: Context) -> None:
        """The incident waits for units or has some; each unit is free; passing over one has a reason."""
        _check_kind(case)
        if case.state not in ("received", *UNDER_WAY):
            raise Conflict(say("dispatch.too_late"))
        # Both ways, the step's roles decide: sending a second unit is sending a unit.
        step = self.spec().transition_by_id["dispatch"]
        if not context.actor.is_system and not context.actor.roles & set(step.roles):
            raise Forbidden(say("dispatch.not_this_role"))
        self._check_units(context)
        if len(self.reason.strip()) > LONGEST_REASON:
            raise _invalid("reason", "dispatch.long_reason", most=LONGEST_REASON)
        found = recommended(case, context.actor, context.at)
        if needs_reason(self.units, found) and not self.reason.strip():
            first = "、".join(one.unit.call_sign for one in found.ranked[: len(self.units)])
            raise _invalid("reason", "dispatch.no_reason", first=first)
        object.__setattr__(self, "_recommendation", found)

    def _check_units(self, context: Context) -> None:
        if not self.units or len(set(self.units)) != len(self.units):
            raise _invalid("units", "dispatch.no_units")
        places = current_map()
        locked = [one for one in self._locked() if may_unit(context.actor, "view", one, places)]
        if len(locked) != len(self.units):
            there = Unit.objects.filter(pk__in={*self.units} - {one.pk for one in locked}).order_by("pk")
            hidden = [f"unit {pk}" for pk in there.values_list("pk", flat=True)]
            raise _invalid("units", "dispatch.unknown_unit").hiding(hidden)
        for one in units_now(locked, context.actor, context.at):
            if one.dispatch is not None:
                key = "dispatch.busy" if one.number else "dispatch.busy_elsewhere"
                raise Conflict(say(key, unit=one.unit.call_sign, number=one.number))
            if one.status is Status.OFF_DUTY:
                raise Conflict(say("dispatch.off_duty", unit=one.unit.call_sign))

    def _locked(self) -> list[Unit]:
        """The units, locked in one order so that two dispatchers never wait for each other."""
        found: list[Unit] | None = self.__dict__.get("_units")
        if found is None:
            wanted = Unit.objects.filter(pk__in=self.units, active=True).order_by("pk")
            found = list(wanted.select_for_update(of=("self",)).select_related("organisation"))
            object.__setattr__(self, "_units", found)
        return found

    def change(self, context: Context) -> Case:
        """Write the dispatches and move the incident on."""
        case = self.locked()
        # Rows that no longer hold anything: of incidents that have ended, or of an earlier round of this one.
        Dispatch.objects.filter(unit__in=self.units, cleared_at=None).exclude(active()).update(
            cleared_at=context.at
        )
        if case.state == "received":
            Dispatch.objects.filter(case=case, cleared_at=None).update(cleared_at=context.at)
        try:
            with transaction.atomic():
                Dispatch.objects.bulk_create(self._rows(case, context))
        except IntegrityError:
            raise Conflict(say("dispatch.raced")) from None
        text = " ".join(part for part in (self._told(), self.reason.strip()) if part)
        if case.state == "received":
            case = _moved(Move(case_id=case.pk, step="dispatch", note=text), context)
        else:
            write_event(case, "note", context, text=text)
            case.save(update_fields=["revision"])
        return self._share(case, context)

    def _rows(self, case: Case, context: Context) -> list[Dispatch]:
        ranks = self._ranks()
        return [
            Dispatch(
                case=case,
                unit=unit,
                dispatched_at=context.at,
                dispatched_by_id=context.actor.user_id,
                rank=ranks[unit.pk][0] if unit.pk in ranks else None,
                minutes=ranks[unit.pk][1].minutes if unit.pk in ranks else None,
                reason=self.reason.strip(),
            )
            for unit in self._locked()
        ]

    def _ranks(self) -> dict[int, tuple[int, Ranked]]:
        found: Recommendation = self.__dict__["_recommendation"]
        return {one.unit.id: (rank, one) for rank, one in enumerate(found.ranked, 1)}

    def _told(self) -> str:
        return "→ " + "、".join(unit.call_sign for unit in self._locked())

    def _share(self, case: Case, context: Context) -> Case:
        """A unit from elsewhere is told what it is sent to: the case is shared with its organisation."""
        for unit in self._locked():
            if lies_with(unit.organisation, case):
                continue
            there = Share.objects.filter(
                case=case, organisation_id=unit.organisation_id, ended_at__isnull=True
            )
            if not there.exists():
                share = ShareCase(case_id=case.pk, organisation_id=unit.organisation_id, reason=self._told())
                case = share.change(context)
        return case

    def detail(self) -> Mapping[str, Any]:
        """Which units, and whether the first ones recommended."""
        return {"units": [one.call_sign for one in self._locked()], "with_reason": bool(self.reason.strip())}


@dataclass(frozen=True, kw_only=True)
class _OfUnit(CaseAction):
    """Something that one unit does on its incident."""

    by_share: ClassVar[bool] = True

    dispatch_id: int

    def row(self) -> Dispatch:
        """The dispatch that it is about, of this incident."""
        row: Dispatch | None = self.__dict__.get("_row")
        if row is None:
            held = Dispatch.objects.filter(active(), case_id=self.case_id, pk=self.dispatch_id)
            row = held.select_related("unit").first()
            if row is None:
                raise Conflict(say("dispatch.not_on_it"))
            object.__setattr__(self, "_row", row)
        return row

    def check_case(self, case: Case, context: Context) -> None:
        """The unit is on this incident."""
        _check_kind(case)
        self.row()

    def detail(self) -> Mapping[str, Any]:
        """Which unit."""
        return {"unit": self.row().unit.call_sign}


@dataclass(frozen=True, kw_only=True)
class Accept(_OfUnit):
    """The unit says that it is on its way."""

    name: ClassVar[str] = "incident.accept"

    def check_case(self, case: Case, context: Context) -> None:
        """Not yet accepted, not yet there."""
        super().check_case(case, context)
        if self.row().accepted_at is not None or self.row().arrived_at is not None:
            raise Conflict(say("dispatch.already"))

    def change(self, context: Context) -> Case:
        """Keep the moment."""
        Dispatch.objects.filter(pk=self.row().pk).update(accepted_at=context.at)
        return self.locked()


@dataclass(frozen=True, kw_only=True)
class Arrive(_OfUnit):
    """The unit is on scene; with the first one the incident is."""

    name: ClassVar[str] = "incident.arrive"

    def check_case(self, case: Case, context: Context) -> None:
        """Not there yet; the incident's step allows it."""
        super().check_case(case, context)
        if self.row().arrived_at is not None:
            raise Conflict(say("dispatch.already"))
        if case.state == "dispatched":
            Move(case_id=case.pk, step="arrive").check(context)

    def change(self, context: Context) -> Case:
        """Keep the moment and move the incident on."""
        case = self.locked()
        Dispatch.objects.filter(pk=self.row().pk).update(arrived_at=context.at)
        if case.state != "dispatched":
            return case
        return _moved(Move(case_id=case.pk, step="arrive", note=self.row().unit.call_sign), context)


@dataclass(frozen=True, kw_only=True)
class Clear(_OfUnit):
    """The unit leaves and is free; an incident that nobody has reached yet waits for another unit again."""

    name: ClassVar[str] = "incident.clear"

    def check_case(self, case: Case, context: Context) -> None:
        """The unit is on it; calling back the last one takes the role that may."""
        super().check_case(case, context)
        if self._last(case):
            Move(case_id=case.pk, step="recall").check(context)

    def _last(self, case: Case) -> bool:
        others = Dispatch.objects.filter(active(), case=case).exclude(pk=self.dispatch_id)
        return case.state == "dispatched" and not others.exists()

    def change(self, context: Context) -> Case:
        """Keep the moment; the last unit on its way takes the incident back to the waiting ones."""
        case = self.locked()
        last = self._last(case)
        self.row()
        Dispatch.objects.filter(pk=self.row().pk).update(cleared_at=context.at)
        if not last:
            return case
        return _moved(Move(case_id=case.pk, step="recall", note=f"← {self.row().unit.call_sign}"), context)


def _moved(move: Move, context: Context) -> Case:
    """Take a step inside another action; the outer one writes the audit entry and tells the observers."""
    move.check(context)
    return move.change(context)


def _check_kind(case: Case) -> None:
    if case.case_type != KIND:
        raise Conflict(say("dispatch.no_incident"))


def _invalid(field: str, key: str, **values: object) -> Invalid:
    text = say(key, **values)
    return Invalid(text, {field: text})
