"""Guarded reads of the register: lists, what is due, coverage, what devices were good for, who has one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from linli.io.deployment import parse_deployment
from linli.kernel.errors import LinliError
from linli.kernel.identifiers import ValueId
from linli.policy.loading import find_pack, load_pack, shipped_packs
from linli.policy.model import Pack
from linli.web.foundation.accounts.access import may, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.findable import holding
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.places.models import Deployment
from linli.web.ops.equipment.actions.base import KIND, say, subject_of
from linli.web.ops.equipment.coverage import Place, Reach, Share, Spot, reach
from linli.web.ops.equipment.models import INSTALLED, Device, Issue, Use

__all__ = [
    "PAGE",
    "Filters",
    "Rate",
    "device_for",
    "device_page",
    "devices",
    "due",
    "installed",
    "issued_rates",
    "places_of",
    "reaches",
    "uses",
    "working",
]

PAGE: Final = 30
DUE_MOST: Final = 200
IN_USE: Final = Device.Status.IN_USE


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty means everything but what is retired."""

    kind: str = ""
    status: str = ""
    station: str = ""
    words: str = ""
    due_on: dt.date | None = None

    def condition(self) -> Q:
        """As a condition on devices."""
        wanted = Q(status=self.status) if self.status else ~Q(status=Device.Status.RETIRED)
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.station:
            wanted &= Q(station_code=self.station)
        if self.words:
            wanted &= holding(self.words)
        if self.due_on is not None:
            wanted &= Q(maintain_on__lte=self.due_on)
        return wanted


def devices(actor: Actor, *, verb: str = "view") -> QuerySet[Device]:
    """The devices of the actor's own territory or organisation."""
    scope = scopes(actor, verb, (KIND,))
    return Device.objects.none() if scope is None else Device.objects.filter(scope)


def device_page(actor: Actor, filters: Filters, *, after: str = "") -> tuple[list[Device], str]:
    """One page of devices by number, and the number after which the next begins; empty at the end."""
    found = devices(actor).filter(filters.condition(), code__gt=after).select_related("organisation")
    rows = list(found.order_by("code")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].code if len(rows) > PAGE else ""


def device_for(actor: Actor, pk: int, *, verb: str = "view") -> Device:
    """A device that the actor may see.

    Raises
    ------
    Missing
        There is none, or the actor may not know of it.
    """
    device = Device.objects.select_related("organisation").filter(pk=pk).first()
    if device is None or not may(actor, verb, subject_of(device)):
        raise missing(say("device.missing"), hidden=device is not None)
    return device


def due(actor: Actor, until: dt.date) -> list[Device]:
    """Devices that must be looked after by a day, the longest due first."""
    found = devices(actor).filter(maintain_on__lte=until).exclude(status=Device.Status.RETIRED)
    return list(found.select_related("organisation").order_by("maintain_on", "code")[:DUE_MOST])


def installed(actor: Actor, kinds: Sequence[str] = INSTALLED) -> QuerySet[Device]:
    """What is installed and not retired, in the actor's territory."""
    return devices(actor).filter(kind__in=kinds).exclude(status=Device.Status.RETIRED).order_by("code")


def places_of(actor: Actor, current: Map) -> list[Place]:
    """The villages of the actor's territory under the deployment in force."""
    codes = {code for held in actor.held for code in held.codes}
    levels = {held.level for held in actor.held}
    found = current.places.values()
    if "county" not in levels:
        found = [p for p in found if codes & {p.station_code, p.beat_code, p.code}]  # type: ignore[assignment]
    return [Place(p.code, p.longitude, p.latitude, p.residents) for p in found]


def reaches(actor: Actor) -> Mapping[str, Reach]:
    """What each kind of installed device covers of the actor's territory."""
    current = current_map()
    if current is None:
        return {}
    spots: dict[str, list[Spot]] = {kind: [] for kind in INSTALLED}
    rows = installed(actor).filter(status=IN_USE)
    columns = rows.values_list("kind", "place_code", "longitude", "latitude", "radius_m")
    for kind, place, longitude, latitude, radius in columns:
        spots[kind].append(Spot(place, longitude, latitude, radius))
    places = places_of(actor, current)
    return {kind: reach(places, found) for kind, found in spots.items()}


@dataclass(frozen=True, kw_only=True)
class Working:
    """How one kind of installed device stands."""

    built: Share
    """Not only planned ÷ all that are planned or built (Q3: 138 of 164)."""
    working: Share
    """In use ÷ built and not in store (N15)."""
    linked: Share
    """On the alarm network ÷ in use (N15)."""
    noticed: Share
    """With a public notice board ÷ in use; of video alone."""
    with_days: Share
    """That state after how many days recordings are deleted ÷ in use; of video alone."""


