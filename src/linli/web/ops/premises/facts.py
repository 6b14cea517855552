"""Inspections as facts: of what kind of premises, how many hazards, mended by when. No premises are named."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.db.models import Count, Q

from linli.web.foundation.facts import FactExporter, Reading, register
from linli.web.foundation.facts.cases import case_record, place_of
from linli.web.foundation.facts.registry import Row
from linli.web.ops.premises.models import Inspection, Rectification

__all__ = ["inspection_rows", "register_facts"]

KIND: Final = "inspection"
COLUMNS: Final = ("number", "station_code", "beat_code", "place_code", "opened_at", "category", "result")


def register_facts() -> None:
    """Called by the app's ``ready``."""
    register(FactExporter(name="premises", table="inspections", rows=inspection_rows, follows_cases=True))


def inspection_rows(reading: Reading) -> Iterator[Row]:
    """One row an inspection that was not called off."""
    for keys in reading.cases(KIND):
        notices = _notices(keys)
        found = Inspection.objects.filter(case_id__in=keys).exclude(case__result="cancelled")
        hazards = Count("answers", filter=Q(answers__value="no"))
        columns = [f"case__{name}" for name in COLUMNS]
        rows = found.annotate(hazards=hazards).order_by("case_id")
        for row in rows.values("pk", "premises__kind", "hazards", *columns):
            case = {name: row[f"case__{name}"] for name in COLUMNS}
            yield {
                "record_id": case_record(case["number"]),
                **place_of(case),
                "at": case["opened_at"],
                "premises_kind": row["premises__kind"],
                "occasion": case["category"] or None,
                "result": case["result"] or None,
                "hazards": row["hazards"],
                **_mended(notices.get(row["pk"], []), reading),
            }


def _notices(keys: Sequence[int]) -> Mapping[int, list[Rectification]]:
    found: dict[int, list[Rectification]] = defaultdict(list)
    rows = Rectification.objects.filter(inspection__case_id__in=keys).order_by("inspection_id", "round")
    for notice in rows.defer("findings"):
        found[notice.inspection_id].append(notice)
    return found


def _mended(notices: Sequence[Rectification], reading: Reading) -> dict[str, dt.date | None]:
    """The first date given, and the day on which a re-check found everything mended."""
    if not notices:
        return {}
    last = notices[-1]
    ended = last.ended_at if last.outcome == "fixed" else None
    mended = None if ended is None else ended.astimezone(reading.zone).date()
    return {"rectified_by": notices[0].fix_by, "rectified_on": mended}
