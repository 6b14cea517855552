"""Equipment as facts (L9, L13, Q3, N15): what there is, whether it works, the role that uses it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import F, OuterRef, Subquery, Sum

from linli.web.foundation.facts import FactExporter, Reading, register
from linli.web.foundation.facts.cases import place_of
from linli.web.foundation.facts.places import versions
from linli.web.foundation.facts.registry import Row
from linli.web.ops.equipment.models import Device, Issue

__all__ = ["equipment_rows", "register_facts"]

ROLES: Final[Mapping[str, str]] = {
    "officer": "officer",
    "chief": "officer",
    "community_officer": "officer",
    "auxiliary": "auxiliary",
    "grid_worker": "grid_worker",
    "assistant": "village_assistant",
}
WORKING: Final = (Device.Status.IN_USE, Device.Status.STORED)
PIECE: Final = 2000


def register_facts() -> None:
    """Called by the app's ``ready``."""
    register(FactExporter(name="equipment", table="equipment", rows=equipment_rows))


def equipment_rows(reading: Reading) -> Iterator[Row]:
    """One row a device that is not retired, on the day it came; as it stands now."""
    start = _start(reading)
    issued = Issue.objects.filter(device=OuterRef("pk"), returned_at=None)
    uses = Sum(F("uses__clues") + F("uses__evidence") + F("uses__dispatches"))
    rows = Device.objects.exclude(status=Device.Status.RETIRED).order_by("pk")
    rows = rows.annotate(used=uses, role=Subquery(issued.values("role")[:1]))
    columns = ("code", "kind", "status", "station_code", "beat_code", "place_code", "linked", "acquired_on")
    for row in rows.values(*columns, "used", "role").iterator(chunk_size=PIECE):
        day = row["acquired_on"] or start
        yield {
            "record_id": f"device:{row['code']}",
            **place_of(row),
            "at": dt.datetime.combine(day, dt.time(), reading.zone),
            "kind": row["kind"],
            "working": row["status"] in WORKING,
            "planned": row["status"] == Device.Status.PLANNED,
            "linked": row["linked"],
            "role": ROLES.get(row["role"] or ""),
            "uses": row["used"] or 0,
        }


def _start(reading: Reading) -> dt.date:
    """For devices whose day nobody wrote down: the first day of the first deployment."""
    first = next(iter(versions()), None)
    day = None if first is None else first.valid_from
    return day or reading.at.astimezone(reading.zone).date()