def working(actor: Actor) -> Mapping[str, Working]:
    """How the installed devices of the actor's territory stand, by kind; one query."""
    status = Device.Status
    counted = (
        installed(actor)
        .order_by("kind")
        .values("kind")
        .annotate(
            every=Count("pk"),
            planned=Count("pk", filter=Q(status=status.PLANNED)),
            used=Count("pk", filter=Q(status=status.IN_USE)),
            repaired=Count("pk", filter=Q(status=status.IN_REPAIR)),
            linked=Count("pk", filter=Q(status=status.IN_USE, linked=True)),
            noticed=Count("pk", filter=Q(status=status.IN_USE, notice_posted=True)),
            days=Count("pk", filter=Q(status=status.IN_USE, footage_days__isnull=False)),
        )
    )
    return {
        row["kind"]: Working(
            built=Share(row["every"] - row["planned"], row["every"]),
            working=Share(row["used"], row["used"] + row["repaired"]),
            linked=Share(row["linked"], row["used"]),
            noticed=Share(row["noticed"], row["used"] if row["kind"] == Device.Kind.VIDEO else 0),
            with_days=Share(row["days"], row["used"] if row["kind"] == Device.Kind.VIDEO else 0),
        )
        for row in counted
    }


def uses(actor: Actor, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """What the devices of the actor's territory were good for, month by month (Q3)."""
    rows = Use.objects.filter(device__in=devices(actor), month__gte=first.replace(day=1), month__lte=last)
    sums = {name: Sum(name) for name in ("clues", "evidence", "dispatches")}
    return [dict(row) for row in rows.order_by("month").values("month").annotate(**sums)]


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Mobile devices issued ÷ people of some roles (L13), beside what the clause asks."""

    id: str
    roles: tuple[str, ...]
    issued: int
    staff: int | None
    """``None`` where the plan has no staff table."""
    asked: float | None = None
    """Percent that the pack in force asks for; ``None`` where it asks nothing."""
    clause: str = ""
    due: dt.date | None = None
    by_role: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)

    @property
    def share(self) -> Share | None:
        """Issued ÷ staff."""
        return None if self.staff is None else Share(self.issued, self.staff)

    @property
    def met(self) -> bool | None:
        """Whether there is as much as is asked."""
        percent = None if self.share is None else self.share.percent
        return None if percent is None or self.asked is None else percent >= self.asked


GROUPS: Final = (
    ("officers", ("officer",), "officer_devices", "officers"),
    ("helpers", ("auxiliary", "assistant"), "helper_devices", "helpers"),
)
"""Group, roles that devices are issued to, value of the pack, check of L13 that dates it."""
OFFICERS: Final = ("officer", "community_officer")


def issued_rates(actor: Actor, today: dt.date) -> list[Rate]:
    """L13 for the actor's territory: mobile devices out, by role, against the plan's staff table."""
    staff = _staff(actor)
    issued = dict(
        Issue.objects.filter(device__in=devices(actor), device__kind=Device.Kind.MOBILE, returned_at=None)
        .order_by()
        .values_list("role")
        .annotate(Count("pk"))
    )
    current = Deployment.objects.filter(status=Deployment.Status.IN_FORCE).only("pack").first()
    pack = None if current is None else _pack(current.pack)
    return [_rate(*group, issued=issued, staff=staff, pack=pack, today=today) for group in GROUPS]


def _rate(
    id_: str,
    roles: tuple[str, ...],
    value: str,
    check: str,
    *,
    issued: Mapping[str, int],
    staff: Mapping[str, int] | None,
    pack: Pack | None,
    today: dt.date,
) -> Rate:
    by_role = {role: (issued.get(role, 0), None if staff is None else staff.get(role, 0)) for role in roles}
    asked, clause, due_on = _asked(pack, value, check, today)
    return Rate(
        id=id_,
        roles=roles,
        issued=sum(count for count, _ in by_role.values()),
        staff=None if staff is None else sum(staff.get(role, 0) for role in roles),
        asked=asked,
        clause=clause,
        due=due_on,
        by_role=by_role,
    )


def _staff(actor: Actor) -> Mapping[str, int] | None:
    """People of each role in the actor's stations, by the plan in force; officers of every kind together."""
    version = (
        Deployment.objects.filter(status=Deployment.Status.IN_FORCE).values_list("pk", flat=True).first()
    )
    if version is None:
        return None
    table = _staff_table(version)
    if not table:
        return None
    wide = any(held.level == "county" for held in actor.held)
    own = {code for held in actor.held for code in held.codes}
    counted: dict[str, int] = {}
    for station, role, count in table:
        if wide or station in own:
            counted[role] = counted.get(role, 0) + count
    return counted


@lru_cache(maxsize=4)
def _staff_table(version: int) -> tuple[tuple[str, str, int], ...]:
    document = Deployment.objects.values_list("document", flat=True).get(pk=version)
    plan = parse_deployment(document, file="deployment.json")
    return tuple(
        (str(pool.station), "officer" if str(pool.role) in OFFICERS else str(pool.role), pool.count)
        for pool in plan.staff
    )


@lru_cache(maxsize=8)
def _pack(id_: str) -> Pack | None:
    try:
        return load_pack(find_pack(id_, shipped_packs()))
    except LinliError:
        return None


def _asked(
    pack: Pack | None, value: str, check: str, today: dt.date
) -> tuple[float | None, str, dt.date | None]:
    if pack is None or ValueId(value) not in pack.values:
        return None, "", None
    held = pack.values[ValueId(value)]
    dated = [one for one in pack.clauses[held.clause].checks if one.id == f"{held.clause}.{check}"]
    return held.on(today), str(held.clause), (dated[0].due if dated else None)
