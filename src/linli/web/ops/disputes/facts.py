"""Disputes as facts: at which level, settled or not, and what became of the agreement. No party is told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from linli.web.foundation.casework.models import Case
from linli.web.foundation.facts import FactExporter, Reading, register
from linli.web.foundation.facts.cases import case_record, place_of
from linli.web.foundation.facts.registry import Row
from linli.web.ops.disputes.models import Agreement

__all__ = ["dispute_rows", "register_facts"]

KIND: Final = "dispute"
LEVELS: Final = frozenset({"village", "township", "county"})
HANDED: Final[Mapping[str, str]] = {"to_court": "court", "to_police": "police", "to_office": "petitions"}
COLUMNS: Final = (
    "pk",
    "number",
    "station_code",
    "beat_code",
    "place_code",
    "opened_at",
    "result",
    "data__level",
)


def register_facts() -> None:
    """Called by the app's ``ready``."""
    register(FactExporter(name="disputes", table="disputes", rows=dispute_rows, follows_cases=True))


def dispute_rows(reading: Reading) -> Iterator[Row]:
    """One row a dispute that was not merged into another."""
    for keys in reading.cases(KIND):
        agreements = _agreements(keys)
        cases = Case.objects.filter(pk__in=keys, merged_into=None).order_by("pk").values(*COLUMNS)
        for case in cases:
            level = case["data__level"]
            yield {
                "record_id": case_record(case["number"]),
                **place_of(case),
                "at": case["opened_at"],
                "level": level if level in LEVELS else None,
                **_agreed(agreements.get(case["pk"], [])),
                "handed_to": HANDED.get(case["result"]),
            }


def _agreements(keys: Sequence[int]) -> Mapping[int, list[Agreement]]:
    found: dict[int, list[Agreement]] = defaultdict(list)
    for agreement in Agreement.objects.filter(case_id__in=keys).order_by("case_id", "number"):
        found[agreement.case_id].append(agreement)
    return found


def _agreed(agreements: Sequence[Agreement]) -> dict[str, object]:
    """What the agreements say: the last one decides whether it was fulfilled and held for ninety days."""
    if not agreements:
        return {"settled": False, "relapsed": False}
    last = agreements[-1]
    failed = last.broken_on is not None or last.relapsed_on is not None
    return {
        "settled": True,
        "fulfilled": False if failed else True if last.fulfilled_on is not None else None,
        "relapsed": any(agreement.relapsed_on is not None for agreement in agreements),
        "kept": last.kept,
    }
