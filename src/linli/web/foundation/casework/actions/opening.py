"""A case is opened: located, routed, its clocks set, what is personal kept apart."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import h3
from django.db.models import Q

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.roles import Confidentiality
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.numbers import numbered
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework import clocks
from linli.web.foundation.casework.actions.base import notify, say
from linli.web.foundation.casework.actions.moving import deadline_columns
from linli.web.foundation.casework.filling import filled
from linli.web.foundation.casework.models import Case, Event, PersonalValue, Share, SharingRule
from linli.web.foundation.casework.naming import ACCOUNT_NAME, account_keep_days, written_name
from linli.web.foundation.casework.observers import tell_observers
from linli.web.foundation.casework.receivers import lies_in_territory, people_of, takers
from linli.web.foundation.casework.routing import Routed, route
from linli.web.foundation.casework.searching import search_text
from linli.web.foundation.casework.subjects import may_case, may_own
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.register import case_type, openable
from linli.web.foundation.casework.types.versions import keep_once
from linli.web.foundation.places.locating import Located, current_map

__all__ = ["CELL_RESOLUTION", "OpenCase"]

CELL_RESOLUTION: Final = 9


@dataclass(frozen=True, kw_only=True)
class OpenCase(Action[Case]):
    """Open a case of some type."""

    name: ClassVar[str] = "case.open"
    kind: str
    category: str
    title: str
    description: str = ""
    channel: str = "web"
    longitude: float | None = None
    latitude: float | None = None
    place: str = ""
    address: str = ""
    occurred_at: dt.datetime | None = None
    priority: int | None = None
    parent_id: int | None = None
    organisation_id: int | None = None
    """Owner from the start, where a feature knows better than the routing rules."""
    data: Mapping[str, Any] = field(default_factory=dict)
    tracking_hash: str | None = None
    """Of the code that the intake queue told the reporter. Whoever comes to the counter has none, as staff
    would read it."""

    def check(self, context: Context) -> None:
        """The actor may open such cases here; every field is as declared."""
        spec = self._spec()
        if not openable(spec.id):
            raise Conflict(say("type.retired", name=spec.name))
        if not context.actor.is_system and not may_anywhere(context.actor, "open", spec.id):
            raise Forbidden(say("open.forbidden", name=spec.name))
        if self.parent_id is not None:
            self._check_parent(self.parent_id, context)
        self._check_owner(spec, context)
        wrong = {}
        if not self.title.strip():
            wrong["title"] = say("open.no_title")
        elif len(self.title) > 200:
            wrong["title"] = say("open.long_title")
        if self.category not in spec.category_by_id:
            wrong["category"] = say("open.no_category")
        if (self.longitude is None) != (self.latitude is None) or not self._on_earth():
            wrong["position"] = say("open.no_position")
        if self.occurred_at is not None and self.occurred_at > context.at + dt.timedelta(minutes=10):
            wrong["occurred_at"] = say("open.in_future")
        if wrong:
            raise Invalid(say("field.refused", count=len(wrong)), wrong)
        self._filled(spec)

    def _check_parent(self, id_: int, context: Context) -> None:
        parent = Case.objects.filter(pk=id_).first()
        if parent is None or not may_case(context.actor, "work", parent, context.at):
            raise missing(say("case.missing", number=id_), hidden=parent is not None)
        # The parent cannot be closed before it: who was only asked to help does not hold it open.
        if not may_own(context.actor, "work", parent):
            raise Forbidden(say("case.not_by_share"))

    def _check_owner(self, spec: TypeSpec, context: Context) -> None:
        if self.organisation_id is None:
            return
        closely = Confidentiality[spec.confidentiality.upper()]
        if not takers(spec.id, closely, context.at).filter(pk=self.organisation_id).exists():
            raise Invalid(say("assign.no_organisation"), {"organisation": say("assign.no_organisation")})

    def _on_earth(self) -> bool:
        if self.longitude is None or self.latitude is None:
            return True
        return -180 <= self.longitude <= 180 and -90 <= self.latitude <= 90

    def _spec(self) -> TypeSpec:
        return case_type(self.kind)

    def _filled(self, spec: TypeSpec) -> tuple[dict[str, Any], dict[str, str]]:
        return filled([one for one in spec.fields if one.on_opening], self.data)

    def change(self, context: Context) -> Case:
        """Write the case, its first event, what is personal, and the shares of standing rules."""
        spec = self._spec()
        keep_once(spec)
        where = self._located()
        routed = route(spec, category=self.category, where=where, at=context.at)
        plain, personal = self._filled(spec)
        columns = self._columns(spec, where, routed, plain, context)
        stem = f"{spec.prefix}{context.at.astimezone(clocks.zone()):%y%m%d}-"
        case = numbered(Case, stem, lambda number: _write(number, columns))
        self._event(case, routed, context)
        PersonalValue.objects.bulk_create(
            PersonalValue(case=case, field=id_, value=value, keep_days=_keep_days(spec, id_))
            for id_, value in personal.items()
        )
        self._keep_name(case, spec, context)
        self._share(case, context)
        self._tell_owner(case, context)
        return case

    def _keep_name(self, case: Case, spec: TypeSpec, context: Context) -> None:
        """The name of a reporter's account is no more open than one that they typed."""
        if not written_name(context.actor) and context.actor.user_id is not None:
            PersonalValue.objects.create(
                case=case, field=ACCOUNT_NAME, value=context.actor.name, keep_days=account_keep_days(spec)
            )

    def _tell_owner(self, case: Case, context: Context) -> None:
        """An owner in whose territory it does not lie would not come across it."""
        owner = case.organisation
        if owner is not None and not lies_in_territory(owner, case):
            people = people_of(owner.pk, case, context.at)
            notify([one for one in people if one != context.actor.user_id], case, "assigned", context.at)

    def _located(self) -> Located:
        current = current_map()
        if current is None:
            return Located()
        if self.longitude is not None and self.latitude is not None:
            return current.at(self.longitude, self.latitude)
        return current.of_place(self.place)

    def _columns(
        self, spec: TypeSpec, where: Located, routed: Routed, plain: dict[str, Any], context: Context
    ) -> dict[str, Any]:
        deadlines = clocks.opening(spec, self.category, context.at, station=where.station)
        category = spec.category_by_id[self.category]
        wanted = Case.Priority[(routed.priority or category.priority).upper()]
        cell = ""
        if self.longitude is not None and self.latitude is not None:
            cell = h3.latlng_to_cell(self.latitude, self.longitude, CELL_RESOLUTION)
        return dict(
            **self._owner(routed),
            tracking_hash=self.tracking_hash,
            case_type=spec.id,
            type_version=spec.version,
            type_hash=spec.digest,
            category=self.category,
            state=spec.initial.id,
            title=self.title.strip(),
            description=self.description.strip(),
            data=plain,
            confidentiality=Confidentiality[spec.confidentiality.upper()],
            priority=wanted if self.priority is None else max(self.priority, wanted),
            channel=self.channel,
            version_id=where.version,
            station_code=where.station,
            beat_code=where.beat,
            place_code=where.place,
            address=self.address.strip()[:200],
            longitude=self.longitude,
            latitude=self.latitude,
            cell=cell,
            opened_by_id=context.actor.user_id,
            occurred_at=self.occurred_at,
            opened_at=context.at,
            state_since=context.at,
            **deadline_columns(deadlines),
            promised_at=deadlines.case_due,
            next_check_at=clocks.next_check(
                spec, deadlines, state_step=0, case_step=0, station=where.station
            ),
            parent_id=self.parent_id,
        )

    def _owner(self, routed: Routed) -> dict[str, Any]:
        if self.organisation_id:
            return {"organisation_id": self.organisation_id}
        return {"organisation": routed.organisation}

    def _event(self, case: Case, routed: Routed, context: Context) -> None:
        Event.objects.create(
            case=case,
            sequence=1,
            kind="opened",
            at=context.at,
            actor_id=context.actor.user_id,
            actor_name=written_name(context.actor),
            public=True,
            detail={
                "state": case.state,
                "channel": case.channel,
                "rule": routed.rule,
                "organisation": routed.organisation.name if routed.organisation else "",
            },
        )

    def _share(self, case: Case, context: Context) -> None:
        rules = SharingRule.objects.filter(
            Q(station_code="") | Q(station_code=case.station_code), case_type=case.case_type, active=True
        )
        seen: set[int] = set()
        for rule in rules:
            if (
                not rule.place_codes or case.place_code in rule.place_codes
            ) and rule.organisation_id not in seen:
                seen.add(rule.organisation_id)
                _standing_share(case, rule.organisation_id, rule.reason, context)
        self._share_with_parent(case, seen, context)

    def _share_with_parent(self, case: Case, seen: set[int], context: Context) -> None:
        """Whoever answers for the parent sees what has to be closed before it, wherever it lies."""
        parent = None if self.parent_id is None else Case.objects.get(pk=self.parent_id)
        owner = None if parent is None else parent.organisation
        if parent is None or owner is None or owner.pk in seen or owner.pk == case.organisation_id:
            return
        if not lies_in_territory(owner, case):
            _standing_share(case, owner.pk, parent.number or "", context)

    def follow(self, result: Case, context: Context) -> None:
        """Tell those who keep something in step with the case."""
        tell_observers(result, self.name, context)

    def record(self, result: Case) -> Record:
        """Which case of which type."""
        return Record(
            action=self.name,
            subject_kind="case",
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"number": result.number, "type": result.case_type, "channel": self.channel},
        )


def _standing_share(case: Case, organisation_id: int, reason: str, context: Context) -> None:
    Share.objects.create(
        case=case,
        organisation_id=organisation_id,
        kind=Share.Kind.RULE,
        reason=reason,
        opened_at=case.opened_at,
        since=context.at,
    )


def _write(number: str, columns: Mapping[str, Any]) -> Case:
    search = search_text(number, columns["title"], columns["address"])
    return Case.objects.create(number=number, search=search, **columns)


def _keep_days(spec: TypeSpec, id_: str) -> int:
    personal = spec.field_by_id[id_].personal
    return personal.keep_days if personal is not None else 30
