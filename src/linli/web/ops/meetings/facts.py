"""Meetings held and the month's counts of each post as facts (E4, X5): how many came, never who."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from linli.web.foundation.facts import FactExporter, Reading, register
from linli.web.foundation.facts.cases import place_of
from linli.web.foundation.facts.registry import Row
from linli.web.ops.meetings.models import Deeds, Meeting

__all__ = ["deed_rows", "meeting_rows", "register_facts"]

KINDS: Final[Mapping[str, str]] = {"residents": "meeting"}
"""Kinds of meetings that facts call otherwise."""
PIECE: Final = 2000


def register_facts() -> None:
    """Called by the app's ``ready``."""
    register(FactExporter(name="meetings.held", table="activities", rows=meeting_rows))
    register(FactExporter(name="meetings.deeds", table="activities", rows=deed_rows))


def meeting_rows(reading: Reading) -> Iterator[Row]:
    """One row a meeting held."""
    rows = Meeting.objects.filter(status=Meeting.Status.HELD).order_by("pk")
    columns = ("pk", "kind", "starts_at", "station_code", "beat_code", "place_code", "attendance")
    for row in rows.values(*columns).iterator(chunk_size=PIECE):
        yield {
            "record_id": f"meeting:{row['pk']}",
            **place_of(row),
            "at": row["starts_at"],
            "kind": KINDS.get(row["kind"], row["kind"]),
            "count": 1,
            "participants": row["attendance"],
        }


def deed_rows(reading: Reading) -> Iterator[Row]:
    """One row for each post, month and kind that was counted."""
    rows = Deeds.objects.order_by("pk").values("pk", "kind", "month", "station_code", "beat_code", "count")
    for row in rows.iterator(chunk_size=PIECE):
        yield {
            "record_id": f"deeds:{row['pk']}",
            "station": row["station_code"] or None,
            "beat": row["beat_code"] or None,
            "at": dt.datetime.combine(row["month"], dt.time(), reading.zone),
            "kind": row["kind"],
            "count": row["count"],
        }
